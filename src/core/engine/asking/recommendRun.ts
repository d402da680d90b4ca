import { readAnswer, readPartialAnswer, type ReadAnswer } from '../answer/readAnswer';
import { separateReasoning } from '../answer/reasoning';
import { endpointSettings as settings, type EndpointLogEvent } from '../endpoint/config';
import { contextTooLong } from '../endpoint/errors';
import type { Prompt, PromptMessage } from '../prompts/buildPrompt';
import { estimateTokens } from '../prompts/fitBackground';
import { EngineError, type Engine, type EngineAnswer, type EngineEvent, type EngineRequest } from '../types';
import { cancelled, OverflowFailure, type AskedModel, type ChatAsker, type ChatOutput } from './chat';
import { leftOutOf, prepare, questionOf, smaller, type Asked, type AskOptions } from './prepare';
import { answerText, repairMessages } from './repair';

/** What a run needs beside the request. */
export interface RunOptions extends AskOptions {
  readonly log?: (event: EndpointLogEvent) => void;
}

/** Parsing what has arrived more often than this shows nothing more. */
const partialIntervalMs = 50;

/** Asks only where there is something to ask, and nobody has cancelled. */
export function whenNeeded(ask: Engine['recommend']): Engine['recommend'] {
  return async (request, report, signal) => {
    if (signal.aborted) {
      throw cancelled();
    }
    return request.candidates.length === 0 ? { drafts: [], warnings: [] } : await ask(request, report, signal);
  };
}

/** One recommendation by a language model, from prompt to checked drafts. */
export class RecommendRun {
  private readonly warnings: string[] = [];
  private lastPartial = 0;

  constructor(
    private readonly asker: ChatAsker, private readonly model: AskedModel, private readonly options: RunOptions,
    private readonly report: (event: EngineEvent) => void, private readonly signal: AbortSignal,
  ) {}

  async answer(request: EngineRequest): Promise<EngineAnswer> {
    const fitted = await prepare(request, this.model, this.options);
    let asked = fitted;
    let output: ChatOutput;
    this.status(`Asking ${this.model.id}.`);
    try {
      output = await this.ask(asked, asked.prompt.messages);
      this.throwIfContextWasFull(asked, output);
    } catch (error) {
      if (!(error instanceof OverflowFailure)) {
        throw error;
      }
      asked = smaller(fitted, error, this.options);
      this.status('The prompt was too long for the model; asking again with less evidence.');
      output = await this.ask(asked, asked.prompt.messages).catch((again: unknown) => {
        throw again instanceof OverflowFailure ? contextTooLong(again.overflow.limit ?? error.overflow.limit) : again;
      });
    }
    const { ofCase, ofEvidence } = asked.prompt.keptOut;
    if (ofCase + ofEvidence > 0) {
      const where = [...(ofCase > 0 ? ['the case'] : []), ...(ofEvidence > 0 ? ['the evidence'] : [])].join(' and ');
      this.warnings.push(`${plural(ofCase + ofEvidence, 'sentence', 'sentences')} of ${where} that ${ofCase + ofEvidence === 1 ? 'speaks' : 'speak'} to the model ${ofCase + ofEvidence === 1 ? 'was' : 'were'} kept out of the prompt.`);
    }
    const leftOut = leftOutOf(request, asked, this.model);
    if (leftOut) {
      this.warnings.push(`${plural(leftOut.passages.length, 'passage was', 'passages were')} left out to fit the model's context.`);
    }
    this.checkPromptCount(output, asked.prompt);
    const { read, last } = await this.checked(asked, output);
    return {
      drafts: read.drafts,
      model: last.model ?? this.model.id,
      promptVersion: asked.prompt.promptVersion,
      promptSeed: asked.prompt.seed,
      usage: { ...last.usage, ...speed(last) },
      ...(leftOut ? { leftOut } : {}),
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
    this.options.log?.({ event: 'repair', errors: first.errors.length, strangers: first.strangers.length });
    this.status('The answer was malformed; asking the model to repair it.');
    this.asker.askMoreSimply(this.model.id, output.ranAway);
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
    const onText = (content: string): void => {
      const now = performance.now();
      if (now - this.lastPartial >= partialIntervalMs) {
        this.lastPartial = now;
        this.reportPartial(content, asked.request);
      }
    };
    const output = await this.asker.ask(questionOf(asked, this.model, this.options, messages), { onText }, (message) => this.status(message), this.signal);
    this.reportPartial(answerText(output), asked.request);
    return output;
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

  /** Some servers (vLLM) take a prompt that leaves the answer too little room, and end the answer where the context ends. */
  private throwIfContextWasFull(asked: Asked, output: ChatOutput): void {
    const { contextTokens } = this.model;
    const { promptTokens = 0, completionTokens = 0 } = output.usage ?? {};
    if (output.finish === 'length' && contextTokens && asked.request.background.passages.length > 0
      && completionTokens < asked.maxTokens - 1 && promptTokens + completionTokens >= contextTokens - 1) {
      throw new OverflowFailure({ limit: contextTokens, prompt: promptTokens });
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
