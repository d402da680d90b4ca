import type { Span } from '../text/span';

/** Something in the case that speaks against a drug. */
export interface SafetyFlag {
  readonly kind: 'allergy' | 'contraindication' | 'interaction' | 'duplicate';
  /** `avoid` forces the decision `avoid`; `caution` is shown and lowers confidence. */
  readonly level: 'avoid' | 'caution';
  /** A sentence for people. Names concepts, never quotes the case. */
  readonly reason: string;
  /** Passage id of the knowledge-graph profile (`KG:slug#n`) that states it, if any. */
  readonly passageId?: string;
  /** Where the case says so. */
  readonly caseSpan?: Span;
}
