import assert from 'node:assert/strict';
import type { RequestTransform } from '../../src/core/engine/asking/transform';
import type { CapabilityMemory } from '../../src/core/engine/endpoint/capability';
import { createEndpointEngine } from '../../src/core/engine/endpointEntry';
import { caseText, makeConfig, makeRequest } from './fixture';
import { closeServers, serve, succeed } from './harness';

const forgetful: CapabilityMemory = { get: () => undefined, set: () => undefined };
const marker = 'Zanzibar-Quokka';
/** Takes a word out of the case, and puts it back into what is shown. */
const hide: RequestTransform = (request) => ({
  request: { ...request, caseText: request.caseText.replaceAll(marker, 'Surrogate-One') },
  restore: (drafts) => drafts.map((draft) => ({ ...draft, summary: draft.summary.replaceAll('passages speak', `passages (${marker}) speak`) })),
});

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

  it('is changed in one place, for the question, its repair and the preview, and restored in what is shown', async () => {
    const server = await serve('malformed-then-repaired');
    const { answer, events } = await succeed(server, { config: { transformRequest: hide } });
    assert.equal(server.chats.length, 2);
    assert.ok(server.requests.every((request) => !request.body.includes(marker)), 'nothing of it was sent');
    assert.ok(server.chats.every((chat) => chat.body.includes('Surrogate-One')));
    assert.ok(answer.drafts.some((draft) => draft.summary.includes(marker)), 'restored in the answer');
    assert.ok(events.some((event) => event.type === 'drafts' && event.drafts.some((draft) => draft.summary.includes(marker))), 'and while it is written');
    const engine = createEndpointEngine(makeConfig(server.url, { transformRequest: hide }));
    const { body } = await engine.preview(makeRequest());
    engine.dispose();
    assert.ok(!JSON.stringify(body).includes(marker) && caseText.includes(marker));
  });
});
