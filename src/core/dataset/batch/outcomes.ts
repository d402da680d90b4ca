import { randomUUID } from 'node:crypto';
import type { RecommendationResult } from '../../recommend/types';
import type { Anchor } from '../annotationTypes';
import type { Answers } from './answers';
import type { AskFailure } from './failures';
import type { Tally } from './tally';
import type { BatchFailure, BatchSink } from './types';
import { Writer, type Outcome } from './writer';

const mostListed = 1000;

/** A record on its way. */
export interface Place {
  readonly anchor: Anchor;
  /** On which it starts, from 1. */
  readonly line: number;
  /** Hash of what is asked about it. */
  readonly caseHash: string;
}

/** A question under way, with the records that wait for its answer. */
export interface Question {
  /** Of the case. */
  readonly hash: string;
  readonly first: Place;
  readonly others: Place[];
  outcome?: { readonly result: RecommendationResult } | { readonly failure: AskFailure };
}

/** Turns what became of records into events, and counts them once they are written. */
export class Outcomes {
  /** The first 1,000. */
  readonly failures: BatchFailure[] = [];
  private readonly writer: Writer;

  /** `settled` gets the hash of the question whose first record was written; `broken` why nothing more can be. */
  constructor(
    sink: BatchSink, private readonly tally: Tally, private readonly answers: Answers, private readonly onFailure: ((failure: BatchFailure) => void) | undefined,
    private readonly settled: (question: string | undefined) => void, private readonly broken: (error: unknown) => void,
  ) {
    this.writer = new Writer(sink, (outcome, position) => this.written(outcome, position), broken);
  }

  get unwritten(): number { return this.writer.waiting; }

  idle(): Promise<void> { return this.writer.idle(); }

  /** `question`: the hash of the case, for the record for which it was asked. */
  succeed({ anchor, line, caseHash }: Place, result: RecommendationResult, reused: boolean, question?: string): void {
    this.writer.add({ event: { event: 'annotated', id: randomUUID(), at: new Date().toISOString(), anchor, result, question: caseHash }, line, reused, question });
  }

  fail({ anchor, line }: Place, failure: AskFailure, question?: string): void {
    const { reason, message } = failure;
    this.writer.add({ event: { event: 'failed', id: randomUUID(), at: new Date().toISOString(), anchor, reason, message }, line, reused: false, question, failure });
  }

  /** A question came to its end: so did all records that waited for it. */
  settle(question: Question, outcome: NonNullable<Question['outcome']>): void {
    question.outcome = outcome;
    const { hash, first, others } = question;
    if ('result' in outcome) {
      this.succeed(first, outcome.result, false, hash);
      for (const place of others) { this.succeed(place, outcome.result, true); }
    } else {
      this.fail(first, outcome.failure, hash);
      for (const place of others) { this.fail(place, outcome.failure); }
    }
  }

  private written({ event, line, reused, question, failure }: Outcome, position: number | undefined): void {
    if (event.event === 'annotated') {
      this.tally.done++;
      if (reused) { this.tally.reused++; }
      try { if (question !== undefined) { this.answers.remember(question, event.result, position); } } catch (error) { this.broken(error); }
    } else {
      this.tally.failed++;
      const { id, index = 0 } = event.anchor.record ?? {};
      const told: BatchFailure = { line, index, ...(id === undefined ? {} : { id }), reason: event.reason, message: event.message };
      if (this.failures.length < mostListed) { this.failures.push(told); }
      this.onFailure?.(told);
      if (question !== undefined && failure) { this.answers.rememberFailure(question, failure); }
    }
    this.tally.settled();
    this.settled(question);
  }
}
