import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import type { BackgroundCondition } from '../core/engine/types';
import { readEndpoints, type EndpointSettings } from './endpoint/endpointSettings';

/** The user's settings, read when they are needed. Types follow `package.json`; a value of another type falls back to the default. */
export interface Settings {
  readonly engine: 'evidence' | 'endpoint';
  readonly condition: BackgroundCondition;
  readonly maxRecommendations: number;
  readonly passagesPerCandidate: number;
  readonly reviewer: string;
  readonly saveAnnotations: boolean;
  /** Where annotations are kept: beside the file only, or in its records, too. */
  readonly storage: 'sidecar' | 'file';
  readonly fieldPrefix: string;
  /** Cases of a batch that are asked at the same time. */
  readonly batchConcurrency: number;
  /** A case whose best confidence is under this counts as low, 0 to 1. */
  readonly lowConfidence: number;
  /** The endpoint in use. */
  readonly endpoint: EndpointSettings;
  /** All of them, that one included. */
  readonly endpoints: readonly EndpointSettings[];
  /** A version of the prompt that comes with KEDRec, or the path of the user's own; empty: the newest that comes with it. */
  readonly promptTemplate: string;
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
  const endpoints = readEndpoints(config);
  return {
    engine: oneOf('engine', ['evidence', 'endpoint']),
    condition: oneOf('condition', ['both', 'trials', 'literature', 'none']),
    maxRecommendations: Math.round(number('maxRecommendations', 1, 30, 8)),
    passagesPerCandidate: Math.round(number('passagesPerCandidate', 1, 10, 3)),
    reviewer: text('reviewer') || accountName(),
    saveAnnotations: config.get<unknown>('saveAnnotations') !== false,
    storage: oneOf('annotations.storage', ['sidecar', 'file']),
    fieldPrefix: text('annotations.fieldPrefix') || 'kedrec_',
    batchConcurrency: Math.round(number('batch.concurrency', 1, 64, 4)),
    lowConfidence: number('review.lowConfidence', 0, 1, 0.4),
    endpoint: endpoints.active,
    endpoints: endpoints.all,
    promptTemplate: text('prompt.template'),
  };
}

function accountName(): string {
  try { return userInfo().username; } catch { return 'reviewer'; }
}
