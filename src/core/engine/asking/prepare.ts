import { wireSchema, type JsonSchema } from '../answer/answerSchema';
import { buildPrompt, type Prompt, type PromptOptions } from '../prompts/buildPrompt';
import { estimateTokens, fitBackground } from '../prompts/fitBackground';
import type { EngineRequest, LeftOutBackground } from '../types';
import type { AskedModel, ChatQuestion, OverflowFailure } from './chat';

/** How a request is written out and asked. */
export interface AskOptions extends PromptOptions {
  /** Tokens of an answer at most; by the number of candidates when absent. */
  readonly maxTokens?: number;
  readonly temperature?: number;
}

/** A request as it is sent. */
export interface Asked {
  /** With the background that is left. */
  readonly request: EngineRequest;
  readonly prompt: Prompt;
  readonly maxTokens: number;
}

const tokensPerCandidate = 400;
/** Room for reasoning models, whose thinking counts. */
const tokensForThinking = 1024;

/** Writes a request out so that it fits the model, as far as its limits are known. */
export async function prepare(request: EngineRequest, model: AskedModel, options: AskOptions): Promise<Asked> {
  const wanted = wantedTokens(request, options);
  const { contextTokens, promptTokens } = model;
  const maxTokens = contextTokens ? Math.min(wanted, Math.floor(contextTokens / 2)) : wanted;
  const limit = Math.min(promptTokens ?? Infinity, contextTokens ? contextTokens - maxTokens : Infinity);
  if (limit === Infinity) {
    return { request, maxTokens, prompt: buildPrompt(request, options) };
  }
  const fitted = fitBackground(request, Math.floor(limit / (await ownRatio(request, model, options))), options);
  return { request: fitted, maxTokens, prompt: buildPrompt(fitted, options) };
}

/** A smaller request after "context too long": by the server's own numbers where it gave any, else half. */
export function smaller(asked: Asked, failure: OverflowFailure, options: AskOptions): Asked {
  const { limit, requested, prompt, promptAtLeast } = failure.overflow;
  const estimate = estimateTokens(asked.prompt.messages);
  const maxTokens = Math.min(wantedTokens(asked.request, options), limit ? Math.floor(limit / 2) : Math.floor(asked.maxTokens / 2));
  const counted = prompt ?? (requested ? (requested > estimate + asked.maxTokens * 0.9 ? requested - asked.maxTokens : requested) : undefined);
  // Where counting was given up, how far it would have gone is a guess.
  const ratio = counted ? Math.max(1, counted / estimate) : Math.max(1.25, (1.25 * (promptAtLeast ?? 0)) / estimate);
  const budget = limit ? Math.floor((limit - maxTokens) / ratio) - 32 : Math.floor(estimate / 2);
  const request = fitBackground(asked.request, budget, options);
  return { request, maxTokens, prompt: buildPrompt(request, options) };
}

/** The question that a prepared request asks. */
export function questionOf(asked: Asked, model: AskedModel, options: AskOptions, messages: ChatQuestion['messages'] = asked.prompt.messages): ChatQuestion {
  const scope = { drugNames: asked.prompt.candidates.map((candidate) => candidate.drug.name), labels: asked.request.background.passages.map((item) => item.label) };
  return {
    messages, maxTokens: asked.maxTokens, model: model.id, temperature: options.temperature ?? 0,
    schema: (bounded: boolean): JsonSchema => wireSchema({ ...scope, bounded }),
  };
}

/** Which passages did not fit, and what that left for each candidate; undefined when all were given. */
export function leftOutOf(whole: EngineRequest, asked: Asked, model: AskedModel): LeftOutBackground | undefined {
  const given = new Set(asked.request.background.passages.map((item) => item.label));
  const passages = whole.background.passages.filter((item) => !given.has(item.label));
  if (passages.length === 0) {
    return undefined;
  }
  const of = (drugId: string, list: typeof passages): number => list.filter((item) => item.drugIds.includes(drugId)).length;
  return {
    passages: passages.map(({ label, passage, header, drugIds }) => ({ label, passageId: passage.id, documentId: header.id, title: header.title, drugIds })),
    perCandidate: whole.candidates.map(({ drug }) => ({ drugId: drug.id, given: of(drug.id, asked.request.background.passages as typeof passages), leftOut: of(drug.id, passages) })),
    ...(model.contextTokens ?? model.promptTokens ? { limitTokens: model.contextTokens ?? model.promptTokens } : {}),
  };
}

function wantedTokens(request: EngineRequest, options: AskOptions): number {
  return options.maxTokens ?? tokensForThinking + tokensPerCandidate * request.candidates.length;
}

/** How much more the model counts than we estimate, where it can be asked; never less, as the estimate is rough. */
async function ownRatio(request: EngineRequest, model: AskedModel, options: AskOptions): Promise<number> {
  if (!model.countTokens) {
    return 1;
  }
  const { messages } = buildPrompt(request, options);
  const counted = await model.countTokens(messages).catch(() => 0);
  return Math.max(1, counted / Math.max(1, estimateTokens(messages)));
}
