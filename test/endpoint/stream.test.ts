import assert from 'node:assert/strict';
import { closeServers, fail, run, serve, succeed } from './harness';
import { caseText, makeRequest } from './fixture';
import type { ChatBody, ScenarioName } from './scenarios';

describe('endpoint: answers', () => {
  afterEach(closeServers);

  it('streams drafts while they are written and returns a genuine answer', async () => {
    const server = await serve('slow');
    const { answer, events } = await succeed(server);
    assert.deepEqual(answer.drafts.map((draft) => draft.drugId).sort(), ['empagliflozin', 'glipizide', 'metformin']);
    assert.equal(answer.drafts.find((draft) => draft.drugId === 'glipizide')?.decision, 'avoid');
    assert.deepEqual(answer.drafts.find((draft) => draft.drugId === 'metformin')?.claims.map((claim) => claim.citations), [['E1'], ['E2']]);
    assert.equal(answer.model, 'scripted-model');
    assert.equal(answer.promptVersion, 'recommend.v2');
    assert.equal(typeof answer.promptSeed, 'number');
    assert.equal(answer.usage?.completionTokens, 120);
    assert.deepEqual(answer.warnings, []);
    const partial = events.filter((event) => event.type === 'drafts');
    assert.ok(partial.length >= 3, `${partial.length} partial drafts`);
    assert.ok((partial[0]?.drafts.length ?? 9) < 3, 'the first drafts came before the last drug');
    assert.deepEqual(partial[partial.length - 1]?.drafts, answer.drafts.map((draft) => ({ ...draft })));
  });

  it('sends the case to the endpoint alone, with the key and without the library\'s own headers', async () => {
    const server = await serve('normal');
    process.env['OPENAI_CUSTOM_HEADERS'] = 'x-elsewhere: 1';
    process.env['OPENAI_ORG_ID'] = 'org-elsewhere';
    try {
      await succeed(server, { config: { headers: { 'X-Team': 'lab', Host: 'evil.example' } } });
    } finally {
      delete process.env['OPENAI_CUSTOM_HEADERS'];
      delete process.env['OPENAI_ORG_ID'];
    }
    const [chat] = server.chats;
    assert.ok(chat);
    assert.ok(chat.body.includes(caseText));
    assert.equal(chat.headers['authorization'], 'Bearer sk-secret-key-for-tests');
    assert.equal(chat.headers['x-team'], 'lab');
    assert.match(chat.headers.host ?? '', /^127\.0\.0\.1/);
    assert.deepEqual(Object.keys(chat.headers).filter((name) => /stainless|elsewhere|openai/.test(name)), []);
    assert.ok(server.requests.filter((request) => request !== chat).every((request) => request.body === ''));
  });

  it('sends no key where none is set', async () => {
    const server = await serve('normal');
    process.env['OPENAI_API_KEY'] = 'sk-of-another-server';
    try {
      await succeed(server, { config: { apiKey: undefined } });
    } finally {
      delete process.env['OPENAI_API_KEY'];
    }
    assert.ok(server.requests.every((request) => request.headers['authorization'] === undefined));
  });

  it('asks for the candidates by name and for the labels given', async () => {
    const server = await serve('normal');
    await succeed(server);
    const body = JSON.parse(server.chats[0]?.body ?? '{}') as ChatBody;
    const schema = JSON.stringify(body.response_format?.json_schema?.schema);
    assert.match(schema, /"enum":\["E1","E2","E3"\]/);
    for (const name of ['metformin', 'glipizide', 'empagliflozin']) {
      assert.ok(schema.includes(`"${name}"`));
    }
    assert.equal(body.max_tokens, 1024 + 3 * 400);
  });

  const dialects: readonly ScenarioName[] = ['azure', 'usage-with-content', 'reasoning-field', 'answer-in-reasoning', 'think-tags', 'think-end-only', 'fenced', 'json-reply'];
  for (const dialect of dialects) {
    it(`understands the dialect "${dialect}"`, async () => {
      const { answer, events } = await succeed(await serve(dialect));
      assert.equal(answer.drafts.length, 3);
      assert.deepEqual(answer.warnings, []);
      assert.equal(answer.usage?.promptTokens, 2000);
      assert.ok(!JSON.stringify(events).includes('Let me'), 'reasoning was shown');
      assert.ok(!JSON.stringify(answer).includes('Let me'), 'reasoning was shown');
    });
  }

  it('accepts a whole answer whose end the server did not confirm, and says so', async () => {
    const { answer } = await succeed(await serve('no-finish'));
    assert.equal(answer.drafts.length, 3);
    assert.deepEqual(answer.warnings, ['The server did not say that the answer is complete.']);
  });

  for (const scenario of ['cut-off-json', 'finish-length', 'content-filter', 'dies-mid-stream', 'empty-stream'] as const) {
    it(`never shows a partial answer as whole: ${scenario}`, async () => {
      const error = await fail(await serve(scenario), 'incomplete-answer');
      assert.doesNotMatch(error.message, /recommendations/);
    });
  }

  it('keeps the drafts that arrived before a stream broke', async () => {
    const { events, error } = await run(await serve('dies-mid-stream'));
    assert.equal(error?.reason, 'incomplete-answer');
    assert.ok(events.some((event) => event.type === 'drafts'));
  });

  for (const scenario of ['error-in-stream', 'garbled-stream', 'json-error-200'] as const) {
    it(`fails on an error after status 200: ${scenario}`, async () => {
      await fail(await serve(scenario), 'server-error');
    });
  }

  it('asks nothing when there is no candidate', async () => {
    const server = await serve('normal');
    const { answer } = await succeed(server, { request: makeRequest({ candidates: [] }) });
    assert.deepEqual(answer.drafts, []);
    assert.equal(server.requests.length, 0);
  });

  it('warns when the server seems to have cut the prompt', async () => {
    const long = makeRequest({ caseText: `Synthetic. ${'The patient has type 2 diabetes. '.repeat(200)}` });
    const { answer } = await succeed(await serve('silently-cut'), { request: long });
    assert.match(answer.warnings.join(' '), /counted 300 prompt tokens/);
  });
});
