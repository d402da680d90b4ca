import type { Decision, DrugRef, Recommendation } from '../../engine/types';

/** What lists and figures need of one drug of a recommendation. */
export interface LightDrug {
  readonly drug: DrugRef;
  readonly decision: Decision;
  readonly confidence: number;
  /** Claims that their citations do not carry: `unsupported` or `uncited`. */
  readonly unsupported: number;
  /** The record named it as a candidate. */
  readonly given: boolean;
}

export function lightDrug({ drug, decision, confidence, origin, rationale }: Recommendation): LightDrug {
  return { drug, decision, confidence, given: origin.some(({ kind }) => kind === 'record'), unsupported: rationale.claims.filter(({ grounding }) => grounding === 'unsupported' || grounding === 'uncited').length };
}
