import { systemClock } from './clock';
import type { Clock } from './clock';

/** Spaces requests evenly: never more than `perSecond` in any second, whoever asks. */
export class RateLimiter {
  private free = 0;

  constructor(private perSecond: number, private readonly clock: Clock = systemClock) {}

  /** Resolves when it is this caller's turn; rejects with the signal's reason. */
  async turn(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const now = this.clock.now();
    const at = Math.max(now, this.free);
    this.free = at + this.interval();
    if (at > now) await this.clock.sleep(at - now, signal);
  }

  /** Nobody gets a turn for `ms` from now: the service asked for it. */
  hold(ms: number): void {
    this.free = Math.max(this.free, this.clock.now() + ms);
  }

  setRate(perSecond: number): void {
    this.perSecond = perSecond;
  }

  // A little slower than allowed: clocks and networks are not exact.
  private interval(): number {
    return 1000 / this.perSecond + 10;
  }
}

const limiters = new Map<string, RateLimiter>();

/** The limiter of a host: one in this process, whatever asks. */
export function limiterOf(host: string, perSecond: number): RateLimiter {
  const known = limiters.get(host);
  if (known !== undefined) {
    known.setRate(perSecond);
    return known;
  }
  const made = new RateLimiter(perSecond);
  limiters.set(host, made);
  return made;
}
