import type { JsonSchema } from '../answer/answerSchema';
import type { PromptMessage } from '../prompts/buildPrompt';
import { EngineError, type TokenUsage } from '../types';

/** One question, independent of what the model takes. */
export interface ChatQuestion {
  readonly messages: readonly PromptMessage[];
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature: number;
  /** Schema of the answer with or without array bounds; no structured output is asked for when absent. */
  readonly schema?: (bounded: boolean) => JsonSchema;
}

/** What one question brought. */
export interface ChatOutput {
  /** Content as it came; may still hold `<think>` parts. */
  readonly content: string;
  /** Text of separate reasoning fields. */
  readonly reasoning: string;
  /** As the server said it; absent when it never did. */
  readonly finish?: string;
  /** Model that the server named. */
  readonly model?: string;
  readonly usage?: TokenUsage;
  readonly firstTokenMs?: number;
  readonly totalMs: number;
  /** False when the server sent one JSON reply though a stream was asked for. */
  readonly streamed: boolean;
  /** The server sent nothing but white space for so long that the request was ended. */
  readonly ranAway: boolean;
}

/** Progress of one question. `onText` gets the whole content so far. */
export interface ChatListener {
  readonly onFirstToken?: (ms: number) => void;
  readonly onText?: (content: string) => void;
}

/** Something that can be asked: an endpoint, or a language model of the editor. */
export interface ChatAsker {
  /** Rejects with EngineError or OverflowFailure. `status` tells people why it takes longer. */
  ask(question: ChatQuestion, listener: ChatListener, status: (message: string) => void, signal: AbortSignal): Promise<ChatOutput>;
  /** The last answer could not be read: from now on asks in a simpler way, where there is one. */
  askMoreSimply(model: string, ranAway: boolean): void;
}

/** The model that is asked, and its limits in tokens where they are known. */
export interface AskedModel {
  readonly id: string;
  /** Of prompt and answer together. */
  readonly contextTokens?: number;
  /** Of the prompt alone. */
  readonly promptTokens?: number;
  /** How the model itself counts a prompt. */
  readonly countTokens?: (messages: readonly PromptMessage[]) => Promise<number>;
}

/** What a server said about a request that was too long. Counts are tokens. */
export interface ContextOverflow {
  /** The model's whole context. */
  readonly limit?: number;
  /** Of the prompt, or of prompt and answer together. */
  readonly requested?: number;
  /** Of the prompt alone. */
  readonly prompt?: number;
  /** The prompt alone has at least so many: counting was given up there. */
  readonly promptAtLeast?: number;
}

/** The prompt was too long for the model. */
export class OverflowFailure extends Error {
  constructor(readonly overflow: ContextOverflow) {
    super('context too long');
    this.name = 'OverflowFailure';
  }
}

/** The error for a run that the user ended. */
export function cancelled(): EngineError {
  return new EngineError('cancelled', 'Cancelled.', 'Nothing was changed.');
}
