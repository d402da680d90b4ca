import type { RecommendationResult } from '../../recommend/types';
import type { BatchProgress } from './types';

const reportEveryMs = 100;
const seconds = 60;

/** Counts what becomes of records, and tells it at most ten times a second. */
export class Tally {
  done = 0;
  reused = 0;
  failed = 0;
  failedBefore = 0;
  earlier = 0;
  skipped = 0;
  total: number | undefined;
  state: BatchProgress['state'] = 'running';
  waiting: string | undefined;
  private prompt = 0;
  private completion = 0;
  /** Records settled in each of the last 60 seconds. */
  private readonly buckets = new Uint32Array(seconds);
  private second = 0;
  private readonly started = performance.now();
  private lastReport = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limit: number | undefined, private readonly report: (progress: BatchProgress) => void) {}

  get progress(): BatchProgress {
    const { done, reused, failed, failedBefore, earlier, skipped, total, state, waiting } = this;
    const rate = this.rate();
    const unread = total === undefined ? undefined : Math.max(0, total - done - failed - earlier - skipped);
    const left = unread === undefined ? undefined : Math.min(unread, this.limit === undefined ? Infinity : Math.max(0, this.limit - done - failed + failedBefore));
    return {
      done, reused, failed, failedBefore, earlier, skipped, ...(total === undefined ? {} : { total }), rate, ...(left !== undefined && rate > 0 ? { remainingMs: Math.round(1000 * left / rate) } : {}),
      tokens: { prompt: this.prompt, completion: this.completion }, state, ...(waiting ? { waiting } : {}),
    };
  }

  /** A record of this run came to its end. */
  settled(): void {
    this.turn();
    this.buckets[this.second % seconds]!++;
    this.changed();
  }

  spent({ provenance: { usage } }: RecommendationResult): void {
    this.prompt += usage?.promptTokens ?? 0;
    this.completion += usage?.completionTokens ?? 0;
  }

  /** Tells now, or soon when it told just before. */
  changed(): void {
    const wait = this.lastReport + reportEveryMs - performance.now();
    if (wait <= 0) { this.tell(); } else { this.timer ??= setTimeout(() => this.tell(), wait); }
  }

  tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastReport = performance.now();
    this.report(this.progress);
  }

  private rate(): number {
    this.turn();
    const elapsed = Math.min(seconds, (performance.now() - this.started) / 1000);
    return elapsed > 0 ? this.buckets.reduce((sum, count) => sum + count, 0) / elapsed : 0;
  }

  /** Empties the buckets of the seconds that have passed since the last call. */
  private turn(): void {
    const now = Math.floor((performance.now() - this.started) / 1000);
    for (let second = Math.max(this.second + 1, now - seconds + 1); second <= now; second++) { this.buckets[second % seconds] = 0; }
    this.second = now;
  }
}
