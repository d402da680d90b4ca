import type { Review, ReviewedEvent, ReviewVerdict } from './annotationTypes';

/** A reviewed event as the review that it makes. */
export function reviewOf({ verdict, reviewer, at, rationale, note, role }: ReviewedEvent): Review {
  return { verdict, reviewer, at, ...(rationale === undefined ? {} : { rationale }), ...(note === undefined ? {} : { note }), ...(role === undefined ? {} : { role }) };
}

/** What several people's reviews of one drug come to. */
export interface StandingVerdict {
  /** `disputed`: they differ and nobody adjudicated. */
  readonly verdict: ReviewVerdict | 'disputed';
  readonly adjudicated: boolean;
}

/** The verdict that stands for a drug: the latest adjudicator's; else the one that all who judged agree on. A skip is no judgement. Undefined without a review. */
export function standingVerdict(reviews: readonly Review[] | undefined): StandingVerdict | undefined {
  if (!reviews || reviews.length === 0) { return undefined; }
  const final = reviews.filter(({ role }) => role === 'adjudicator').at(-1);
  if (final) { return { verdict: final.verdict, adjudicated: true }; }
  const judged = [...new Set(reviews.map(({ verdict }) => verdict).filter(verdict => verdict !== 'skipped'))];
  return { verdict: judged.length === 0 ? 'skipped' : judged.length === 1 ? judged[0]! : 'disputed', adjudicated: false };
}
