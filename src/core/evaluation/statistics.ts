/** A share of a number of cases with its 95 % confidence interval. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** `count / of`; null when `of` is 0. */
  readonly value: number | null;
  /** Wilson score interval; null when `of` is 0. */
  readonly interval95: readonly [low: number, high: number] | null;
}

const z95 = 1.959963984540054;

/** A share with its Wilson score interval (Wilson 1927), which stays within 0 and 1 and holds for few cases too. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) { return { count, of, value: null, interval95: null }; }
  const share = count / of;
  const squared = z95 * z95;
  const middle = (share + squared / (2 * of)) / (1 + squared / of);
  const half = (z95 / (1 + squared / of)) * Math.sqrt((share * (1 - share)) / of + squared / (4 * of * of));
  // At the ends the bound is exactly 0 or 1; rounding would leave a trace.
  return { count, of, value: share, interval95: [count === 0 ? 0 : middle - half, count === of ? 1 : middle + half] };
}

/** Smallest value that at least the given share of the values does not exceed (nearest rank); 0 for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
