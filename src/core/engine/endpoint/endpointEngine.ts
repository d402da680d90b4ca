import { readAnswer, readPartialAnswer, type ReadAnswer } from '../answer/readAnswer';
import { separateReasoning } from '../answer/reasoning';
import { buildPrompt, type Prompt, type PromptMessage } from '../prompts/buildPrompt';
import { estimateTokens, fitBackground } from '../prompts/fitBackground';
import { EngineError, type Engine, type EngineAnswer, type EngineEvent, type EngineRequest } from '../types';
import { answerSchemaFor, ChatClient, OverflowFailure, type ChatQuestion } from './chatClient';
import { cancelled, type ChatOutput } from './chatStream';
import { endpointSettings as settings, type EndpointConfig } from './config';
import { EndpointConnection } from './connection';
import { contextTooLong } from './errors';
import { fetchModels, pickModel, type EndpointModel } from './models';
import { answerText, repairMessages } from './repair';

/** The endpoint engine; `dispose` closes the connections it kept. */
export interface EndpointEngine extends Engine {
  readonly id: 'endpoint';
  dispose(): void;
}

/** Asks a KEDRec-LM behind an OpenAI-compatible API. Throws EngineError `not-configured` when the address is none. */
export function createEndpointEngine(config: EndpointConfig): EndpointEngine {
  const connection = new EndpointConnection(config);
  const client = new ChatClient(connection, config.log ?? (() => undefined));
  let model: ServerModel | undefined;
  return {
    id: 'endpoint',
    recommend: async (request, report, signal) => {
      if (signal.aborted) {
        throw cancelled();
      }
      if (request.candidates.length === 0) {
        return { drafts: [], warnings: [] };
      }
      model ??= await chooseModel(connection, signal);
      return await new Run(client, config, model, report, signal).answer(request);
    },
    dispose: () => connection.dispose(),
  };
}

interface ServerModel {
  readonly id: string;
  readonly contextTokens?: number;
}

/** Failures of the list do not matter to somebody who has named a model, unless no request could work either. */
async function chooseModel(connection: EndpointConnection, signal: AbortSignal): Promise<ServerModel> {
  const { model, contextTokens } = connection.config;
  let models: readonly EndpointModel[] = [];
  try {
    models = await fetchModels(connection, signal);
  } catch (error) {
    const fatal = ['cancelled', 'unreachable', 'unauthorized', 'redirected', 'not-configured'] as const;
    if (!model || fatal.some((reason) => EngineError.is(error, reason))) {
      throw error;
    }
  }
  const chosen = model ? (models.find((listed) => listed.id === model) ?? { id: model }) : pickModel(models);
  if (!chosen) {
    throw new EngineError('not-configured', `${connection.address.shown} lists no model.`, `Load a model on the server, or name one in ${settings.model}.`);
  }
  const limit = contextTokens ?? chosen.contextTokens;
  return { id: chosen.id, ...(limit ? { contextTokens: limit } : {}) };
}

const tokensPerCandidate = 400;
/** Room for reasoning models, whose thinking counts. */
const tokensForThinking = 1024;
/** Parsing what has arrived more often than this shows nothing more. */
const partialIntervalMs = 50;

/** One recommendation, from prompt to checked drafts. */
class Run {
  private readonly warnings: string[] = [];
  private lastPartial = 0;

  constructor(
    private readonly client: ChatClient, private readonly config: EndpointConfig, private readonly model: ServerModel,
    private readonly report: (event: EngineEvent) => void, private readonly signal: AbortSignal,
  ) {}

  async answer(request: EngineRequest): Promise<EngineAnswer> {
    const wanted = this.config.maxTokens ?? tokensForThinking + tokensPerCandidate * request.candidates.length;
    const fitted = this.fit(request, wanted, this.model.contextTokens);
    let asked = fitted;
    let output: ChatOutput;
    this.status(`Asking ${this.model.id}.`);
    try {
      output = await this.ask(asked, asked.prompt.messages);
    } catch (error) {
      if (!(error instanceof OverflowFailure)) {
        throw error;
      }
      asked = this.smaller(fitted, wanted, error);
      this.status('The prompt was too long for the model; asking again with less evidence.');
      output = await this.ask(asked, asked.prompt.messages).catch((again: unknown) => {
        throw again instanceof OverflowFailure ? contextTooLong(again.overflow.limit ?? error.overflow.limit) : again;
      });
    }
    const omitted = asked.request.background.omitted - request.background.omitted;
    if (omitted > 0) {
      this.warnings.push(`${plural(omitted, 'passage was', 'passages were')} left out to fit the model's context.`);
    }
    this.checkPromptCount(output, asked.prompt);
    const { read, last } = await this.checked(asked, output);
    return {
      drafts: read.drafts,
      model: last.model ?? this.model.id,
      promptVersion: asked.prompt.promptVersion,
      promptSeed: asked.prompt.seed,
      usage: { ...last.usage, ...speed(last) },
      warnings: this.warnings,
    };
  }

