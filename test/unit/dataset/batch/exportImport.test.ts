import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnswerFiles } from '../../../../src/core/dataset/batch/answerFiles';
import { readAnswerLine } from '../../../../src/core/dataset/batch/answerLine';
import { exportRequests, type ExportOptions, type WrapEngine } from '../../../../src/core/dataset/batch/exportRequests';
import { askAnswers, exported, Manifest, ManifestError } from '../../../../src/core/dataset/batch/importAnswers';
import { manifestName, type ManifestHead } from '../../../../src/core/dataset/batch/manifest';
import { RequestFiles, shardName, shardsThere } from '../../../../src/core/dataset/batch/requestFiles';
import { runBatch } from '../../../../src/core/dataset/batch/runBatch';
import type { BatchSummary } from '../../../../src/core/dataset/batch/types';
import { recommend } from '../../../../src/core/recommend/pipeline';
import type { RecommendationResult } from '../../../../src/core/recommend/types';
import { createEndpointEngine } from '../../../../src/core/engine/endpointEntry';
import { deidentifying } from '../../../../src/core/engine/deidentifiedEngine';
import { terminologyGuard } from '../../../../src/core/terminology/guard';
import { answerFor, parsePrompt } from '../../../endpoint/answerFromPrompt';
import { startScriptedServer } from '../../../endpoint/scriptedServer';
import { evidence, knowledge } from '../../recommend/fixture';
import { line, MemorySink, nobody, recordsOf } from './support';

let folder: string;
let requests: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kedrec-batch-'));
  requests = join(folder, 'requests.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;
const head: ManifestHead = { schema: 'kedrec.batch/1', file: 'cases.jsonl', condition: 'both', maxCandidates: 8, passagesPerCandidate: 3, model: 'scripted-model', answerFormat: 'json_schema', kedrecVersion: '0', knowledgeVersion: 'fixture', indexes: [], deidentified: false };
const context = () => ({ knowledge, evidence: evidence(), kedrecVersion: '0', now: () => new Date('2026-01-01T00:00:00Z') });
const cases = [
  line('Synthetic: patient with examplitis, 5 mg were given.', { id: 'a' }), 'broken', line('Synthetic: sampleosis & <case-text> of Zebediah.', { id: 'b' }), line('Synthetic: patient with examplitis, 5 mg were given.', { id: 'c' }),
  line('Synthetic: nothing at all.', { id: 'd' }), line('Synthetic: examplitis in a fragile state.', { id: 'e', candidates: ['laterinib', 'unknownol'] }), line(`Synthetic: examplitis. ${'x'.repeat(100_001)}`, { id: 'long' }),
];

interface Request { readonly custom_id: string; readonly method: string; readonly url: string; readonly body: { model: string; stream?: unknown; max_completion_tokens: number; messages: { role: string; content: string }[] } }

async function exportAll(lines = cases, options: Partial<ExportOptions> & { readonly shardSize?: number } = {}, wrap?: WrapEngine) {
  const files = await RequestFiles.create(requests, manifestName(requests), options.shardSize);
  const base = context();
  const indexes = (await base.evidence.info()).map(({ name, version }) => `${name}@${version}`);
  const counts = await exportRequests(recordsOf(lines), { ...head, indexes }, base, files, { signal, ...options }, wrap);
  await files.finish();
  return { counts, written: files.written };
}

async function requestsIn(path = requests): Promise<Request[]> { return (await readFile(path, 'utf8')).trim().split('\n').map(text => JSON.parse(text) as Request); }

/** What a batch runner would write for a request. */
const reply = ({ custom_id, body }: Request, content = JSON.stringify(answerFor(parsePrompt(body.messages.at(-1)!.content))), finish = 'stop') => JSON.stringify({
  id: 'vllm-1', custom_id, response: { status_code: 200, request_id: 'r', body: { id: 'c', object: 'chat.completion', model: body.model, choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content } }], usage: { prompt_tokens: 2000, completion_tokens: 120 } } }, error: null,
});

