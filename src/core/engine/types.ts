import type { CaseReading, Indication } from '../terminology/types';
import type { SafetyFlag } from '../knowledge/types';
import type { EvidenceHeader, Passage } from '../evidence/types';
import type { Span } from '../text/span';

export type { SafetyFlag } from '../knowledge/types';

/** Which sources background may come from (the paper's four conditions). */
export type BackgroundCondition = 'none' | 'trials' | 'literature' | 'both';
export type Decision = 'recommend' | 'consider' | 'avoid' | 'insufficient-evidence';
export type Grounding = 'supported' | 'weak' | 'unsupported' | 'uncited';

export interface DrugRef {
  /** Slug of the terminology, or a slug made of the name for a drug that it does not hold. */
  readonly id: string;
  readonly name: string;
}

/** Why a drug is a candidate. */
export interface CandidateOrigin {
  readonly kind: 'record' | 'graph' | 'evidence' | 'model';
  /** One short sentence for people: "indicated for gout", "named in PMID:123". */
  readonly detail: string;
  /** Document the origin rests on, where there is one. */
  readonly documentId?: string;
}

export interface Candidate {
  readonly drug: DrugRef;
  readonly origins: readonly CandidateOrigin[];
  /** Graph edges from this drug to the case's diseases. */
  readonly indications: readonly Indication[];
  readonly safety: readonly SafetyFlag[];
  /** How much the best of its indications supports it for a disease asked about, 0 to 1, and how that indication's disease stands to it. */
  readonly graph?: { readonly support: number; readonly relation: 'exact' | 'broader' | 'narrower'; readonly disease: string };
  /** How central the most central of its diseases is to the question, 0 to 1; 1 when not said. */
  readonly focus?: number;
}

/** A passage given to the engine, with the label by which answers cite it. */
export interface BackgroundPassage {
  /** "E1", "E2", ... unique in one request. */
  readonly label: string;
  readonly passage: Passage;
  readonly header: EvidenceHeader;
  /** Candidates it was retrieved for. */
  readonly drugIds: readonly string[];
  readonly score: number;
  /** What it speaks of: drugs by id, and how close its diseases are to those asked about (0 other ones, 1 the very ones). */
  readonly topics?: { readonly drugs: readonly string[]; readonly diseaseCloseness: number };
}

export interface Background {
  readonly condition: BackgroundCondition;
  readonly passages: readonly BackgroundPassage[];
  /** Number of passages left out to fit a budget; 0 when all were given. */
  readonly omitted: number;
}

export interface Citation {
  /** As the engine wrote it, when it cites something that was not retrieved. */
  readonly documentId: string;
  /** Absent when the citation points at nothing that was retrieved. */
  readonly passageId?: string;
  readonly title?: string;
  readonly url?: string;
  /** Sentence of the passage that speaks best for the claim; empty when not retrieved. */
  readonly quote: string;
  /** Where the quote stands in the passage's text. */
  readonly quoteSpan?: Span;
  readonly retrieved: boolean;
}

export interface Claim {
  readonly text: string;
  readonly stance: 'for' | 'against' | 'safety';
  readonly citations: readonly Citation[];
  readonly grounding: Grounding;
  /** Why it is not (fully) supported, for people: "the passage does not mention metformin". Empty when supported. */
  readonly groundingReasons: readonly string[];
}

export interface Recommendation {
  readonly drug: DrugRef;
  /** Diseases of the case that the drug would be for. Filled by the pipeline. */
  readonly for?: readonly { readonly id: string; readonly name: string }[];
  readonly decision: Decision;
  /** 0 to 1. For the evidence engine a transparent score of support, not a probability. */
  readonly confidence: number;
  readonly origin: readonly CandidateOrigin[];
  readonly safety: readonly SafetyFlag[];
  readonly rationale: { readonly summary: string; readonly claims: readonly Claim[] };
}

/** A claim as an engine writes it, before it is checked. `citations` are labels ("E1"), passage ids or document ids. */
export interface DraftClaim {
  readonly text: string;
  readonly stance: 'for' | 'against' | 'safety';
  readonly citations: readonly string[];
}

export interface DraftRecommendation {
  readonly drugId: string;
  /** As the engine wrote it. */
  readonly drugName: string;
  readonly decision: Decision;
  readonly confidence: number;
  readonly summary: string;
  readonly claims: readonly DraftClaim[];
}

export interface EngineRequest {
  readonly caseText: string;
  readonly reading: CaseReading;
  readonly candidates: readonly Candidate[];
  readonly background: Background;
  /** Statements of the knowledge graph about the candidates. Citable, but never part of the background, so that the four conditions stay comparable. */
  readonly graphPassages?: readonly BackgroundPassage[];
}

export interface TokenUsage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** From the request to the first token of the answer. */
  readonly firstTokenMs?: number;
  readonly tokensPerSecond?: number;
}

/** Background that did not fit the model's context. Whole passages only, as many for each candidate. Never holds text of a passage. */
export interface LeftOutBackground {
  readonly passages: readonly { readonly label: string; readonly passageId: string; readonly documentId: string; readonly title: string; readonly drugIds: readonly string[] }[];
  /** Numbers of passages. */
  readonly perCandidate: readonly { readonly drugId: string; readonly given: number; readonly leftOut: number }[];
  /** What the model takes, in tokens, where it is known. */
  readonly limitTokens?: number;
}

export interface EngineAnswer {
  readonly drafts: readonly DraftRecommendation[];
  /** Model that answered, as the server named it. Absent for the evidence engine. */
  readonly model?: string;
  readonly promptVersion?: string;
  /** Seed of the candidates' order in the prompt. */
  readonly promptSeed?: number;
  readonly usage?: TokenUsage;
  /** Present when not all of the background was given. */
  readonly leftOut?: LeftOutBackground;
  /** For people: "one answer was repaired", "2 passages were left out". */
  readonly warnings: readonly string[];
}

/** What an engine tells while it works. */
export type EngineEvent =
  | { readonly type: 'status'; readonly message: string }
  /** All drafts so far, the last one possibly unfinished. */
  | { readonly type: 'drafts'; readonly drafts: readonly DraftRecommendation[] };

/** Turns case + candidates + background into an answer. A new engine is one new file behind this. */
export interface Engine {
  readonly id: 'evidence' | 'endpoint';
  /** Rejects with EngineError; with reason `cancelled` when the signal fired. */
  recommend(request: EngineRequest, report: (event: EngineEvent) => void, signal: AbortSignal): Promise<EngineAnswer>;
}

export type EngineErrorReason =
  | 'cancelled' | 'not-configured' | 'unreachable' | 'timeout' | 'unauthorized' | 'not-found' | 'rate-limited' | 'server-error'
  | 'not-an-api' | 'malformed-answer' | 'incomplete-answer' | 'context-too-long' | 'bad-request' | 'redirected';

/** A failure a person can act on. Its message never holds case text, answer text or a key. */
export class EngineError extends Error {
  constructor(readonly reason: EngineErrorReason, message: string, readonly advice: string, options?: { cause?: unknown; /** Kept for the log on request only. */ rawAnswer?: string }) {
    super(message, { cause: options?.cause });
    this.name = 'EngineError';
    this.rawAnswer = options?.rawAnswer;
  }

  readonly rawAnswer: string | undefined;

  /** By name, not by class: the endpoint client is a bundle of its own and brings its own copy of this class. */
  static is(error: unknown, reason?: EngineErrorReason): error is EngineError {
    return error instanceof Error && error.name === 'EngineError' && (reason === undefined || (error as EngineError).reason === reason);
  }
}
