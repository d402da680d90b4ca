import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createEndpointEngine } from '../../src/core/engine/endpointEntry';
import { EngineError } from '../../src/core/engine/types';
import { closeServers, fail, run, serve } from './harness';
import { makeConfig, makeRequest } from './fixture';

const quick = { connectMs: 1000, firstTokenMs: 80, idleMs: 80 };

describe('endpoint: time and cancelling', () => {
  afterEach(closeServers);

  for (const scenario of ['hang-before-headers', 'hang-before-first-token'] as const) {
    it(`gives up waiting for the first token: ${scenario}`, async () => {
      const server = await serve(scenario);
      const error = await fail(server, 'timeout', { config: { timeouts: quick } });
      assert.match(error.advice, /firstTokenTimeout/);
      await server.chats[0]?.closed;
      assert.equal(server.chats[0]?.aborted, true);
    });
  }

  it('gives up on a stream that falls silent', async () => {
    const server = await serve('hang-mid-stream');
    const error = await fail(server, 'timeout', { config: { timeouts: { ...quick, firstTokenMs: 5000 } } });
    assert.match(error.advice, /idleTimeout/);
    await server.chats[0]?.closed;
    assert.equal(server.chats[0]?.aborted, true);
  });

  it('lets a slow stream take its time', async () => {
    const { answer } = await run(await serve('slow'), { config: { timeouts: { connectMs: 1000, firstTokenMs: 2000, idleMs: 200 } } });
    assert.equal(answer?.drafts.length, 3);
  });

  it('gives up connecting where the server accepts but does not greet', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const engine = createEndpointEngine(makeConfig(`https://127.0.0.1:${port}`, { timeouts: { connectMs: 60, firstTokenMs: 5000, idleMs: 5000 }, model: '' }));
    try {
      await assert.rejects(engine.recommend(makeRequest(), () => undefined, new AbortController().signal),
        (error: unknown) => EngineError.is(error, 'timeout') && /connectTimeout/.test(error.advice));
    } finally {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => mute.close(resolve));
    }
  });

  it('closes the connection when cancelled in mid-stream', async () => {
    const server = await serve('slow');
    const stop = new AbortController();
    const { error } = await run(server, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'drafts') {
          stop.abort();
        }
      },
    });
    assert.equal(error?.reason, 'cancelled');
    await server.chats[0]?.closed;
    assert.equal(server.chats[0]?.aborted, true);
  });

  it('closes the connection when cancelled before the first token', async () => {
    const server = await serve('hang-before-headers');
    const stop = new AbortController();
    const running = run(server, { signal: stop.signal });
    for (const end = Date.now() + 5000; server.chats.length === 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    stop.abort();
    assert.equal((await running).error?.reason, 'cancelled');
    await server.chats[0]?.closed;
    assert.equal(server.chats[0]?.aborted, true);
  });

  it('ends the wait between retries when cancelled', async () => {
    const server = await serve('rate-limited');
    const stop = new AbortController();
    const { error } = await run(server, {
      signal: stop.signal, config: { retry: { maxRetries: 5, baseMs: 60_000, maxWaitMs: 100_000 } },
      onEvent: (event) => {
        if (event.type === 'status' && /busy/.test(event.message)) {
          stop.abort();
        }
      },
    });
    assert.equal(error?.reason, 'cancelled');
    assert.equal(server.chats.length, 1);
  });

  it('sends nothing when cancelled before the start', async () => {
    const server = await serve('normal');
    const { error } = await run(server, { signal: AbortSignal.abort() });
    assert.equal(error?.reason, 'cancelled');
    assert.equal(server.requests.length, 0);
  });

  it('keeps cases that run side by side apart: cancelling one leaves the other', async () => {
    const server = await serve('slow');
    const engine = createEndpointEngine(makeConfig(server.url));
    const stop = new AbortController();
    const cancelled = engine.recommend(makeRequest(), () => stop.abort(), stop.signal);
    const whole = engine.recommend(makeRequest(), () => undefined, new AbortController().signal);
    await assert.rejects(cancelled, (error: unknown) => EngineError.is(error, 'cancelled'));
    assert.equal((await whole).drafts.length, 3);
    engine.dispose();
  });

  it('works over a given fetch, too', async () => {
    const server = await serve('slow');
    const { answer } = await run(server, { config: { fetch } });
    assert.equal(answer?.drafts.length, 3);
    const stop = new AbortController();
    const { error } = await run(server, { config: { fetch }, signal: stop.signal, onEvent: (event) => (event.type === 'drafts' ? stop.abort() : undefined) });
    assert.equal(error?.reason, 'cancelled');
    await server.chats[1]?.closed;
    assert.equal(server.chats[1]?.aborted, true);
  });
});
