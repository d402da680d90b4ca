/** Tells whether this process stood still for a while: stopped in a terminal (Ctrl+Z), or the whole machine asleep. */
export class SleepWatch {
  private last = Date.now();
  private count = 0;
  private readonly timer: NodeJS.Timeout;

  /** `leastMs`: shorter stops are no sleep; a busy event loop makes them, too. */
  constructor(private readonly leastMs = 10_000) {
    this.timer = setInterval(() => this.look(), leastMs / 10);
    this.timer.unref();
  }

  /** How often it slept so far. */
  get naps(): number {
    this.look();
    return this.count;
  }

  close(): void { clearInterval(this.timer); }

  // Asked, too, not only ticked: after waking up a time-out may come before the tick.
  private look(): void {
    const now = Date.now();
    if (now - this.last > this.leastMs) { this.count++; }
    this.last = now;
  }
}
