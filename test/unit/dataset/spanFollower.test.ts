import assert from 'node:assert/strict';
import { anchorOf } from '../../../src/core/dataset/anchors';
import { Locator } from '../../../src/core/dataset/locator';
import { SpanFollower } from '../../../src/core/dataset/spanFollower';

let seed = 11;
const random = (n: number) => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 8) % n; };

describe('span follower', () => {
  it('agrees with marked text under thousands of random edits', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    for (let round = 0; round < 300; round++) {
      let text = [...letters].map(letter => letter.repeat(6)).join('\n');
      const follower = new SpanFollower();
      for (const letter of letters) { const start = text.indexOf(letter); follower.add({ start, end: start + 6 }); }
      for (let step = 0; step < 6; step++) {
        const start = random(text.length);
        const length = random(Math.min(15, text.length - start));
        const inserted = random(5);
        text = text.slice(0, start) + '+'.repeat(inserted) + text.slice(start + length);
        follower.apply({ start, length, inserted });
      }
      [...letters].forEach((letter, number) => {
        const span = follower.span(number);
        const left = text.replace(new RegExp(`[^${letter}]`, 'g'), '');
        assert.equal(span ? text.slice(span.start, span.end).replace(/\+/g, '') : '', left);
        if (!follower.isTouched(number) && !follower.isGone(number)) { assert.equal(text.slice(span!.start, span!.end), letter.repeat(6)); }
      });
    }
  });

  it('finds spans by place', () => {
    const follower = new SpanFollower();
    for (let i = 0; i < 100; i++) { follower.add({ start: i * 10, end: i * 10 + 9 }); }
    assert.deepEqual(follower.at(505), [50]);
    assert.deepEqual(follower.within(95, 120), [9, 10, 11, 12]);
    follower.apply({ start: 0, length: 0, inserted: 5 });
    assert.deepEqual(follower.at(510), [50]);
  });

  it('remembers what a change took away', () => {
    const follower = new SpanFollower();
    follower.add({ start: 10, end: 20 });
    follower.apply({ start: 5, length: 30, inserted: 0 });
    assert.equal(follower.goneCount, 1);
    assert.deepEqual(follower.cutTexts(), [[0, { removed: 30, before: 5 }]]);
    follower.apply({ start: 0, length: 8, inserted: 0 });
    follower.set(0, { start: 1, end: 11 });
    assert.equal(follower.goneCount, 0);
    assert.deepEqual(follower.span(0), { start: 1, end: 11 });
  });
});

describe('locator', () => {
  const lines = Array.from({ length: 500 }, (_, i) => `{"id":${i},"text":"synthetic ${'x'.repeat(i % 7)}"}`);
  const text = lines.join('\n');
  const anchors = lines.map(line => { const start = text.indexOf(line); return anchorOf(text, { start, end: start + line.length }); });

  it('finds every line at its place, behind inserted lines, and in another order', () => {
    for (const other of [lines, ['{"new":1}', ...lines], [...lines.slice(0, 250), '{"new":2}', ...lines.slice(250)], [...lines].reverse()]) {
      const now = other.join('\n');
      const locator = new Locator(now);
      anchors.forEach((anchor, i) => { const span = locator.findFast(anchor)!; assert.equal(now.slice(span.start, span.end), lines[i]); });
    }
  });

  it('takes the copy to which its neighbours moved', () => {
    const same = 'a\nsame\nb\nsame\nc';
    const anchor = anchorOf(same, { start: 9, end: 13 });
    const locator = new Locator(`${'new line\n'}${same}`);
    locator.findFast(anchorOf(same, { start: 0, end: 1 }));
    assert.deepEqual(locator.findFast(anchor), { start: 18, end: 22 });
  });

  it('searches for what is no whole line only when asked to', () => {
    const anchor = anchorOf('one two three', { start: 4, end: 7 });
    assert.equal(new Locator('one, two, three').findFast(anchor), undefined);
    assert.deepEqual(new Locator('one, two, three').find(anchor), { start: 5, end: 8 });
    assert.equal(new Locator('').find(anchor), undefined);
  });
});
