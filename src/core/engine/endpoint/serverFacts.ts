import { isRecord, parseJson } from '../answer/json';
import { cancelled } from '../asking/chat';
import type { EndpointConnection } from './connection';
import type { EndpointModel } from './models';

const owners: Readonly<Record<string, string>> = {
  vllm: 'vLLM', llamacpp: 'llama.cpp', sglang: 'SGLang', library: 'Ollama', organization_owner: 'LM Studio', openai: 'OpenAI or a gateway', system: 'OpenAI', 'openai-internal': 'OpenAI',
};

/** A guess at what a server is, by how it lists its models: "vLLM", "llama.cpp", "Ollama" ... */
export function kindOf(models: readonly EndpointModel[]): string | undefined {
  return models.map((model) => owners[model.ownedBy ?? '']).find((kind) => kind !== undefined);
}

type Reader = (page: Record<string, unknown>, model: string) => unknown;

const inList = (list: unknown, model: string, field: string): unknown => {
  const found = Array.isArray(list) ? list.find((entry) => isRecord(entry) && [entry['name'], entry['model'], entry['id']].includes(model)) : undefined;
  return isRecord(found) ? found[field] : undefined;
};

/** Pages beside the API that tell the context that is really served, by kind of server. */
const pages: readonly { readonly kind: string | undefined; readonly path: string; readonly read: Reader }[] = [
  { kind: 'llama.cpp', path: '/props', read: (page) => (isRecord(page['default_generation_settings']) ? page['default_generation_settings']['n_ctx'] : undefined) },
  // What is loaded now, with the num_ctx in effect; not what the model could do.
  { kind: 'Ollama', path: '/api/ps', read: (page, model) => inList(page['models'], model, 'context_length') },
  { kind: 'LM Studio', path: '/api/v0/models', read: (page, model) => inList(page['data'], model, 'loaded_context_length') },
  { kind: undefined, path: '/info', read: (page) => page['max_total_tokens'] },
];

const patienceMs = 3000;

/** The context in tokens that a server says it has, where its list of models does not; undefined when it does not say. Rejects only when cancelled. */
export async function askContext(connection: EndpointConnection, model: string, kind: string | undefined, signal: AbortSignal): Promise<number | undefined> {
  for (const { path, read } of pages.filter((page) => page.kind === kind || (kind === undefined && page.path === '/props'))) {
    try {
      const page = parseJson(await connection.look(path, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])));
      const found = isRecord(page) ? read(page, model) : undefined;
      if (typeof found === 'number' && found > 0) {
        return found;
      }
    } catch {
      if (signal.aborted) {
        throw cancelled();
      }
    }
  }
  return undefined;
}
