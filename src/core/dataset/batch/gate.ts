/**
 * Lets questions through: none while a person has paused, none while the endpoint is given a rest, and after a rest one alone to see whether
 * it answers again.
 */
export class Gate {
  private paused = false;
  private probing = false;
  private stopped = false;
  private rest: NodeJS.Timeout | undefined;
  private waiters: (() => void)[] = [];
  /** Rests in a row without an answer. */
  rests = 0;

  constructor(private readonly firstMs: number, private readonly mostMs: number) {}

  get isPaused(): boolean { return this.paused; }
  get isResting(): boolean { return this.rest !== undefined; }

  /** Resolves when the next question may be asked; at once when all is stopped. */
  async pass(): Promise<void> {
    while (!this.stopped && (this.paused || this.rest || this.probing)) { await this.change(); }
    this.probing = this.rests > 0;
  }

  /** Resolves when nobody has paused. */
  async unpaused(): Promise<void> {
    while (!this.stopped && this.paused) { await this.change(); }
  }

  pause(): void { this.paused = true; }

  resume(): void {
    this.paused = false;
    this.wake();
  }

  /** The endpoint was busy or gone. Returns for how long it is left alone; undefined when a rest is running already, as what was under way then tells nothing new. */
  leaveAlone(): number | undefined {
    if (this.rest) { return undefined; }
    const ms = Math.min(this.mostMs, this.firstMs * 2 ** this.rests);
    this.rests++;
    this.probing = false;
    this.rest = setTimeout(() => {
      this.rest = undefined;
      this.wake();
    }, ms);
    return ms;
  }

  /** The endpoint answered. */
  answered(): void {
    if (this.rests === 0) { return; }
    clearTimeout(this.rest);
    [this.rest, this.rests, this.probing] = [undefined, 0, false];
    this.wake();
  }

  /** Lets everybody through, to find that all has ended. */
  stop(): void {
    clearTimeout(this.rest);
    [this.rest, this.stopped] = [undefined, true];
    this.wake();
  }

  private change(): Promise<void> { return new Promise(resolve => this.waiters.push(resolve)); }

  private wake(): void {
    const waiting = this.waiters;
    this.waiters = [];
    for (const resolve of waiting) { resolve(); }
  }
}
