import type { EvidenceIndexProblem } from './errors';
import type { IndexSource, StoreOptions } from './store';
import type { EvidenceQuery } from './types';

/** What the worker is started with. */
export interface WorkerSetup {
  readonly sources: readonly IndexSource[];
  readonly options: StoreOptions;
}

/** What a store can be asked; `cancel` stops the request with that id. */
export type WorkerCall =
  | { readonly kind: 'info' }
  | { readonly kind: 'search'; readonly query: EvidenceQuery }
  | { readonly kind: 'document'; readonly documentId: string };

export type WorkerRequest = { readonly id: number; readonly call: WorkerCall } | { readonly cancel: number };

/** An error, flattened for the way between threads. */
export interface WorkerFailure {
  readonly message: string;
  /** Present for an EvidenceIndexError. */
  readonly index?: { readonly reason: EvidenceIndexProblem; readonly file: string };
}

export type WorkerReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: WorkerFailure };
