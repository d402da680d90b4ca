import assert from 'node:assert/strict';
import { indexRecords } from '../../../src/core/dataset/formats/recordIndex';

describe('the record at a place', () => {
  const text = '[\n\t\t{ "id": "a", "text": "Synthetic." },\n\t\t{ "id": "b", "text": "Synthetic." }\n]\n';
  const index = indexRecords(text, 'json');
  const at = (needle: string, more = 0) => index.indexAt(text.indexOf(needle) + more);

  it('includes its end and the indentation before it', () => {
    assert.equal(at('{ "id": "a"'), 0);
    assert.equal(at('\t\t{ "id": "a"'), 0);
    assert.equal(at('\t\t{ "id": "b"', 1), 1);
    assert.equal(at('},\n', 1), 0);
  });

  it('ends with the line: what stands above or below belongs to none', () => {
    assert.equal(index.indexAt(0), undefined);
    assert.equal(at('[\n', 1), undefined);
    assert.equal(at(']\n'), undefined);
    assert.equal(at('},\n', 2), undefined, 'behind the comma');
  });
});
