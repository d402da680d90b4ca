import type { RecommendationResult } from '../../recommend/types';
import type { AnnotatedEvent, FailedEvent } from '../annotationTypes';
import type { DatasetRecord, RecordItem, RecordProblem } from '../recordTypes';

/** Where a batch writes: append-only events of the sidecar format. An append that resolved survives a crash. */
export interface BatchSink {
  append(events: readonly (AnnotatedEvent | FailedEvent)[]): Promise<void>;
}

/** What an earlier run left behind: which cases need not be asked again. Keys are `anchor.sha256` of the record's text. */
export interface BatchMemory {
  isDone(sha256: string, occurrence: number): boolean;
  hasFailed(sha256: string, occurrence: number): boolean;
}

export interface BatchOptions {
  /** Cases asked at the same time, 1 to 256. */
  readonly concurrency: number;
  /** Records to annotate at most in this run. */
  readonly limit?: number;
  /** Ask again for those that failed in an earlier run; else they stay failed. */
  readonly retryFailed?: boolean;
  /** Stop the run when this many cases in a row failed for the same reason that no case can mend (unreachable, unauthorized ...). */
  readonly giveUpAfter?: number;
}

/** One question of a batch. Rejects with EngineError. */
export type AskCase = (record: DatasetRecord, signal: AbortSignal) => Promise<RecommendationResult>;

export interface BatchProgress {
  readonly done: number;
  /** Of `done`: answered by the answer of an identical case. */
  readonly reused: number;
  readonly failed: number;
  /** Done by an earlier run. */
  readonly earlier: number;
  /** Broken records. */
  readonly skipped: number;
  /** Absent until the whole file was counted. */
  readonly total?: number;
  /** Records a second over the last minute. */
  readonly rate: number;
  readonly remainingMs?: number;
  readonly tokens: { readonly prompt: number; readonly completion: number };
  readonly state: 'running' | 'paused' | 'stopping' | 'finished';
}

export interface BatchSummary extends BatchProgress {
  readonly cancelled: boolean;
  /** Why it ended early, for people. */
  readonly stopped?: string;
  readonly problems: readonly RecordProblem[];
  /** How many problems there were; `problems` holds the first 1,000. */
  readonly problemCount: number;
}

export interface BatchRun {
  pause(): void;
  resume(): void;
  /** What is being asked is cancelled and asked again at the next run; what was answered is written. */
  cancel(): void;
  readonly progress: BatchProgress;
  readonly finished: Promise<BatchSummary>;
}

/** `runBatch` of `runBatch.ts` follows this. */
export type RunBatch = (records: AsyncIterable<RecordItem>, ask: AskCase, sink: BatchSink, memory: BatchMemory, options: BatchOptions, report: (progress: BatchProgress) => void) => BatchRun;
