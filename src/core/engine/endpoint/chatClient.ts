import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { wireSchema, type JsonSchema, type SchemaScope } from '../answer/answerSchema';
import type { PromptMessage } from '../prompts/buildPrompt';
import { EngineError } from '../types';
import { cancelled, InBandFailure, streamChat, type ChatListener, type ChatOutput } from './chatStream';
import { defaultRetry, type EndpointLogEvent } from './config';
import type { EndpointConnection } from './connection';
import { readContextOverflow, type ContextOverflow } from './contextError';
import { HttpFailure, httpError, isUnknownModel, readServerError, seconds, withoutSecrets } from './errors';
import { fullProfile, humblerProfile, type RequestProfile } from './requestProfile';

/** One question, independent of what the server takes. */
export interface ChatQuestion {
  readonly messages: readonly PromptMessage[];
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature: number;
  /** Schema of the answer with or without array bounds; no structured output is asked for when absent. */
  readonly schema?: (bounded: boolean) => JsonSchema;
}

/** What the server said is too long, in whatever wording. */
export class OverflowFailure extends Error {
  constructor(readonly overflow: ContextOverflow) {
    super('context too long');
    this.name = 'OverflowFailure';
  }
}

/** The schema of a recommendation answer as a question carries it. */
export function answerSchemaFor(scope: Omit<SchemaScope, 'bounded'>): (bounded: boolean) => JsonSchema {
  return (bounded) => wireSchema({ ...scope, bounded });
}

/** What servers were found to take, for the life of this process. */
const remembered = new Map<string, RequestProfile>();

/** Asks one endpoint, in the way it takes, with patience where that is safe. */
export class ChatClient {
  private requests = 0;

  constructor(readonly connection: EndpointConnection, private readonly log: (event: EndpointLogEvent) => void) {}

  /** How this server and model are asked. */
  profile(model: string): RequestProfile {
    return remembered.get(this.key(model)) ?? fullProfile;
  }

  /** From now on asks this way. */
  remember(model: string, profile: RequestProfile): void {
    remembered.set(this.key(model), profile);
  }

  /** Rejects with EngineError or OverflowFailure. `status` tells people why it takes longer. */
  async ask(question: ChatQuestion, listener: ChatListener, status: (message: string) => void, signal: AbortSignal): Promise<ChatOutput> {
    const started = performance.now();
    let retries = 0;
    let profile = this.profile(question.model);
    for (;;) {
      const requestId = `r${++this.requests}`;
      try {
        const output = await this.send(question, profile, requestId, listener, signal);
        this.remember(question.model, profile);
        return output;
      } catch (error) {
        this.logError(requestId, error);
        if (!(error instanceof HttpFailure)) {
          throw this.final(error);
        }
        const overflow = error.status === 429 ? undefined : readContextOverflow(error.body);
        if (overflow) {
          throw new OverflowFailure(overflow);
        }
        const humbler = [400, 422, 501].includes(error.status) && !namesModel(error) ? humblerProfile(profile, error.body) : undefined;
        if (humbler) {
          this.log({ event: 'adapt', requestId, format: humbler.format, streamUsage: humbler.streamUsage });
          profile = humbler;
        } else if (error.status === 404 && !isUnknownModel(error) && this.connection.tryNextBase()) {
          continue;
        } else {
          const wait = this.retryWait(error, retries++, performance.now() - started);
          if (wait === undefined) {
            throw httpError(error, this.connection.errorContext(question.model));
          }
          this.log({ event: 'retry', requestId, status: error.status, waitMs: Math.round(wait) });
          status(isLoading(error) ? `The server is loading its model; trying again in ${seconds(wait)}.` : `The server is busy (${error.status}); trying again in ${seconds(wait)}.`);
          await pause(wait, signal);
        }
      }
    }
  }

