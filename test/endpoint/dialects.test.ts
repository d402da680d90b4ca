import assert from 'node:assert/strict';
import { closeServers, fail, serve, succeed } from './harness';
import { makeRequest, passage } from './fixture';
import type { ChatBody } from './scenarios';
import type { ScriptedServer } from './scriptedServer';

const bodies = (server: ScriptedServer): ChatBody[] => server.chats.map((chat) => JSON.parse(chat.body) as ChatBody);
const formats = (server: ScriptedServer): (string | undefined)[] => bodies(server).map((body) => body.response_format?.type);

describe('endpoint: dialects', () => {
  afterEach(closeServers);

  it('finds the API with and without /v1, with a slash, a prefix and the full path', async () => {
    const plain = await serve('normal');
    for (const path of ['', '/', '/v1', '/v1/', '/v1/chat/completions']) {
      assert.equal((await succeed(plain, { path })).answer.drafts.length, 3, path);
    }
    for (const path of ['/llm', '/llm/v1/', '/llm/v1/models']) {
      assert.equal((await succeed(await serve('prefixed'), { path })).answer.drafts.length, 3, path);
    }
    assert.equal((await succeed(await serve('no-v1'), { path: '' })).answer.drafts.length, 3);
  });

  it('keeps the query of an address', async () => {
    const server = await serve('normal');
    await succeed(server, { path: '/v1?api-version=2024-10-21' });
    assert.deepEqual(server.requests.map((request) => request.path), ['/v1/models', '/props', '/info', '/v1/chat/completions']);
    assert.deepEqual([...new Set(server.requests.map((request) => request.query))], ['?api-version=2024-10-21']);
  });

  it('picks a model that can chat when none is set', async () => {
    const server = await serve('embedding-first');
    await succeed(server, { config: { model: undefined } });
    assert.equal(bodies(server)[0]?.model, 'llama3.2:3b');
  });

  it('works without a list of models when one is named', async () => {
    assert.equal((await succeed(await serve('no-models-list'))).answer.drafts.length, 3);
  });

  it('works with a server that cannot list its models and sends no [DONE], and says what to do where no model is named', async () => {
    assert.equal((await succeed(await serve('no-done'))).answer.drafts.length, 3);
    const server = await serve('models-500');
    assert.equal((await succeed(server)).answer.drafts.length, 3);
    const error = await fail(server, 'server-error', { config: { model: undefined } });
    assert.match(error.advice, /kedrec\.endpoint\.model/);
  });

  it('gives up structured output step by step, and remembers it', async () => {
    const server = await serve('no-response-format');
    await succeed(server);
    assert.deepEqual(formats(server), ['json_schema', 'json_object', undefined]);
    await succeed(server);
    assert.deepEqual(formats(server).slice(3), [undefined]);
  });

  it('gives up the array bounds only where they are the trouble', async () => {
    for (const scenario of ['no-array-bounds', 'no-tuples'] as const) {
      const server = await serve(scenario);
      await succeed(server);
      assert.deepEqual(formats(server), ['json_schema', 'json_schema']);
      assert.ok(!/minItems|prefixItems/.test(JSON.stringify(bodies(server)[1])));
    }
  });

  it('uses json_schema where json_object is refused', async () => {
    const server = await serve('json-schema-only');
    await succeed(server);
    assert.deepEqual(formats(server), ['json_schema']);
  });

  it('speaks to models that want other parameters', async () => {
    const server = await serve('completion-tokens-only');
    await succeed(server);
    const last = bodies(server).at(-1);
    assert.equal(last?.max_tokens, undefined);
    assert.equal(last?.temperature, undefined);
    assert.ok((last?.max_completion_tokens ?? 0) > 0);
    assert.equal(last?.response_format?.type, 'json_schema');
  });

  it('puts the rules into the first message where there is no system role', async () => {
    const server = await serve('no-system-role');
    await succeed(server);
    const last = bodies(server).at(-1);
    assert.deepEqual(last?.messages.map((message) => message.role), ['user']);
    assert.match(last?.messages[0]?.content ?? '', /You are KEDRec/);
  });

  const many = makeRequest({
    background: {
      condition: 'both', omitted: 0,
      passages: ['metformin', 'glipizide', 'empagliflozin'].flatMap((drug, d) => [1, 2, 3, 4].map((n) =>
        passage(`E${d * 4 + n}`, `TEST:${d}${n}`, `Synthetic: ${drug} was studied in type 2 diabetes. ${'The follow-up was long. '.repeat(40)}`, { drugIds: [drug], score: n }))),
    },
  });
  const labelsPerDrug = (body: ChatBody | undefined): number[] => {
    const labels = [...(body?.messages[1]?.content ?? '').matchAll(/label="E(\d+)"/g)].map((match) => Number(match[1]));
    return [0, 1, 2].map((d) => labels.filter((label) => Math.floor((label - 1) / 4) === d).length);
  };

  it('fits the background into the context that the server names, the same for each candidate', async () => {
    for (const scenario of ['small-context', 'small-context-litellm'] as const) {
      const server = await serve(scenario);
      const { answer } = await succeed(server, { request: many });
      assert.equal(server.chats.length, 1);
      const counts = labelsPerDrug(bodies(server)[0]);
      assert.ok((counts[0] ?? 9) < 4 && counts.every((count) => count === counts[0]), counts.join());
      assert.match(answer.warnings.join(' '), /passages? (?:was|were) left out/);
    }
  });

  it('asks once more, smaller, when the prompt is too long', async () => {
    for (const scenario of ['overflow-once', 'overflow-in-stream'] as const) {
      const server = await serve(scenario);
      const { answer } = await succeed(server, { request: many });
      assert.equal(server.chats.length, 2);
      const [before, after] = bodies(server);
      assert.ok((labelsPerDrug(after)[0] ?? 9) < (labelsPerDrug(before)[0] ?? 0));
      assert.match(answer.warnings.join(' '), /left out/);
    }
  });

  it('asks once more, smaller, when the server counted no further than its limit', async () => {
    const server = await serve('overflow-counted-to-the-limit');
    const shorter = many.background.passages.map((item) => ({ ...item, passage: { ...item.passage, text: item.passage.text.slice(0, 500) } }));
    const { answer } = await succeed(server, { request: { ...many, background: { ...many.background, passages: shorter } } });
    assert.equal(server.chats.length, 2);
    assert.match(answer.warnings.join(' '), /left out/);
  });

  it('asks once more, smaller, when the context ended in the middle of the answer', async () => {
    const server = await serve('answer-cut-by-context');
    const { answer } = await succeed(server, { request: many });
    const [before, after] = bodies(server);
    assert.ok(server.chats.length === 2 && (labelsPerDrug(after)[0] ?? 9) < (labelsPerDrug(before)[0] ?? 0));
    assert.match(answer.warnings.join(' '), /left out/);
    server.play('finish-length');
    await fail(server, 'incomplete-answer', { request: many });
    assert.equal(server.chats.length, 3, 'an answer that is too long by itself is not asked for again');
  });

  it('says so when even that is too long', async () => {
    const server = await serve('overflow-always');
    const error = await fail(server, 'context-too-long', { request: many });
    assert.match(error.message, /512 tokens/);
    assert.equal(server.chats.length, 2);
  });
});
