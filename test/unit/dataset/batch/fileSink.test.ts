import assert from 'node:assert/strict';
import { appendFile, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSink, type SinkFile } from '../../../../src/core/dataset/batch/fileSink';
import { readMemory } from '../../../../src/core/dataset/batch/readMemory';
import { runBatch } from '../../../../src/core/dataset/batch/runBatch';
import type { BatchEvent, BatchOptions } from '../../../../src/core/dataset/batch/types';
import type { RecordItem } from '../../../../src/core/dataset/recordTypes';
import { parseEvents } from '../../../../src/core/dataset/sidecar';
import { anchorOf } from '../../../../src/core/dataset/anchors';
import { Writer } from '../../../../src/core/dataset/batch/writer';
import { counting, line, linesOf, recordsOf, resultFor, start } from './support';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kedrec-sink-'));
  path = join(folder, 'out.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = '2026-01-01T00:00:00.000Z';
const anchor = (text: string, place = 0) => ({ ...anchorOf(text, { start: 0, end: text.length }, { index: place }), start: place * 100 });
const annotated = (text: string, place = 0, id = `${text}-${place}`): BatchEvent => ({ event: 'annotated', id, at, anchor: anchor(text, place), result: resultFor(text) });
const failed = (text: string, place = 0): BatchEvent => ({ event: 'failed', id: `f-${text}-${place}`, at, anchor: anchor(text, place), reason: 'timeout', message: 'It took too long.' });
const write = async (...events: BatchEvent[]) => { const sink = await FileSink.open(path); await sink.append(events); await sink.close(); };
const sha = (text: string) => anchor(text).sha256;

describe('FileSink', () => {
  it('writes events of the sidecar format and reads each back at its place', async () => {
    const sink = await FileSink.open(path);
    const events = [annotated('é one'), annotated('two'), failed('three')];
    const positions = [...await sink.append(events.slice(0, 2)), ...await sink.append(events.slice(2))];
    for (const [i, event] of events.entries()) { assert.deepEqual(await sink.read(positions[i]!), event); }
    assert.equal(await sink.read(3), undefined);
    await sink.close();
    const { events: read, problems } = parseEvents(await readFile(path, 'utf8'));
    assert.deepEqual(problems, []);
    assert.deepEqual(read, events);
  });

  it('closes a line that a crash cut off at any place, and never merges with it', async () => {
    await write(annotated('one'), annotated('two'));
    const whole = await readFile(path);
    const first = whole.indexOf(10) + 1;
    for (const length of [first + 1, first + 40, whole.length - 1, first]) {
      await writeFile(path, whole);
      await truncate(path, length);
      await write(annotated('three'));
      const { events, problems } = parseEvents(await readFile(path, 'utf8'));
      const complete = length === whole.length - 1;
      assert.deepEqual(events.map(({ id }) => id), complete ? ['one-0', 'two-0', 'three-0'] : ['one-0', 'three-0']);
      assert.equal(problems.length, complete || length === first ? 0 : 1);
      const memory = await readMemory(path);
      assert.deepEqual([memory.isDone(sha('one'), 0), memory.isDone(sha('two'), 0), memory.isDone(sha('three'), 0)], [true, complete, true]);
      assert.equal(memory.unreadable.length, problems.length);
    }
  });

  it('appends behind what another program has appended meanwhile', async () => {
    const sink = await FileSink.open(path);
    await sink.append([annotated('one')]);
    await appendFile(path, '{"event":"removed","id":"el');
    const [position] = await sink.append([annotated('two')]);
    assert.deepEqual(await sink.read(position!), annotated('two'));
    await sink.close();
    assert.equal(parseEvents(await readFile(path, 'utf8')).events.length, 2);
  });

  it('takes back what a full disk took of a group, and then writes nothing more', async () => {
    const file = await open(path, 'a+');
    let room = 5000;
    const small: SinkFile = {
      write: (async (data: Buffer, offset: number, length: number) => {
        const take = Math.min(length, room);
        if (take === 0) { throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }); }
        room -= take;
        return await file.write(data, offset, take, null);
      }) as SinkFile['write'],
      read: file.read.bind(file) as SinkFile['read'], stat: file.stat.bind(file) as SinkFile['stat'], truncate: file.truncate.bind(file), datasync: file.datasync.bind(file), close: file.close.bind(file),
    };
    const sink = new FileSink(small);
    const { ask } = counting();
    const stopped = await start(linesOf(100), ask, { sink, concurrency: 2 }).finished;
    assert.match(stopped.stopped ?? '', /the disk is full/);
    await assert.rejects(sink.append([annotated('one')]), /ENOSPC/);
    await sink.close();
    const { events, problems } = parseEvents(await readFile(path, 'utf8'));
    assert.deepEqual(problems, []);
    assert.ok((await readFile(path, 'utf8')).endsWith('\n'));
    assert.equal(events.length, stopped.done);
    assert.ok(stopped.done > 0 && stopped.done < 100);

    const again = await FileSink.open(path);
    const resumed = await start(linesOf(100), ask, { sink: again, memory: await readMemory(path) }).finished;
    await again.close();
    assert.deepEqual([resumed.earlier, resumed.done], [stopped.done, 100 - stopped.done]);
    const all = parseEvents(await readFile(path, 'utf8')).events;
    assert.deepEqual(all.map(event => ('anchor' in event ? event.anchor.record?.index : -1)).sort((a, b) => a! - b!), Array.from({ length: 100 }, (_, i) => i));
  });
});

