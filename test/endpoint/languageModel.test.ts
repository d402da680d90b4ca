import assert from 'node:assert/strict';
import { createLanguageModelEngine, type ChatModel, type LanguageModelConfig } from '../../src/core/engine/endpointEntry';
import type { PromptMessage } from '../../src/core/engine/prompts/buildPrompt';
import { EngineError, type EngineAnswer, type EngineEvent } from '../../src/core/engine/types';
import { answerFor, parsePrompt } from './answerFromPrompt';
import { makeRequest, passage } from './fixture';

const timeouts = { connectMs: 1000, firstTokenMs: 60, idleMs: 60 };
const never = new AbortController().signal;
const lengthOf = (messages: readonly PromptMessage[]): number => messages.reduce((sum, message) => sum + message.content.length, 0);

async function* pieces(text: string, size = 40): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) {
    await Promise.resolve();
    yield text.slice(at, at + size);
  }
}

type Text = (messages: readonly PromptMessage[], signal: AbortSignal) => AsyncIterable<string>;
const genuine: Text = (messages) => pieces(JSON.stringify(answerFor(parsePrompt(messages.map((message) => message.content).join('\n')))));

/** A language model of the editor, played. It counts three characters a token. */
function model(text: Text = genuine, maxPromptTokens = 8000): ChatModel & { readonly asked: PromptMessage[][] } {
  const asked: PromptMessage[][] = [];
  return {
    id: 'tests/one', name: 'Played Model', maxPromptTokens, asked,
    countTokens: async (messages) => Math.ceil(lengthOf(messages) / 3),
    send: async (messages, _options, signal) => {
      asked.push([...messages]);
      return { text: text(messages, signal) };
    },
  };
}

async function ask(played: ChatModel, change: Partial<LanguageModelConfig> = {}, request = makeRequest(), signal = never): Promise<{ answer: EngineAnswer; events: EngineEvent[] }> {
  const events: EngineEvent[] = [];
  const answer = await createLanguageModelEngine({ timeouts, model: async () => played, ...change }).recommend(request, (event) => events.push(event), signal);
  return { answer, events };
}

const many = makeRequest({ background: { condition: 'both', omitted: 0, passages: ['metformin', 'glipizide', 'empagliflozin'].flatMap((drug, d) => [1, 2, 3].map((n) =>
  passage(`E${d * 3 + n}`, `TEST:${d}${n}`, `Synthetic: ${drug} was studied. ${'The follow-up was long. '.repeat(40)}`, { drugIds: [drug], score: n }))) } });

describe('language models of the editor', () => {
  it('answer through the same prompt, with the rules in the first message', async () => {
    const played = model();
    const { answer, events } = await ask(played);
    assert.equal(answer.drafts.length, 3);
    assert.deepEqual([answer.model, answer.promptVersion], ['Played Model', 'recommend.v2']);
    assert.deepEqual(played.asked[0]?.map((message) => message.role), ['user']);
    assert.match(played.asked[0]?.[0]?.content ?? '', /You are KEDRec[\s\S]*<case-text mark=/);
    assert.equal(answer.usage?.promptTokens, Math.ceil(lengthOf(played.asked[0] ?? []) / 3));
    assert.ok(events.some((event) => event.type === 'drafts'));
  });

  it('are given what fits by their own count, the same for each candidate', async () => {
    const played = model(genuine, 2600);
    const { answer } = await ask(played, {}, many);
    assert.ok(lengthOf(played.asked[0] ?? []) / 3 <= 2600);
    assert.equal(answer.leftOut?.limitTokens, 2600);
    assert.equal(new Set(answer.leftOut?.perCandidate.map(({ given, leftOut }) => `${given}/${leftOut}`)).size, 1);
  });

  it('are asked once more, smaller, when the prompt was too long', async () => {
    let count = 0;
    const played = model((messages, signal) => {
      if (count++ === 0) { throw new Error('Message exceeds token limit: maximum context length is 2000 tokens'); }
      return genuine(messages, signal);
    }, 0);
    const { answer } = await ask(played, {}, many);
    assert.equal(played.asked.length, 2);
    assert.ok(lengthOf(played.asked[1] ?? []) < lengthOf(played.asked[0] ?? []));
    assert.ok(answer.leftOut);
  });

  it('give up after the time to the first word, and after silence', async () => {
    const silent = async function* (first: string): AsyncGenerator<string> {
      if (first !== '') { yield first; }
      await new Promise(() => undefined);
    };
    await assert.rejects(ask(model(() => silent(''))), (error: unknown) => EngineError.is(error, 'timeout') && /no first word/.test(error.message));
    await assert.rejects(ask(model(() => silent('{"recommendations":['))), (error: unknown) => EngineError.is(error, 'timeout') && /fell silent/.test(error.message));
  });

  it('are told when the user cancels', async () => {
    const stop = new AbortController();
    let told = false;
    const played = model(async function* (_messages, signal) {
      signal.addEventListener('abort', () => { told = true; });
      yield '{"recommendations":[';
      stop.abort();
      await new Promise(() => undefined);
    });
    await assert.rejects(ask(played, {}, makeRequest(), stop.signal), (error: unknown) => EngineError.is(error, 'cancelled'));
    assert.ok(told);
  });

  it('fail with an explained error after one repair', async () => {
    const played = model(() => pieces('I would rather talk.'));
    await assert.rejects(ask(played), (error: unknown) => EngineError.is(error, 'malformed-answer') && !error.message.includes('rather'));
    assert.equal(played.asked.length, 2);
  });

  it('show their prompt without being asked', async () => {
    const played = model();
    const preview = await createLanguageModelEngine({ timeouts, model: async () => played }).preview(makeRequest());
    assert.equal(played.asked.length, 0);
    await ask(played);
    assert.deepEqual(preview.body['messages'], played.asked[0]);
  });
});
