import assert from 'node:assert/strict';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { makeRequest } from './fixture';
import { closeServers, fail, serve, succeed } from './harness';
import type { ChatCall, Scenario } from './scenarios';
import { openStream, writeChunk } from './wire';

/** Writes until the client has had enough. */
async function flood({ res }: ChatCall, piece: string): Promise<void> {
  openStream(res);
  let open = true;
  const gone = once(res, 'close').then(() => { open = false; });
  while (open) {
    if (!res.write(piece)) {
      await Promise.race([once(res, 'drain'), gone]);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('endpoint: a hostile server', function () {
  this.timeout(30_000);
  afterEach(closeServers);

  const floods: Record<string, string> = {
    'a line without end': 'data: ' + 'x'.repeat(500_000),
    'a JSON reply without end': `{"x": "${'y'.repeat(500_000)}`,
    'comments without end': `: ${'z'.repeat(900_000)}\n\n`,
  };
  for (const [what, piece] of Object.entries(floods)) {
    it(`is left when it sends ${what}`, async () => {
      const server = await serve({ chat: (call) => flood(call, piece) });
      const error = await fail(server, 'server-error', { config: { timeouts: { connectMs: 1000, firstTokenMs: 25_000, idleMs: 25_000 } } });
      assert.match(error.message, /far more than an answer/);
      await server.chats[0]?.closed;
      assert.equal(server.chats[0]?.aborted, true, 'the connection was closed');
    });
  }

  it('does not stop the editor with a long run of spaces in front of a word', async () => {
    const spaces: Scenario = { chat: async ({ res, answer }) => {
      openStream(res);
      writeChunk(res, { choices: [{ index: 0, delta: { content: `${' '.repeat(200_000)}${JSON.stringify(answer)}` }, finish_reason: 'stop' }] }, 'scripted-model');
      res.end('data: [DONE]\n\n');
    } };
    const started = performance.now();
    const { answer } = await succeed(await serve(spaces), { request: makeRequest() });
    assert.ok(answer.drafts.length > 0);
    assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`);
  });

  it('gets no text of the case into the log, by whatever field it repeats it', async () => {
    const echo = 'Synthetic patient Alvina Quennell';
    const server = await serve({ chat: async ({ res, answer }) => {
      openStream(res);
      writeChunk(res, { choices: [{ index: 0, delta: { content: JSON.stringify(answer) }, finish_reason: echo }] }, 'm'.repeat(5000));
      res.end('data: [DONE]\n\n');
    } });
    const { answer, log } = await succeed(server);
    assert.ok(log.length > 1 && !JSON.stringify(log).includes('Alvina'), JSON.stringify(log));
    assert.ok(!answer.warnings.join(' ').includes('Alvina'), answer.warnings.join(' '));
    assert.equal(answer.model?.length, 200);
  });

  it('is heard no longer than needed when its error is a compressed flood', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, 0x20));
    const server = await serve({ chat: ({ res }) => void res.writeHead(400, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(bomb) });
    const error = await fail(server, 'bad-request');
    assert.ok((error.rawAnswer ?? '').length <= 200_000, `${error.rawAnswer?.length}`);
  });
});
