import type { RecommendationResult } from '../../recommend/types';
import type { AnnotatedEvent, FailedEvent } from '../annotationTypes';
import type { DatasetRecord, RecordItem, RecordProblem } from '../recordTypes';

/** What a batch writes. */
export type BatchEvent = AnnotatedEvent | FailedEvent;

/** Where a batch writes: append-only events of the sidecar format. An append that resolved survives a crash. Never called while an append is running. */
export interface BatchSink {
  /** Resolves to where each event begins (bytes), where `read` can bring it back. Rejects when nothing more can be written. */
  append(events: readonly BatchEvent[]): Promise<readonly number[] | void>;
  /** The event that `append` or an earlier run left at this position; undefined when another one or none stands there. */
  read?(position: number): Promise<BatchEvent | undefined>;
}

/** What an earlier run left behind: which cases need not be asked again. Keys are `anchor.sha256` of the record's text. */
export interface BatchMemory {
  isDone(sha256: string, occurrence: number): boolean;
  hasFailed(sha256: string, occurrence: number): boolean;
  /** Where the sink can read the annotation of this text. */
  position?(sha256: string): number | undefined;
  /** Gives back what it is kept in, when the batch has ended; nothing is known then. */
  close?(): void;
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
  /** A stop of this process (Ctrl+Z, a machine asleep) of at least this long excuses failures meanwhile: 10 s when absent. */
  readonly sleepMs?: number;
  /** How long the endpoint is given a rest when it is busy or gone: this long at first, doubled each time up to the most. 1 s and 60 s when absent. */
  readonly rest?: { readonly firstMs: number; readonly mostMs: number };
  /** Number of records and broken records in the file, once somebody has counted them. */
  readonly total?: Promise<number | undefined>;
  /** Whether an earlier run's answer may stand for an identical case of this run; every one may when absent. */
  readonly reusable?: (result: RecommendationResult) => boolean;
  /** Every broken record, also beyond those that the summary lists. */
  readonly onProblem?: (problem: RecordProblem) => void;
  /** Every record that failed in this run, after its event was written. */
  readonly onFailure?: (failure: BatchFailure) => void;
}

/** One question of a batch. Rejects with EngineError. */
export type AskCase = (record: DatasetRecord, signal: AbortSignal) => Promise<RecommendationResult>;

/** A record that was asked about in vain. */
export interface BatchFailure {
  readonly line: number;
  readonly index: number;
  readonly id?: string;
  /** `EngineError.reason`, or `case-too-long`, `internal`. */
  readonly reason: string;
  readonly message: string;
}

export interface BatchProgress {
  readonly done: number;
  /** Of `done`: answered by the answer of an identical case. */
  readonly reused: number;
  readonly failed: number;
  /** Of `failed`: failed in an earlier run and not asked again. */
  readonly failedBefore?: number;
  /** Done by an earlier run. */
  readonly earlier: number;
  /** Broken records. */
  readonly skipped: number;
  /** Records and broken records of the file. Absent until the whole file was counted. */
  readonly total?: number;
  /** Records a second over the last minute. */
  readonly rate: number;
  readonly remainingMs?: number;
  readonly tokens: { readonly prompt: number; readonly completion: number };
  readonly state: 'running' | 'paused' | 'stopping' | 'finished';
  /** Why it waits for the endpoint, for people. */
  readonly waiting?: string;
}

export interface BatchSummary extends BatchProgress {
  readonly cancelled: boolean;
  /** Why it ended early, for people. */
  readonly stopped?: string;
  readonly problems: readonly RecordProblem[];
  /** How many problems there were; `problems` holds the first 1,000. */
  readonly problemCount: number;
  /** The first 1,000 of those that failed in this run. */
  readonly failures?: readonly BatchFailure[];
}

export interface BatchRun {
  pause(): void;
  resume(): void;
  /** What is being asked is cancelled and asked again at the next run; what was answered is written. */
  cancel(): void;
  readonly progress: BatchProgress;
  /** Never rejects. */
  readonly finished: Promise<BatchSummary>;
}

/** `runBatch` of `runBatch.ts` follows this. */
export type RunBatch = (records: AsyncIterable<RecordItem>, ask: AskCase, sink: BatchSink, memory: BatchMemory, options: BatchOptions, report: (progress: BatchProgress) => void) => BatchRun;
