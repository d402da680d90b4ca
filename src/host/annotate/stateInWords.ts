import { leadingDrug, ownReview, reviewState, reviewStateLabel } from '../../core/dataset/reviewState';
import { reviewersDisagree } from '../../core/dataset/whyHere';
import { decisionLabel } from '../../shared/labels';
import type { PlacedAnnotation } from './documentAnnotations';

/** "Recommend metformin · accepted · case edited since": what an annotation says and where it stands for this reviewer, in words. */
export function stateInWords({ annotation, edited }: Pick<PlacedAnnotation, 'annotation' | 'edited'>, reviewer: string): string {
  const { failure, recommendations } = annotation;
  if (failure) { return `Failed (${reasonInWords(failure.reason)})`; }
  const best = recommendations[0];
  const others = (annotation.reviews.get(leadingDrug(annotation)) ?? []).filter(review => review.reviewer !== reviewer);
  const own = ownReview(annotation, reviewer);
  return [
    best ? `${decisionLabel[best.decision]} ${best.drug.name}` : 'No recommendation',
    reviewStateLabel[reviewState(annotation, reviewer)],
    ...(reviewersDisagree(annotation) ? ['reviewers disagree'] : !own && others.length > 0 ? [`${others.at(-1)!.verdict} by ${others.at(-1)!.reviewer}`] : []),
    ...(edited ? ['case edited since'] : []),
  ].join(' \u00b7 ');
}

/** The code of a failure as a person reads it: "malformed answer". */
export function reasonInWords(reason: string): string { return reason.replaceAll('-', ' '); }
