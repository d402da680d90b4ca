/** A labelled row: what is known, what it is (1: the claim is false), and how much it counts. */
export interface Example {
  readonly x: readonly number[];
  readonly y: 0 | 1;
  readonly weight: number;
}

/** Logistic regression with an L2 penalty on all but the bias, by Newton's method from zero: deterministic. Gives the bias, then a weight for each column. */
export function fitLogistic(rows: readonly Example[], ridge: number): number[] {
  const size = (rows[0]?.x.length ?? 0) + 1;
  const model = new Array<number>(size).fill(0);
  for (let step = 0; step < 40; step++) {
    const gradient = new Array<number>(size).fill(0);
    const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (const { x, y, weight } of rows) {
      const row = [1, ...x];
      const p = 1 / (1 + Math.exp(-row.reduce((sum, value, i) => sum + value * model[i]!, 0)));
      row.forEach((value, i) => {
        gradient[i]! += weight * (y - p) * value;
        row.forEach((other, j) => { hessian[i]![j]! += weight * p * (1 - p) * value * other; });
      });
    }
    for (let i = 0; i < size; i++) {
      hessian[i]![i]! += i === 0 ? 1e-6 : ridge;
      gradient[i]! -= i === 0 ? 0 : ridge * model[i]!;
    }
    const change = solve(hessian, gradient);
    change.forEach((value, i) => { model[i]! += value; });
    if (Math.max(...change.map(Math.abs)) < 1e-8) { break; }
  }
  return model;
}

/** Gaussian elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows.reduce((best, row, i) => (i >= column && Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? i : best), column);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = 0; i < size; i++) {
      if (i === column) { continue; }
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let j = column; j <= size; j++) { rows[i]![j]! -= factor * rows[column]![j]!; }
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
