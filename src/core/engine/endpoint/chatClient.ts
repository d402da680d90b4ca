import { OverflowFailure, type ChatAsker, type ChatListener, type ChatOutput, type ChatQuestion } from '../asking/chat';
import { EngineError } from '../types';
import { capabilityKey, processMemory, type CapabilityMemory, type EndpointCapability } from './capability';
import { InBandFailure, streamChat } from './chatStream';
import { defaultRetry, type EndpointLogEvent } from './config';
import type { EndpointConnection } from './connection';
import { readContextOverflow } from './contextError';
import { HttpFailure, httpError, isUnknownModel, readServerError, seconds, withoutSecrets } from './errors';
import { requestBody } from './requestBody';
import { fullProfile, humblerProfile, nextFormat, type RequestProfile } from './requestProfile';
import { isLoading, pause, retryAfterMs, waitUntilLoaded } from './retry';

/** Asks one endpoint, in the way it takes, with patience where that is safe. */
export class ChatClient implements ChatAsker {
  private requests = 0;
  private readonly memory: CapabilityMemory;
  private readonly key: string;

  constructor(readonly connection: EndpointConnection, private readonly log: (event: EndpointLogEvent) => void) {
    this.memory = connection.config.memory ?? processMemory;
    this.key = capabilityKey(connection.address.shown, connection.config.model);
  }

  /** What is remembered of this server for the configured model. */
  get capability(): EndpointCapability | undefined {
    return this.memory.get(this.key);
  }

  /** How this server and model are asked. */
  get profile(): RequestProfile {
    return this.capability?.profile ?? fullProfile;
  }

  /** Adds to what is remembered; nothing is written where nothing changed. */
  remember(change: Partial<EndpointCapability>): void {
    const before = this.capability;
    const after: EndpointCapability = { profile: fullProfile, ...before, ...change };
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      this.memory.set(this.key, after);
    }
  }

  /** The server is another one now: everything about it is found anew. */
  forget(): void {
    this.memory.set(this.key, undefined);
  }

  /** The server may have taken the schema without understanding it, or its decoder never stops by itself. */
  askMoreSimply(_model: string, ranAway: boolean): void {
    const { profile } = this;
    if (profile.format === 'json_schema_bounded' && !ranAway) {
      this.remember({ profile: { ...profile, format: 'json_schema' } });
    } else if (profile.format !== 'plain' && ranAway) {
      this.remember({ profile: { ...profile, format: 'json_object' } });
    } else if (profile.format === 'json_schema') {
      this.remember({ profile: nextFormat(profile, this.capability?.serverKind) ?? profile });
    }
  }

  async ask(question: ChatQuestion, listener: ChatListener, status: (message: string) => void, signal: AbortSignal): Promise<ChatOutput> {
    const started = performance.now();
    let retries = 0;
    let { profile } = this;
    for (;;) {
      const requestId = `r${++this.requests}`;
      try {
        const output = await this.send(question, profile, requestId, listener, signal);
        this.remember({ profile, ...(output.model ? { servedModel: output.model } : {}) });
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
        const humbler = [400, 422, 501].includes(error.status) && !namesModel(error) ? humblerProfile(profile, error.body, this.capability?.serverKind) : undefined;
        if (humbler) {
          this.log({ event: 'adapt', requestId, format: humbler.format, streamUsage: humbler.streamUsage });
          profile = humbler;
        } else if (error.status === 404 && !isUnknownModel(error) && this.connection.tryNextBase()) {
          continue;
        } else {
          await this.waitForRetry(error, retries++, performance.now() - started, question.model, requestId, status, signal);
        }
      }
    }
  }

  private async send(question: ChatQuestion, profile: RequestProfile, requestId: string, listener: ChatListener, signal: AbortSignal): Promise<ChatOutput> {
    const params = requestBody(question, profile);
    this.log({ event: 'request', requestId, model: question.model, format: profile.format, characters: question.messages.reduce((sum, m) => sum + m.content.length, 0) });
    this.connection.config.sent?.({ ...params });
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

  /** Waits until the same request may be sent again; throws the failure where it must not be. */
  private async waitForRetry(failure: HttpFailure, retries: number, elapsedMs: number, model: string, requestId: string, status: (message: string) => void, signal: AbortSignal): Promise<void> {
    const { config } = this.connection;
    const { maxRetries, baseMs, maxWaitMs } = config.retry ?? defaultRetry;
    const wait = retryAfterMs(failure.headers) ?? baseMs * 2 ** Math.min(retries, 4);
    const patient = isLoading(failure) ? elapsedMs + wait < config.timeouts.firstTokenMs : retries < maxRetries;
    if ((failure.status !== 429 && failure.status !== 503) || wait > maxWaitMs || !patient) {
      if (failure.status === 404 && isUnknownModel(failure)) {
        this.forget();
      }
      throw httpError(failure, this.connection.errorContext(model));
    }
    this.log({ event: isLoading(failure) ? 'loading' : 'retry', requestId, status: failure.status, waitMs: Math.round(wait) });
    if (isLoading(failure) && await waitUntilLoaded(this.connection, config.timeouts.firstTokenMs - elapsedMs, status, signal)) {
      return;
    }
    status(isLoading(failure) ? `The server is loading its model; trying again in ${seconds(wait)}.` : `The server is busy (${failure.status}); trying again in ${seconds(wait)}.`);
    await pause(wait, signal);
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

  private logError(requestId: string, error: unknown): void {
    const reason = EngineError.is(error) ? error.reason : error instanceof Error ? error.name : 'unknown';
    this.log({ event: 'error', requestId, reason, ...(error instanceof HttpFailure ? { status: error.status } : {}) });
  }
}

function namesModel(failure: HttpFailure): boolean {
  return (failure.status === 400 && isUnknownModel(failure)) || /model[^.]{0,40}(?:not (?:exist|found)|unknown|invalid)|(?:unknown|invalid|no such) model/i.test(failure.body);
}
