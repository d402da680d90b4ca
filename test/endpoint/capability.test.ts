import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { answerGrammar } from '../../src/core/engine/answer/grammar';
import { wireSchema } from '../../src/core/engine/answer/answerSchema';
import { readCapability, type CapabilityMemory, type EndpointCapability } from '../../src/core/engine/endpoint/capability';
import { checkEndpoint } from '../../src/core/engine/endpointEntry';
import { makeConfig, makeRequest, passage } from './fixture';
import { closeServers, fail, run, serve, succeed } from './harness';
import { normalChat, type ChatBody, type Scenario } from './scenarios';
import type { ScriptedServer } from './scriptedServer';
import { sendJson } from './wire';

type OwnBody = ChatBody & { readonly structured_outputs?: { readonly json?: unknown }; readonly grammar?: string };
const bodies = (server: ScriptedServer): OwnBody[] => server.chats.map((chat) => JSON.parse(chat.body) as OwnBody);
const howAsked = (body: OwnBody): string => (body.structured_outputs ? 'structured_outputs' : body.grammar !== undefined ? 'grammar' : body.response_format?.type ?? 'plain');
const refuseFormat = (res: ServerResponse): void => sendJson(res, 400, { error: { message: 'response_format is not supported here', type: 'invalid_request_error' } });

function memory(): CapabilityMemory & { readonly entries: Map<string, EndpointCapability> } {
  const entries = new Map<string, EndpointCapability>();
  return { entries, get: (key) => entries.get(key), set: (key, value) => { if (value) { entries.set(key, value); } else { entries.delete(key); } } };
}

/** A server of a kind that refuses `response_format` and knows a field of its own. */
const ownFieldOnly = (owned_by: string, pages: Record<string, unknown> = {}): Scenario => ({
  models: [{ id: 'scripted-model', owned_by }],
  intercept: (req, res) => {
    const page = pages[req.url ?? ''];
    if (page !== undefined) { sendJson(res, 200, page); }
    return page !== undefined;
  },
  chat: (call) => (call.body.response_format ? refuseFormat(call.res) : normalChat(call)),
});

describe('endpoint: capability', () => {
  afterEach(closeServers);

  it('uses vLLM\'s and llama.cpp\'s own fields where response_format is refused, and nobody else\'s', async () => {
    for (const [owner, expected] of [['vllm', ['json_schema', 'structured_outputs']], ['llamacpp', ['json_schema', 'grammar']], ['library', ['json_schema', 'json_object', 'plain']]] as const) {
      const server = await serve(ownFieldOnly(owner));
      assert.equal((await succeed(server)).answer.drafts.length, 3);
      assert.deepEqual(bodies(server).map(howAsked), expected, owner);
    }
  });

  it('remembers across engines and restarts what was found, and the context that the server names', async () => {
    const kept = memory();
    const server = await serve(ownFieldOnly('llamacpp', { '/props': { default_generation_settings: { n_ctx: 6144 } } }));
    await succeed(server, { config: { memory: kept } });
    const [[key, found] = ['', undefined]] = [...kept.entries];
    assert.equal(key, `${server.url}/v1 scripted-model`);
    assert.deepEqual([found?.model, found?.serverKind, found?.contextTokens, found?.profile.format, found?.servedModel], ['scripted-model', 'llama.cpp', 6144, 'grammar', 'scripted-model']);
    assert.ok(!JSON.stringify([...kept.entries]).includes('sk-secret'));
    const revived = memory();
    revived.set(key, readCapability(JSON.parse(JSON.stringify(found))));
    const before = server.requests.length;
    await succeed(server, { config: { memory: revived } });
    assert.deepEqual(server.requests.slice(before).map((request) => request.path), ['/v1/models', '/v1/chat/completions'], 'asked once, in the way it takes');
    assert.deepEqual(bodies(server).map(howAsked).at(-1), 'grammar');
    assert.equal(readCapability({ profile: { format: 'telepathy' } }), undefined);
    assert.equal(readCapability('nonsense'), undefined);
  });

  it('finds out anew when the server takes less than it did, and after a check', async () => {
    const kept = memory();
    const server = await serve('normal');
    await succeed(server, { config: { memory: kept } });
    server.play('no-response-format');
    await succeed(server, { config: { memory: kept } });
    assert.equal([...kept.entries.values()][0]?.profile.format, 'plain');
    server.play('normal');
    const check = await checkEndpoint(makeConfig(`${server.url}/v1`, { memory: kept }), new AbortController().signal);
    assert.equal(check.structuredOutput, 'json_schema');
    assert.equal([...kept.entries.values()][0]?.profile.format, 'json_schema_bounded');
    server.play('unknown-model');
    await fail(server, 'not-found', { config: { memory: kept } });
    assert.equal(kept.entries.size, 0, 'forgotten with the model');
  });

  it('checks what works, not what is accepted: vLLM that ignores response_format but obeys its own field', async () => {
    const server = await serve({ models: [{ id: 'scripted-model', owned_by: 'vllm', max_model_len: 9000 }], chat: async (call) => {
      const { body } = call as { body: OwnBody };
      await normalChat({ ...call, body: body.structured_outputs ? { ...body, response_format: { type: 'json_schema' } } : { ...body, response_format: undefined } });
    } });
    const kept = memory();
    const check = await checkEndpoint(makeConfig(server.url, { memory: kept }), new AbortController().signal);
    assert.equal(check.structuredOutput, 'structured_outputs');
    assert.equal(check.contextTokens, 9000);
    assert.equal([...kept.entries.values()][0]?.profile.format, 'structured_outputs');
  });

  for (const [owner, path, page] of [
    ['llamacpp', '/props', { default_generation_settings: { n_ctx: 2900 } }],
    ['library', '/api/ps', { models: [{ name: 'scripted-model', context_length: 2900 }] }],
    ['organization_owner', '/api/v0/models', { data: [{ id: 'scripted-model', loaded_context_length: 2900 }] }],
    ['someone', '/info', { max_total_tokens: 2900 }],
  ] as const) {
    it(`reads the context from ${path} (${owner}) and budgets by it`, async () => {
      const server = await serve({ models: [{ id: 'scripted-model', owned_by: owner }], intercept: (req, res) => {
        if (req.url === path) { sendJson(res, 200, page); }
        return req.url === path;
      }, chat: normalChat });
      const long = makeRequest({ background: { condition: 'both', omitted: 0, passages: ['metformin', 'glipizide', 'empagliflozin'].flatMap((drug, d) => [1, 2, 3].map((n) =>
        passage(`E${d * 3 + n}`, `TEST:${d}${n}`, `Synthetic: ${drug} was studied. ${'The follow-up was long. '.repeat(40)}`, { drugIds: [drug], score: n }))) } });
      const { answer } = await succeed(server, { request: long, config: { memory: memory() } });
      assert.equal(server.chats.length, 1, 'no overflow was needed to find it');
      assert.equal(answer.leftOut?.limitTokens, 2900);
      const counts = answer.leftOut?.perCandidate.map(({ given, leftOut }) => [given, leftOut].join()) ?? [];
      assert.deepEqual(new Set(counts).size, 1, `the same for each candidate: ${counts.join(' ')}`);
      assert.deepEqual(answer.leftOut?.passages.map(({ drugIds }) => drugIds.length), answer.leftOut?.passages.map(() => 1));
      const user = bodies(server)[0]?.messages[1]?.content ?? '';
      for (const { label, documentId } of answer.leftOut?.passages ?? []) { assert.ok(!user.includes(`label="${label}"`) && !user.includes(documentId)); }
      for (const text of user.match(/<passage [^>]*>\n([\s\S]*?)\n<\/passage>/g) ?? []) { assert.match(text, /long\.\n<\/passage>$/, 'no passage ends in mid-sentence'); }
    });
  }

  it('prefers the context of the settings', async () => {
    const server = await serve('small-context');
    const { log } = await run(server, { config: { contextTokens: 5000, memory: memory() } });
    assert.equal(log.find(({ event }) => event === 'context')?.['contextTokens'], 5000);
  });
});

