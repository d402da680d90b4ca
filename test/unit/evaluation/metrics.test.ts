import assert from 'node:assert/strict';
import { ndcgAt, recallAt, reciprocalRankAt } from '../../../src/core/evaluation/retrievalMetrics';
import { mean, percentile, seededRandom, shareOf } from '../../../src/core/evaluation/statistics';

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-4, `${actual} is not ${expected}`);
const judged = (grades: Record<string, number>) => new Map(Object.entries(grades));

describe('retrieval metrics, by hand', () => {
  it('nDCG: one of two relevant documents at place 2', () => {
    // (1 / log2 3) / (1 / log2 2 + 1 / log2 3) = 0.63093 / 1.63093
    near(ndcgAt(10, ['x', 'a', 'y'], judged({ a: 1, b: 1 })), 0.38685);
  });

  it('nDCG: grades are gains', () => {
    // ranked 1, 2 where 2, 1 is best: (1 + 2 / log2 3) / (2 + 1 / log2 3) = 2.26186 / 2.63093
    near(ndcgAt(10, ['low', 'high'], judged({ low: 1, high: 2 })), 0.85972);
    assert.equal(ndcgAt(10, ['high', 'low'], judged({ low: 1, high: 2 })), 1);
  });

  it('nDCG: what lies beyond k does not count, nor does what is judged not relevant', () => {
    assert.equal(ndcgAt(2, ['x', 'y', 'a'], judged({ a: 1 })), 0);
    assert.equal(ndcgAt(10, ['bad', 'a'], judged({ a: 1, bad: -1 })), ndcgAt(10, ['x', 'a'], judged({ a: 1 })));
    assert.equal(ndcgAt(10, ['a'], judged({ a: 0 })), 0);
  });

  it('a document counts once, at its first place', () => {
    assert.equal(ndcgAt(10, ['a', 'a', 'b'], judged({ a: 1, b: 1 })), 1);
    assert.equal(reciprocalRankAt(10, ['x', 'x', 'a'], judged({ a: 1 })), 0.5);
  });

  it('recall and reciprocal rank', () => {
    assert.equal(recallAt(3, ['a', 'x', 'b', 'c'], judged({ a: 1, b: 2, c: 1, d: 1, e: 0 })), 0.5);
    assert.equal(recallAt(3, [], judged({ a: 1 })), 0);
    assert.equal(reciprocalRankAt(10, ['x', 'y', 'z', 'a'], judged({ a: 1 })), 0.25);
    assert.equal(reciprocalRankAt(3, ['x', 'y', 'z', 'a'], judged({ a: 1 })), 0);
  });
});

describe('statistics', () => {
  it('gives Wilson intervals', () => {
    // 8 of 10, z² = 3.8415: (0.8 + 0.19207 ± 1.95996 · √(0.016 + 0.0096036)) / 1.38415
    const [low, high] = shareOf(8, 10).interval95!;
    near(low, 0.49016);
    near(high, 0.94332);
    const none = shareOf(0, 10);
    assert.equal(none.interval95![0], 0);
    near(none.interval95![1], 0.27753);
    assert.equal(shareOf(10, 10).interval95![1], 1);
    assert.deepEqual(shareOf(0, 0), { count: 0, of: 0, value: null, interval95: null });
  });

  it('gives percentiles by nearest rank', () => {
    assert.equal(percentile([5, 1, 4, 2, 3], 0.5), 3);
    assert.equal(percentile([5, 1, 4, 2, 3], 0.95), 5);
    assert.equal(percentile([], 0.5), 0);
    assert.equal(mean([1, 2, 6]), 3);
  });

  it('gives the same numbers for the same seed', () => {
    const [one, same, other] = [seededRandom(7), seededRandom(7), seededRandom(8)];
    const first = Array.from({ length: 500 }, one);
    assert.deepEqual(first, Array.from({ length: 500 }, same));
    assert.notDeepEqual(first.slice(0, 5), Array.from({ length: 5 }, other));
    assert.ok(first.every(number => number >= 0 && number < 1));
    assert.ok(Math.abs(mean(first) - 0.5) < 0.05);
  });
});