  /** Reads the answer; asks once for a repair when it is malformed or names a drug that was never a candidate. */
  private async checked(asked: Asked, output: ChatOutput): Promise<{ read: ReadAnswer; last: ChatOutput }> {
    const { candidates } = asked.request;
    const first = readAnswer(answerText(output), candidates);
    this.throwIfCutOff(first, output);
    if (first.errors.length === 0 && first.strangers.length === 0) {
      this.warn(first, output);
      return { read: first, last: output };
    }
    this.config.log?.({ event: 'repair', errors: first.errors.length, strangers: first.strangers.length });
    this.status('The answer was malformed; asking the model to repair it.');
    const profile = this.client.profile(this.model.id);
    if (profile.format === 'json_schema_bounded' && !output.ranAway) {
      // The server may have taken the bounded schema without understanding it.
      this.client.remember(this.model.id, { ...profile, format: 'json_schema' });
    } else if (output.ranAway) {
      // Guided decoding is what runs away in white space; without it the model stops by itself.
      this.client.remember(this.model.id, { ...profile, format: profile.format === 'plain' ? 'plain' : 'json_object' });
    }
    let repaired: ChatOutput;
    try {
      repaired = await this.ask(asked, repairMessages(asked.prompt, output, first));
    } catch (error) {
      if (error instanceof OverflowFailure || EngineError.is(error, 'incomplete-answer')) {
        throw this.malformed(output);
      }
      throw error;
    }
    const second = readAnswer(answerText(repaired), candidates);
    this.throwIfCutOff(second, repaired);
    if (second.errors.length > 0) {
      if (first.errors.length === 0) {
        this.warn(first, output);
        return { read: first, last: output };
      }
      throw this.malformed(repaired);
    }
    this.warnings.push('The first answer was malformed; the model repaired it once.');
    this.warn(second, repaired);
    return { read: second, last: repaired };
  }

  private async ask(asked: Asked, messages: readonly PromptMessage[]): Promise<ChatOutput> {
    const { request, maxTokens } = asked;
    const question: ChatQuestion = {
      messages, maxTokens, model: this.model.id, temperature: this.config.temperature ?? 0,
      schema: answerSchemaFor({ drugNames: asked.prompt.candidates.map((candidate) => candidate.drug.name), labels: request.background.passages.map((item) => item.label) }),
    };
    const onText = (content: string): void => {
      const now = performance.now();
      if (now - this.lastPartial >= partialIntervalMs) {
        this.lastPartial = now;
        this.reportPartial(content, request);
      }
    };
    const output = await this.client.ask(question, { onText }, (message) => this.status(message), this.signal);
    this.reportPartial(answerText(output), request);
    return output;
  }

  private fit(request: EngineRequest, wanted: number, limit: number | undefined): Asked {
    const maxTokens = limit ? Math.min(wanted, Math.floor(limit / 2)) : wanted;
    const options = { seed: this.config.seed, template: this.config.template };
    const fitted = limit ? fitBackground(request, limit - maxTokens, options) : request;
    return { request: fitted, maxTokens, prompt: buildPrompt(fitted, options) };
  }

  /** A smaller request after "context too long": by the server's own numbers where it gave any, else half. */
  private smaller(asked: Asked, wanted: number, failure: OverflowFailure): Asked {
    const { limit, requested } = failure.overflow;
    const estimate = estimateTokens(asked.prompt.messages);
    const maxTokens = Math.min(wanted, limit ? Math.floor(limit / 2) : Math.floor(asked.maxTokens / 2));
    const counted = requested ? (requested > estimate + asked.maxTokens * 0.9 ? requested - asked.maxTokens : requested) : undefined;
    const ratio = counted ? Math.max(1, counted / estimate) : 1.25;
    const budget = limit ? Math.floor((limit - maxTokens) / ratio) - 32 : Math.floor(estimate / 2);
    const options = { seed: this.config.seed, template: this.config.template };
    const request = fitBackground(asked.request, budget, options);
    return { request, maxTokens, prompt: buildPrompt(request, options) };
  }

