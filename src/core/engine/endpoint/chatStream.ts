import { APIError, APIConnectionError, APIUserAbortError } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { isRecord, parseJson } from '../answer/json';
import { cancelled, type ChatListener, type ChatOutput } from '../asking/chat';
import { EngineError, type TokenUsage } from '../types';
import { endpointSettings as settings } from './config';
import type { EndpointConnection, Exchange } from './connection';
import { HttpFailure, isHtml, notAnApi, seconds } from './errors';
import { EndlessBodyError } from './wireTap';

/** An error that arrived inside a stream that had begun well. Its body may repeat the prompt and stays inside the client. */
export class InBandFailure extends Error {
  constructor(readonly body: string) {
    super('error inside the stream');
    this.name = 'InBandFailure';
  }
}

/** More white space in a row than any pretty-printing writes. */
const whitespaceLimit = 600;
const outputLimit = 1_000_000;
/** Names that a server gives are kept and shown: no longer than a name is. */
const nameLimit = 200;

/**
 * Sends one chat request and gathers the streamed answer. Throws HttpFailure, InBandFailure or EngineError; aborting `signal` closes the connection.
 */
export async function streamChat(
  connection: EndpointConnection, params: ChatCompletionCreateParamsStreaming, listener: ChatListener, signal: AbortSignal,
): Promise<ChatOutput> {
  const call = new ChatCall(connection, listener, signal);
  try {
    return await call.run(params);
  } finally {
    call.end();
  }
}

class ChatCall {
  private readonly stop = new AbortController();
  private readonly started = performance.now();
  private readonly exchange: Exchange;
  private timer: NodeJS.Timeout | undefined;
  private waitedFor: 'first-token' | 'idle' | undefined;
  private firstTokenMs: number | undefined;
  private content = '';
  private reasoning = '';
  private trailingSpace = 0;
  private finish: string | undefined;
  private model: string | undefined;
  private usage: TokenUsage | undefined;
  private chunks = 0;
  private ranAway = false;

  constructor(private readonly connection: EndpointConnection, private readonly listener: ChatListener, private readonly signal: AbortSignal) {
    this.exchange = connection.open();
    signal.addEventListener('abort', this.onCancel, { once: true });
  }

  async run(params: ChatCompletionCreateParamsStreaming): Promise<ChatOutput> {
    this.throwIfCancelled();
    this.waitFor('first-token', this.connection.config.timeouts.firstTokenMs);
    try {
      const stream = await this.exchange.client.chat.completions.create(params, { signal: this.stop.signal });
      for await (const chunk of stream as AsyncIterable<unknown>) {
        this.take(chunk);
        if (this.ranAway || this.content.length + this.reasoning.length > outputLimit) {
          this.stop.abort();
          break;
        }
      }
    } catch (error) {
      throw this.explained(error);
    }
    this.throwIfCancelled();
    this.throwIfTimedOut();
    const streamed = this.chunks > 0;
    if (!streamed) {
      this.takeWholeReply();
    }
    return {
      content: this.content, reasoning: this.reasoning, totalMs: performance.now() - this.started, streamed, ranAway: this.ranAway,
      ...(this.finish === undefined ? {} : { finish: this.finish }),
      ...(this.model === undefined ? {} : { model: this.model }),
      ...(this.usage === undefined ? {} : { usage: this.usage }),
      ...(this.firstTokenMs === undefined ? {} : { firstTokenMs: this.firstTokenMs }),
    };
  }

