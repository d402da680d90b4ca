import type { PromptTemplate } from '../prompts/template';
import type { CapabilityMemory } from './capability';
import type { ProxySettings } from './proxy';

/** Separate limits for the three ways in which a server can keep one waiting. */
export interface EndpointTimeouts {
  /** Until a connection stands. */
  readonly connectMs: number;
  /** From the request to the first token; covers loading a cold model and reading a long prompt. */
  readonly firstTokenMs: number;
  /** Between two tokens. */
  readonly idleMs: number;
}

/** When a refused request is sent again; only ever before the first token. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly baseMs: number;
  /** A longer `Retry-After` is reported instead of waited for. */
  readonly maxWaitMs: number;
}

/** What the engine and the check tell while they work: ids, sizes and times, never a text of the case, an answer or a key. */
export interface EndpointLogEvent {
  readonly event: 'request' | 'first-token' | 'done' | 'retry' | 'adapt' | 'repair' | 'error' | 'models' | 'loading' | 'context';
  readonly requestId?: string;
  readonly [detail: string]: string | number | boolean | undefined;
}

/** Where and how to ask. */
export interface EndpointConfig {
  /** With or without `/v1`, trailing slash or path prefix. */
  readonly baseUrl: string;
  /** The first chat model that the server lists when empty. */
  readonly model?: string;
  readonly apiKey?: string;
  /** Sent with every request to this endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts: EndpointTimeouts;
  /** Tokens of an answer at most; by the number of candidates when absent. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Size of the model's context in tokens, where the server does not say it. */
  readonly contextTokens?: number;
  /** PEM certificates to trust beside the usual ones. */
  readonly ca?: string;
  /** Trust the system's certificates beside `ca`, where this Node can list them. */
  readonly systemCertificates?: boolean;
  /** Accepts a certificate that nobody vouches for. */
  readonly allowSelfSigned?: boolean;
  /** One certificate (PEM) that a person chose to trust for this host, whoever signed it. */
  readonly pinned?: string;
  /** The proxies to go through; none when absent: the environment is not read. */
  readonly proxy?: ProxySettings;
  /** Where what servers were found to take is kept; for the life of the process when absent. */
  readonly memory?: CapabilityMemory;
  readonly retry?: RetryPolicy;
  /** Seed of the candidates' order. */
  readonly seed?: number;
  readonly template?: PromptTemplate;
  /** Instead of the client's own transport, which alone can tell a slow connection from a slow answer. */
  readonly fetch?: typeof fetch;
  readonly log?: (event: EndpointLogEvent) => void;
  /** Gets the body of every question as it is sent. It holds the case: keep it in memory, show it to the user alone. */
  readonly sent?: (body: Readonly<Record<string, unknown>>) => void;
}

/** Patience for a cold local model. */
export const defaultTimeouts: EndpointTimeouts = { connectMs: 20_000, firstTokenMs: 300_000, idleMs: 60_000 };

export const defaultRetry: RetryPolicy = { maxRetries: 2, baseMs: 500, maxWaitMs: 30_000 };

/** Names of settings and commands as advice gives them. */
export const endpointSettings = {
  baseUrl: 'kedrec.endpoint.baseUrl',
  model: 'kedrec.endpoint.model',
  maxTokens: 'kedrec.endpoint.maxTokens',
  connectTimeout: 'kedrec.endpoint.connectTimeout',
  firstTokenTimeout: 'kedrec.endpoint.firstTokenTimeout',
  idleTimeout: 'kedrec.endpoint.idleTimeout',
  contextTokens: 'kedrec.endpoint.contextTokens',
  caFile: 'kedrec.endpoint.caFile',
  allowSelfSigned: 'kedrec.endpoint.allowSelfSigned',
  setKeyCommand: 'KEDRec: Set Endpoint API Key',
  checkCommand: 'KEDRec: Check Endpoint',
} as const;
