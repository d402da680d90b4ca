/** A figure with its large-sample 95 % interval. */
export interface Estimate {
  readonly value: number;
  /** Absent where the sample says nothing about the spread (one unit, or every unit the same). */
  readonly interval95?: readonly [low: number, high: number];
  readonly standardError?: number;
}

export interface Agreement {
  /** Units that at least two raters judged. */
  readonly units: number;
  /** Share of agreeing pairs of raters, averaged over the units; absent without a unit. */
  readonly raw?: Estimate;
  /** Absent without a unit, or where chance alone would give full agreement (all ratings fall into one category). */
  readonly kappa?: Estimate;
}

const z95 = 1.959963984540054;

/**
 * Cohen's kappa of two raters (Cohen 1960, Educ Psychol Meas 20:37-46), with the standard error of Fleiss, Cohen and Everitt (1969, Psychol Bull
 * 72:323-327) and the Wilson score interval (1927) for the raw agreement. Pairs are category numbers from 0.
 */
export function cohenKappa(pairs: readonly (readonly [number, number])[], categories: number): Agreement {
  const n = pairs.length;
  if (n === 0) { return { units: 0 }; }
  const cell = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  for (const [a, b] of pairs) { cell[a]![b]! += 1 / n; }
  const rows = cell.map(row => sum(row));
  const columns = cell.map((_, k) => sum(cell.map(row => row[k]!)));
  const agreeing = pairs.filter(([a, b]) => a === b).length;
  const observed = agreeing / n;
  const expected = sum(rows.map((share, k) => share * columns[k]!));
  const raw: Estimate = { value: observed, interval95: wilson(agreeing, n) };
  if (1 - expected < 1e-12) { return { units: n, raw }; }
  const kappa = (observed - expected) / (1 - expected);
  const onDiagonal = sum(cell.map((row, k) => row[k]! * (1 - (rows[k]! + columns[k]!) * (1 - kappa)) ** 2));
  const offDiagonal = (1 - kappa) ** 2 * sum(cell.flatMap((row, i) => row.map((share, j) => (i === j ? 0 : share * (columns[i]! + rows[j]!) ** 2))));
  const variance = (onDiagonal + offDiagonal - (kappa - expected * (1 - kappa)) ** 2) / ((1 - expected) ** 2 * n);
  return { units: n, raw, kappa: withInterval(kappa, Math.sqrt(Math.max(0, variance)), -1) };
}

/**
 * Fleiss' kappa (1971, Psychol Bull 76:378-382) in its generalisation to units with unequal numbers of raters, and its large-sample standard error
 * (Gwet 2021, Educ Psychol Meas 81:781-790): units with one rating say how often a category is used, those with two or more how often raters agree.
 * With equal numbers it is Fleiss' own. `counts` holds, for each unit, how many raters chose each category.
 */
export function fleissKappa(counts: readonly (readonly number[])[]): Agreement {
  const rated = counts.filter(unit => sum(unit) > 0);
  const shared = rated.filter(unit => sum(unit) > 1);
  if (shared.length === 0) { return { units: 0 }; }
  const n = rated.length;
  const shares = rated[0]!.map((_, k) => sum(rated.map(unit => unit[k]! / sum(unit))) / n);
  const expected = sum(shares.map(share => share * share));
  const unitAgreement = (unit: readonly number[]) => { const raters = sum(unit); return sum(unit.map(count => count * (count - 1))) / (raters * (raters - 1)); };
  const agreements = shared.map(unitAgreement);
  const observed = sum(agreements) / shared.length;
  const raw = spread(observed, agreements, 0);
  if (1 - expected < 1e-12) { return { units: shared.length, raw }; }
  const kappa = (observed - expected) / (1 - expected);
  const influence = rated.map(unit => {
    const own = sum(unit) > 1 ? (n / shared.length) * (unitAgreement(unit) - expected) / (1 - expected) : 0;
    const chance = sum(unit.map((count, k) => shares[k]! * count / sum(unit)));
    return own - 2 * (1 - kappa) * (chance - expected) / (1 - expected);
  });
  if (n < 2) { return { units: shared.length, raw, kappa: { value: kappa } }; }
  const variance = sum(influence.map(value => (value - kappa) ** 2)) / (n * (n - 1));
  return { units: shared.length, raw, kappa: withInterval(kappa, Math.sqrt(variance), -1) };
}

/** Wilson score interval of a share (Wilson 1927). */
function wilson(count: number, of: number): readonly [number, number] {
  const squared = z95 * z95;
  const share = count / of;
  const middle = (share + squared / (2 * of)) / (1 + squared / of);
  const half = (z95 / (1 + squared / of)) * Math.sqrt((share * (1 - share)) / of + squared / (4 * of * of));
  return [count === 0 ? 0 : middle - half, count === of ? 1 : middle + half];
}

function spread(mean: number, values: readonly number[], lowest: number): Estimate {
  if (values.length < 2) { return { value: mean }; }
  return withInterval(mean, Math.sqrt(sum(values.map(value => (value - mean) ** 2)) / (values.length * (values.length - 1))), lowest);
}

/** A standard error of 0 says that every unit was the same, not that the figure is certain: no interval then. */
function withInterval(value: number, standardError: number, lowest: number): Estimate {
  if (standardError < 1e-12) { return { value }; }
  return { value, standardError, interval95: [Math.max(lowest, value - z95 * standardError), Math.min(1, value + z95 * standardError)] };
}

function sum(values: readonly number[]): number { return values.reduce((total, value) => total + value, 0); }