describe('FileSink after a write that failed half-way', () => {
  it('leaves alone what another program appended meanwhile', async () => {
    await write(annotated('first'));
    const file = await open(path, 'a+');
    const other = `\n${JSON.stringify({ event: 'reviewed', id: 'first-0', at, reviewer: 'r', drug: 'd', verdict: 'accepted' })}\n`;
    let calls = 0;
    const failing: SinkFile = {
      write: (async (data: Buffer, offset: number) => {
        if (calls++ > 0) { throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }); }
        const outcome = await file.write(data, offset, 20, null);
        await appendFile(path, other);
        return outcome;
      }) as SinkFile['write'],
      read: file.read.bind(file) as SinkFile['read'], stat: file.stat.bind(file) as SinkFile['stat'], truncate: file.truncate.bind(file), datasync: file.datasync.bind(file), close: file.close.bind(file),
    };
    await assert.rejects(new FileSink(failing).append([annotated('second')]), /ENOSPC/);
    await file.close();
    assert.deepEqual(parseEvents(await readFile(path, 'utf8')).events.map(({ event }) => event), ['annotated', 'reviewed']);
  });
});

describe('Writer', () => {
  it('writes what comes in at whatever moment an append ends', async () => {
    for (let turns = 0; turns < 20; turns++) {
      const written: string[] = [];
      let second: () => void = () => undefined;
      const writer = new Writer({ append: () => Promise.resolve() }, ({ event }) => {
        written.push(event.id);
        if (event.id === 'one-0') { second(); }
      }, error => assert.fail(String(error)));
      const both = new Promise<void>(resolve => {
        second = () => void (async () => {
          for (let turn = 0; turn < turns; turn++) { await Promise.resolve(); }
          writer.add({ event: annotated('two'), line: 2, reused: false });
          resolve();
        })();
      });
      writer.add({ event: annotated('one'), line: 1, reused: false });
      await both;
      await writer.idle();
      assert.deepEqual(written, ['one-0', 'two-0'], `after ${turns} turns`);
    }
  });
});

