import assert from 'node:assert/strict';
import { deidentifyRequest, deidentifying } from '../../../src/core/engine/deidentifiedEngine';
import { isThisMachine } from '../../../src/core/engine/endpoint/thisMachine';
import { buildPrompt } from '../../../src/core/engine/prompts/buildPrompt';
import type { DraftRecommendation, Engine, EngineEvent, EngineRequest } from '../../../src/core/engine/types';
import { candidate, concept, makeRequest } from '../../endpoint/fixture';
import { run, serve, closeServers } from '../../endpoint/harness';
import { parsePrompt, answerFor } from '../../endpoint/answerFromPrompt';

const text = 'Synthetic. Patient: Alvina Quennell, MRN 0045821, seen 03/14/2021 by Dr. Fernsby. 61-year-old with type 2 diabetes. Mrs Quennell lives in Ashby, Ohio.';
const secrets = ['Alvina', 'Quennell', '0045821', '03/14', 'Fernsby', 'Ashby'];
const guard = (searched: string) => [...searched.matchAll(/type 2 diabetes|metformin|glipizide|empagliflozin/g)].map((match) => ({ start: match.index, end: match.index + match[0].length }));

function request(change: Partial<EngineRequest> = {}): EngineRequest {
  const at = text.indexOf('type 2 diabetes');
  const span = { start: at, end: at + 'type 2 diabetes'.length };
  const disease = { ...concept('disease', 'type-2-diabetes', 'type 2 diabetes'), mentions: [{ kind: 'disease' as const, conceptId: 'type-2-diabetes', span, assertion: 'present' as const }] };
  return makeRequest({ caseText: text, reading: { diseases: [disease], drugs: [], allergies: [], sentences: [{ start: 0, end: 10 }, { start: 11, end: text.length }], textLength: text.length }, ...change });
}

/** Answers with drafts made of what it was sent. */
function echo(drafts: (request: EngineRequest) => readonly (readonly DraftRecommendation[])[], seen: EngineRequest[] = []): Engine {
  return {
    id: 'endpoint',
    recommend: async (asked, report) => {
      seen.push(asked);
      const all = drafts(asked);
      for (const part of all) { report({ type: 'drafts', drafts: part }); }
      return { drafts: all.at(-1) ?? [], warnings: [] };
    },
  };
}
const draft = (summary: string, claim: string): DraftRecommendation => ({ drugId: 'metformin', drugName: 'metformin', decision: 'recommend', confidence: 0.8, summary, claims: [{ text: claim, stance: 'for', citations: ['E1'] }] });

describe('the de-identifying engine', () => {
  after(closeServers);

  it('hides the case from the engine and from the whole prompt, and keeps the medicine', () => {
    const hidden = deidentifyRequest(request(), guard);
    const prompt = JSON.stringify(buildPrompt(hidden.request).messages);
    for (const secret of secrets) { assert.ok(!prompt.includes(secret), secret); }
    for (const kept of ['61-year-old with type 2 diabetes', 'Ohio', '[DATE-1 2021]', 'metformin', 'Patient: [NAME-1]', 'Mrs [NAME-1b]']) { assert.ok(prompt.includes(kept), kept); }
    assert.equal(hidden.restore(hidden.request.caseText), text);
  });

  it('moves the spans of the reading with the text', () => {
    const hidden = deidentifyRequest(request(), guard).request;
    const [mention] = hidden.reading.diseases[0]!.mentions;
    assert.equal(hidden.caseText.slice(mention!.span.start, mention!.span.end), 'type 2 diabetes');
    assert.equal(hidden.reading.textLength, hidden.caseText.length);
    assert.equal(hidden.reading.sentences.at(-1)!.end, hidden.caseText.length);
  });

  it('hides names in what a record calls its disease and its drugs, under the same surrogates', () => {
    const reading = { ...request().reading, diseases: [concept('disease', 'x', 'gout of Mrs Quennell')] };
    const hidden = deidentifyRequest(request({ reading, candidates: [candidate('metformin'), { ...candidate('y'), drug: { id: 'y', name: 'trial drug of Dr. Fernsby' } }] }), guard).request;
    assert.equal(hidden.reading.diseases[0]!.name, 'gout of Mrs [NAME-1b]');
    assert.equal(hidden.candidates[1]!.drug.name, 'trial drug of Dr. [NAME-2]');
    assert.equal(hidden.candidates[0]!.drug.name, 'metformin');
    const about = { ...candidate('metformin'), origins: [{ kind: 'evidence' as const, detail: 'named in DOC:1 about gout of Mrs Quennell' }] };
    assert.ok(!JSON.stringify(buildPrompt(deidentifyRequest(request({ reading, candidates: [about] }), guard).request).messages).includes('Quennell'));
  });

  it('leaves the evidence as it is', () => assert.deepEqual(deidentifyRequest(request(), guard).request.background, request().background));

  it('restores answers as they stream, never showing a piece of a surrogate, and at the end', async () => {
    const whole = 'For [NAME-1] of [PLACE-1], seen on [DATE-1 2021], metformin fits.';
    const events: EngineEvent[] = [];
    const parts = Array.from({ length: whole.length }, (_, index) => [draft(whole.slice(0, index + 1), '')]);
    const engine = deidentifying(echo(() => [...parts, [draft(whole, 'Ask (name-2).')]]), guard);
    const answer = await engine.recommend(request(), (event) => events.push(event), new AbortController().signal);
    const expected = 'For Alvina Quennell of Ashby, seen on 03/14/2021, metformin fits.';
    assert.equal(answer.drafts[0]!.summary, expected);
    assert.equal(answer.drafts[0]!.claims[0]!.text, 'Ask Fernsby.');
    for (const event of events) { if (event.type === 'drafts') { assert.ok(expected.startsWith(event.drafts[0]!.summary), event.drafts[0]!.summary); } }
  });

  it('sends a server nothing of the patient in any request', async () => {
    const server = await serve('normal');
    const hidden = deidentifyRequest(request(), guard);
    const { answer } = await run(server, { request: hidden.request });
    assert.ok(answer);
    assert.ok(server.requests.length > 0);
    for (const { body } of server.requests) { for (const secret of secrets) { assert.ok(!body.includes(secret), secret); } }
    const user = (JSON.parse(server.chats.at(-1)!.body) as { messages: { content: string }[] }).messages.at(-1)!.content;
    assert.equal(answerFor(parsePrompt(user)).recommendations.length, 3);
  });

  it('tells this machine from others', () => {
    for (const here of ['http://localhost:8000/v1', 'http://127.0.0.1:8000', 'https://127.9.9.9', 'http://[::1]:8000/v1', 'http://LOCALHOST']) { assert.ok(isThisMachine(here), here); }
    for (const there of ['http://gpu.example.org', 'http://localhost.example.org', 'http://127.0.0.1.example.org', 'http://10.0.0.1', 'http://0.0.0.0:8000', 'http://[::2]', 'http://x.localhost', 'http://localhost@example.org', 'not an address']) { assert.ok(!isThisMachine(there), there); }
  });
});
