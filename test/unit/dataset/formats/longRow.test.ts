import assert from 'node:assert/strict';
import { CsvCutter } from '../../../../src/core/dataset/formats/csvCutter';

describe('a row of a table that is as long as a record can be', () => {
  it('is looked through a few times, not once for each chunk', () => {
    const [chunk, chunks] = ['x'.repeat(4096), 2000];
    const cutter = new CsvCutter();
    const found: number[] = [];
    // What is searched for a quote inside of a quoted cell, in characters.
    let searched = 0;
    const original = Object.getOwnPropertyDescriptor(String.prototype, 'indexOf')!;
    const indexOf = original.value as typeof String.prototype.indexOf;
    Object.defineProperty(String.prototype, 'indexOf', { ...original, value(this: string, text: string, from = 0): number {
      const at = indexOf.call(this, text, from);
      if (text === '"') { searched += (at < 0 ? this.length : at) - from; }
      return at;
    } });
    try {
      cutter.push('id,text\n1,"', ({ text }) => found.push(text.length));
      for (let i = 0; i < chunks; i++) { cutter.push(chunk, ({ text }) => found.push(text.length)); }
      cutter.push('"\n2,short\n', ({ text }) => found.push(text.length));
      cutter.end(({ text }) => found.push(text.length));
    } finally { Object.defineProperty(String.prototype, 'indexOf', original); }
    const length = chunk.length * chunks;
    assert.deepEqual(found, [7, length + 4, 7]);
    assert.ok(searched >= length && searched < 5 * length, `${searched} characters were searched for a row of ${length}`);
  });
});
