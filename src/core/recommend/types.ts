import type { Assertion, ConceptIds, ConceptKind } from '../terminology/types';
import type { BackgroundCondition, LeftOutBackground, Recommendation, TokenUsage } from '../engine/types';
import type { Span } from '../text/span';

/** A concept of the case as results carry it: spans into the case's text, never the text. */
export interface ResultConcept {
  readonly kind: ConceptKind;
  readonly id: string;
  readonly name: string;
  readonly assertion: Assertion;
  readonly ids?: ConceptIds;
  readonly mentions: readonly (Span & { readonly assertion: Assertion })[];
}

export interface Provenance {
  readonly engine: 'evidence' | 'endpoint';
  /** False for the evidence engine: no language model was used. */
  readonly languageModel: boolean;
  readonly model?: string;
  readonly promptVersion?: string;
  /** Seed of the order in which the prompt listed the candidates. */
  readonly promptSeed?: number;
  readonly condition: BackgroundCondition;
  readonly knowledgeVersion: string;
  /** `name@version` of each index searched. */
  readonly indexes: readonly string[];
  readonly kedrecVersion: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly durationMs: number;
  readonly usage?: TokenUsage;
  /** Background that did not fit the model's context; absent when all of it was given. */
  readonly leftOut?: LeftOutBackground;
}

/**
 * The answer for one case, as the CLI prints it (`schemas/recommendation.schema.json`), the panel shows it and the sidecar keeps it.
 * Never holds text of the case.
 */
export interface RecommendationResult {
  readonly schema: 'kedrec.recommendation/1';
  readonly engine: 'evidence' | 'endpoint';
  readonly case: {
    readonly diseases: readonly ResultConcept[];
    readonly drugs: readonly ResultConcept[];
    readonly allergies: readonly ResultConcept[];
    readonly textLength: number;
  };
  /** Best first; `avoid` last. Empty only when `nothing` says why. */
  readonly recommendations: readonly Recommendation[];
  /** Present when nothing could be recommended. */
  readonly nothing?: { readonly code: NothingCode; readonly reason: string; readonly advice: string };
  readonly warnings: readonly string[];
  readonly provenance: Provenance;
}

export type NothingCode = 'empty-case' | 'no-disease' | 'no-candidate' | 'no-support';

/** What the pipeline tells while it works, in this order; `drafts` may come many times. */
export type PipelineEvent =
  | { readonly type: 'status'; readonly message: string }
  | { readonly type: 'understood'; readonly case: RecommendationResult['case'] }
  | { readonly type: 'candidates'; readonly count: number }
  | { readonly type: 'recommendations'; readonly recommendations: readonly Recommendation[] };
