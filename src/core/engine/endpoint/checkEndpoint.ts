import type { JsonSchema } from '../answer/answerSchema';
import { OverflowFailure, type ChatOutput, type ChatQuestion } from '../asking/chat';
import { extractJson } from '../answer/extractJson';
import { isRecord } from '../answer/json';
import { separateReasoning } from '../answer/reasoning';
import { EngineError } from '../types';
import { ChatClient } from './chatClient';
import { endpointSettings as settings, type EndpointConfig } from './config';
import { EndpointConnection } from './connection';
import { fetchModels, pickModel, type EndpointModel } from './models';
import { fullProfile, type AnswerFormat } from './requestProfile';
import { askContext, kindOf } from './serverFacts';

/** What is wrong with an endpoint, and what to do about it. */
export interface EndpointProblem {
  readonly message: string;
  readonly advice: string;
}

/** What a server was found to be and to do. Times in milliseconds. */
export interface EndpointCheck {
  readonly reachable: boolean;
  readonly models: readonly EndpointModel[];
  /** The model that would be asked. */
  readonly model?: string;
  /** The model that the answer named. */
  readonly servedModel?: string;
  /** A guess: "vLLM", "llama.cpp", "Ollama" ... */
  readonly serverKind?: string;
  /** Time to list the models. */
  readonly latencyMs?: number;
  readonly firstTokenMs?: number;
  readonly tokensPerSecond?: number;
  /** The strictest way that was seen to work, not only to be accepted. */
  readonly structuredOutput: 'json_schema' | 'structured_outputs' | 'grammar' | 'json_object' | 'none';
  /** The model's whole context in tokens, where the server says it. */
  readonly contextTokens?: number;
  readonly streaming: boolean;
  readonly problems: readonly EndpointProblem[];
}

/** Lists the models of an endpoint. Rejects with EngineError. */
export async function listModels(config: EndpointConfig, signal: AbortSignal = new AbortController().signal): Promise<readonly EndpointModel[]> {
  const connection = new EndpointConnection(config);
  try {
    return await fetchModels(connection, signal);
  } finally {
    connection.dispose();
  }
}

/** Tries an endpoint with questions that hold no case. Rejects only when cancelled; everything else is a problem of the report. */
export async function checkEndpoint(config: EndpointConfig, signal: AbortSignal): Promise<EndpointCheck> {
  const problems: EndpointProblem[] = [];
  let connection: EndpointConnection;
  try {
    connection = new EndpointConnection(config);
  } catch (error) {
    return { reachable: false, models: [], structuredOutput: 'none', streaming: false, problems: [problemOf(error)] };
  }
  try {
    const { models, latencyMs } = await timedModels(connection, problems, signal);
    const chosen = config.model ? { id: config.model } : pickModel(models);
    const listed = { models, ...(latencyMs === undefined ? {} : { latencyMs }), ...(kindOf(models) ? { serverKind: kindOf(models) } : {}) };
    if (!chosen) {
      const reachable = latencyMs !== undefined;
      return { reachable, ...listed, structuredOutput: 'none', streaming: false, problems: reachable ? [...problems, noModel(connection)] : problems };
    }
    if (config.model && models.length > 0 && !models.some((model) => model.id === config.model)) {
      problems.push({ message: `The server does not list the model "${config.model}".`, advice: `It lists ${models.slice(0, 5).map((model) => model.id).join(', ')}. Set ${settings.model} to one of them.` });
    }
    const client = new ChatClient(connection, config.log ?? (() => undefined));
    const { serverKind } = listed;
    const contextTokens = config.contextTokens ?? models.find((model) => model.id === chosen.id)?.contextTokens
      ?? (latencyMs === undefined ? undefined : await askContext(connection, chosen.id, serverKind, signal));
    client.forget();
    client.remember({ model: chosen.id, ...(serverKind ? { serverKind } : {}), ...(contextTokens ? { contextTokens } : {}) });
    const probe = await probeModel(client, chosen.id, serverKind, problems, signal);
    const context = contextTokens ? { contextTokens } : {};
    return { reachable: latencyMs !== undefined || probe.answered, ...listed, ...context, model: chosen.id, ...probe.report, problems };
  } finally {
    connection.dispose();
  }
}

async function timedModels(connection: EndpointConnection, problems: EndpointProblem[], signal: AbortSignal): Promise<{ models: readonly EndpointModel[]; latencyMs?: number }> {
  const started = performance.now();
  try {
    const models = await fetchModels(connection, signal);
    return { models, latencyMs: Math.round(performance.now() - started) };
  } catch (error) {
    throwIfCancelled(error);
    problems.push(problemOf(error));
    return { models: [] };
  }
}

