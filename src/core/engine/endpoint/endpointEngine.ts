import type { AskedModel } from '../asking/chat';
import { leftOutOf, prepare, questionOf } from '../asking/prepare';
import { RecommendRun, whenNeeded } from '../asking/recommendRun';
import type { PromptPreview } from '../prompts/preview';
import { EngineError, type Engine, type EngineRequest } from '../types';
import { ChatClient } from './chatClient';
import { endpointSettings as settings, type EndpointConfig } from './config';
import { EndpointConnection } from './connection';
import { fetchModels, pickModel, type EndpointModel } from './models';
import { requestBody } from './requestBody';
import { askContext, kindOf } from './serverFacts';

/** The endpoint engine; `dispose` closes the connections it kept. */
export interface EndpointEngine extends Engine {
  readonly id: 'endpoint';
  /** What would be sent for a request, as far as it is known without asking the server. Sends nothing. */
  preview(request: EngineRequest): Promise<PromptPreview>;
  dispose(): void;
}

/** Asks a KEDRec-LM behind an OpenAI-compatible API. Throws EngineError `not-configured` when the address is none. */
export function createEndpointEngine(config: EndpointConfig): EndpointEngine {
  const connection = new EndpointConnection(config);
  const client = new ChatClient(connection, config.log ?? (() => undefined));
  let model: AskedModel | undefined;
  return {
    id: 'endpoint',
    recommend: whenNeeded(async (request, report, signal) => {
      model ??= await chooseModel(connection, client, (message) => report({ type: 'status', message }), signal);
      try {
        return await new RecommendRun(client, model, config, report, signal).answer(request);
      } catch (error) {
        if (EngineError.is(error, 'not-found') || EngineError.is(error, 'context-too-long')) {
          // The server may serve another model by now: it is asked anew the next time.
          model = undefined;
        }
        throw error;
      }
    }),
    preview: async (request) => {
      const known = model ?? rememberedModel(config, client);
      const asked = await prepare(request, known, config);
      const leftOut = leftOutOf(request, asked, known);
      const body = requestBody(questionOf(asked, known, config), client.profile);
      return { prompt: asked.prompt, address: `${connection.address.bases[0] ?? connection.address.shown}/chat/completions`, body: { ...body }, ...(leftOut ? { leftOut } : {}) };
    },
    dispose: () => connection.dispose(),
  };
}

function rememberedModel({ model, contextTokens }: EndpointConfig, client: ChatClient): AskedModel {
  const { capability } = client;
  const limit = contextTokens ?? capability?.contextTokens;
  return { id: model || capability?.model || '(the first model that the server lists)', ...(limit ? { contextTokens: limit } : {}) };
}

/** Failures of the list do not matter to somebody who has named a model, unless no request could work either. */
async function chooseModel(connection: EndpointConnection, client: ChatClient, status: (message: string) => void, signal: AbortSignal): Promise<AskedModel> {
  const { model, contextTokens, log } = connection.config;
  let models: readonly EndpointModel[] = [];
  try {
    models = await fetchModels(connection, signal, status);
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
  const before = client.capability;
  const serverKind = kindOf(models) ?? before?.serverKind;
  // Asked once for each server: what is remembered goes only when a check or a failure says so.
  const found = chosen.contextTokens ?? (before?.model === chosen.id ? before.contextTokens : undefined) ?? (models.length > 0 && !contextTokens ? await askContext(connection, chosen.id, serverKind, signal) : undefined);
  client.remember({ model: chosen.id, ...(serverKind ? { serverKind } : {}), ...(found ? { contextTokens: found } : {}) });
  const limit = contextTokens ?? found;
  log?.({ event: 'context', model: chosen.id, contextTokens: limit, configured: contextTokens !== undefined });
  return { id: chosen.id, ...(limit ? { contextTokens: limit } : {}) };
}
