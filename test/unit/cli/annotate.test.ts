import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnnotationEvent } from '../../../src/core/dataset/annotationTypes';
import { parseEvents } from '../../../src/core/dataset/sidecar';
import { answerFor, parsePrompt } from '../../endpoint/answerFromPrompt';
import { startScriptedServer, type ScriptedServer } from '../../endpoint/scriptedServer';
import { normalChat, scenarios, type Scenario } from '../../endpoint/scenarios';
import { buildCli, runCli, startCli } from './annotateCli';

describe('kedrec annotate', function () {
  this.timeout(120_000);
  let folder: string;
  let program: string;
  let file: string;
  let out: string;
  let server: ScriptedServer | undefined;
  let number = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kedrec-annotate-'));
    program = await buildCli(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => {
    file = join(folder, `cases${++number}.jsonl`);
    out = `${file}.kedrec.jsonl`;
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const writeCases = (count: number) => writeFile(file, Array.from({ length: count }, (_, i) => `${JSON.stringify({ id: `r${i}`, text: `Synthetic case ${i}: examplitis.` })}\n`).join(''));
  const eventsOf = async () => parseEvents(await readFile(out, 'utf8'));
  const indexes = (events: readonly AnnotationEvent[]) => events.flatMap(event => ('anchor' in event ? event.anchor.record?.index ?? -1 : [])).sort((a, b) => a - b);
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const slow = (ms: number): Scenario => ({ chat: async call => { await wait(ms); await normalChat(call); } });
  const serve = async (scenario: Parameters<typeof startScriptedServer>[0]) => { server = await startScriptedServer(scenario); return ['--engine', 'endpoint', '--base-url', `${server.url}/v1`, '--model', 'scripted-model']; };

  it('annotates every record into a sidecar that follows its schema, and refuses to overwrite it', async () => {
    await writeCases(5);
    await appendFile(file, 'broken\n{"id":"none","text":"Synthetic: nothing."}\n');
    const problems = join(folder, 'problems.jsonl');
    const first = await runCli(program, 'annotate', file, '-o', out, '--problems', problems);
    assert.equal(first.code, 1, first.err);
    assert.match(first.out, /annotated\s+6\n[\s\S]*skipped\s+1\n[\s\S]*line 6 is not valid JSON: .+ \(skipped\)/);
    assert.deepEqual(JSON.parse(await readFile(problems, 'utf8')), { kind: 'skipped', line: 6, message: 'line 6 is not valid JSON: a word is no JSON value' });
    const { events, problems: invalid } = await eventsOf();
    assert.deepEqual(invalid, []);
    assert.deepEqual(indexes(events), [0, 1, 2, 3, 4, 6]);
    assert.ok(!JSON.stringify(events).includes('Synthetic case'));

    const again = await runCli(program, 'annotate', file, '-o', out);
    assert.deepEqual([again.code, again.out], [2, '']);
    assert.match(again.err, /exists\. Add --resume/);
    const resumed = await runCli(program, 'annotate', file, '-o', out, '--resume', '--format', 'json');
    assert.equal(resumed.code, 1);
    const summary = JSON.parse(resumed.out) as { done: number; earlier: number };
    assert.deepEqual([summary.done, summary.earlier], [0, 6]);
    assert.equal(existsSync(`${out}.lock`), false);
  });

  it('says what is wrong with its arguments', async () => {
    await writeCases(1);
    for (const [args, message] of [
      [['annotate', join(folder, 'none.jsonl'), '-o', out], /none\.jsonl does not exist/],
      [['annotate', file, '-o', file, '--resume'], /is the input/],
      [['annotate', file, '-o', join(folder, 'no', 'out')], /folder .* does not exist/],
      [['annotate', file, '-o', out, '--engine', 'endpoint'], /needs --base-url/],
      [['annotate', file, '-o', out, '--model', 'm'], /--model goes with --engine endpoint/],
      [['annotate', file, '-o', out, '--map', 'text=a'], /NAME one of caseText/],
      [['annotate', file, '-o', out, '--concurrency', '0'], /whole number from 1 to 256/],
      [['annotate', file], /-o, --output/],
    ] as const) {
      const outcome = await runCli(program, ...args);
      assert.equal(outcome.code, 2, args.join(' '));
      assert.match(outcome.err, message);
    }
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x61, 0]));
    const encoded = await runCli(program, 'annotate', file, '-o', out);
    assert.deepEqual([encoded.code, encoded.out], [2, '']);
    assert.match(encoded.err, /cannot be used: the file is UTF-16/);
    assert.equal(existsSync(out), false);
  });

  it('holds every record exactly once after being killed again and again', async () => {
    const count = 300;
    await writeCases(count);
    const flags = [...await serve(slow(4)), '--concurrency', '8'];
    let kills = 0;
    for (; kills < 12; kills++) {
      const run = startCli(program, ['annotate', file, '-o', out, '--resume', ...flags]);
      const size = async () => (existsSync(out) ? (await readFile(out)).length : 0);
      const before = await size();
      // Killed at any moment after it has begun to write.
      const over = run.ended.then(() => true);
      while (await size() === before && !(await Promise.race([over, wait(5, false)]))) { /* not yet */ }
      await wait(Math.random() * 60);
      run.child.kill('SIGKILL');
      const { code } = await run.ended;
      const { events, problems } = await eventsOf();
      assert.equal(new Set(indexes(events)).size, events.length, 'a record was written twice');
      assert.ok(problems.length <= kills + 1);
      if (code === 0) { break; }
    }
    assert.ok(kills >= 4, `only ${kills} kills`);
    const last = await runCli(program, 'annotate', file, '-o', out, '--resume', ...flags);
    assert.equal(last.code, 0, last.out + last.err);
    const { events } = await eventsOf();
    assert.deepEqual(indexes(events), range(count));
    assert.ok((await readFile(out, 'utf8')).endsWith('\n'));
  });

  it('stops when the endpoint dies at record 317, and resumes there when it is back', async () => {
    await writeCases(400);
    const flags = await serve({ chat: call => (call.number > 316 ? void call.res.destroy() : normalChat(call)) });
    const dead = await runCli(program, 'annotate', file, '-o', out, ...flags, '--concurrency', '1', '--rest', '0.01');
    assert.equal(dead.code, 3, dead.err);
    assert.match(dead.out, /Stopped: .*Gave up after 8 pauses/);
    assert.equal((await eventsOf()).events.length, 316);
    server?.play('normal');
    const asked = server!.chats.length;
    const back = await runCli(program, 'annotate', file, '-o', out, ...flags, '--resume', '--format', 'json');
    assert.equal(back.code, 0, back.err);
    assert.equal(server!.chats.length - asked, 84);
    assert.deepEqual(indexes((await eventsOf()).events), range(400));
  });

  it('ends cleanly on Ctrl+C, and at once on the second', async () => {
    await writeCases(200);
    const flags = await serve(slow(20));
    const run = startCli(program, ['annotate', file, '-o', out, ...flags, '--concurrency', '4']);
    while (!existsSync(out) || (await readFile(out)).length === 0) { await wait(10); }
    run.child.kill('SIGINT');
    const ended = await run.ended;
    assert.equal(ended.code, 130);
    assert.match(ended.out, /Cancelled\. Run the same command with --resume/);
    const { events, problems } = await eventsOf();
    assert.deepEqual(problems, []);
    assert.ok(events.length > 0 && events.length < 200);
    assert.equal(existsSync(`${out}.lock`), false);
    await server?.close();

    const hanging = await serve('hang-before-headers');
    const stuck = startCli(program, ['annotate', file, '-o', out, '--resume', ...hanging]);
    while (server!.chats.length === 0) { await wait(10); }
    stuck.child.kill('SIGINT');
    stuck.child.kill('SIGINT');
    assert.equal((await stuck.ended).code, 130);
  });

  it('tells when the disk is full', async function () {
    if (!existsSync('/dev/full')) { this.skip(); }
    await writeCases(5);
    const full = await runCli(program, 'annotate', file, '-o', '/dev/full', '--resume');
    assert.equal(full.code, 3, full.err);
    assert.match(full.out, /Stopped: The file cannot be written on: the disk is full \(ENOSPC\)/);
    assert.match(full.out, /annotated\s+0/);
  });

  it('ends when another program changes the file, and keeps what was written', async () => {
    await writeCases(400);
    const flags = await serve(slow(15));
    const run = startCli(program, ['annotate', file, '-o', out, ...flags, '--concurrency', '2']);
    while (!existsSync(out) || (await readFile(out)).length === 0) { await wait(10); }
    const handle = await open(file, 'r+');
    await handle.write('{"id":"changed"', 0);
    await handle.close();
    const ended = await run.ended;
    assert.equal(ended.code, 3, ended.err);
    assert.match(ended.out, /was changed by another program during the batch/);
    const { events, problems } = await eventsOf();
    assert.deepEqual(problems, []);
    assert.ok(events.length > 0 && events.length < 400);
  });

  it('lets no two batches write to one file, and takes over the lock of one that was killed', async () => {
    await writeCases(100);
    const flags = await serve(slow(20));
    const first = startCli(program, ['annotate', file, '-o', out, ...flags, '--concurrency', '1']);
    while (!existsSync(out) || (await readFile(out)).length === 0) { await wait(10); }
    const second = await runCli(program, 'annotate', file, '-o', out, ...flags, '--resume');
    assert.equal(second.code, 2);
    assert.match(second.err, new RegExp(`being written by another kedrec \\(process ${first.child.pid} `));
    first.child.kill('SIGKILL');
    await first.ended;
    server?.play('normal');
    assert.equal((await runCli(program, 'annotate', file, '-o', out, ...flags, '--resume')).code, 0);
    assert.deepEqual(indexes((await eventsOf()).events), range(100));
  });

  it('lists failed records with reasons and asks again only on request', async () => {
    await writeCases(20);
    const wrong: Scenario = { chat: call => (JSON.stringify(call.body.messages).includes('Synthetic case 7:') ? scenarios['malformed-always'].chat(call) : normalChat(call)) };
    const flags = await serve(wrong);
    const first = await runCli(program, 'annotate', file, '-o', out, ...flags);
    assert.equal(first.code, 1, first.err);
    assert.match(first.out, /failed\s+1\n[\s\S]*line 8 \(id r7\): malformed-answer: /);
    server?.play('normal');
    const asked = server!.chats.length;
    const kept = await runCli(program, 'annotate', file, '-o', out, ...flags, '--resume');
    assert.equal(server!.chats.length, asked, kept.out);
    assert.match(kept.out, /of them 1 in an earlier run \(--retry-failed asks them again\)/);
    const mended = await runCli(program, 'annotate', file, '-o', out, ...flags, '--resume', '--retry-failed');
    assert.deepEqual([mended.code, server!.chats.length], [0, asked + 1]);
  });

  it('writes over no file that it reads, and appends to no file of another kind', async () => {
    await writeCases(3);
    const before = await readFile(file, 'utf8');
    const problems = await runCli(program, 'annotate', file, '-o', out, '--problems', file);
    assert.deepEqual([problems.code, await readFile(file, 'utf8')], [2, before]);
    assert.match(problems.err, /used by this command already/);
    const other = join(folder, 'other-dataset.jsonl');
    await writeFile(other, before);
    const resumed = await runCli(program, 'annotate', file, '-o', other, '--resume');
    assert.deepEqual([resumed.code, await readFile(other, 'utf8')], [2, before]);
    assert.match(resumed.err, /holds no annotation events/);
    assert.equal((await runCli(program, 'annotate', file, '-o', out)).code, 0);
    const sidecar = await readFile(out, 'utf8');
    const copied = await runCli(program, 'dataset', 'annotate-copy', file, '--annotations', out, '-o', out);
    assert.deepEqual([copied.code, await readFile(out, 'utf8')], [2, sidecar]);
  });

  it('exports for a batch service and imports its answers', async () => {
    await writeCases(30);
    const requests = join(folder, 'requests.jsonl');
    const answers = join(folder, 'answers.jsonl');
    const sent = await runCli(program, 'batch', 'export', file, '-o', requests, '--model', 'm', '--shard-size', '20');
    assert.equal(sent.code, 0, sent.err);
    const lines = (await Promise.all(['00001', '00002'].map(shard => readFile(requests.replace('.jsonl', `.${shard}.jsonl`), 'utf8')))).join('').trim().split('\n');
    assert.equal(lines.length, 30);
    await writeFile(answers, lines.slice(1).map(text => {
      const { custom_id, body } = JSON.parse(text) as { custom_id: string; body: { messages: { content: string }[] } };
      const content = JSON.stringify(answerFor(parsePrompt(body.messages.at(-1)!.content)));
      return `${JSON.stringify({ id: 'x', custom_id, response: { status_code: 200, request_id: 'y', body: { model: 'm', choices: [{ message: { content }, finish_reason: 'stop' }] } }, error: null })}\n`;
    }).join(''));
    const back = await runCli(program, 'batch', 'import', requests, answers, '-o', out);
    assert.equal(back.code, 1, back.err);
    assert.match(back.out, /annotated\s+29\n\s+failed\s+1\n[\s\S]*missing-answer/);
    assert.deepEqual(indexes((await eventsOf()).events), range(30));
    const twice = await runCli(program, 'batch', 'export', file, '-o', requests, '--model', 'm');
    assert.equal(twice.code, 2);
    assert.match(twice.err, /exists\. Delete it/);
    const lost = await runCli(program, 'batch', 'import', join(folder, 'other.jsonl'), answers, '-o', out);
    assert.equal(lost.code, 2);
    assert.match(lost.err, /manifest\.jsonl is missing/);
  });
});
