/** Grades of the documents judged for one query, by document id; 0 or less is not relevant, more is better. */
export type Judgements = ReadonlyMap<string, number>;

/**
 * Normalised discounted cumulated gain of the first `k` places (Järvelin and Kekäläinen 2002, in trec_eval's form: the grade is the gain, place i is
 * discounted by log2(i + 1)). 0 when nothing is relevant. A document counts once, at its first place.
 */
export function ndcgAt(k: number, ranking: readonly string[], judgements: Judgements): number {
  const possible = discounted([...judgements.values()].filter(grade => grade > 0).sort((a, b) => b - a).slice(0, k));
  return possible === 0 ? 0 : discounted(distinct(ranking).slice(0, k).map(id => Math.max(0, judgements.get(id) ?? 0))) / possible;
}

/** Share of the relevant documents that stand in the first `k` places; 0 when nothing is relevant. */
export function recallAt(k: number, ranking: readonly string[], judgements: Judgements): number {
  const relevant = [...judgements].filter(([, grade]) => grade > 0).length;
  const found = distinct(ranking).slice(0, k).filter(id => (judgements.get(id) ?? 0) > 0).length;
  return relevant === 0 ? 0 : found / relevant;
}

/** One over the place of the first relevant document, if it is among the first `k`; else 0. */
export function reciprocalRankAt(k: number, ranking: readonly string[], judgements: Judgements): number {
  const place = distinct(ranking).slice(0, k).findIndex(id => (judgements.get(id) ?? 0) > 0);
  return place < 0 ? 0 : 1 / (place + 1);
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}

function distinct(ranking: readonly string[]): string[] {
  return [...new Set(ranking)];
}
