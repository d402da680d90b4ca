import { cancelled, OverflowFailure, type AskedModel, type ChatAsker, type ChatListener, type ChatOutput, type ChatQuestion } from '../asking/chat';
import { leftOutOf, prepare, questionOf, type AskOptions } from '../asking/prepare';
import { RecommendRun, whenNeeded } from '../asking/recommendRun';
import type { EndpointLogEvent, EndpointTimeouts } from '../endpoint/config';
import { readContextOverflow } from '../endpoint/contextError';
import { seconds } from '../endpoint/errors';
import { withoutSystemRole } from '../endpoint/requestBody';
import type { PromptPreview } from '../prompts/preview';
import { EngineError, type Engine, type EngineRequest } from '../types';
import type { ChatModel } from './chatModel';

/** How a language model of the editor is asked. */
export interface LanguageModelConfig extends AskOptions {
  /** Finds the model. Rejects with EngineError when there is none or it may not be used. */
  readonly model: (signal: AbortSignal) => Promise<ChatModel>;
  /** Of the connection nothing is known here: only the times to the first word and between words count. */
  readonly timeouts: EndpointTimeouts;
  /** Instead of the limit that the model names. */
  readonly contextTokens?: number;
  readonly log?: (event: EndpointLogEvent) => void;
  readonly sent?: (body: Readonly<Record<string, unknown>>) => void;
}

/** The engine over a language model of the editor. Prompts, reading of answers and repair are those of the endpoint engine. */
export interface LanguageModelEngine extends Engine {
  readonly id: 'endpoint';
  /** What would be sent. Sends nothing. */
  preview(request: EngineRequest): Promise<PromptPreview>;
  dispose(): void;
}

/** Asks a language model of the editor. */
export function createLanguageModelEngine(config: LanguageModelConfig): LanguageModelEngine {
  const limits = (model: ChatModel, signal: AbortSignal): AskedModel => {
    const promptTokens = config.contextTokens ?? (model.maxPromptTokens > 0 ? model.maxPromptTokens : undefined);
    return { id: model.name, ...(promptTokens ? { promptTokens } : {}), countTokens: (messages) => model.countTokens(messages, signal) };
  };
  return {
    id: 'endpoint',
    recommend: whenNeeded(async (request, report, signal) => {
      const model = await config.model(signal);
      return await new RecommendRun(new LanguageModelAsker(model, config), limits(model, signal), config, report, signal).answer(request);
    }),
    preview: async (request) => {
      const { signal } = new AbortController();
      const model = await config.model(signal);
      const asked = await prepare(request, limits(model, signal), config);
      const leftOut = leftOutOf(request, asked, limits(model, signal));
      const question = questionOf(asked, limits(model, signal), config);
      return { prompt: asked.prompt, address: `${model.name}, a language model of VS Code`, body: bodyOf(question), ...(leftOut ? { leftOut } : {}) };
    },
    dispose: () => undefined,
  };
}

/** No model of the editor takes a schema or a system message: the rules go into the first message, and the answer is checked all the same. */
function bodyOf(question: ChatQuestion): Record<string, unknown> {
  return { model: question.model, messages: withoutSystemRole(question.messages), modelOptions: { max_tokens: question.maxTokens, temperature: question.temperature } };
}

/** Far above any answer. */
const outputLimit = 1_000_000;

class LanguageModelAsker implements ChatAsker {
  constructor(private readonly model: ChatModel, private readonly config: LanguageModelConfig) {}

  /** There is no simpler way than plain text. */
  askMoreSimply(): void {}

  async ask(question: ChatQuestion, listener: ChatListener, _status: (message: string) => void, signal: AbortSignal): Promise<ChatOutput> {
    const started = performance.now();
    const stop = new AbortController();
    const onCancel = (): void => stop.abort();
    signal.addEventListener('abort', onCancel, { once: true });
    const wait = new Wait(this.config.timeouts, this.model.name, stop);
    let content = '';
    let firstTokenMs: number | undefined;
    this.config.sent?.(bodyOf(question));
    this.config.log?.({ event: 'request', model: this.model.id, characters: question.messages.reduce((sum, message) => sum + message.content.length, 0) });
    try {
      const messages = withoutSystemRole(question.messages);
      const reply = await wait.for(this.model.send(messages, { maxTokens: question.maxTokens, temperature: question.temperature }, stop.signal));
      for (const pieces = reply.text[Symbol.asyncIterator](); ;) {
        const next = await wait.for(pieces.next());
        if (next.done) {
          break;
        }
        if (next.value !== '') {
          wait.spoken();
          firstTokenMs ??= performance.now() - started;
          if (content === '') {
            listener.onFirstToken?.(firstTokenMs);
          }
          content += next.value;
          listener.onText?.(content);
          if (content.length > outputLimit) {
            break;
          }
        }
      }
    } catch (error) {
      throw this.explained(error, signal);
    } finally {
      wait.end();
      signal.removeEventListener('abort', onCancel);
      stop.abort();
    }
    if (signal.aborted) {
      throw cancelled();
    }
    const totalMs = performance.now() - started;
    const usage = await this.count(question, content, signal);
    this.config.log?.({ event: 'done', ms: Math.round(totalMs), characters: content.length, ...usage });
    return { content, reasoning: '', finish: 'stop', model: this.model.name, usage, totalMs, streamed: true, ranAway: false, ...(firstTokenMs === undefined ? {} : { firstTokenMs }) };
  }

  /** The model does not say what it used; its own tokenizer does. */
  private async count(question: ChatQuestion, content: string, signal: AbortSignal): Promise<{ promptTokens?: number; completionTokens?: number }> {
    try {
      const [promptTokens, completionTokens] = await Promise.all([
        this.model.countTokens(withoutSystemRole(question.messages), signal), this.model.countTokens([{ role: 'assistant', content }], signal),
      ]);
      return { promptTokens, completionTokens };
    } catch {
      return {};
    }
  }

  private explained(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) {
      return cancelled();
    }
    const overflow = error instanceof Error && !EngineError.is(error, 'timeout') ? readContextOverflow(error.message) : undefined;
    if (overflow) {
      return new OverflowFailure(overflow);
    }
    return EngineError.is(error) ? error : new EngineError('server-error', `${this.model.name} failed.`, 'Try again, or choose another model or endpoint in the status bar.', { cause: new Error(error instanceof Error ? error.name : 'unknown') });
  }
}

/** Limits the time to the first word and between two words, also of a model that does not listen to being cancelled. */
class Wait {
  private spoke = false;
  private readonly cancel: Promise<never>;
  private onAbort: () => void = () => undefined;

  constructor(private readonly timeouts: EndpointTimeouts, private readonly name: string, private readonly stop: AbortController) {
    this.cancel = new Promise((_resolve, reject) => {
      this.onAbort = () => reject(cancelled());
      stop.signal.addEventListener('abort', this.onAbort, { once: true });
    });
    this.cancel.catch(() => undefined);
  }

  spoken(): void {
    this.spoke = true;
  }

  async for<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => undefined);
    const { spoke } = this;
    const ms = spoke ? this.timeouts.idleMs : this.timeouts.firstTokenMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new EngineError('timeout', `${this.name} ${spoke ? 'fell silent' : 'sent no first word'} for ${seconds(ms)}.`, 'Try again, or choose another model or endpoint in the status bar.'));
        this.stop.abort();
      }, ms);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([promise, late, this.cancel]);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.stop.signal.removeEventListener('abort', this.onAbort);
  }
}