  private async send(question: ChatQuestion, profile: RequestProfile, requestId: string, listener: ChatListener, signal: AbortSignal): Promise<ChatOutput> {
    const params = requestBody(question, profile);
    this.log({ event: 'request', requestId, model: question.model, format: profile.format, characters: question.messages.reduce((sum, m) => sum + m.content.length, 0) });
    const output = await streamChat(this.connection, params, {
      ...listener,
      onFirstToken: (ms) => {
        this.log({ event: 'first-token', requestId, ms: Math.round(ms) });
        listener.onFirstToken?.(ms);
      },
    }, signal);
    this.log({ event: 'done', requestId, ms: Math.round(output.totalMs), characters: output.content.length, finish: output.finish, promptTokens: output.usage?.promptTokens,
      completionTokens: output.usage?.completionTokens, streamed: output.streamed });
    return output;
  }

  /** An error inside the stream after it began well. */
  private final(error: unknown): unknown {
    if (!(error instanceof InBandFailure)) {
      return error;
    }
    const overflow = readContextOverflow(error.body);
    if (overflow) {
      return new OverflowFailure(overflow);
    }
    const { shown, secrets } = this.connection.errorContext();
    const { code } = readServerError(error.body);
    return new EngineError('server-error', `${shown} failed while it answered${code ? ` (${code})` : ''}; the answer is incomplete.`, 'Try again, and see the server\'s own log.',
      { rawAnswer: withoutSecrets(error.body, secrets) });
  }

  /** Milliseconds to wait before the same request is sent again; undefined when it must not be. */
  private retryWait(failure: HttpFailure, retries: number, elapsedMs: number): number | undefined {
    const { maxRetries, baseMs, maxWaitMs } = this.connection.config.retry ?? defaultRetry;
    if (failure.status !== 429 && failure.status !== 503) {
      return undefined;
    }
    const wait = retryAfterMs(failure.headers) ?? baseMs * 2 ** Math.min(retries, 4);
    if (wait > maxWaitMs) {
      return undefined;
    }
    const patient = isLoading(failure) ? elapsedMs + wait < this.connection.config.timeouts.firstTokenMs : retries < maxRetries;
    return patient ? wait : undefined;
  }

  private logError(requestId: string, error: unknown): void {
    const reason = EngineError.is(error) ? error.reason : error instanceof Error ? error.name : 'unknown';
    this.log({ event: 'error', requestId, reason, ...(error instanceof HttpFailure ? { status: error.status } : {}) });
  }

  private key(model: string): string {
    return `${this.connection.address.shown} ${model}`;
  }
}

function requestBody(question: ChatQuestion, profile: RequestProfile): ChatCompletionCreateParamsStreaming {
  const format = question.schema ? profile.format : 'plain';
  return {
    model: question.model,
    messages: profile.systemRole ? [...question.messages] : withoutSystemRole(question.messages),
    stream: true,
    ...(profile.streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...(profile.temperature ? { temperature: question.temperature } : {}),
    [profile.tokensField]: question.maxTokens,
    ...(format === 'json_object' ? { response_format: { type: 'json_object' as const } } : {}),
    ...((format === 'json_schema' || format === 'json_schema_bounded') && question.schema
      ? { response_format: { type: 'json_schema' as const, json_schema: { name: 'answer', strict: true, schema: { ...question.schema(format === 'json_schema_bounded') } } } }
      : {}),
  };
}

function withoutSystemRole(messages: readonly PromptMessage[]): PromptMessage[] {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
  const rest = messages.filter((message) => message.role !== 'system');
  return rest.map((message, i) => (i === 0 ? { ...message, content: [...system, message.content].join('\n\n') } : message));
}

function namesModel(failure: HttpFailure): boolean {
  return /model[^.]{0,40}(?:not (?:exist|found)|unknown|invalid)|(?:unknown|invalid|no such) model/i.test(failure.body);
}

function isLoading(failure: HttpFailure): boolean {
  return failure.status === 503 && /loading|starting|warming|not ready/i.test(failure.body);
}

/** `Retry-After` in seconds or as a date, and OpenAI's `retry-after-ms`. */
function retryAfterMs(headers: Headers): number | undefined {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) {
    return Math.max(0, exact);
  }
  const value = headers.get('retry-after');
  if (!value) {
    return undefined;
  }
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number.parseFloat(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
