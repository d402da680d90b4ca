import assert from 'node:assert/strict';
import type { BatchMemory, BatchProgress } from '../../../../src/core/dataset/batch/types';
import { counting, failing, line, linesOf, MemorySink, recordsOf, resultFor, start, wait } from './support';
import { runBatch } from '../../../../src/core/dataset/batch/runBatch';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('runBatch', () => {
  it('annotates every record once, each with the answer to its own case, within the concurrency', async () => {
    const sink = new MemorySink();
    const { ask, asked, most } = counting(async text => { await wait(Math.random() * 3); return resultFor(text); });
    const summary = await start(linesOf(100), ask, { sink, concurrency: 7 }).finished;
    assert.deepEqual(sink.indexes, range(100));
    assert.equal(asked.length, 100);
    assert.equal(most(), 7);
    for (const event of sink.events) {
      assert.ok(event.event === 'annotated');
      assert.equal(event.result.nothing?.reason, resultFor(`Synthetic case ${event.anchor.record?.index}.`).nothing?.reason);
    }
    assert.deepEqual({ done: summary.done, failed: summary.failed, skipped: summary.skipped, total: summary.total, state: summary.state, cancelled: summary.cancelled, stopped: summary.stopped },
      { done: 100, failed: 0, skipped: 0, total: 100, state: 'finished', cancelled: false, stopped: undefined });
    assert.deepEqual(summary.tokens, { prompt: 1000, completion: 200 });
  });

  it('reads no further ahead than it can ask', async () => {
    let read = 0;
    const lines = function* () { for (const text of linesOf(100)) { read++; yield text; } };
    const release: (() => void)[] = [];
    const run = start(lines(), async ({ caseText }) => { await new Promise<void>(resolve => release.push(resolve)); return resultFor(caseText); }, { concurrency: 3 });
    await wait(20);
    assert.ok(read <= 4, `${read} records were read for 3 questions`);
    run.cancel();
    for (const go of release) { go(); }
    await run.finished;
  });

  it('asks identical cases once, also while the first is being asked, and tells duplicate ids and identical records apart', async () => {
    const lines = [...Array.from({ length: 20 }, () => line('Same case.', { id: 'x' })), line('Same case.', { id: 'y' }), line('Same case.', { id: 'x', disease: 'gout' }), ...Array.from({ length: 20 }, () => line('Same case.', { id: 'x' }))];
    const sink = new MemorySink();
    const { ask, asked } = counting(async text => { await wait(5); return resultFor(text); });
    const summary = await start(lines, ask, { sink, concurrency: 8 }).finished;
    assert.equal(asked.length, 2, 'one with and one without the disease');
    assert.deepEqual([summary.done, summary.reused], [42, 40]);
    assert.deepEqual(sink.indexes, range(42));
    assert.equal(new Set(sink.events.map(({ id }) => id)).size, 42);
    assert.equal(new Set(sink.events.map(({ anchor }) => anchor.start)).size, 42);
  });

  it('asks again for no identical case that comes much later, though memory is small', async () => {
    const lines = [...linesOf(3000), ...linesOf(3000)];
    const { ask, asked } = counting();
    const summary = await start(lines, ask, { concurrency: 16 }).finished;
    assert.equal(asked.length, 3000);
    assert.equal(summary.reused, 3000);
  });

  it('skips a broken line among 100,000 and names it', async () => {
    const lines = linesOf(100_000);
    lines[49_999] = '{"text": "cut o';
    const sink = new MemorySink();
    const told: number[] = [];
    const summary = await start(lines, ({ caseText }) => Promise.resolve(resultFor(caseText)), { sink, concurrency: 32, onProblem: problem => told.push(problem.line) }).finished;
    assert.deepEqual([summary.done, summary.skipped, summary.total, summary.problemCount], [99_999, 1, 100_000, 1]);
    assert.deepEqual(summary.problems.map(problem => problem.line), [50_000]);
    assert.deepEqual(told, [50_000]);
  }).timeout(60_000);

  it('gives up when the endpoint dies at record 317, and resumes exactly there', async () => {
    const lines = linesOf(500);
    const first = new MemorySink();
    const dying = counting((text, call) => { if (call > 316) { throw failing('unreachable'); } return resultFor(text); });
    const stopped = await start(lines, dying.ask, { sink: first, concurrency: 4, giveUpAfter: 3 }).finished;
    assert.equal(stopped.done, 316);
    assert.equal(stopped.failed, 0);
    assert.match(stopped.stopped ?? '', /unreachable.*Gave up after 3 pauses/);
    assert.equal(first.events.length, 316);
    const done = new Set(first.events.map(({ anchor }) => anchor.sha256));
    const memory: BatchMemory = { isDone: sha256 => done.has(sha256), hasFailed: () => false };
    const second = new MemorySink();
    const { ask, asked } = counting();
    const resumed = await start(lines, ask, { sink: second, memory }).finished;
    assert.deepEqual([resumed.earlier, resumed.done, asked.length], [316, 184, 184]);
    assert.deepEqual([...first.indexes, ...second.indexes].sort((a, b) => a - b), range(500));
  });

  it('rests while the endpoint is busy, sends one alone to see whether it is back, and loses nothing', async () => {
    let busy = 0;
    const { ask, asked } = counting((text, call) => { if (call > 20 && busy < 7) { busy++; throw failing('rate-limited'); } return resultFor(text); });
    const waits: string[] = [];
    const sink = new MemorySink();
    const summary = await start(linesOf(60), ask, { sink, concurrency: 4, report: ({ waiting }) => { if (waiting) { waits.push(waiting); } } }).finished;
    assert.deepEqual([summary.done, summary.failed, summary.stopped], [60, 0, undefined]);
    assert.deepEqual(sink.indexes, range(60));
    assert.equal(asked.length, 67);
    assert.match(waits[0] ?? '', /rate-limited.*Trying again in 1 s/);
  });

  it('stops at the first question when the endpoint can never answer', async () => {
    for (const reason of ['unreachable', 'unauthorized', 'not-an-api', 'not-configured'] as const) {
      const { ask, asked } = counting(() => { throw failing(reason); });
      const summary = await start(linesOf(50), ask, { concurrency: 1 }).finished;
      assert.equal(summary.stopped, `It failed: ${reason}. Do something.`);
      assert.deepEqual([asked.length, summary.failed], [1, 0]);
    }
  });

  it('blames the case for a failure between answers, and the endpoint for failures in a row', async () => {
    const sink = new MemorySink();
    const some = counting(text => { if (/ (3|7)\.$/.test(text)) { throw failing('server-error'); } return resultFor(text); });
    const summary = await start(linesOf(10), some.ask, { sink, concurrency: 1, giveUpAfter: 3 }).finished;
    assert.deepEqual([summary.done, summary.failed, summary.stopped], [8, 2, undefined]);
    assert.deepEqual(summary.failures?.map(({ index, id, line: at, reason }) => [index, id, at, reason]), [[3, 'r3', 4, 'server-error'], [7, 'r7', 8, 'server-error']]);
    const all = counting((text, call) => { if (call > 5) { throw failing('server-error'); } return resultFor(text); });
    const rest = new MemorySink();
    const gone = await start(linesOf(50), all.ask, { sink: rest, concurrency: 1, giveUpAfter: 3 }).finished;
    assert.deepEqual([gone.done, gone.failed, rest.events.length, all.asked.length], [5, 0, 5, 8]);
    assert.match(gone.stopped ?? '', /3 cases in a row failed/);
  });

  it('asks again what failed while the process stood still, and still blames a case that fails awake', async () => {
    const sink = new MemorySink();
    const asked: string[] = [];
    const summary = await start(linesOf(6), async ({ caseText }) => {
      asked.push(caseText);
      await wait(1);
      if (caseText.includes('case 2') && asked.filter(text => text === caseText).length === 1) {
        // As a stopped process: no timer runs.
        for (const end = Date.now() + 300; Date.now() < end;) { /* stands still */ }
        throw failing('timeout');
      }
      if (caseText.includes('case 4')) { throw failing('timeout'); }
      return resultFor(caseText);
    }, { sink, concurrency: 1, sleepMs: 200 }).finished;
    assert.deepEqual([summary.done, summary.failed], [5, 1]);
    assert.equal(asked.filter(text => text.includes('case 2')).length, 2);
    assert.equal(asked.filter(text => text.includes('case 4')).length, 1);
  });

  it('lists failures with reasons, shares them among identical cases, and asks again only on request', async () => {
    const lines = [line('Bad.', { id: 'a' }), line('Good.'), line('Bad.', { id: 'b' }), line('x'.repeat(200_000), { id: 'long' })];
    const sink = new MemorySink();
    const { ask, asked } = counting(text => { if (text === 'Bad.') { throw failing('malformed-answer'); } return resultFor(text); });
    const summary = await start(lines, ask, { sink, concurrency: 1 }).finished;
    assert.deepEqual(asked, ['Bad.', 'Good.']);
    assert.deepEqual(summary.failures?.map(({ id, reason }) => [id, reason]), [['a', 'malformed-answer'], ['b', 'malformed-answer'], ['long', 'case-too-long']]);
    assert.match(summary.failures?.[2]?.message ?? '', /200000 characters.*100000/);
    const of = (kind: string) => new Set(sink.events.filter(({ event }) => event === kind).map(({ anchor }) => anchor.sha256));
    const [done, failed] = [of('annotated'), of('failed')];
    const memory: BatchMemory = { isDone: sha256 => done.has(sha256), hasFailed: sha256 => failed.has(sha256) };
    const again = counting();
    const left = await start(lines, again.ask, { memory }).finished;
    assert.deepEqual([left.earlier, left.failed, left.failedBefore, again.asked.length], [1, 3, 3, 0]);
    const retried = await start(lines, again.ask, { memory, retryFailed: true }).finished;
    assert.deepEqual([retried.done, retried.failed, retried.failedBefore, again.asked.length], [2, 1, 0, 1]);
  });

  it('writes nothing of a case into a failure of unknown kind', async () => {
    const sink = new MemorySink();
    const { ask } = counting(text => { if (text.includes(' 2.')) { throw new TypeError(`cannot read ${text}`); } return resultFor(text); });
    await start(linesOf(5), ask, { sink, concurrency: 1 }).finished;
    const failed = sink.events.find(({ event }) => event === 'failed');
    assert.ok(failed?.event === 'failed' && failed.reason === 'internal' && failed.message.includes('TypeError'));
    assert.ok(!JSON.stringify(sink.events).includes('Synthetic case'));
  });

  it('pauses, resumes and keeps what was under way', async () => {
    const { ask, asked } = counting(async text => { await wait(1); return resultFor(text); });
    const states: BatchProgress['state'][] = [];
    const sink = new MemorySink();
    const run = start(linesOf(200), ask, { sink, report: ({ state }) => states.push(state) });
    await wait(20);
    run.pause();
    await wait(20);
    const held = asked.length;
    assert.ok(held > 0 && held < 200);
    assert.equal(run.progress.state, 'paused');
    await wait(30);
    assert.equal(asked.length, held, 'nothing is asked while paused');
    assert.equal(sink.events.length, held, 'what was asked is written');
    run.resume();
    const summary = await run.finished;
    assert.equal(summary.done, 200);
    assert.deepEqual(sink.indexes, range(200));
    assert.ok(states.includes('paused') && states.at(-1) === 'finished');
  });

  it('cancels at once, also while paused or while the reader hangs, and writes what was answered', async () => {
    const sink = new MemorySink();
    const run = start(linesOf(200), ({ caseText }, signal) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(resultFor(caseText)), 2);
      signal.addEventListener('abort', () => { clearTimeout(timer); reject(failing('cancelled')); });
    }), { sink });
    await wait(30);
    run.cancel();
    const summary = await run.finished;
    assert.ok(summary.cancelled && summary.done > 0 && summary.done < 200);
    assert.equal(summary.failed, 0);
    assert.equal(sink.events.length, summary.done);

    const paused = start(linesOf(20), ({ caseText }) => Promise.resolve(resultFor(caseText)));
    paused.pause();
    await wait(5);
    paused.cancel();
    assert.equal((await paused.finished).cancelled, true);

    const hanging = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const stuck = runBatch(hanging, ({ caseText }) => Promise.resolve(resultFor(caseText)), new MemorySink(), { isDone: () => false, hasFailed: () => false }, { concurrency: 1 }, () => undefined);
    await wait(5);
    stuck.cancel();
    assert.equal((await stuck.finished).cancelled, true);
  });

  it('stops when the disk is full: what was written counts, nothing is written after it', async () => {
    const sink = new MemorySink(count => { if (count > 50) { throw Object.assign(new Error('no space left'), { code: 'ENOSPC' }); } });
    const { ask } = counting();
    const summary = await start(linesOf(200), ask, { sink, concurrency: 2 }).finished;
    assert.match(summary.stopped ?? '', /the disk is full/);
    assert.equal(summary.done, sink.events.length);
    assert.ok(summary.done <= 50);
    assert.equal(new Set(sink.events.map(({ anchor }) => anchor.start)).size, summary.done);
    const { appends } = sink;
    await wait(20);
    assert.equal(sink.appends, appends, 'a sink that failed is left alone');
  });

  it('ends with what the reader says when the file cannot be read on, after writing what was asked', async () => {
    const broken = async function* () {
      yield* recordsOf(linesOf(10));
      throw new Error('cases.jsonl was changed by another program while it was read.');
    };
    const sink = new MemorySink();
    const summary = await runBatch(broken(), async ({ caseText }) => { await wait(3); return resultFor(caseText); }, sink, { isDone: () => false, hasFailed: () => false }, { concurrency: 4 }, () => undefined).finished;
    assert.match(summary.stopped ?? '', /changed by another program/);
    assert.deepEqual(sink.indexes, range(10));
  });

  it('keeps to the limit, and tells rate and time left once the total is known', async () => {
    const seen: BatchProgress[] = [];
    const { ask, asked } = counting(async text => { await wait(10); return resultFor(text); });
    const summary = await start(linesOf(100), ask, { limit: 60, total: Promise.resolve(100), report: progress => seen.push(progress) }).finished;
    assert.equal(asked.length, 60);
    assert.equal(summary.done, 60);
    const middle = seen.find(({ done, remainingMs }) => done > 10 && remainingMs !== undefined);
    assert.ok(middle && middle.total === 100 && middle.rate > 0);
    assert.equal(middle.remainingMs, Math.round(1000 * (60 - middle.done) / middle.rate));
  });

  it('does not stall when thousands wait for one case under suspicion', async () => {
    const lines = [...Array.from({ length: 6000 }, (_, i) => line('Same.', { id: `s${i}` })), line('Other.')];
    const { ask, asked } = counting(async text => { await wait(1); if (text === 'Same.') { throw failing('timeout'); } return resultFor(text); });
    const summary = await start(lines, ask, { concurrency: 2 }).finished;
    assert.deepEqual([summary.done, summary.failed], [1, 6000]);
    assert.ok(asked.length <= 3);
  });
});