  /** A cut-off answer is never shown as whole. */
  private throwIfCutOff(read: ReadAnswer, output: ChatOutput): void {
    if (read.errors.length === 0 || output.ranAway || output.finish === 'stop' || output.finish === 'tool_calls') {
      return;
    }
    const raw = { rawAnswer: output.content || output.reasoning };
    if (output.finish === 'length') {
      throw new EngineError('incomplete-answer', 'The model reached its token limit before the answer was complete.',
        `Raise ${settings.maxTokens}, serve the model with a larger context, or ask about fewer candidates.`, raw);
    }
    if (output.finish === 'content_filter') {
      throw new EngineError('incomplete-answer', 'The server\'s content filter ended the answer.', 'Use an endpoint whose filter allows biomedical text.', raw);
    }
    if (!read.complete) {
      throw new EngineError('incomplete-answer', 'The answer ended before it was complete.', 'Try again, and see the server\'s own log.', raw);
    }
  }

  private malformed(output: ChatOutput): EngineError {
    const advice = output.ranAway
      ? `The server's guided decoding ran away in white space (for vLLM see disable_any_whitespace); or try another model in ${settings.model}.`
      : `Try again, or a model that follows JSON instructions better in ${settings.model}; "${settings.checkCommand}" says whether structured output works.`;
    return new EngineError('malformed-answer', 'The model\'s answer was malformed, and its repair too.', advice, { rawAnswer: output.content || output.reasoning });
  }

  private warn(read: ReadAnswer, output: ChatOutput): void {
    for (const name of read.strangers) {
      this.warnings.push(`The model answered for ${shownName(name)}, which was never a candidate; that entry was dropped.`);
    }
    if (read.missing.length > 0) {
      this.warnings.push(`The model gave no decision for ${read.missing.join(', ')}.`);
    }
    if (read.merged.length > 0) {
      this.warnings.push(`The model answered more than once for ${read.merged.join(', ')}; the entries were merged.`);
    }
    if (output.finish !== 'stop') {
      this.warnings.push(output.finish === undefined ? 'The server did not say that the answer is complete.' : `The server ended the answer with "${shownName(output.finish)}".`);
    }
  }

  /** Some servers cut a long prompt silently; their own count gives them away. */
  private checkPromptCount(output: ChatOutput, prompt: Prompt): void {
    const counted = output.usage?.promptTokens;
    const expected = estimateTokens(prompt.messages);
    if (counted !== undefined && counted > 0 && expected > 1000 && counted < expected * 0.6) {
      this.warnings.push(`The server counted ${counted} prompt tokens where about ${expected} were sent: it may have cut the prompt (for Ollama raise num_ctx).`);
    }
  }

  private reportPartial(content: string, request: EngineRequest): void {
    const drafts = readPartialAnswer(separateReasoning(content).answer, request.candidates);
    if (drafts.length > 0) {
      this.report({ type: 'drafts', drafts });
    }
  }

  private status(message: string): void {
    this.report({ type: 'status', message });
  }
}

/** A request as it was sent. */
interface Asked {
  readonly request: EngineRequest;
  readonly prompt: Prompt;
  readonly maxTokens: number;
}

function speed(output: ChatOutput): { firstTokenMs?: number; tokensPerSecond?: number } {
  const tokens = output.usage?.completionTokens;
  const ms = output.firstTokenMs === undefined ? undefined : output.totalMs - output.firstTokenMs;
  return {
    ...(output.firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(output.firstTokenMs) }),
    ...(tokens && ms && ms > 0 && output.streamed ? { tokensPerSecond: Math.round((tokens / ms) * 10_000) / 10 } : {}),
  };
}

/** A word of the model's for a warning, when it looks like a name. */
function shownName(name: string): string {
  return /^[\p{L}\p{N} ,'()+/_-]{1,60}$/u.test(name) ? name : 'a drug';
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
