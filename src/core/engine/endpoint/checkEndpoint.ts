import type { JsonSchema } from '../answer/answerSchema';
import { extractJson } from '../answer/extractJson';
import { isRecord } from '../answer/json';
import { separateReasoning } from '../answer/reasoning';
import { EngineError } from '../types';
import { ChatClient, OverflowFailure, type ChatQuestion } from './chatClient';
import type { ChatOutput } from './chatStream';
import { endpointSettings as settings, type EndpointConfig } from './config';
import { EndpointConnection } from './connection';
import { fetchModels, pickModel, type EndpointModel } from './models';
import { fullProfile } from './requestProfile';

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
  readonly structuredOutput: 'json_schema' | 'json_object' | 'none';
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
    const probe = await probeModel(new ChatClient(connection, config.log ?? (() => undefined)), chosen.id, problems, signal);
    return { reachable: latencyMs !== undefined || probe.answered, ...listed, model: chosen.id, ...probe.report, problems };
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
async function probeModel(client: ChatClient, model: string, problems: EndpointProblem[], signal: AbortSignal): Promise<{ answered: boolean; report: ProbeReport }> {
  const schema: JsonSchema = {
    type: 'object', additionalProperties: false, required: ['greeting', 'done'], properties: { greeting: { type: 'string', enum: ['hello', 'good day'] }, done: { type: 'boolean' } },
  };
  const base = { model, maxTokens: 1024, temperature: 0 };
  const greet = 'Greet the reader in one short sentence.';
  const questions: readonly { kind: 'json_schema' | 'json_object'; question: ChatQuestion }[] = [
    { kind: 'json_schema', question: { ...base, messages: [{ role: 'user', content: greet }], schema: () => schema } },
    { kind: 'json_object', question: { ...base, messages: [{ role: 'user', content: `${greet} Write it as a JSON object.` }], schema: () => ({}) } },
  ];
  const before = client.profile(model);
  let last: ChatOutput | undefined;
  let works: EndpointCheck['structuredOutput'] = 'none';
  for (const { kind, question } of questions) {
    client.remember(model, { ...fullProfile, format: kind });
    try {
      last = await client.ask(question, {}, () => undefined, signal);
    } catch (error) {
      throwIfCancelled(error);
      client.remember(model, before);
      problems.push(problemOf(error));
      return { answered: last !== undefined, report: { structuredOutput: 'none', streaming: last?.streamed ?? false } };
    }
    if (obeys(kind, last)) {
      works = kind;
      break;
    }
  }
  if (works === 'none') {
    client.remember(model, before);
    problems.push({ message: 'The server does not hold the model to a JSON format.', advice: 'Answers are checked and repaired once all the same; a server with response_format json_schema gives fewer failures.' });
  } else {
    client.remember(model, { ...client.profile(model), format: works === 'json_schema' ? 'json_schema_bounded' : works });
  }
  return { answered: true, report: reportOf(works, last) };
}

function obeys(kind: 'json_schema' | 'json_object', output: ChatOutput): boolean {
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

const owners: Readonly<Record<string, string>> = {
  vllm: 'vLLM', llamacpp: 'llama.cpp', sglang: 'SGLang', library: 'Ollama', organization_owner: 'LM Studio', openai: 'OpenAI or a gateway', system: 'OpenAI', 'openai-internal': 'OpenAI',
};

function kindOf(models: readonly EndpointModel[]): string | undefined {
  return models.map((model) => owners[model.ownedBy ?? '']).find((kind) => kind !== undefined);
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
