import assert from 'node:assert/strict';
import type { BatchEvent, BatchMemory, BatchSink } from '../../../../src/core/dataset/batch/types';
import { recordHash } from '../../../../src/core/dataset/batch/identity';
import type { RecommendationResult } from '../../../../src/core/recommend/types';
import { failing, line, recordsOf, resultFor, seededRandom, start } from './support';

/** Memory of a list of events, counted by text and place as a reader of the file would. */
function memoryOf(events: readonly BatchEvent[]): BatchMemory {
  const places = (kind: string, sha256: string) => new Set(events.filter(event => event.event === kind && event.anchor.sha256 === sha256).map(({ anchor }) => anchor.start)).size;
  return {
    isDone: (sha256, occurrence) => occurrence < places('annotated', sha256),
    hasFailed: (sha256, occurrence) => occurrence >= places('annotated', sha256) && occurrence < places('failed', sha256),
    position: sha256 => { const at = events.findIndex(event => event.event === 'annotated' && event.anchor.sha256 === sha256); return at < 0 ? undefined : at; },
  };
}

describe('a batch of any shape', () => {
  it('writes every record exactly once over any number of runs that are broken off anywhere, and asks each case once', async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = seededRandom(seed);
      const below = (n: number) => Math.floor(random() * n);
      const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
      const later = async (): Promise<void> => { for (let turns = below(12); turns > 0; turns--) { await Promise.resolve(); } if (random() < 0.1) { await new Promise<void>(resolve => setImmediate(resolve)); } };
      const lines = Array.from({ length: 1 + below(60) }, (_, i) => (random() < 0.05 ? '{broken' : line(`Case ${below(25)}.`, random() < 0.5 ? { id: `id${below(10)}` } : { n: i })));
      const bad = new Set(Array.from({ length: below(3) }, () => `Case ${below(25)}.`));
      const events: BatchEvent[] = [];
      let again = 0;
      let summary;
      for (let runs = 0; runs < 40; runs++) {
        let room = random() < 0.3 ? below(30) : Infinity;
        const sink: BatchSink = {
          append: async group => {
            await later();
            if ((room -= group.length) < 0) { throw Object.assign(new Error('full'), { code: 'ENOSPC' }); }
            events.push(...group);
            await later();
            return group.map((_, i) => events.length - group.length + i);
          },
          read: position => Promise.resolve(events[position]),
        };
        const deadAfter = random() < 0.3 ? below(20) : Infinity;
        let asked = 0;
        const asking = new Map<string, number>();
        const ask = async ({ caseText }: { caseText: string }): Promise<RecommendationResult> => {
          await later();
          if (++asked > deadAfter) { throw failing(pick(['unreachable', 'unauthorized'] as const)); }
          if (bad.has(caseText)) { throw failing(pick(['malformed-answer', 'context-too-long'] as const)); }
          const result = resultFor(caseText);
          if (events.some(event => event.event === 'annotated' && event.result.nothing?.reason === result.nothing?.reason)) { again++; }
          asking.set(caseText, (asking.get(caseText) ?? 0) + 1);
          if (asking.get(caseText)! > 1) { again++; }
          return result;
        };
        const run = start(lines, ask, { sink, memory: memoryOf([...events]), concurrency: 1 + below(5), giveUpAfter: 1, rest: { firstMs: 0, mostMs: 0 }, ...(random() < 0.2 ? { limit: 1 + below(20) } : {}) });
        if (random() < 0.3) { await later(); await later(); run.pause(); await later(); if (random() < 0.5) { run.resume(); } else { run.cancel(); } }
        summary = await run.finished;
        const counted = summary.done + summary.failed + summary.earlier + summary.skipped;
        if (!summary.stopped && !summary.cancelled && summary.total === counted) { break; }
      }
      assert.ok(summary && !summary.stopped && !summary.cancelled, `seed ${seed}: never came to its end`);
      const places = events.map(({ anchor }) => anchor.start);
      assert.equal(new Set(places).size, places.length, `seed ${seed}: a record was written twice`);
      const wanted: number[] = [];
      for await (const item of recordsOf(lines)) {
        if (item.kind !== 'record') { continue; }
        wanted.push(item.record.span.start);
        const event = events.find(({ anchor }) => anchor.start === item.record.span.start);
        assert.ok(event, `seed ${seed}: record ${item.record.index} was lost`);
        assert.equal(event.anchor.sha256, recordHash(item.record));
        assert.equal(event.event, bad.has(item.record.caseText) ? 'failed' : 'annotated', `seed ${seed}`);
        if (event.event === 'annotated') { assert.deepEqual(event.result, resultFor(item.record.caseText)); }
      }
      assert.deepEqual([...places].sort((a, b) => a - b), wanted, `seed ${seed}`);
      assert.equal(again, 0, `seed ${seed}: a case was asked twice in one run, or though its answer was written`);
    }
  }).timeout(60_000);
});
