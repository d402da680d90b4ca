import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import type { BackgroundCondition } from '../core/engine/types';

/** The user's settings, read when they are needed. Types follow `package.json`; a value of another type falls back to the default. */
export interface Settings {
  readonly engine: 'evidence' | 'endpoint';
  readonly condition: BackgroundCondition;
  readonly maxRecommendations: number;
  readonly passagesPerCandidate: number;
  readonly reviewer: string;
  readonly saveAnnotations: boolean;
  readonly endpoint: {
    readonly baseUrl: string;
    readonly model: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Seconds. */
    readonly connectTimeout: number;
    readonly firstTokenTimeout: number;
    readonly idleTimeout: number;
    readonly maxTokens: number;
  };
}

export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const config = vscode.workspace.getConfiguration('kedrec', scope);
  const oneOf = <T extends string>(key: string, allowed: readonly T[]): T => {
    const value = config.get<string>(key);
    return allowed.find(candidate => candidate === value) ?? allowed[0]!;
  };
  const number = (key: string, min: number, max: number, fallback: number) => {
    const value = config.get<unknown>(key);
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
  };
  const text = (key: string) => { const value = config.get<unknown>(key); return typeof value === 'string' ? value.trim() : ''; };
  return {
    engine: oneOf('engine', ['evidence', 'endpoint']),
    condition: oneOf('condition', ['both', 'trials', 'literature', 'none']),
    maxRecommendations: Math.round(number('maxRecommendations', 1, 30, 8)),
    passagesPerCandidate: Math.round(number('passagesPerCandidate', 1, 10, 3)),
    reviewer: text('reviewer') || accountName(),
    saveAnnotations: config.get<unknown>('saveAnnotations') !== false,
    endpoint: {
      baseUrl: text('endpoint.baseUrl'),
      model: text('endpoint.model'),
      headers: headersOf(config.get<unknown>('endpoint.headers')),
      connectTimeout: number('endpoint.connectTimeout', 1, 3600, 20),
      firstTokenTimeout: number('endpoint.firstTokenTimeout', 1, 3600, 300),
      idleTimeout: number('endpoint.idleTimeout', 1, 3600, 60),
      maxTokens: Math.round(number('endpoint.maxTokens', 200, 100_000, 3000)),
    },
  };
}

function headersOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) { return {}; }
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function accountName(): string {
  try { return userInfo().username; } catch { return 'reviewer'; }
}