describe('endpoint: a model that is being loaded', () => {
  afterEach(closeServers);
  const loading = (res: ServerResponse): void => sendJson(res, 503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } });

  it('is waited for at /health, with words for the reader, then asked once', async () => {
    let looks = 0;
    const server = await serve({ intercept: (req, res) => {
      if (req.url === '/health') { looks++; if (looks < 3) { loading(res); } else { sendJson(res, 200, { status: 'ok' }); } return true; }
      if (looks < 3) { loading(res); return true; }
      return false;
    }, chat: normalChat });
    const { events } = await succeed(server, { config: { model: '' } });
    assert.equal(looks, 3);
    assert.equal(server.chats.length, 1);
    assert.ok(events.some((event) => event.type === 'status' && /loading its model/.test(event.message)));
  });

  it('is waited for when the chat itself says so', async () => {
    let looks = 0;
    const server = await serve({ intercept: (req, res) => {
      if (req.url !== '/health') { return false; }
      if (++looks < 2) { loading(res); } else { sendJson(res, 200, { status: 'ok' }); }
      return true;
    }, chat: (call) => (looks < 2 ? loading(call.res) : normalChat(call)) });
    assert.equal((await succeed(server)).answer.drafts.length, 3);
    assert.equal(server.chats.length, 2);
  });

  it('is not waited for longer than for a first word', async () => {
    const server = await serve({ intercept: (req, res) => { if (req.url === '/health') { loading(res); return true; } return false; }, chat: (call) => loading(call.res) });
    const error = await fail(server, 'server-error', { config: { timeouts: { connectMs: 1000, firstTokenMs: 600, idleMs: 1000 }, retry: { maxRetries: 1, baseMs: 50, maxWaitMs: 100 } } });
    assert.match(error.message, /503/);
  });
});

describe('a llama.cpp grammar', () => {
  const grammar = answerGrammar(wireSchema({ drugNames: ['metformin', 'a "quoted" name'], labels: ['E1', 'E2'], bounded: true }));

  it('holds the model to one entry for each candidate, in order, and to the labels given', () => {
    assert.match(grammar, /^root ::= /);
    const [root = ''] = grammar.split('\n');
    assert.ok(root.indexOf('\\"metformin\\"') > 0 && root.indexOf('\\"metformin\\"') < root.indexOf('quoted'));
    assert.ok(root.includes('("\\"E1\\"" | "\\"E2\\"")'));
    assert.ok(root.includes('"\\"insufficient-evidence\\""'));
    assert.ok(grammar.includes('space ::= [ \\n]{0,4}'), 'white space cannot run away');
  });

  it('is refused for what it cannot hold to', () => {
    assert.throws(() => answerGrammar({ type: 'object', properties: { a: { anyOf: [] } } }), RangeError);
  });
});
