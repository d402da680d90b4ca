import assert from 'node:assert/strict';
import type { BatchProgress } from '../../../src/core/dataset/batch/types';
import { durationText, progressText, summaryText } from '../../../src/host/batch/progressText';

const progress: BatchProgress = { done: 300, reused: 0, failed: 3, earlier: 14, skipped: 0, total: 1000, rate: 4.21, remainingMs: 162_000, tokens: { prompt: 12_000, completion: 345 }, state: 'running' };

describe('progress of a batch in words', () => {
  it('done, total, rate, time left, tokens', () => {
    assert.equal(progressText(progress), '317 of 1,000, 3 failed \u00b7 4.2/s \u00b7 3 min left \u00b7 12.3k tokens');
    assert.equal(progressText({ ...progress, failed: 0, total: undefined, remainingMs: undefined, rate: 0.25, tokens: { prompt: 0, completion: 0 } }), '314 \u00b7 15.0/min');
    assert.match(progressText({ ...progress, state: 'paused' }), /3 failed \u00b7 paused \u00b7 12\.3k tokens$/);
    const waiting = { ...progress, waiting: 'The server is busy. Trying again in 4 s.' };
    assert.equal(progressText(waiting), '317 of 1,000, 3 failed \u00b7 The server is busy. Trying again in 4 s \u00b7 12.3k tokens');
    assert.equal(progressText(waiting, { short: true }), '317 of 1,000, 3 failed \u00b7 waiting: trying again in 4 s \u00b7 12.3k tokens');
  });

  it('times', () => {
    assert.deepEqual([400, 42_000, 150_000, 7_500_000].map(durationText), ['1 s', '42 s', '3 min', '2 h 05 min']);
  });

  it('the end', () => {
    assert.equal(summaryText({ ...progress, done: 205, reused: 12, skipped: 1, cancelled: false, problems: [], problemCount: 1 }), '205 annotated (12 by the answer of an identical case), 14 were annotated before, 3 failed, 1 broken and skipped');
  });
});
