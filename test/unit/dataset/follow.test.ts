import assert from 'node:assert/strict';
import { follow } from '../../../src/core/dataset/follow';

const span = { start: 10, end: 20 };
const after = (start: number, length: number, inserted: number) => { const { span: s, touched } = follow(span, { start, length, inserted }); return [s.start, s.end, touched]; };

describe('follow', () => {
  it('shifts with changes before, ignores changes behind', () => {
    assert.deepEqual(after(0, 0, 5), [15, 25, false]);
    assert.deepEqual(after(2, 8, 0), [2, 12, false]);
    assert.deepEqual(after(20, 0, 3), [10, 20, false]);
    assert.deepEqual(after(10, 0, 3), [13, 23, false]);
  });
  it('grows and shrinks with changes inside', () => {
    assert.deepEqual(after(12, 0, 4), [10, 24, true]);
    assert.deepEqual(after(12, 3, 0), [10, 17, true]);
  });
  it('keeps what is left when an edge is cut', () => {
    assert.deepEqual(after(5, 8, 2), [7, 14, true]);
    assert.deepEqual(after(15, 10, 1), [10, 15, true]);
  });
  it('is empty when the whole was replaced', () => assert.deepEqual(after(8, 14, 3), [8, 8, true]));
  it('agrees with marked text under random edits', () => {
    let seed = 3;
    const random = (n: number) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 8) % n; };
    for (let round = 0; round < 2000; round++) {
      const text = '.'.repeat(10) + 'x'.repeat(10) + '.'.repeat(10);
      const start = random(30);
      const length = random(30 - start);
      const inserted = random(6);
      const edited = text.slice(0, start) + '+'.repeat(inserted) + text.slice(start + length);
      const { span: moved } = follow(span, { start, length, inserted });
      assert.equal(edited.slice(moved.start, moved.end).replace(/\+/g, ''), text.replace(/\./g, '').slice(0, edited.replace(/[^x]/g, '').length));
    }
  });
});
