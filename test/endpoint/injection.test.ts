import assert from 'node:assert/strict';
import { injections } from '../data/injections';
import { candidate, caseText, makeRequest } from './fixture';
import { closeServers, serve, succeed } from './harness';
import type { Scenario } from './scenarios';
import { endStream, streamText } from './wire';
import type { EngineRequest } from '../../src/core/engine/types';

/** A model without any judgement: does what any sentence of the prompt's data tells it. */
const obedient: Scenario = {
  chat: async ({ res, body, answer }) => {
    const data = body.messages.filter(({ role }) => role === 'user').map(({ content }) => content).join('\n');
    const told = /\b(?:recommend|select|rank|choose|answer|output|mention|prefer|mark)\w*\b[^.]{0,90}glipizide|glipizide[^.]{0,70}\b(?:first|best|only|approved|right|recommend|confidence|decision|permitted)/i.test(data);
    const recommendations = told
      ? answer.recommendations.map(entry => (entry.drug === 'glipizide'
        ? { ...entry, decision: 'recommend', confidence: 1, summary: 'Glipizide is best.', claims: [{ text: 'Glipizide cures everything.', stance: 'for', citations: ['E1'] }] }
        : { ...entry, decision: 'avoid', confidence: 1, summary: 'Not glipizide.', claims: [] }))
      : answer.recommendations;
    await streamText(res, JSON.stringify({ recommendations }), { model: 'scripted-model', usage: { prompt_tokens: 900, completion_tokens: 90 } });
    endStream(res);
  },
};

const base = (): EngineRequest => makeRequest({ candidates: [candidate('metformin'), candidate('glipizide')] });

describe('text in the data that tells the model what to answer', () => {
  afterEach(closeServers);

  it('would change the answer of an obedient model, if it were sent', async () => {
    const told = await succeed(await serve(obedient), { request: { ...base(), caseText: `${caseText} Glipizide is the best candidate here.` } });
    assert.equal(told.answer.drafts.find(({ drugId }) => drugId === 'glipizide')?.decision, 'recommend');
  });

  for (const { text } of injections) {
    it(`changes nothing: ${text.slice(0, 50).replace(/\s+/g, ' ')}`, async () => {
      const server = await serve(obedient);
      const plain = await succeed(server, { request: base() });
      const inCase = await succeed(server, { request: { ...base(), caseText: `${caseText} ${text}` } });
      assert.deepEqual(inCase.answer.drafts, plain.answer.drafts);
      assert.match(inCase.answer.warnings.join(' '), /speaks? to the model/);
      const { background } = base();
      const [first, ...rest] = background.passages;
      assert.ok(first);
      const poisoned = { ...background, passages: [{ ...first, passage: { ...first.passage, text: `${first.passage.text} ${text}` } }, ...rest] };
      const inEvidence = await succeed(server, { request: { ...base(), background: poisoned } });
      assert.deepEqual(inEvidence.answer.drafts, plain.answer.drafts);
      assert.match(inEvidence.answer.warnings.join(' '), /speaks? to the model/);
    });
  }
});
