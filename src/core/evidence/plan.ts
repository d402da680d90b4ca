import type { Analyzer } from './analysis';
import type { EvidenceQuery } from './types';

/** A term as the index holds it, with its weight. */
export interface WeightedTerm {
  readonly term: string;
  readonly boost: number;
}

/** How long texts are cut down to the terms that tell passages apart. */
export interface PlanLimits {
  /** Texts with at most this many known terms keep them all; others keep this many. */
  readonly terms: number;
  /** Terms in more than this share of passages are dropped from longer texts ... */
  readonly commonShare: number;
  /** ... but never one in this many passages or fewer, so that a small index keeps its words. */
  readonly commonAtLeast: number;
}

export const PLAN_LIMITS: PlanLimits = { terms: 24, commonShare: 0.1, commonAtLeast: 20 };

/** What the plan needs to know of an index. */
export interface TermStatistics {
  readonly passageCount: number;
  frequency(term: string): number;
}

/** Turns free text into weighted terms. Focus terms are always kept, their boosts added to what the text gives. */
export function planQuery(query: Pick<EvidenceQuery, 'text' | 'focus'>, statistics: TermStatistics, analyzer: Analyzer, limits = PLAN_LIMITS): WeightedTerm[] {
  const boosts = new Map(planText(query.text, statistics, analyzer, limits));
  for (const { text, boost } of query.focus ?? []) {
    for (const term of new Set(analyzer.termsOf(text))) {
      if (statistics.frequency(term) > 0) boosts.set(term, (boosts.get(term) ?? 0) + boost);
    }
  }
  return [...boosts].map(([term, boost]) => ({ term, boost }));
}

function planText(text: string, statistics: TermStatistics, analyzer: Analyzer, limits: PlanLimits): [string, number][] {
  const counts = new Map<string, number>();
  for (const term of analyzer.termsOf(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const known = [...counts].map(([term, count]) => ({ term, count, frequency: statistics.frequency(term) })).filter(entry => entry.frequency > 0);
  if (known.length <= limits.terms) return known.map(({ term, count }) => [term, count]);
  const common = Math.max(limits.commonShare * statistics.passageCount, limits.commonAtLeast);
  return known
    .filter(({ frequency }) => frequency <= common)
    .map(({ term, count, frequency }) => ({ term, count, worth: count * Math.log(1 + statistics.passageCount / frequency) }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, limits.terms)
    .map(({ term, count }) => [term, count]);
}