  /** Frees timers and listeners, and closes the connection if it still speaks. */
  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onCancel);
    this.stop.abort();
  }

  private readonly onCancel = (): void => this.stop.abort();

  private waitFor(what: 'first-token' | 'idle', ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.waitedFor = what;
      this.stop.abort();
    }, ms);
  }

  private take(chunk: unknown): void {
    this.chunks++;
    if (!isRecord(chunk)) {
      return;
    }
    this.takeMeta(chunk);
    const choice = Array.isArray(chunk['choices']) ? (chunk['choices'] as unknown[])[0] : undefined;
    if (!isRecord(choice)) {
      return;
    }
    const part = isRecord(choice['delta']) ? choice['delta'] : isRecord(choice['message']) ? choice['message'] : {};
    const content = typeof part['content'] === 'string' ? part['content'] : '';
    const reasoning = [part['reasoning_content'], part['reasoning']].find((text) => typeof text === 'string' && text !== '');
    this.finish = typeof choice['finish_reason'] === 'string' ? plainWord(choice['finish_reason']) : this.finish;
    if (content === '' && typeof reasoning !== 'string') {
      return;
    }
    this.reasoning += typeof reasoning === 'string' ? reasoning : '';
    this.content += content;
    this.countSpace(content);
    if (this.firstTokenMs === undefined) {
      this.firstTokenMs = performance.now() - this.started;
      this.listener.onFirstToken?.(this.firstTokenMs);
    }
    this.waitFor('idle', this.connection.config.timeouts.idleMs);
    if (content !== '') {
      this.listener.onText?.(this.content);
    }
  }

  private takeMeta(chunk: Record<string, unknown>): void {
    this.model = typeof chunk['model'] === 'string' && chunk['model'] !== '' ? chunk['model'].slice(0, nameLimit) : this.model;
    const usage = chunk['usage'];
    if (isRecord(usage)) {
      const count = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
      this.usage = { promptTokens: count(usage['prompt_tokens']), completionTokens: count(usage['completion_tokens']) };
    }
  }

  private countSpace(content: string): void {
    const trailing = content.length - content.trimEnd().length;
    this.trailingSpace = trailing === content.length ? this.trailingSpace + trailing : trailing;
    this.ranAway ||= this.trailingSpace > whitespaceLimit;
  }

  /** A server without streaming answers in one piece, whatever was asked for. */
  private takeWholeReply(): void {
    const { head } = this.exchange.wire;
    const context = this.connection.errorContext();
    const reply = parseJson(head);
    if (isRecord(reply) && Array.isArray(reply['choices'])) {
      this.take(reply);
    } else if (isRecord(reply) && (reply['error'] !== undefined || reply['object'] === 'error')) {
      throw new InBandFailure(head);
    } else if (/^\s*error:\s*\{/m.test(this.exchange.wire.tail)) {
      throw new InBandFailure(this.exchange.wire.tail);
    } else if (isHtml(head, null)) {
      throw notAnApi(context, 'answered with a web page');
    } else if (head.trim() !== '' && !/^(?:data|event|id|retry)?\s*:/m.test(head)) {
      throw notAnApi(context, 'answered with something else');
    } else {
      throw new EngineError('incomplete-answer', `${context.shown} ended the answer before its first word.`, 'Try again, and see the server\'s own log.');
    }
  }

  private explained(error: unknown): Error {
    this.throwIfCancelled();
    this.throwIfTimedOut();
    if (error instanceof EngineError || error instanceof HttpFailure) {
      return error;
    }
    if (isEndless(error)) {
      const { shown } = this.connection.errorContext();
      return new EngineError('server-error', `${shown} sent far more than an answer.`, `"${settings.checkCommand}" tries the server without a case; see its own log.`);
    }
    if (error instanceof APIError && !(error instanceof APIConnectionError) && !(error instanceof APIUserAbortError) && error.status === undefined) {
      return new InBandFailure(JSON.stringify(error.error ?? {}));
    }
    const { shown } = this.connection.errorContext();
    if (error instanceof SyntaxError) {
      return new EngineError('server-error', `${shown} sent a stream that cannot be read.`, 'A proxy may have changed it; try again, or try the server directly.');
    }
    if (this.chunks > 0) {
      return new EngineError('incomplete-answer', `The connection to ${shown} broke before the answer was complete.`, 'See whether the server still runs, then try again.',
        { rawAnswer: this.content });
    }
    return this.exchange.failure(error);
  }

  private throwIfCancelled(): void {
    if (this.signal.aborted) {
      throw cancelled();
    }
  }

  private throwIfTimedOut(): void {
    const { timeouts } = this.connection.config;
    const { shown } = this.connection.errorContext();
    if (this.waitedFor === 'first-token') {
      throw new EngineError('timeout', `${shown} sent no first word within ${seconds(timeouts.firstTokenMs)}.`,
        `The model may still be loading: try again, or raise ${settings.firstTokenTimeout}.`);
    }
    if (this.waitedFor === 'idle') {
      throw new EngineError('timeout', `${shown} fell silent for ${seconds(timeouts.idleMs)} in the middle of the answer.`,
        `Try again, or raise ${settings.idleTimeout} for a slow model.`, { rawAnswer: this.content });
    }
  }
}

function isEndless(error: unknown): boolean {
  return error instanceof EndlessBodyError || (error instanceof Error && error.cause !== undefined && isEndless(error.cause));
}

/** It stands in the log and in warnings: a word of the protocol, never a text. */
function plainWord(text: string): string {
  return /^[a-z][a-z_-]{0,29}$/i.test(text) ? text : 'other';
}
