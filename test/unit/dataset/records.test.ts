import assert from 'node:assert/strict';
import type { RecordError } from '../../../src/core/dataset/records';
import { datasetFormat, recordAt } from '../../../src/core/dataset/records';
import { paragraphAt } from '../../../src/core/dataset/paragraph';

const jsonl = '{"id":"s1","text":"Synthetic: gout.","candidates":["allopurinol","colchicine"]}\n\n{"id":2,"disease":"gout"}\n{broken\n{"note":5}\n[1]\n{"x":1}';

describe('records', () => {
  it('knows datasets by name', () => {
    assert.equal(datasetFormat('a.JSONL'), 'jsonl');
    assert.equal(datasetFormat('a.tsv'), 'csv');
    assert.equal(datasetFormat('a.md', 'markdown'), undefined);
  });

  it('reads the JSON line under the cursor', () => {
    const first = recordAt(jsonl, 5, 'jsonl');
    assert.equal(first?.caseText, 'Synthetic: gout.');
    assert.deepEqual(first.candidates, ['allopurinol', 'colchicine']);
    assert.equal(first.index, 0);
    const second = recordAt(jsonl, jsonl.indexOf('"disease"'), 'jsonl');
    assert.deepEqual([second?.id, second?.index, second?.line, second?.caseText, second?.disease], ['2', 1, 3, 'Disease: gout.', 'gout']);
    assert.equal(jsonl.slice(second!.span.start, second!.span.end), '{"id":2,"disease":"gout"}');
  });

  it('has nothing on a blank line', () => assert.equal(recordAt(jsonl, jsonl.indexOf('\n') + 1, 'jsonl'), undefined));

  it('names line and field of a broken record, never its text', () => {
    const at = (needle: string) => { try { recordAt(jsonl, jsonl.indexOf(needle), 'jsonl'); } catch (error) { return error as RecordError; } return undefined; };
    assert.equal(at('{broken')?.line, 4);
    assert.equal(at('"note"')?.field, 'note');
    assert.match(at('[1]')!.message, /line 6 is not a JSON object/);
    assert.match(at('"x"')!.message, /line 7 has no case text/);
    assert.ok(!at('{broken')!.message.includes('broken'));
  });

  it('reads the CSV record under the cursor, quoted line breaks and semicolons included', () => {
    const csv = '\uFEFFid;note;drugs\n1;"Synthetic: gout,\nright toe";"allopurinol|colchicine"\n2;Synthetic: asthma;\n3;too;many;fields\n';
    const first = recordAt(csv, csv.indexOf('right toe'), 'csv');
    assert.equal(first?.caseText, 'Synthetic: gout,\nright toe');
    assert.deepEqual([first.id, first.index, first.line], ['1', 0, 2]);
    assert.deepEqual(first.candidates, ['allopurinol', 'colchicine']);
    const second = recordAt(csv, csv.indexOf('asthma'), 'csv');
    assert.deepEqual([second?.id, second?.index, second?.line, second?.candidates], ['2', 1, 4, undefined]);
    assert.equal(csv.slice(second!.span.start, second!.span.end), '2;Synthetic: asthma;');
    assert.throws(() => recordAt(csv, csv.indexOf('too;'), 'csv'), /line 5 has 4 fields where the header has 3/);
    assert.equal(recordAt(csv, 2, 'csv'), undefined, 'the header is no record');
  });
});

describe('paragraphAt', () => {
  const text = 'First line\nsecond line\n\n   \n  Third, indented  \n\n';
  it('takes the lines up to the blank ones', () => {
    assert.deepEqual(paragraphAt(text, 3), { start: 0, end: 22 });
    assert.deepEqual(paragraphAt(text, 15), { start: 0, end: 22 });
    const third = paragraphAt(text, text.indexOf('Third'))!;
    assert.equal(text.slice(third.start, third.end), 'Third, indented');
  });
  it('has nothing on a blank line or in an empty file', () => {
    assert.equal(paragraphAt(text, 25), undefined);
    assert.equal(paragraphAt('', 0), undefined);
  });
});
