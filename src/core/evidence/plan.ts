import type { Analyzer } from './analysis';
import type { EvidenceQuery } from './types';

/** A term as the index holds it, with its weight. */
export interface WeightedTerm {
  readonly term: string;
  readonly boost: number;
}

/** How texts become weighted terms. Chosen on one half of the judged queries, checked on the other (see BENCHMARKS.md). */
export interface PlanLimits {
  /** Texts with at most this many known terms keep them all, a term's weight growing slowly with its rarity (idf to the power `shortRarity`). */
  readonly shortTerms: number;
  readonly shortRarity: number;
  /** Longer ones (case notes) keep this many, weighted by rarity in full ... */
  readonly longTerms: number;
  /** ... and none in more than this share of passages, ... */
  readonly commonShare: number;
  /** ... except those in this many passages or fewer, so that a small index keeps its words. */
  readonly commonAtLeast: number;
  /** How much a divided word ("pro-inflammatory") counts once more as a whole. */
  readonly joined: number;
}

export const PLAN_LIMITS: PlanLimits = { shortTerms: 24, shortRarity: 0.15, longTerms: 48, commonShare: 0.2, commonAtLeast: 20, joined: 0.5 };

/** What the plan needs to know of an index. */
export interface TermStatistics {
  readonly passageCount: number;
  frequency(term: string): number;
}

/**
 * Turns free text into weighted terms, 1 on average. Focus terms are always kept, their boosts added to what the text gives; terms of related names
 * come only where the text does not have them.
 */
export function planQuery(query: Pick<EvidenceQuery, 'text' | 'focus' | 'related'>, statistics: TermStatistics, analyzer: Analyzer, limits = PLAN_LIMITS): WeightedTerm[] {
  const counts = analyzer.countTerms(query.text, limits.joined);
  const boosts = new Map(weigh(counts, statistics, limits));
  for (const { text, boost } of query.focus ?? []) {
    for (const term of new Set(analyzer.termsOf(text))) {
      if (statistics.frequency(term) > 0) boosts.set(term, (boosts.get(term) ?? 0) + boost);
    }
  }
  for (const { text, boost } of query.related ?? []) {
    for (const term of analyzer.termsOf(text)) {
      if (!counts.has(term) && !boosts.has(term) && statistics.frequency(term) > 0) boosts.set(term, boost);
    }
  }
  return [...boosts].map(([term, boost]) => ({ term, boost }));
}

function weigh(counts: ReadonlyMap<string, number>, statistics: TermStatistics, limits: PlanLimits): [string, number][] {
  const { passageCount } = statistics;
  const known: { readonly term: string; readonly count: number; readonly frequency: number; readonly rarity: number }[] = [];
  for (const [term, count] of counts) {
    const frequency = statistics.frequency(term);
    if (frequency > 0) known.push({ term, count, frequency, rarity: Math.log(1 + passageCount / frequency) });
  }
  if (known.length <= limits.shortTerms) return level(known.map(({ term, rarity, count }) => ({ term, count, factor: rarity ** limits.shortRarity })));
  const common = Math.max(limits.commonShare * passageCount, limits.commonAtLeast);
  const kept = known.filter(({ frequency }) => frequency <= common).sort((a, b) => b.count * b.rarity - a.count * a.rarity).slice(0, limits.longTerms);
  return level(kept.map(({ term, count, rarity }) => ({ term, count, factor: rarity })));
}

/** Times in the text by factor, the factors scaled to 1 on average, so that the boosts of focus terms mean the same for every text. */
function level(terms: readonly { readonly term: string; readonly count: number; readonly factor: number }[]): [string, number][] {
  const mean = terms.reduce((sum, { factor }) => sum + factor, 0) / terms.length;
  return terms.map(({ term, count, factor }) => [term, (count * factor) / mean]);
}
