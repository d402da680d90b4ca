import type { Review, ReviewVerdict } from './annotationTypes';
import type { AnnotationSummary } from './summary';

/** Where an annotation stands for one reviewer. */
export type ReviewState = 'unreviewed' | ReviewVerdict | 'failed';

export const reviewStates: readonly ReviewState[] = ['unreviewed', 'accepted', 'edited', 'rejected', 'skipped', 'failed'];

export const reviewStateLabel: Readonly<Record<ReviewState, string>> = {
  unreviewed: 'not reviewed', accepted: 'accepted', edited: 'edited', rejected: 'rejected', skipped: 'skipped', failed: 'failed',
};

/** Stands in a review's `drug` for the answer as a whole, where it recommends nothing (`schemas/annotation-event.schema.json`). */
export const wholeAnswer = '*';

/** The drug whose review decides whether the annotation is reviewed: that of the leading recommendation. */
export function leadingDrug({ recommendations }: Pick<AnnotationSummary, 'recommendations'>): string { return recommendations[0]?.drug.id ?? wholeAnswer; }

/** The reviewer's standing review of a drug. */
export function ownReview(summary: AnnotationSummary, reviewer: string, drug = leadingDrug(summary)): Review | undefined {
  return summary.reviews.get(drug)?.find(review => review.reviewer === reviewer);
}

/** An annotation counts as reviewed when its leading recommendation has a standing review by this reviewer. */
export function reviewState(summary: AnnotationSummary, reviewer: string): ReviewState {
  return summary.failure ? 'failed' : ownReview(summary, reviewer)?.verdict ?? 'unreviewed';
}

/** The review that is shown for a drug: this reviewer's, else the latest of anyone. */
export function standingReview(reviews: readonly Review[] | undefined, reviewer: string): Review | undefined {
  return reviews?.find(review => review.reviewer === reviewer) ?? reviews?.at(-1);
}
