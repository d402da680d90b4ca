import { leadingDrug } from './reviewState';
import { standingVerdict } from './reviews';
import type { AnnotationSummary } from './summary';

/** Why a person should look at an annotation, in words; empty when nothing speaks for it. `label`: drugs that the record says are right; `lowConfidence`: a leading confidence below it is worth a look. */
export function whyHere(summary: AnnotationSummary, label?: readonly string[], lowConfidence = 0.4): readonly string[] {
  const { failure, recommendations, claims } = summary;
  if (failure) { return [`It could not be annotated (${failure.reason}): ${failure.message}`]; }
  const reasons: string[] = [];
  const leading = recommendations[0];
  if (!leading) { reasons.push(`The answer recommends nothing${summary.nothing ? ` (${summary.nothing})` : ''}.`); }
  if (leading && leading.confidence < lowConfidence) { reasons.push(`The confidence in ${leading.drug.name} is low: ${leading.confidence.toFixed(2)}.`); }
  if (label && disagrees(summary, label)) {
    reasons.push(`The record's label is ${label.join(', ')}; the answer leads with ${leading ? `${leading.drug.name} (${leading.decision})` : 'nothing'}.`);
  }
  const unsupported = claims.unsupported + claims.uncited;
  if (unsupported > 0) { reasons.push(`${unsupported} of ${unsupported + claims.supported + claims.weak} claims ${unsupported === 1 ? 'is' : 'are'} not supported by what ${unsupported === 1 ? 'it cites' : 'they cite'}.`); }
  if (reviewersDisagree(summary)) {
    const verdicts = (summary.reviews.get(leadingDrug(summary)) ?? []).map(({ reviewer, verdict }) => `${reviewer}: ${verdict}`);
    reasons.push(`Reviewers disagree on ${leading?.drug.name ?? 'the answer'} (${verdicts.join(', ')}).`);
  }
  if (summary.edited) { reasons.push('The case was edited after the recommendation was made.'); }
  return reasons;
}

/** The leading drug is recommended or considered and is not one of the record's, or none leads. Names are compared by letters and digits. */
export function disagrees({ recommendations }: Pick<AnnotationSummary, 'recommendations'>, label: readonly string[]): boolean {
  if (label.length === 0) { return false; }
  const leading = recommendations[0];
  if (!leading || leading.decision === 'avoid' || leading.decision === 'insufficient-evidence') { return true; }
  const wanted = new Set(label.map(plainName));
  return !wanted.has(plainName(leading.drug.name)) && !wanted.has(plainName(leading.drug.id));
}

/** Those who judged the leading drug differ and nobody adjudicated. */
export function reviewersDisagree(summary: AnnotationSummary): boolean {
  return standingVerdict(summary.reviews.get(leadingDrug(summary)))?.verdict === 'disputed';
}

function plainName(name: string): string { return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''); }
