import type { Grounding } from '../engine/types';
import type { RecommendationResult } from '../recommend/types';
import { lightDrug, type LightDrug } from './agreement/lightEvents';
import type { Anchor, FailedEvent, Review } from './annotationTypes';

/** What lists, marks and figures need of an annotation: some hundred bytes in place of the some ten thousand of its result. */
export interface AnnotationSummary {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly anchor: Anchor;
  /** The case was edited after the recommendation was made. */
  readonly edited?: boolean;
  /** Absent for a failure. */
  readonly engine?: 'evidence' | 'endpoint';
  readonly model?: string;
  /** Names of the diseases that it is about; empty when none. */
  readonly about: string;
  /** Best first: the first one leads. Empty for an answer without recommendations and for a failure. */
  readonly recommendations: readonly LightDrug[];
  /** `NothingCode` of an answer without recommendations. */
  readonly nothing?: string;
  /** How many claims of all recommendations have each grounding. */
  readonly claims: Readonly<Record<Grounding, number>>;
  /** By drug id (`wholeAnswer` for an answer without recommendations): the latest standing review of each reviewer, oldest first. */
  readonly reviews: ReadonlyMap<string, readonly Review[]>;
  /** Present when a batch could not annotate the case. */
  readonly failure?: { readonly reason: string; readonly message: string };
}

export type SummaryOfResult = Pick<AnnotationSummary, 'engine' | 'model' | 'about' | 'recommendations' | 'nothing' | 'claims'>;

/** The part of a summary that a result gives. */
export function summaryOfResult(result: RecommendationResult): SummaryOfResult {
  const claims: Record<Grounding, number> = { supported: 0, weak: 0, unsupported: 0, uncited: 0 };
  for (const { rationale } of result.recommendations) { for (const { grounding } of rationale.claims) { claims[grounding]++; } }
  return {
    engine: result.engine, ...(result.provenance.model ? { model: result.provenance.model } : {}), about: diseaseNames(result),
    recommendations: result.recommendations.map(lightDrug), ...(result.nothing ? { nothing: result.nothing.code } : {}), claims,
  };
}

/** The part of a summary that a failure gives. */
export function summaryOfFailure({ reason, message }: FailedEvent): SummaryOfResult & Pick<AnnotationSummary, 'failure'> {
  return { about: '', recommendations: [], claims: { supported: 0, weak: 0, unsupported: 0, uncited: 0 }, failure: { reason, message } };
}

/** Names of the diseases that the result is about. */
export function diseaseNames(result: RecommendationResult): string {
  const about = new Map(result.recommendations.flatMap(recommendation => recommendation.for ?? []).map(disease => [disease.id, disease.name]));
  const names = about.size > 0 ? [...about.values()] : result.case.diseases.filter(disease => disease.assertion === 'present').map(disease => disease.name);
  return names.slice(0, 4).join(', ');
}
