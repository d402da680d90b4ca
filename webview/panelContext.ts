import type { Span } from '../src/core/text/span';
import type { CitationKey, FromPanel, PanelAction, PassageView } from '../src/shared/panelProtocol';

/** What the panel itself keeps between snapshots: navigation and unfinished typing, never results. */
export interface PanelUi {
  caseOpen: boolean;
  /** Passages opened under their claims, by citation key. */
  readonly passages: Map<string, PassageView | { readonly problem: string } | 'loading'>;
  /** Drug whose rationale is being edited, with the text so far. */
  editing: { readonly drugId: string; text: string } | undefined;
  /** Cards whose details are shown. */
  readonly details: Set<string>;
}

/** What the sections of the panel may do. */
export interface Panel {
  readonly ui: PanelUi;
  render(): void;
  action(action: PanelAction): void;
  revealSpan(span: Span): void;
  toggleCitation(key: CitationKey): void;
  openSource(key: CitationKey): void;
  review(drugId: string, verdict: Extract<FromPanel, { type: 'review' }>['verdict'], rationale?: string): void;
  edit(drugId: string, text: string): void;
  cancelEdit(): void;
}

export function keyOf({ drugId, claim, citation }: CitationKey): string { return `${drugId}/${claim}/${citation}`; }