describe('readMemory', () => {
  it('knows nothing of a file that is not there', async () => {
    const memory = await readMemory(path);
    assert.deepEqual([memory.isDone(sha('a'), 0), memory.annotated], [false, 0]);
  });

  it('counts occurrences of identical records, and one record annotated twice once', async () => {
    await write(annotated('a', 0), annotated('a', 1), annotated('b', 2), annotated('b', 2, 'again'));
    const memory = await readMemory(path);
    assert.deepEqual([0, 1, 2].map(n => memory.isDone(sha('a'), n)), [true, true, false]);
    assert.deepEqual([0, 1].map(n => memory.isDone(sha('b'), n)), [true, false]);
  });

  it('lets an annotation stand for an earlier failure of the same place only', async () => {
    await write(failed('a', 0), failed('a', 0), failed('b', 1), annotated('b', 1), failed('c', 2), annotated('c', 3));
    const memory = await readMemory(path);
    assert.deepEqual([memory.hasFailed(sha('a'), 0), memory.hasFailed(sha('a'), 1)], [true, false]);
    assert.deepEqual([memory.isDone(sha('b'), 0), memory.hasFailed(sha('b'), 0)], [true, false]);
    assert.deepEqual([memory.isDone(sha('c'), 0), memory.hasFailed(sha('c'), 1)], [true, true]);
    assert.deepEqual([memory.annotated, memory.failed], [2, 2]);
  });

  it('forgets what a person removed, and keeps what was reviewed', async () => {
    await write(annotated('a', 0, 'ida'), annotated('b', 1, 'idb'));
    await appendFile(path, '{"event":"reviewed","id":"idb","at":"x","reviewer":"r","drug":"d","verdict":"accepted"}\n{"event":"removed","id":"ida","at":"x"}\n');
    const memory = await readMemory(path);
    assert.deepEqual([memory.isDone(sha('a'), 0), memory.isDone(sha('b'), 0)], [false, true]);
  });

  it('takes a record as done after its annotation was written into it, and no twin for one that merely moved', async () => {
    await write(annotated('one'), annotated('two'));
    const moved = (id: string, to: ReturnType<typeof anchor>) => `${JSON.stringify({ event: 'moved', id, at, anchor: to, edited: false })}\n`;
    await appendFile(path, moved('one-0', anchor('one with kedrec_drug')) + moved('two-0', anchor('two', 7)));
    const memory = await readMemory(path);
    assert.ok(memory.isDone(sha('one with kedrec_drug'), 0) && !memory.isDone(sha('one with kedrec_drug'), 1));
    assert.deepEqual([memory.isDone(sha('two'), 0), memory.isDone(sha('two'), 1), memory.unreadable], [true, false, []]);
  });

  it('names lines that are no events, and the kinds of answer', async () => {
    await writeFile(path, '\uFEFF\n{"a":1}\nnonsense\n\n{"event":"annotated","id":"x","anchor":{"sha256":"short","start":1}}\n');
    await write(annotated('a'));
    const memory = await readMemory(path);
    assert.deepEqual(memory.unreadable, [2, 3, 5]);
    assert.deepEqual(memory.kinds, [{ engine: 'endpoint', condition: 'both' }]);
  });

  it('lets an earlier answer stand for the very same question only, and for none that this run would not get', async () => {
    const lines = [line('Synthetic.', { id: 'a', disease: 'one', other: 'two' }), line('Synthetic.', { id: 'b', disease: 'three', other: 'two' }), line('Synthetic.', { id: 'c', disease: 'one', other: 'one' })];
    const otherwise = async function* () {
      for await (const item of recordsOf(lines)) {
        yield item.kind === 'record' ? { ...item, record: { ...item.record, disease: (JSON.parse(item.record.source) as { other: string }).other } } : item;
      }
    };
    const run = async (records: AsyncIterable<RecordItem>, more: Partial<BatchOptions>) => {
      const { ask, asked } = counting();
      const sink = await FileSink.open(path);
      const summary = await runBatch(records, ask, sink, await readMemory(path), { concurrency: 1, ...more }, () => undefined).finished;
      await sink.close();
      return [asked.length, summary.earlier, summary.reused];
    };
    assert.deepEqual(await run(recordsOf(lines), { limit: 1 }), [1, 0, 0]);
    // The first record is done; its answer was about another disease than the second one now asks about.
    assert.deepEqual(await run(otherwise(), { limit: 1 }), [1, 1, 0]);
    assert.deepEqual(await run(recordsOf(lines), { reusable: () => false }), [1, 2, 0]);
    await rm(path);
    const twins = [line('Synthetic.', { id: 'a' }), line('Synthetic.', { id: 'b' })];
    assert.deepEqual(await run(recordsOf(twins), { reusable: () => false }), [1, 0, 1]);
  });

  it('asks identical cases once across runs, too', async () => {
    const texts = [...linesOf(50), ...linesOf(50).map(text => text.replace('"id":"r', '"id":"s'))];
    const first = counting();
    let sink = await FileSink.open(path);
    await start(texts, first.ask, { sink, limit: 30 }).finished;
    await sink.close();
    const second = counting();
    sink = await FileSink.open(path);
    const summary = await start(texts, second.ask, { sink, memory: await readMemory(path) }).finished;
    await sink.close();
    assert.deepEqual([first.asked.length, second.asked.length, summary.earlier, summary.reused], [30, 20, 30, 50]);
    const events = parseEvents(await readFile(path, 'utf8')).events;
    assert.equal(events.length, 100);
    for (const event of events) { assert.ok(event.event === 'annotated' && event.result.nothing?.reason === resultFor(`Synthetic case ${Number(event.anchor.record?.id?.slice(1))}.`).nothing?.reason); }
  });
});
