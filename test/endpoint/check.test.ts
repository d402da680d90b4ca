import assert from 'node:assert/strict';
import { checkEndpoint, listModels } from '../../src/core/engine/endpointEntry';
import { EngineError } from '../../src/core/engine/types';
import { makeConfig } from './fixture';
import { closeServers, serve } from './harness';
import { endStream, streamText } from './wire';

const signal = new AbortController().signal;

describe('endpoint: check', () => {
  afterEach(closeServers);

  it('reports model, times, streaming and structured output, without any case', async () => {
    const server = await serve('normal');
    const check = await checkEndpoint(makeConfig(server.url, { model: '' }), signal);
    assert.deepEqual(check.problems, []);
    assert.equal(check.reachable, true);
    assert.equal(check.model, 'scripted-model');
    assert.equal(check.servedModel, 'scripted-model');
    assert.equal(check.structuredOutput, 'json_schema');
    assert.equal(check.streaming, true);
    assert.ok(check.latencyMs !== undefined && check.firstTokenMs !== undefined);
    assert.equal(server.chats.length, 1);
    assert.ok((server.chats[0]?.body.length ?? 9999) < 1000);
  });

  it('sees through a server that accepts response_format and ignores it', async () => {
    const server = await serve({ chat: async ({ res }) => {
      await streamText(res, 'Hello, dear reader!', { model: 'm' });
      endStream(res);
    } });
    const check = await checkEndpoint(makeConfig(server.url), signal);
    assert.equal(check.structuredOutput, 'none');
    assert.match(check.problems.map((problem) => problem.message).join(), /JSON format/);
  });

  it('tells JSON mode from a schema', async () => {
    const server = await serve({ chat: async ({ res, body }) => {
      await streamText(res, body.response_format?.type === 'json_object' ? '{"text": "Hello."}' : 'Hello.', { model: 'm' });
      endStream(res);
    } });
    assert.equal((await checkEndpoint(makeConfig(server.url), signal)).structuredOutput, 'json_object');
  });

  it('reports a server without streaming as such', async () => {
    const check = await checkEndpoint(makeConfig((await serve('json-reply')).url), signal);
    assert.equal(check.streaming, false);
    assert.equal(check.structuredOutput, 'json_schema');
  });

  for (const [scenario, word] of [['models-401', 'Set Endpoint API Key'], ['html', 'baseUrl'], ['unknown-model', 'kedrec.endpoint.model'], ['chat-500', 'log']] as const) {
    it(`turns a failure into a problem with advice: ${scenario}`, async () => {
      const check = await checkEndpoint(makeConfig((await serve(scenario)).url), signal);
      assert.ok(check.problems.some((problem) => problem.advice.includes(word)), JSON.stringify(check.problems));
    });
  }

  it('names the models when the one that is set is missing', async () => {
    const check = await checkEndpoint(makeConfig((await serve('embedding-first')).url, { model: 'other' }), signal);
    assert.equal(check.serverKind, 'Ollama');
    assert.match(check.problems[0]?.advice ?? '', /llama3\.2:3b/);
  });

  it('reports an address that is none', async () => {
    const check = await checkEndpoint(makeConfig('nonsense'), signal);
    assert.equal(check.reachable, false);
    assert.match(check.problems[0]?.message ?? '', /kedrec\.endpoint\.baseUrl/);
  });

  it('can be cancelled', async () => {
    const server = await serve('hang-before-headers');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 40);
    await assert.rejects(checkEndpoint(makeConfig(server.url), stop.signal), (error: unknown) => EngineError.is(error, 'cancelled'));
  });

  it('lists models with their context', async () => {
    assert.deepEqual(await listModels(makeConfig((await serve('small-context')).url)), [{ id: 'scripted-model', ownedBy: 'vllm', contextTokens: 3000 }]);
  });
});
