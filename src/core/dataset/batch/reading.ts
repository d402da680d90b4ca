import type { FileRecord, RecordItem, RecordProblem } from '../recordTypes';
import type { Tally } from './tally';

const mostListed = 1000;

/** Reads the records of a batch one by one, and keeps what is wrong with the others. */
export class Reading {
  /** The first 1,000. */
  readonly problems: RecordProblem[] = [];
  problemCount = 0;
  private records = 0;
  private stopped = false;
  private readonly iterator: AsyncIterator<RecordItem>;
  private halt: () => void = () => undefined;

  constructor(items: AsyncIterable<RecordItem>, private readonly tally: Tally, private readonly onProblem: ((problem: RecordProblem) => void) | undefined) {
    this.iterator = items[Symbol.asyncIterator]();
  }

  /** The next record; undefined at the end of the file, or when stopped. Rejects with the reader's error. */
  async next(): Promise<FileRecord | undefined> {
    for (;;) {
      const item = await this.nextItem();
      if (this.stopped || !item) { return undefined; }
      if (item.done) {
        this.tally.total = this.records + this.tally.skipped;
        return undefined;
      }
      if (item.value.kind === 'record') {
        this.records++;
        return item.value.record;
      }
      this.note(item.value.problem);
    }
  }

  /** Ends a `next` that is under way, also when the reader hangs. */
  stop(): void {
    this.stopped = true;
    this.halt();
  }

  /** Lets the reader close its file. */
  close(): void { this.iterator.return?.().catch(() => undefined); }

  private nextItem(): Promise<IteratorResult<RecordItem> | undefined> {
    return new Promise((resolve, reject) => {
      this.halt = () => resolve(undefined);
      this.iterator.next().then(resolve, reject);
    });
  }

  private note(problem: RecordProblem): void {
    this.onProblem?.(problem);
    this.problemCount++;
    if (this.problems.length < mostListed) { this.problems.push(problem); }
    if (problem.severity === 'warning') { return; }
    this.tally.skipped++;
    this.tally.changed();
  }
}