async function importAll(answers: string, lines = cases, wrap?: WrapEngine): Promise<{ summary: BatchSummary; results: Map<string, RecommendationResult>; files: AnswerFiles }> {
  const path = join(folder, 'answers.jsonl');
  await writeFile(path, answers);
  const manifest = await Manifest.open(manifestName(requests));
  const files = await AnswerFiles.open([path], id => manifest.isRequest(id));
  const sink = new MemorySink();
  const summary = await runBatch(exported(recordsOf(lines), manifest, { count: 0 }), askAnswers(manifest, files, context(), wrap), sink, nobody, { concurrency: 3 }, () => undefined).finished;
  await files.close();
  await manifest.close();
  return { summary, files, results: new Map(sink.events.flatMap(event => (event.event === 'annotated' ? [[event.anchor.record?.id ?? '', event.result] as const] : []))) };
}

const comparable = ({ provenance: { usage, ...provenance }, ...rest }: RecommendationResult): object => ({ ...rest, provenance, tokens: [usage?.promptTokens, usage?.completionTokens] });

describe('batch export', () => {
  it('writes one OpenAI batch line for each distinct case, and a manifest without text of the cases', async () => {
    const { counts } = await exportAll();
    assert.deepEqual(counts, { records: 6, requests: 3, identical: 1, nothing: 1, earlier: 0, tooLong: 1, skipped: 1 });
    const written = await requestsIn();
    assert.equal(new Set(written.map(request => request.custom_id)).size, 3);
    for (const { custom_id, method, url, body } of written) {
      assert.ok(custom_id.length <= 64);
      assert.deepEqual([method, url, body.model, 'stream' in body, 'stream_options' in body], ['POST', '/v1/chat/completions', 'scripted-model', false, false]);
      assert.ok(body.max_completion_tokens > 0 && body.messages[0]?.role === 'system');
    }
    const manifest = await readFile(manifestName(requests), 'utf8');
    for (const text of ['Zebediah', '5 mg', 'nothing at all']) { assert.ok(!manifest.includes(text), text); }
    assert.deepEqual(await readdir(folder), ['requests.jsonl', 'requests.jsonl.manifest.jsonl']);
  });

  it('names requests so that nobody can tell from outside which text they are about', async () => {
    await exportAll();
    const first = (await requestsIn()).map(request => request.custom_id);
    await exportAll();
    const second = (await requestsIn()).map(request => request.custom_id);
    assert.equal(new Set([...first, ...second]).size, 6);
  });

  it('shards, and leaves nothing behind when it is stopped', async () => {
    const { written } = await exportAll(cases, { shardSize: 2 });
    assert.deepEqual(written, [shardName(requests, 1), shardName(requests, 2)]);
    assert.deepEqual([(await requestsIn(written[0])).length, (await requestsIn(written[1])).length], [2, 1]);
    assert.equal(shardName('/a.b/requests', 12), '/a.b/requests.00012');
    assert.deepEqual([...await shardsThere(requests)].sort(), ['requests.00001.jsonl', 'requests.00002.jsonl']);
    const files = await RequestFiles.create(join(folder, 'other.jsonl'), join(folder, 'other.manifest'), 1);
    await files.addRequest('{}');
    await files.addRequest('{}');
    await files.discard();
    assert.deepEqual((await readdir(folder)).filter(name => name.startsWith('other')), []);
  });
});

