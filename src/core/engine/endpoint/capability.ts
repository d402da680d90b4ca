import { fullProfile, type RequestProfile } from './requestProfile';

/** What one server was found to be and to take, for one model. Kept, so that it is found once. */
export interface EndpointCapability {
  readonly profile: RequestProfile;
  /** The model that is asked; differs from the one configured where none is. */
  readonly model?: string;
  /** The model that answers name. */
  readonly servedModel?: string;
  /** "vLLM", "llama.cpp" ... */
  readonly serverKind?: string;
  /** The model's whole context. */
  readonly contextTokens?: number;
  /** The strictest way of structured output that a check saw work. */
  readonly structuredOutput?: string;
}

/** Keeps capabilities by address and model. */
export interface CapabilityMemory {
  get(key: string): EndpointCapability | undefined;
  /** With undefined the server is to be found out anew. */
  set(key: string, capability: EndpointCapability | undefined): void;
}

/** Key of a memory: the shown address and the configured model, which may be empty. Holds no secret. */
export function capabilityKey(shownAddress: string, model: string | undefined): string {
  return `${shownAddress} ${model ?? ''}`.trim();
}

const entries = new Map<string, EndpointCapability>();

/** For the life of this process. */
export const processMemory: CapabilityMemory = {
  get: (key) => entries.get(key),
  set: (key, capability) => {
    if (capability) {
      entries.set(key, capability);
    } else {
      entries.delete(key);
    }
  },
};

/** Reads a capability that was kept by an earlier version, or by hand; undefined for anything that is none. */
export function readCapability(value: unknown): EndpointCapability | undefined {
  if (typeof value !== 'object' || value === null || !('profile' in value)) {
    return undefined;
  }
  const { profile } = value as { profile: unknown };
  const formats: readonly unknown[] = ['json_schema_bounded', 'json_schema', 'structured_outputs', 'grammar', 'json_object', 'plain'];
  return typeof profile === 'object' && profile !== null && formats.includes((profile as { format?: unknown }).format)
    ? { ...(value as EndpointCapability), profile: { ...fullProfile, ...profile } } : undefined;
}
