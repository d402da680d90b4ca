import { isRecord } from '../answer/json';
import { EngineError } from '../types';
import { cancelled } from '../asking/chat';
import { endpointSettings as settings } from './config';
import type { EndpointConnection } from './connection';
import { HttpFailure, httpError, isHtml, notAnApi, seconds } from './errors';
import { isLoading, waitUntilLoaded } from './retry';

/** A model as `/v1/models` lists it. */
export interface EndpointModel {
  readonly id: string;
  readonly ownedBy?: string;
  /** Size of its context in tokens, where the server says it. */
  readonly contextTokens?: number;
}

const contextFields = ['max_model_len', 'loaded_context_length', 'context_length', 'context_window', 'max_context_length', 'max_input_tokens'];
const notForChat = /embed|rerank|whisper|tts|bge-|e5-|clip|moderation|dall-e/i;

/** Lists the server's models, trying each place where its API may be, and waiting while it loads one. Rejects with EngineError. */
export async function fetchModels(connection: EndpointConnection, signal: AbortSignal, status: (message: string) => void = () => undefined): Promise<readonly EndpointModel[]> {
  let waited = false;
  for (;;) {
    const failure = await tryFetch(connection, signal);
    if (!('status' in failure)) {
      return failure.models;
    }
    if (!waited && isLoading(failure) && await waitUntilLoaded(connection, connection.config.timeouts.firstTokenMs, status, signal)) {
      waited = true;
      continue;
    }
    // transformers serve does so where nothing was ever downloaded, and answers all the same.
    if (failure.status === 500) {
      throw new EngineError('server-error', `${connection.address.shown} could not list its models (status 500).`, `Name the model in ${settings.model}, and see the server's own log. A gateway may want a key: "${settings.setKeyCommand}".`);
    }
    if (failure.status !== 404 || !connection.tryNextBase()) {
      throw httpError(failure, connection.errorContext());
    }
  }
}

/** The model to use when none is set: the first that can chat. */
export function pickModel(models: readonly EndpointModel[]): EndpointModel | undefined {
  return models.find((model) => !notForChat.test(model.id)) ?? models[0];
}

async function tryFetch(connection: EndpointConnection, signal: AbortSignal): Promise<{ models: EndpointModel[] } | HttpFailure> {
  if (signal.aborted) {
    throw cancelled();
  }
  const { timeouts } = connection.config;
  const limit = Math.min(timeouts.firstTokenMs, timeouts.connectMs + timeouts.idleMs);
  const timeout = AbortSignal.timeout(limit);
  const exchange = connection.open();
  try {
    const response = await exchange.client.models.list({ signal: AbortSignal.any([signal, timeout]) }).asResponse();
    return { models: readModels(await response.text(), connection) };
  } catch (error) {
    if (signal.aborted) {
      throw cancelled();
    }
    if (timeout.aborted) {
      throw new EngineError('timeout', `${connection.address.shown} did not list its models within ${seconds(limit)}.`,
        `See whether the server is busy or still starting, or raise ${settings.connectTimeout}.`);
    }
    if (EngineError.is(error)) {
      throw error;
    }
    const failure = exchange.failure(error);
    if (failure instanceof HttpFailure) {
      return failure;
    }
    throw failure;
  }
}

function readModels(body: string, connection: EndpointConnection): EndpointModel[] {
  const context = connection.errorContext();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw notAnApi(context, isHtml(body, null) ? 'answered with a web page' : 'answered with something else');
  }
  const list = Array.isArray(parsed) ? parsed : isRecord(parsed) ? (parsed['data'] ?? parsed['models']) : undefined;
  if (!Array.isArray(list)) {
    throw notAnApi(context, 'answered with something else');
  }
  return list.flatMap((entry: unknown): EndpointModel[] => {
    const id = isRecord(entry) ? (entry['id'] ?? entry['name']) : undefined;
    if (!isRecord(entry) || typeof id !== 'string') {
      return [];
    }
    const meta = isRecord(entry['meta']) ? entry['meta'] : {};
    const contextTokens = [...contextFields.map((field) => entry[field]), meta['n_ctx']].find((value) => typeof value === 'number' && value > 0);
    return [{
      id,
      ...(typeof entry['owned_by'] === 'string' ? { ownedBy: entry['owned_by'] } : {}),
      ...(typeof contextTokens === 'number' ? { contextTokens } : {}),
    }];
  });
}
