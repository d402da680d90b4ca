import assert from 'node:assert/strict';
import { anchorOf, findAnchor, withPlainLineBreaks } from '../../../src/core/dataset/anchors';

const note = 'Synthetic note.\n\nGout of the right great toe.\n\nPlan: review in two weeks.\n';
const gout = { start: note.indexOf('Gout'), end: note.indexOf('\n\nPlan') };

describe('anchors', () => {
  it('finds the text at its old place', () => assert.deepEqual(findAnchor(note, anchorOf(note, gout)), gout));

  it('finds the text after something was written before it', () => {
    const moved = `A new line.\n${note}`;
    assert.deepEqual(findAnchor(moved, anchorOf(note, gout)), { start: gout.start + 12, end: gout.end + 12 });
  });

  it('prefers the nearest of equal texts', () => {
    const twice = 'same\nother\nsame\nother\nsame';
    const anchor = anchorOf(twice, { start: 11, end: 15 });
    assert.deepEqual(findAnchor(`x${twice}`, anchor), { start: 12, end: 16 });
  });

  it('reports a text that is gone or changed', () => {
    assert.equal(findAnchor(note.replace('right', 'left'), anchorOf(note, gout)), undefined);
    assert.equal(findAnchor('', anchorOf(note, gout)), undefined);
  });

  it('does not move when line endings change', () => {
    const windows = note.replace(/\n/g, '\r\n');
    assert.deepEqual(findAnchor(withPlainLineBreaks(windows), anchorOf(note, gout)), gout);
  });

  it('holds no text of the case', () => {
    assert.ok(!JSON.stringify(anchorOf(note, gout)).includes('Gout'));
  });

  it('agrees with a plain search on random texts', () => {
    let seed = 7;
    const random = (n: number) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return seed % n; };
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 40 + random(200) }, () => 'ab\n é'[random(5)]).join('');
      const start = random(text.length - 12);
      const anchor = anchorOf(text, { start, end: start + 8 + random(4) });
      const other = text.slice(random(20)) + text;
      const exact = text.slice(start, start + anchor.length);
      const found = findAnchor(other, anchor);
      assert.equal(found !== undefined, other.includes(exact));
      if (found) { assert.equal(other.slice(found.start, found.end), exact); }
    }
  });
});
