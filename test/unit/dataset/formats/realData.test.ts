import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withPlainLineBreaks } from '../../../../src/core/dataset/anchors';
import { annotateManyEdits, stripEdits } from '../../../../src/core/dataset/inFile/annotateEdits';
import { applyEdits } from '../../../../src/core/dataset/inFile/edits';
import { streamRecords } from '../../../../src/core/dataset/formats/streamRecords';
import { datasetFormat, readRecords } from '../../../../src/core/dataset/records';

const data = resolve(process.env['KEDREC_TEST_DATA'] ?? '../shared/data');
const inFolder = (folder: string, ending: string) => (existsSync(join(data, folder)) ? readdirSync(join(data, folder)).filter(name => name.endsWith(ending)).map(name => join(folder, name)) : []);
const values = { decision: 'recommend', drug: 'x', confidence: 1, rationale: 'a, "b"', citations: '', review: '', reviewer: '' };

describe('real datasets', function () {
  this.timeout(60_000);
  before(function () { if (!existsSync(data)) { console.log(`      skipped: ${data} is absent; set KEDREC_TEST_DATA`); this.skip(); } });

  for (const [name, paths, least] of [
    ['aci-bench', ['clinical-notes/aci-bench/train.csv', 'clinical-notes/aci-bench/valid.csv'], 87],
    ['MTS-Dialog', inFolder('clinical-notes/mts-dialog', '.csv'), 1301],
    ['TREC patient topics', ['trec-ct/trec_2021/queries.jsonl'], 75],
    ['E3C case reports', inFolder('e3c-case-reports', '.json'), 250],
  ] as const) {
    it(`${name}: every record is read, the same from disk and from the editor, and takes annotations that come out again`, async function () {
      let count = 0;
      for (const path of paths) {
        if (!existsSync(join(data, path))) { this.skip(); }
        const raw = readFileSync(join(data, path), 'utf8');
        const text = withPlainLineBreaks(raw.replace(/^\uFEFF/, ''));
        const format = datasetFormat(path, undefined, text);
        assert.ok(format, path);
        const { records, problems } = readRecords(text, format);
        assert.deepEqual(problems.map(({ message }) => message), [], path);
        assert.ok(records.every(({ id, caseText }) => id !== undefined && caseText.trim() !== ''), path);
        const streamed = [];
        for await (const item of streamRecords(join(data, path))) { if (item.kind === 'record') { const { source: _, ...record } = item.record; streamed.push(record); } }
        assert.deepEqual(streamed.map(({ span }) => span), records.map(({ span }) => span));
        assert.ok(streamed.every(({ caseText }, i) => caseText === records[i]!.caseText));
        const after = applyEdits(raw, annotateManyEdits(raw, format, records.filter((_, i) => i % 3 === 0).map(({ index }) => ({ index, values })), 'kedrec_'));
        assert.notEqual(after, raw);
        assert.ok(applyEdits(after, stripEdits(after, format, 'kedrec_')) === raw, path);
        count += records.length;
      }
      assert.ok(count >= least, `${count} records`);
    });
  }
});