type ProbeReport = Pick<EndpointCheck, 'structuredOutput' | 'streaming' | 'firstTokenMs' | 'tokensPerSecond' | 'servedModel'>;

/** Asks in prose for what only a constrained decoder answers in JSON: a server that ignores the schema gives itself away. */
async function probeModel(client: ChatClient, model: string, serverKind: string | undefined, problems: EndpointProblem[], signal: AbortSignal): Promise<{ answered: boolean; report: ProbeReport }> {
  const schema: JsonSchema = {
    type: 'object', additionalProperties: false, required: ['greeting', 'done'], properties: { greeting: { type: 'string', enum: ['hello', 'good day'] }, done: { type: 'boolean' } },
  };
  const base = { model, maxTokens: 1024, temperature: 0 };
  const greet = 'Greet the reader in one short sentence.';
  const strict: ChatQuestion = { ...base, messages: [{ role: 'user', content: greet }], schema: () => schema };
  const questions: readonly { kind: ProbedFormat; question: ChatQuestion }[] = [
    { kind: 'json_schema', question: strict },
    ...(serverKind === 'vLLM' ? [{ kind: 'structured_outputs' as const, question: strict }] : []),
    ...(serverKind === 'llama.cpp' ? [{ kind: 'grammar' as const, question: strict }] : []),
    { kind: 'json_object', question: { ...base, messages: [{ role: 'user', content: `${greet} Write it as a JSON object.` }], schema: () => ({}) } },
  ];
  let last: ChatOutput | undefined;
  let works: EndpointCheck['structuredOutput'] = 'none';
  for (const { kind, question } of questions) {
    client.remember({ profile: { ...fullProfile, format: kind } });
    try {
      last = await client.ask(question, {}, () => undefined, signal);
    } catch (error) {
      client.forget();
      throwIfCancelled(error);
      problems.push(problemOf(error));
      return { answered: last !== undefined, report: { structuredOutput: 'none', streaming: last?.streamed ?? false } };
    }
    if (obeys(kind, last)) {
      works = kind;
      break;
    }
  }
  if (works === 'none') {
    client.remember({ structuredOutput: works });
    problems.push({ message: 'The server does not hold the model to a JSON format.', advice: 'Answers are checked and repaired once all the same; a server with response_format json_schema gives fewer failures.' });
  } else {
    client.remember({ profile: { ...client.profile, format: works === 'json_schema' ? 'json_schema_bounded' : works }, structuredOutput: works });
  }
  return { answered: true, report: reportOf(works, last) };
}

type ProbedFormat = Exclude<AnswerFormat, 'json_schema_bounded' | 'plain'>;

function obeys(kind: ProbedFormat, output: ChatOutput): boolean {
  const text = separateReasoning(output.content).answer.trim() || output.reasoning.trim();
  const found = text.startsWith('{') && text.endsWith('}') ? extractJson(text, isRecord) : undefined;
  if (!found?.complete || !isRecord(found.value)) {
    return false;
  }
  return kind === 'json_object' || (['hello', 'good day'].includes(String(found.value['greeting'])) && typeof found.value['done'] === 'boolean');
}

function reportOf(structuredOutput: EndpointCheck['structuredOutput'], output: ChatOutput | undefined): ProbeReport {
  const tokens = output?.usage?.completionTokens;
  const ms = output?.firstTokenMs === undefined ? 0 : output.totalMs - output.firstTokenMs;
  return {
    structuredOutput,
    streaming: output?.streamed ?? false,
    ...(output?.firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(output.firstTokenMs) }),
    ...(tokens && ms > 0 && output?.streamed ? { tokensPerSecond: Math.round((tokens / ms) * 10_000) / 10 } : {}),
    ...(output?.model ? { servedModel: output.model } : {}),
  };
}

function noModel(connection: EndpointConnection): EndpointProblem {
  return { message: `${connection.address.shown} lists no model.`, advice: `Load a model on the server, or name one in ${settings.model}.` };
}

function problemOf(error: unknown): EndpointProblem {
  if (EngineError.is(error)) {
    return { message: error.message, advice: error.advice };
  }
  if (error instanceof OverflowFailure) {
    return { message: 'The model\'s context is too small even for a greeting.', advice: 'Serve the model with a larger context.' };
  }
  return { message: 'The check failed for a reason of its own.', advice: 'Please report this; the log has the kind of error.' };
}

function throwIfCancelled(error: unknown): void {
  if (EngineError.is(error, 'cancelled')) {
    throw error;
  }
}
