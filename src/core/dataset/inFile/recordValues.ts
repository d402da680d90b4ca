import type { RecommendationResult } from '../../recommend/types';
import type { Review } from '../annotationTypes';
import { standingVerdict } from '../reviews';

/** The annotation of a record as it stands in the user's file: one text a field. */
export interface RecordValues {
  readonly decision: string;
  readonly drug: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly rationale: string;
  /** Document ids, separated by `; `. */
  readonly citations: string;
  /** Verdict of the review; `disputed` where reviewers differ and nobody adjudicated; empty where there is none. */
  readonly review: string;
  /** Of a disputed one all who judged, separated by `; `. */
  readonly reviewer: string;
  /** For notes: the readable block that is written below the case. */
  readonly block?: string;
}

/** Names of the fields after their prefix, in the order in which they are written. */
export const valueFields = ['decision', 'drug', 'confidence', 'rationale', 'citations', 'review', 'reviewer'] as const;

/** The prefix of the columns that were added at the end of a table; undefined when its last columns are not these. */
export function trailingFields(columns: readonly string[]): { readonly prefix: string } | undefined {
  const last = columns.slice(-valueFields.length);
  const first = last[0];
  if (last.length < valueFields.length || columns.length === valueFields.length || !first?.endsWith(valueFields[0])) { return undefined; }
  const prefix = first.slice(0, -valueFields[0].length);
  return valueFields.every((name, i) => last[i] === prefix + name) ? { prefix } : undefined;
}

/** The annotation in short: the accepted or edited drug that was reviewed last, else the best one; of several reviews the adjudicator's, else that of `reviewer`, else the latest, else `disputed` where they differ. Undefined when nothing was recommended. */
export function valuesOf({ recommendations }: Pick<RecommendationResult, 'recommendations'>, reviewsOf: ReadonlyMap<string, readonly Review[]>, reviewer?: string): RecordValues | undefined {
  const reviewed = recommendations
    .map(recommendation => ({ recommendation, reviews: reviewsOf.get(recommendation.drug.id) ?? [] }))
    .map(({ recommendation, reviews }) => ({ recommendation, reviews, review: reviews.filter(({ role }) => role === 'adjudicator').at(-1) ?? reviews.find(review => review.reviewer === reviewer) ?? reviews.at(-1) }));
  const isDisputed = ({ reviews }: typeof reviewed[number]) => !reviews.some(review => review.reviewer === reviewer) && standingVerdict(reviews)?.verdict === 'disputed';
  const approved = reviewed.filter(one => !isDisputed(one)).filter(({ review }) => review?.verdict === 'accepted' || review?.verdict === 'edited');
  const chosen = [...(approved.length > 0 ? approved : reviewed.filter(({ review }) => review))].sort((a, b) => b.review!.at.localeCompare(a.review!.at))[0] ?? reviewed[0];
  if (!chosen) { return undefined; }
  const { recommendation: { drug, decision, confidence, rationale }, reviews, review } = chosen;
  const disputed = isDisputed(chosen);
  const claims = rationale.claims.map(claim => claim.text.replace(/\s+/g, ' ').trim()).join(' ');
  const citations = [...new Set(rationale.claims.flatMap(claim => claim.citations.map(citation => citation.documentId)))];
  return {
    decision, drug: drug.name, confidence, rationale: !disputed && review?.verdict === 'edited' && review.rationale ? review.rationale : claims, citations: citations.join('; '),
    review: disputed ? 'disputed' : review?.verdict ?? '', reviewer: disputed ? reviews.filter(({ verdict }) => verdict !== 'skipped').map(one => one.reviewer).join('; ') : review?.reviewer ?? '',
  };
}