describe('batch import', () => {
  it('gives the same recommendations as an endpoint that answers the same', async () => {
    await exportAll();
    const answers = (await requestsIn()).reverse().map(request => reply(request)).join('\n');
    const { summary, results } = await importAll(answers);
    assert.deepEqual([summary.stopped, summary.done, summary.reused, summary.failed, summary.skipped], [undefined, 5, 1, 1, 1]);
    assert.deepEqual(summary.failures?.map(({ id, reason }) => [id, reason]), [['long', 'case-too-long']]);
    const server = await startScriptedServer('normal');
    const engine = createEndpointEngine({ baseUrl: `${server.url}/v1`, model: 'scripted-model', timeouts: { connectMs: 2000, firstTokenMs: 5000, idleMs: 5000 } });
    try {
      for await (const item of recordsOf(cases)) {
        if (item.kind !== 'record' || item.record.id === 'long') { continue; }
        const { caseText: text, disease, candidates, id = '' } = item.record;
        const live = await recommend({ text, disease, candidates }, { ...context(), engine: () => engine }, head, () => undefined, signal);
        const imported = results.get(id);
        assert.ok(imported, id);
        // Only what a stream shows beside the answer differs.
        assert.deepEqual(JSON.parse(JSON.stringify(comparable(imported))), JSON.parse(JSON.stringify(comparable(live))), id);
      }
      assert.ok(results.get('a')!.recommendations.some(({ rationale }) => rationale.claims.some(({ grounding }) => grounding === 'supported')));
      assert.equal(results.get('d')!.nothing?.code, 'no-disease');
    } finally {
      engine.dispose();
      await server.close();
    }
  });

  it('names why a request has no answer, each with its own reason', async () => {
    const texts = ['examplitis one', 'examplitis two', 'examplitis three', 'examplitis four', 'examplitis five', 'examplitis six', 'examplitis seven', 'examplitis eight', 'examplitis nine'].map((text, i) => line(`Synthetic: ${text}.`, { id: `r${i}` }));
    await exportAll(texts);
    const written = await requestsIn();
    const [cut, vllm, openai, expired, prose, twice, mended, missing, filtered] = written as [Request, Request, Request, Request, Request, Request, Request, Request, Request];
    const whole = JSON.stringify(answerFor(parsePrompt(cut.body.messages.at(-1)!.content)));
    const secret = 'Zanzibar-Quokka';
    const { summary, files } = await importAll([
      reply(cut, whole.slice(0, 80), 'length'),
      JSON.stringify({ id: 'x', custom_id: vllm.custom_id, response: { status_code: 400, request_id: 'y', body: null }, error: { error: { message: `This model's maximum context length is 4096 tokens ${secret}`, type: 'BadRequestError', code: 400 } } }),
      JSON.stringify({ id: 'x', custom_id: openai.custom_id, response: { status_code: 429, request_id: 'y', body: { error: { message: secret, code: 'rate_limit_exceeded' } } }, error: null }),
      JSON.stringify({ id: 'x', custom_id: expired.custom_id, response: null, error: { code: 'batch_expired', message: 'This request could not be executed before the completion window expired.' } }),
      reply(prose, `I would give ${secret}.`),
      reply(twice), reply(twice, '{"recommendations":[]}'), 'not JSON at all', reply({ ...twice, custom_id: 'kedrec-of-somebody-else' }),
      JSON.stringify({ custom_id: mended.custom_id, response: { status_code: 500, body: null }, error: 'Internal' }), reply(mended), JSON.stringify({ custom_id: mended.custom_id, response: { status_code: 500, body: null }, error: 'Internal' }),
      reply(filtered, '', 'content_filter'),
    ].join('\n'), texts);
    const reasons = new Map(summary.failures?.map(({ id, reason }) => [id, reason]));
    assert.deepEqual(Object.fromEntries([...reasons].sort()), {
      r0: 'incomplete-answer', r1: 'context-too-long', r2: 'rate-limited', r3: 'not-answered', r4: 'malformed-answer', r5: 'duplicate-answer', r7: 'missing-answer', r8: 'incomplete-answer',
    });
    assert.equal(summary.done, 1, `${mended.custom_id} was mended, ${missing.custom_id} is missing`);
    assert.deepEqual(files.problems.map(({ line: at, message }) => [at, message.split(' ').slice(0, 3).join(' ')]), [[7, 'answers a request'], [8, 'is no line'], [9, 'answers a custom_id']]);
    assert.ok(!JSON.stringify([summary, files.problems]).includes(secret));
  });

  it('reads the errors of vllm run-batch 0.32', async () => {
    const texts = ['one', 'two', 'three'].map((word, i) => line(`Synthetic: examplitis ${word}.`, { id: `r${i}` }));
    await exportAll(texts);
    const said = [
      [400, { message: "This model's maximum context length is 4096 tokens. However, your prompt contains at least 4097 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=4097)", type: 'BadRequestError', param: 'input_tokens', code: 400 }],
      [404, { message: 'The model `nope` does not exist. Valid aliases: smollm2.', type: 'NotFoundError', param: 'model', code: 404 }],
      [400, { message: 'max_tokens=9000 cannot be greater than max_model_len=4096. Please request fewer output tokens. (parameter=max_tokens, value=9000)', type: 'BadRequestError', param: 'max_tokens', code: 400 }],
    ] as const;
    const { summary } = await importAll((await requestsIn()).map(({ custom_id }, i) =>
      JSON.stringify({ id: `vllm-${i}`, custom_id, response: { status_code: said[i]![0], request_id: `vllm-batch-${i}`, body: null }, error: { error: said[i]![1] } })).join('\n'), texts);
    assert.deepEqual(summary.failures?.map(({ reason }) => reason), ['context-too-long', 'not-found', 'context-too-long']);
    assert.match(summary.failures?.[1]?.message ?? '', /--served-model-name/);
  });

  it('refuses an answer to a request that would be another one today', async () => {
    await exportAll();
    const answers = (await requestsIn()).map(request => reply(request)).join('\n');
    const path = manifestName(requests);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"prompt":"[0-9a-f]{8}/g, '"prompt":"00000000'));
    const { summary } = await importAll(answers);
    assert.deepEqual([...new Set(summary.failures?.map(({ reason }) => reason))].sort(), ['case-too-long', 'changed-prompt']);
  });

  it('leaves records alone that were not exported', async () => {
    await exportAll(cases, { limit: 1 });
    const { summary } = await importAll((await requestsIn()).map(request => reply(request)).join('\n'));
    assert.deepEqual([summary.done, summary.failed], [2, 0], 'the first record and its twin');
  });

  it('takes de-identified answers back into the words of the case', async () => {
    const guard = terminologyGuard(knowledge.terminology);
    const wrap: WrapEngine = make => names => deidentifying(make(names), guard);
    const text = line('Synthetic: Mr. John Miller, born 03/04/1950, phone 555-123-4567, has examplitis.', { id: 'p' });
    await exportAll([text], {}, wrap);
    const [request] = await requestsIn();
    assert.ok(!JSON.stringify(request).includes('Miller'));
    const { summary, results } = await importAll(reply(request!), [text], wrap);
    assert.deepEqual([summary.done, summary.failed], [1, 0], summary.failures?.[0]?.message);
    assert.ok(results.get('p')!.recommendations.length > 0);
  });

  it('refuses what is no manifest', async () => {
    await writeFile(requests, '{"a":1}\n');
    await assert.rejects(Manifest.open(requests), ManifestError);
    await writeFile(requests, '');
    await assert.rejects(Manifest.open(requests), /did not come to its end/);
  });
});

describe('readAnswerLine', () => {
  it('reads completions of several shapes and never throws', () => {
    const of = (response: unknown) => readAnswerLine(JSON.stringify({ custom_id: 'x', response, error: null }));
    const choices = [{ message: { content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }], reasoning: 'r' }, finish_reason: 'stop' }];
    const parts = of({ status_code: 200, body: { choices } });
    assert.ok(parts && 'output' in parts && parts.output.content === 'ab' && parts.output.reasoning === 'r');
    const direct = of({ choices });
    assert.ok(direct && 'output' in direct);
    for (const response of [null, {}, { status_code: 200, body: {} }, { status_code: 200, body: { choices: [] } }, { status_code: 503, body: { choices } }]) {
      const answer = of(response);
      assert.ok(answer && 'failure' in answer, JSON.stringify(response));
    }
    for (const text of ['', '[]', 'null', '{"custom_id":5}', '{"custom_id":""}', '{']) { assert.equal(readAnswerLine(text), undefined); }
  });
});
