import type { AskFailure } from './failures';
import type { BatchEvent, BatchSink } from './types';

/** What became of one record, on its way to the sink. */
export interface Outcome {
  readonly event: BatchEvent;
  readonly line: number;
  /** Answered by the answer of an identical case. */
  readonly reused: boolean;
  /** The question that this was the first record of. */
  readonly question?: string;
  readonly failure?: AskFailure;
}

const mostAtOnce = 256;

/** Gives outcomes to a sink, one append at a time; what comes in while one runs is written together by the next. */
export class Writer {
  private queue: Outcome[] = [];
  private running: Promise<void> | undefined;
  private broken = false;

  constructor(private readonly sink: BatchSink, private readonly written: (outcome: Outcome, position: number | undefined) => void, private readonly failed: (error: unknown) => void) {}

  /** Outcomes that are not written yet. */
  get waiting(): number { return this.queue.length; }

  add(outcome: Outcome): void {
    if (this.broken) { return; }
    this.queue.push(outcome);
    this.running ??= this.writeAll();
  }

  /** Resolves when everything is written, or nothing can be. */
  async idle(): Promise<void> {
    while (this.running) { await this.running; }
  }

  private async writeAll(): Promise<void> {
    // Those that come in the same turn go together.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const group = this.queue.slice(0, mostAtOnce);
      let positions: readonly number[] | void;
      try { positions = await this.sink.append(group.map(({ event }) => event)); } catch (error) {
        this.broken = true;
        this.queue = [];
        this.failed(error);
        break;
      }
      this.queue.splice(0, group.length);
      group.forEach((outcome, i) => this.written(outcome, positions?.[i]));
    }
    // In the same turn as the last look at the queue: what comes in a moment later must start anew.
    this.running = undefined;
  }
}
