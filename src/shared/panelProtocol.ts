/** The typed messages between the extension host and the rationale panel. Every message to the panel is a whole snapshot, so a lost one costs nothing. */
import type { Citation, Recommendation } from '../core/engine/types';
import type { RecommendationResult } from '../core/recommend/types';
import type { ReviewVerdict } from '../core/dataset/annotationTypes';
import type { Span } from '../core/text/span';

/** Where the case is, in words for people: "heart-failure.md, lines 3-12". */
export interface CaseLocation {
  readonly file: string;
  readonly place: string;
}

/** A review as the panel shows it. */
export interface PanelReview {
  readonly verdict: ReviewVerdict;
  readonly reviewer: string;
  /** ISO 8601. */
  readonly at: string;
  readonly note?: string;
  readonly rationale?: string;
}

/** Text of the case for the panel only; it is shown as text nodes and never stored by it. */
export interface CaseView {
  readonly location: CaseLocation;
  /** Shortened at `truncatedAt` when very long. */
  readonly text: string;
  readonly truncated: boolean;
  readonly understood?: RecommendationResult['case'];
}

export interface EngineView {
  readonly engine: 'evidence' | 'endpoint';
  /** "Evidence engine (no language model)" or "KEDRec-LM at localhost:8000". */
  readonly label: string;
}

export type PanelState =
  | { readonly kind: 'empty'; readonly engine: EngineView }
  | {
      readonly kind: 'working';
      readonly engine: EngineView;
      readonly case: CaseView;
      readonly status: string;
      /** What is known so far; the last one may be unfinished. */
      readonly recommendations: readonly Recommendation[];
    }
  | {
      readonly kind: 'done';
      readonly engine: EngineView;
      readonly case: CaseView;
      readonly annotationId: string;
      readonly result: RecommendationResult;
      /** By drug id. */
      readonly reviews: Readonly<Record<string, PanelReview>>;
      /** The annotated text is no longer in the file. */
      readonly detached: boolean;
      /** The annotation could not be kept in its sidecar; says why and what to do. */
      readonly unsaved?: string;
    }
  | {
      readonly kind: 'nothing';
      readonly engine: EngineView;
      readonly case: CaseView;
      readonly reason: string;
      readonly advice: string;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'error';
      readonly engine: EngineView;
      readonly case?: CaseView;
      readonly message: string;
      readonly advice: string;
      /** What had arrived before the error, clearly marked as incomplete. */
      readonly partial: readonly Recommendation[];
      readonly actions: readonly PanelAction[];
    };

/** Commands the panel may ask for; anything else is refused by the host. */
export type PanelAction = 'retry' | 'cancel' | 'recommend' | 'openSettings' | 'setApiKey' | 'checkEndpoint' | 'showLog' | 'useEvidenceEngine' | 'revealCase' | 'insert' | 'searchEvidence' | 'undoReview';

/** A cited passage as the panel shows it under its claim. */
export interface PassageView {
  readonly citation: Citation;
  readonly title: string;
  readonly documentId: string;
  readonly url?: string;
  readonly section?: string;
  /** "Randomised trial · 2019 · N Engl J Med". */
  readonly meta: string;
  readonly notice?: string;
  readonly text: string;
  readonly quoted?: Span;
}

export type ToPanel =
  | { readonly type: 'state'; readonly state: PanelState }
  | { readonly type: 'passage'; readonly key: CitationKey; readonly passage?: PassageView; readonly problem?: string }
  /** Move keyboard focus to a recommendation. */
  | { readonly type: 'focus'; readonly drugId?: string };

/** Names a citation of the shown result. */
export interface CitationKey {
  readonly drugId: string;
  readonly claim: number;
  readonly citation: number;
}

export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'review'; readonly annotationId: string; readonly drugId: string; readonly verdict: ReviewVerdict; readonly rationale?: string; readonly note?: string }
  | { readonly type: 'openCitation'; readonly annotationId: string; readonly key: CitationKey }
  /** Open the trial's or paper's page in the browser; the host takes the address from its own record. */
  | { readonly type: 'openSource'; readonly annotationId: string; readonly key: CitationKey }
  | { readonly type: 'revealSpan'; readonly annotationId: string; readonly span: Span }
  | { readonly type: 'action'; readonly action: PanelAction };

const actions: readonly PanelAction[] = ['retry', 'cancel', 'recommend', 'openSettings', 'setApiKey', 'checkEndpoint', 'showLog', 'useEvidenceEngine', 'revealCase', 'insert', 'searchEvidence', 'undoReview'];
const verdicts: readonly ReviewVerdict[] = ['accepted', 'edited', 'rejected', 'skipped'];

/** Checks a message from the panel; undefined for anything that is not exactly one of FromPanel. */
export function parseFromPanel(data: unknown): FromPanel | undefined {
  if (!isRecord(data)) { return undefined; }
  switch (data.type) {
    case 'ready': return { type: 'ready' };
    case 'action': return actions.includes(data.action as PanelAction) ? { type: 'action', action: data.action as PanelAction } : undefined;
    case 'review':
      return typeof data.annotationId === 'string' && typeof data.drugId === 'string' && verdicts.includes(data.verdict as ReviewVerdict) && optionalText(data.rationale) && optionalText(data.note)
        ? { type: 'review', annotationId: data.annotationId, drugId: data.drugId, verdict: data.verdict as ReviewVerdict, rationale: data.rationale, note: data.note } : undefined;
    case 'openCitation':
    case 'openSource':
      return typeof data.annotationId === 'string' && isKey(data.key) ? { type: data.type, annotationId: data.annotationId, key: data.key } : undefined;
    case 'revealSpan':
      return typeof data.annotationId === 'string' && isSpan(data.span) ? { type: 'revealSpan', annotationId: data.annotationId, span: data.span } : undefined;
    default: return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> { return typeof value === 'object' && value !== null; }
function optionalText(value: unknown): value is string | undefined { return value === undefined || typeof value === 'string'; }
function isKey(value: unknown): value is CitationKey {
  return isRecord(value) && typeof value.drugId === 'string' && Number.isInteger(value.claim) && Number.isInteger(value.citation);
}
function isSpan(value: unknown): value is Span { return isRecord(value) && Number.isInteger(value.start) && Number.isInteger(value.end); }
