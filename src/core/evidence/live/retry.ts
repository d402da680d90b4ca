const FIRST_WAIT = 1000;
const LONGEST_WAIT = 20_000;

/** Milliseconds that a `Retry-After` header asks for (seconds or a date); undefined when there is none that can be read. */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Milliseconds before the next attempt: doubling, with half of it left to chance so that clients do not come back together. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
  return whole / 2 + random() * whole / 2;
}

/** Statuses after which the same request may succeed. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500 && status !== 501 && status !== 505;
}
