import { hardlySaid } from '../engine/grounding/checks';
import type { Recommendation } from '../engine/types';

/** What the answer of a language model becomes when it is held to its own citations. */
export interface HeldBack {
  readonly recommendations: readonly Recommendation[];
  readonly warnings: readonly string[];
}

/**
 * A language model's word alone recommends nothing: it may have been told what to say by a text that it read. "Recommend" and "consider" stand only
 * where a claim for the drug rests on a passage that it cites and that is about this drug; else the drug counts as not enough evidence, and says so.
 */
export function holdBackUnsupported(recommendations: readonly Recommendation[]): HeldBack {
  const held = recommendations.filter(recommendation => speaksFor(recommendation) && !isBorneOut(recommendation));
  if (held.length === 0) { return { recommendations, warnings: [] }; }
  const kept = recommendations.filter(recommendation => !held.includes(recommendation));
  const lowered = held.map((recommendation): Recommendation => ({
    ...recommendation, decision: 'insufficient-evidence', confidence: 0,
    rationale: { ...recommendation.rationale, summary: `The model said "${recommendation.decision}", but no passage that it cites bears this out. It wrote: ${recommendation.rationale.summary}` },
  }));
  const firstAvoided = kept.findIndex(({ decision }) => decision === 'avoid');
  const at = firstAvoided < 0 ? kept.length : firstAvoided;
  return {
    recommendations: [...kept.slice(0, at), ...lowered, ...kept.slice(at)],
    warnings: [`The model spoke for ${held.map(({ drug }) => drug.name).join(', ')} without a passage that bears it out; not counted as recommended.`],
  };
}

function speaksFor({ decision }: Recommendation): boolean {
  return decision === 'recommend' || decision === 'consider';
}

/** A weak claim counts where a passage says it in part: not where none says it, though one of several is about the drug. */
function isBorneOut({ rationale }: Recommendation): boolean {
  return rationale.claims.some(({ stance, grounding, groundingReasons, citations }) => stance === 'for' && (grounding === 'supported' || grounding === 'weak' && !groundingReasons.includes(hardlySaid)) && citations.some(({ retrieved }) => retrieved));
}
