import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { anchorOf, withPlainLineBreaks } from '../../../../src/core/dataset/anchors';
import { Assembler } from '../../../../src/core/dataset/formats/assemble';
import { cellsOf, delimiterOf } from '../../../../src/core/dataset/formats/csvRow';
import { shapeOf } from '../../../../src/core/dataset/formats/detect';
import { streamRecords } from '../../../../src/core/dataset/formats/streamRecords';
import { indexRecords, readRecords, recordAt, RecordError } from '../../../../src/core/dataset/records';
import type { DatasetFormat, RecordItem } from '../../../../src/core/dataset/recordTypes';
import { randomNumbers } from '../../evidence/support';
import { randomCsv, randomJson, randomJsonl } from './generators';

const plain = (text: string) => withPlainLineBreaks(text.replace(/^\uFEFF/, ''));
const randomNotes = (random: () => number) => Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => `## Case ${i + 1}\r\n\r\nSynthetic: gout ${random()}.\r\n`).join('\r\n');
const makers: readonly (readonly [DatasetFormat, string, (random: () => number) => string])[] = [['jsonl', 'jsonl', randomJsonl], ['json', 'json', randomJson], ['csv', 'csv', randomCsv], ['notes', 'md', randomNotes]];

describe('records of an open document and of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kedrec-records-'));
  after(() => rmSync(folder, { recursive: true }));

  for (const [format, ending, make] of makers) {
    it(`are the same for ${format}: read, streamed, asked for by place, and in chunks of any size`, async () => {
      for (let seed = 1; seed <= 80; seed++) {
        const random = randomNumbers(seed * 7 + 1);
        const raw = make(random);
        const text = plain(raw);
        const read = readRecords(text, format);

        const file = join(folder, `${seed}.${ending}${seed % 3 === 0 ? '.gz' : ''}`);
        writeFileSync(file, seed % 3 === 0 ? gzipSync(raw) : raw);
        const items: RecordItem[] = [];
        for await (const item of streamRecords(file, { format })) { items.push(item); }
        const streamed = items.flatMap(item => (item.kind === 'record' ? [item.record] : []));
        assert.deepEqual(streamed.map(({ source: _, ...record }) => record), read.records, `seed ${seed}`);
        assert.deepEqual(items.flatMap(item => (item.kind === 'problem' ? [item.problem] : [])), read.problems, `seed ${seed}`);
        for (const record of streamed) {
          assert.equal(record.source, text.slice(record.span.start, record.span.end), 'an anchor made from the file is the one of the editor');
          assert.equal(record.line, text.slice(0, record.span.start).split('\n').length);
          assert.deepEqual(anchorOf(text, record.span).sha256, anchorOf(record.source, { start: 0, end: record.source.length }).sha256);
        }

        const index = indexRecords(text, format);
        for (const record of read.records) {
          assert.deepEqual(index.spanOf(record.index), record.span, `seed ${seed}`);
          assert.equal(index.lineOf(record.index), record.line);
          const at = record.span.start + Math.floor(random() * (record.span.end - record.span.start));
          assert.deepEqual(recordAt(text, at, format), record, `seed ${seed}`);
        }
        for (const problem of read.problems.filter(({ severity }) => severity === 'error')) {
          assert.throws(() => recordAt(text, problem.span!.start, format), RecordError, `seed ${seed}`);
        }

        const records: unknown[] = [];
        const problems: unknown[] = [];
        const assembler = new Assembler(format, { record: record => records.push(record), problem: problem => problems.push(problem) }, undefined, format === 'json' ? shapeOf(text) : undefined);
        for (let at = 0; at < text.length;) {
          const size = 1 + Math.floor(random() * 6);
          assembler.push(text.slice(at, at + size));
          at += size;
        }
        assembler.end();
        assert.deepEqual([records, problems], [read.records, read.problems], `seed ${seed}, in small chunks`);
      }
    });
  }

  it('has the cells that papaparse has', () => {
    let rows = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const text = plain(randomCsv(randomNumbers(seed)));
      const index = indexRecords(text, 'csv');
      const delimiter = delimiterOf(index.header!.text);
      const expected = Papa.parse<string[]>(text, { delimiter }).data.filter(cells => cells.some(cell => !/^[\s,;|]*$/.test(cell)));
      const ours = Array.from({ length: index.length }, (_, i) => cellsOf(text.slice(index.spanOf(i).start, index.spanOf(i).end), delimiter).map(({ value }) => value));
      assert.deepEqual(ours.filter(cells => cells.some(cell => !/^[\s,;|]*$/.test(cell))), expected.slice(1), `seed ${seed}`);
      rows += ours.length;
    }
    assert.ok(rows > 1000);
  });
});
