import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { EngineError } from '../../src/core/engine/types';
import { createEndpointEngine } from '../../src/core/engine/endpointEntry';
import { closeServers, fail, run, serve, succeed } from './harness';
import { makeConfig, makeRequest } from './fixture';
import type { ScenarioName } from './scenarios';

describe('endpoint: faults', () => {
  afterEach(closeServers);

  const failures: readonly [ScenarioName, EngineError['reason'], RegExp][] = [
    ['models-401', 'unauthorized', /Set Endpoint API Key/],
    ['chat-401', 'unauthorized', /Set Endpoint API Key/],
    ['chat-403', 'unauthorized', /Set Endpoint API Key/],
    ['unknown-model', 'not-found', /kedrec\.endpoint\.model/],
    ['unknown-model-vllm', 'not-found', /kedrec\.endpoint\.model/],
    ['unknown-model-pinned', 'not-found', /kedrec\.endpoint\.model/],
    ['unknown-model-litellm', 'not-found', /kedrec\.endpoint\.model/],
    ['wrong-key-litellm', 'unauthorized', /key/],
    ['chat-404', 'not-found', /kedrec\.endpoint\.baseUrl/],
    ['rate-limited', 'rate-limited', /quota|Wait/],
    ['rate-limited-long', 'rate-limited', /quota|Wait/],
    ['chat-500', 'server-error', /server's own log/],
    ['chat-503', 'server-error', /server's own log/],
    ['html', 'not-an-api', /kedrec\.endpoint\.baseUrl/],
    ['html-502', 'not-an-api', /kedrec\.endpoint\.baseUrl/],
    ['html-untyped', 'not-an-api', /kedrec\.endpoint\.baseUrl/],
    ['string-error', 'bad-request', /kedrec\.endpoint\.model/],
    ['unwrapped-error', 'bad-request', /kedrec\.endpoint\.model/],
  ];
  for (const [scenario, reason, advice] of failures) {
    it(`${scenario} becomes ${reason}`, async () => {
      const error = await fail(await serve(scenario), reason);
      assert.match(error.advice, advice);
    });
  }

  it('keeps the raw body of an error for the log', async () => {
    assert.match((await fail(await serve('unwrapped-error'), 'bad-request')).rawAnswer ?? '', /bad thing/);
    assert.match((await fail(await serve('chat-500'), 'server-error')).rawAnswer ?? '', /CUDA/);
  });

  it('sends the case to nobody who does not list models as an API', async () => {
    const server = await serve('html');
    await fail(server, 'not-an-api', { config: { model: '' } });
    assert.equal(server.chats.length, 0);
  });

  it('retries after the time that Retry-After names', async () => {
    const server = await serve('rate-limited-once');
    const { log } = await succeed(server);
    assert.equal(server.chats.length, 2);
    assert.equal(log.find((event) => event.event === 'retry')?.['waitMs'], 50);
  });

  it('does not wait longer than is bearable', async () => {
    const server = await serve('rate-limited-long');
    await fail(server, 'rate-limited');
    assert.equal(server.chats.length, 1);
  });

  it('retries a refused request a bounded number of times', async () => {
    const server = await serve('rate-limited');
    await fail(server, 'rate-limited');
    assert.equal(server.chats.length, 3);
  });

  it('waits for a model that is loading', async () => {
    const server = await serve('loading-then-ready');
    const { events } = await succeed(server);
    assert.equal(server.chats.length, 4);
    assert.ok(events.some((event) => event.type === 'status' && /loading its model/.test(event.message)));
  });

  it('does not repeat a request that failed otherwise', async () => {
    const server = await serve('chat-500');
    await fail(server, 'server-error');
    assert.equal(server.chats.length, 1);
  });

  it('refuses a redirect to another host', async () => {
    const server = await serve('redirect-elsewhere');
    const error = await fail(server, 'redirected');
    assert.match(error.message, /localhost:9/);
    assert.equal(server.chats.length, 0);
  });

  it('follows a redirect on the same host', async () => {
    assert.equal((await succeed(await serve('redirect-same-host'))).answer.drafts.length, 3);
  });

  it('says that nothing listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const engine = createEndpointEngine(makeConfig(`http://127.0.0.1:${port}`));
    await assert.rejects(engine.recommend(makeRequest(), () => undefined, new AbortController().signal), (error: unknown) => {
      assert.ok(EngineError.is(error, 'unreachable'));
      assert.match(error.message, /Nothing listens/);
      assert.match(error.advice, /kedrec\.endpoint\.baseUrl/);
      return true;
    });
  });

  it('says that a plain server speaks no TLS', async () => {
    const server = await serve('normal');
    const engine = createEndpointEngine(makeConfig(server.url.replace('http:', 'https:')));
    await assert.rejects(engine.recommend(makeRequest(), () => undefined, new AbortController().signal), (error: unknown) => {
      assert.ok(EngineError.is(error, 'unreachable'));
      assert.match(error.advice, /http:\/\//);
      return true;
    });
  });

  it('refuses what is no address before anything is sent', () => {
    for (const baseUrl of ['', 'localhost:8000', 'ftp://host/v1', 'not a url', 'http://user:pw@host/v1']) {
      assert.throws(() => createEndpointEngine(makeConfig(baseUrl)), (error: unknown) => EngineError.is(error, 'not-configured') && !error.message.includes('pw'), baseUrl);
    }
    assert.throws(() => createEndpointEngine(makeConfig('http://localhost', { apiKey: 'sk-1\nsk-2' })), (error: unknown) => EngineError.is(error, 'not-configured'));
  });

  it('tells a busy model from a missing one', async () => {
    const { error } = await run(await serve('no-models-list'), { config: { model: '' } });
    assert.equal(error?.reason, 'not-found');
  });
});
