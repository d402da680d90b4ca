import assert from 'node:assert/strict';
import type { CapabilityMemory } from '../../src/core/engine/endpoint/capability';
import { createEndpointEngine } from '../../src/core/engine/endpointEntry';
import { makeConfig, makeRequest } from './fixture';
import { closeServers, serve } from './harness';

const forgetful: CapabilityMemory = { get: () => undefined, set: () => undefined };

describe('endpoint: what is sent', () => {
  afterEach(closeServers);

  it('is shown beforehand word for word, without asking the server anything', async () => {
    const server = await serve('normal');
    const sent: unknown[] = [];
    const engine = createEndpointEngine(makeConfig(`${server.url}/v1`, { memory: forgetful, sent: (body) => sent.push(body) }));
    const preview = await engine.preview(makeRequest());
    assert.equal(server.requests.length, 0);
    await engine.recommend(makeRequest(), () => undefined, new AbortController().signal);
    engine.dispose();
    assert.deepEqual(JSON.parse(JSON.stringify(preview.body)), JSON.parse(server.chats[0]?.body ?? '{}'));
    assert.deepEqual(sent, [preview.body]);
    assert.equal(preview.address, `${server.url}/v1/chat/completions`);
  });
});
