import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { withPlainLineBreaks } from '../../../src/core/dataset/anchors';
import { annotateCopy, stripCopy } from '../../../src/core/dataset/inFile/copyFile';
import type { RecordValues } from '../../../src/core/dataset/inFile/recordValues';
import { readRecords } from '../../../src/core/dataset/records';
import type { DatasetFormat } from '../../../src/core/dataset/recordTypes';
import { randomNumbers } from '../evidence/support';
import { randomCsv, randomJson, randomJsonl } from './formats/generators';

const values: RecordValues = { decision: 'recommend', drug: 'allopurinol', confidence: 0.5, rationale: 'A "reason", in\ntwo lines', citations: 'PMID:1', review: '', reviewer: '' };
const prefix = 'kedrec_';

describe('copies of datasets with annotations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kedrec-copy-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);

  for (const [format, make] of [['jsonl', randomJsonl], ['json', randomJson], ['csv', randomCsv]] as const) {
    it(`of ${format} files are the original again once stripped, byte for byte`, async () => {
      let changed = 0;
      for (let seed = 1; seed <= 60; seed++) {
        const random = randomNumbers(seed + 500);
        const text = make(random);
        const [from, annotated, back] = [file(`in.${format}`), file(`out.${format}`), file(`back.${format}`)];
        writeFileSync(from, text);
        const plain = withPlainLineBreaks(text.replace(/^\uFEFF/, ''));
        const wanted = new Map(readRecords(plain, format).records.filter(() => random() < 0.5).map(record => [createHash('sha256').update(plain.slice(record.span.start, record.span.end)).digest('hex'), record.index]));
        const summary = await annotateCopy(from, annotated, sha => (wanted.has(sha) ? values : undefined), { prefix, format });
        changed += summary.changed;
        assert.ok(summary.changed >= wanted.size, `seed ${seed}`);
        const after = readFileSync(annotated, 'utf8');
        if (wanted.size > 0) { assert.notEqual(after, text); }
        await stripCopy(annotated, back, { prefix, format });
        assert.equal(readFileSync(back, 'utf8'), text, `seed ${seed}`);
      }
      assert.ok(changed > 50);
    });
  }

  it('of tables have as many cells in each row as in the header', async () => {
    writeFileSync(file('t.csv'), 'id,text\r\n1,Synthetic: gout\r\n2,"Synthetic: asthma, mild"\r\n');
    await annotateCopy(file('t.csv'), file('t2.csv'), (_sha, index) => (index === 1 ? values : undefined), { prefix });
    const { data, errors } = Papa.parse<string[]>(readFileSync(file('t2.csv'), 'utf8').trimEnd());
    assert.deepEqual([errors, data.map(row => row.length)], [[], [9, 9, 9]]);
    assert.equal(data[2]![5], values.rationale);
  });

  it('may be compressed, and may stand over the file itself', async () => {
    const text = '{"text":"Synthetic: gout."}\n{"text":"Synthetic: asthma."}\n';
    writeFileSync(file('a.jsonl.gz'), gzipSync(text));
    await annotateCopy(file('a.jsonl.gz'), file('a.jsonl.gz'), () => values, { prefix });
    assert.equal(gunzipSync(readFileSync(file('a.jsonl.gz'))).toString().split('kedrec_drug').length, 3);
    await stripCopy(file('a.jsonl.gz'), file('a.jsonl'), { prefix });
    assert.equal(readFileSync(file('a.jsonl'), 'utf8'), text);
  });

  it('keep every byte around a record that is too long for memory', async function () {
    this.timeout(60_000);
    const text = `[\n{"text":"Synthetic: gout."},\n{"text":"${'Synthetic. '.repeat(3_100_000)}"},\n{"text":"Synthetic: asthma."},\n{"text":"Synthetic: gout, again."}]\n`;
    writeFileSync(file('long.json'), text);
    assert.deepEqual(await annotateCopy(file('long.json'), file('long2.json'), (_sha, index) => (index === 2 ? values : undefined), { prefix }), { records: 4, changed: 1 });
    await stripCopy(file('long2.json'), file('long3.json'), { prefix });
    assert.ok(readFileSync(file('long3.json'), 'utf8') === text);
  });

  it('keep a file closed to others, leave a link a link, and count no row that could not take its annotation', async function () {
    if (process.platform === 'win32') { this.skip(); }
    writeFileSync(file('closed.csv'), 'id,text\n1,Synthetic\n2,Synthetic,too many\n', { mode: 0o600 });
    symlinkSync(file('closed.csv'), file('link.csv'));
    assert.deepEqual(await annotateCopy(file('closed.csv'), file('closed2.csv'), () => values, { prefix }), { records: 2, changed: 1 });
    assert.equal(statSync(file('closed2.csv')).mode & 0o777, 0o600);
    await annotateCopy(file('link.csv'), file('link.csv'), () => values, { prefix });
    assert.ok(lstatSync(file('link.csv')).isSymbolicLink());
    assert.match(readFileSync(file('closed.csv'), 'utf8'), /kedrec_drug/);
  });

  it('are not made of what is no UTF-8 or has such fields of its own, and nothing is left behind', async () => {
    const from = (name: string, content: string | Uint8Array) => { writeFileSync(file(name), content); return file(name); };
    const make = (path: string, format?: DatasetFormat) => annotateCopy(path, file('never'), () => values, { prefix, format });
    await assert.rejects(make(from('b.jsonl', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))), /not valid UTF-8/);
    await assert.rejects(make(from('c.jsonl', Buffer.from('\uFEFF{"text":"x"}', 'utf16le'))), /UTF-16LE.*save it as UTF-8/);
    await assert.rejects(make(from('d.csv', 'kedrec_drug,text\nx,Synthetic\n')), /of its own/);
    await assert.rejects(make(file('missing.jsonl')), { code: 'ENOENT' });
    assert.deepEqual(readdirSync(folder).filter(name => name === 'never' || name.endsWith('.tmp')), []);
  });
});
