import assert from 'node:assert/strict';
import { closeServers, fail, serve, succeed } from './harness';
import type { ChatBody } from './scenarios';

describe('endpoint: malformed answers', () => {
  afterEach(closeServers);

  it('asks once for a repair, with the errors', async () => {
    const server = await serve('malformed-then-repaired');
    const { answer, events } = await succeed(server);
    assert.equal(answer.drafts.length, 3);
    assert.equal(server.chats.length, 2);
    assert.match(answer.warnings.join(' '), /repaired it once/);
    assert.ok(events.some((event) => event.type === 'status' && /repair/.test(event.message)));
    const second = JSON.parse(server.chats[1]?.body ?? '{}') as ChatBody;
    assert.deepEqual(second.messages.map((message) => message.role), ['system', 'user', 'assistant', 'user']);
    assert.match(second.messages[3]?.content ?? '', /decision/);
  });

  it('gives up after one repair and keeps the raw answer apart from the message', async () => {
    const server = await serve('malformed-always');
    const error = await fail(server, 'malformed-answer');
    assert.equal(server.chats.length, 2);
    assert.equal(error.rawAnswer, 'I recommend rest and plenty of fluids.');
    assert.doesNotMatch(error.message + error.advice, /fluids/);
  });

  it('repairs JSON that is cut off although the server says it is complete', async () => {
    const server = await serve('cut-off-but-stopped');
    await fail(server, 'malformed-answer');
    assert.equal(server.chats.length, 2);
  });

  it('has a drug that was never a candidate repaired', async () => {
    const server = await serve('stranger-then-repaired');
    const { answer } = await succeed(server);
    assert.equal(server.chats.length, 2);
    assert.equal(answer.drafts.length, 3);
    assert.match((JSON.parse(server.chats[1]?.body ?? '{}') as ChatBody).messages[3]?.content ?? '', /"unobtainium" is not a candidate/);
  });

  it('drops a drug that was never a candidate and says so', async () => {
    const { answer, events } = await succeed(await serve('stranger-always'));
    assert.deepEqual(answer.drafts.map((draft) => draft.drugId).sort(), ['empagliflozin', 'glipizide', 'metformin']);
    assert.match(answer.warnings.join(' '), /unobtainium, which was never a candidate/);
    assert.ok(!JSON.stringify(events.filter((event) => event.type === 'drafts')).includes('unobtainium'));
  });

  it('merges two entries for one drug into the more cautious one', async () => {
    const { answer } = await succeed(await serve('duplicate-drug'));
    assert.equal(answer.drafts.length, 3);
    const merged = answer.drafts[0];
    assert.equal(merged?.decision, 'avoid');
    assert.equal(merged.confidence, 0.1);
    assert.ok(merged.claims.some((claim) => claim.text === 'Another claim.'));
    assert.match(answer.warnings.join(' '), /more than once/);
  });

  it('names candidates that the model left out', async () => {
    const server = await serve('left-out');
    const { answer } = await succeed(server);
    assert.equal(answer.drafts.length, 2);
    assert.equal(server.chats.length, 1);
    assert.match(answer.warnings.join(' '), /gave no decision for/);
  });

  it('ends a run of white space and asks without guided decoding', async () => {
    const server = await serve('whitespace-run');
    const { answer } = await succeed(server);
    assert.equal(answer.drafts.length, 3);
    assert.equal(server.chats[0]?.aborted, true);
    assert.notEqual((JSON.parse(server.chats[1]?.body ?? '{}') as ChatBody).response_format?.type, 'json_schema');
  });

  it('reports a run of white space that does not end', async () => {
    const error = await fail(await serve('whitespace-always'), 'malformed-answer');
    assert.match(error.advice, /disable_any_whitespace/);
  });
});
