import type * as vscode from 'vscode';

/** One endpoint as the settings describe it. Times in seconds. */
export interface EndpointSettings {
  readonly name: string;
  readonly kind: 'openai' | 'vscode-lm';
  /** Empty for a language model of VS Code. */
  readonly baseUrl: string;
  /** Empty: the first that is there. For a language model of VS Code "vendor/id". */
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectTimeout: number;
  readonly firstTokenTimeout: number;
  readonly idleTimeout: number;
  readonly maxTokens: number;
  /** The model's context in tokens; what the server says when absent. */
  readonly contextTokens?: number;
  /** PEM file of a certificate or authority to trust. */
  readonly caFile: string;
  readonly allowSelfSigned: boolean;
}

/** Name of the endpoint that the settings `kedrec.endpoint.*` describe. */
export const defaultEndpoint = 'default';

/** The endpoint of `kedrec.endpoint.*` first, where it has an address, then those of `kedrec.endpoints` in their order. */
export function readEndpoints(config: vscode.WorkspaceConfiguration): { readonly all: readonly EndpointSettings[]; readonly active: EndpointSettings } {
  const base = endpointOf(defaultEndpoint, key => config.get<unknown>(`endpoint.${key}`));
  const named = Object.entries(recordOf(config.get<unknown>('endpoints'))).flatMap(([name, value]) => {
    const entry = recordOf(value);
    return name.trim() === '' || name === defaultEndpoint ? [] : [endpointOf(name, key => entry[key], base)];
  });
  const all = base.baseUrl === '' && named.length > 0 ? named : [base, ...named];
  const wanted = config.get<unknown>('endpoint.active');
  return { all, active: all.find(({ name }) => name === wanted) ?? all[0] ?? base };
}

/** Patience and certificates that a named endpoint does not set are those of `kedrec.endpoint.*`; address, model and headers never are. */
function endpointOf(name: string, read: (key: string) => unknown, fallback?: EndpointSettings): EndpointSettings {
  const text = (key: string): string => { const value = read(key); return typeof value === 'string' ? value.trim() : ''; };
  const number = (key: 'connectTimeout' | 'firstTokenTimeout' | 'idleTimeout' | 'maxTokens', min: number, max: number, standard: number) => {
    const value = read(key);
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback?.[key] ?? standard;
  };
  const context = read('contextTokens');
  const kind = text('kind') === 'vscode-lm' ? 'vscode-lm' : 'openai';
  return {
    name, kind, baseUrl: kind === 'openai' ? text('baseUrl') : '', model: text('model'),
    headers: Object.fromEntries(Object.entries(recordOf(read('headers'))).filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    connectTimeout: number('connectTimeout', 1, 3600, 20), firstTokenTimeout: number('firstTokenTimeout', 1, 3600, 300), idleTimeout: number('idleTimeout', 1, 3600, 60),
    maxTokens: Math.round(number('maxTokens', 200, 100_000, 3000)),
    ...(typeof context === 'number' && context >= 256 ? { contextTokens: Math.round(context) } : {}),
    caFile: text('caFile') || (fallback?.caFile ?? ''), allowSelfSigned: read('allowSelfSigned') === true,
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

/** "localhost:8000"; for people. */
export function hostOf({ kind, baseUrl }: EndpointSettings): string {
  if (kind === 'vscode-lm') { return 'VS Code'; }
  try { return new URL(baseUrl).host; } catch { return baseUrl === '' ? 'no address set' : 'not an address'; }
}

export function isAddress(text: string): boolean {
  try { return /^https?:$/.test(new URL(text.trim()).protocol); } catch { return false; }
}
