import type { RecommendationResult } from '../../recommend/types';
import type { AskFailure } from './failures';
import { HashTable } from '../table/hashTable';
import type { BatchSink } from './types';

/** Answers kept in memory where a sink cannot read back what it wrote. */
const mostKept = 2000;
const mostFailures = 20_000;

/** Finds the answer that an identical case got, by where the sink wrote it: kept is a hash and a position for each case. */
export class Answers {
  private readonly positions = new HashTable();
  private readonly earlier = new HashTable();
  private readonly kept = new Map<string, RecommendationResult>();
  private readonly failures = new Map<string, AskFailure>();

  /** `reusable`: whether an answer of an earlier run may stand for an identical case of this one. */
  constructor(private readonly sink: BatchSink, private readonly reusable: (result: RecommendationResult) => boolean = () => true) {}

  /** An answer was written, at this position where the sink knows it. */
  remember(caseHash: string, result: RecommendationResult, position: number | undefined): void {
    if (this.sink.read && position !== undefined) { this.positions.set(caseHash, position); return; }
    this.kept.set(caseHash, result);
    dropOldest(this.kept, mostKept);
  }

  /** An earlier run wrote the answer there. */
  rememberEarlier(caseHash: string, position: number | undefined): void {
    if (position !== undefined && this.earlier.get(caseHash) === undefined) { this.earlier.set(caseHash, position); }
  }

  rememberFailure(caseHash: string, failure: AskFailure): void {
    this.failures.set(caseHash, failure);
    dropOldest(this.failures, mostFailures);
  }

  failure(caseHash: string): AskFailure | undefined { return this.failures.get(caseHash); }

  async recall(caseHash: string): Promise<RecommendationResult | undefined> {
    const now = this.kept.get(caseHash) ?? await this.answerAt(this.positions.get(caseHash), caseHash);
    if (now) { return now; }
    const before = await this.answerAt(this.earlier.get(caseHash), caseHash);
    return before && this.reusable(before) ? before : undefined;
  }

  close(): void {
    this.positions.close();
    this.earlier.close();
  }

  /** Only an answer to the very same question: other fields may have been mapped then, and others may have written in between. */
  private async answerAt(position: number | undefined, caseHash: string): Promise<RecommendationResult | undefined> {
    const event = position === undefined ? undefined : await this.sink.read?.(position);
    return event?.event === 'annotated' && event.question === caseHash ? event.result : undefined;
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) { return; }
    map.delete(key);
  }
}
