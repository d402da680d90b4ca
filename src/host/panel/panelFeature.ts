import * as vscode from 'vscode';
import type { Citation } from '../../core/engine/types';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { recordAt } from '../../core/dataset/records';
import type { CaseView, CitationKey, FromPanel, PanelAction, PanelReview, PassageView } from '../../shared/panelProtocol';
import { annotationId } from '../annotate/listAnnotations';
import { standingReview } from '../../core/dataset/reviewState';
import type { RecommendationResult } from '../../core/recommend/types';
import type { AnnotationService } from '../annotate/annotationService';
import { placementRange } from '../annotate/placement';
import { reasonInWords } from '../annotate/stateInWords';
import { engineOfResult, engineView } from '../endpoint/engineView';
import { commands } from '../ids';
import { errorLabel } from '../log';
import { baseName, placeOf, toPlainOffset } from '../recommend/caseTarget';
import { shownCaseLength, type RecommendFeature } from '../recommend/recommendFeature';
import type { Services } from '../services';
import { readSettings } from '../settings';
import type { RationaleView } from './rationaleView';
import { describeDocument } from '../evidence/describe';

/** What the panel shows when an annotation is open, and what its buttons do. */
export class PanelFeature implements vscode.Disposable {
  private shown: string | undefined;
  private readonly subscriptions: vscode.Disposable[] = [];
  /** The full recommendation that is shown. */
  private result: { readonly id: string; readonly result: RecommendationResult } | undefined;
  /** The shown case as it was read, so that typing elsewhere reads nothing again. */
  private readCase: { readonly id: string; readonly source: string; readonly text: string } | undefined;

  constructor(private readonly services: Services, private readonly annotations: AnnotationService, private readonly recommend: RecommendFeature, private readonly view: RationaleView) {
    this.subscriptions.push(
      view.onDidReceive(message => void this.receive(message)),
      recommend.onDidAnnotate(({ annotationId }) => void this.open(annotationId)),
      annotations.onDidChange(uri => {
        const owner = this.shown === undefined ? undefined : annotations.find(this.shown)?.owner;
        if (!owner || owner.document.uri.toString() === uri.toString()) { this.refresh(); }
      }),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (!event.affectsConfiguration('kedrec')) { return; }
        if (view.current.kind === 'empty') { view.show({ kind: 'empty', engine: engineView(readSettings()) }); } else { this.refresh(); }
      }),
    );
  }

  /** Shows an annotation in the panel; with `takeFocus` the keyboard goes there. */
  async open(id: string, takeFocus = false): Promise<void> {
    this.shown = id;
    await this.read(id);
    if (this.shown !== id) { return; }
    this.refresh(true);
    await this.view.reveal(takeFocus);
    if (takeFocus) { this.view.post({ type: 'focus' }); }
  }

  /** Shows an annotation without bringing the panel into sight: the keyboard must not leave the editor for a moment between two keys. */
  async follow(id: string): Promise<void> {
    this.shown = id;
    await this.read(id);
    if (this.shown === id) { this.refresh(true); }
  }

  /** Opens what a command was given: an id (hover, tree click) or an item of the tree. */
  async openTarget(target: unknown): Promise<void> {
    const id = annotationId(target);
    if (!id || !this.annotations.find(id)) { return; }
    await this.open(id, true);
    if (typeof target === 'string' && !vscode.window.activeTextEditor) { await this.reveal(id); }
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  /** A change of the shown annotation is shown, unless the panel is busy with something newer. */
  private refresh(force = false): void {
    if (!this.shown || (!force && this.view.current.kind !== 'done')) { return; }
    const found = this.annotations.find(this.shown);
    if (!found) {
      this.shown = undefined;
      this.view.show({ kind: 'empty', engine: engineView(readSettings()) });
      return;
    }
    const { owner, placed } = found;
    const { annotation } = placed;
    if (this.result?.id !== annotation.id) { return; }
    const { result } = this.result;
    const settings = readSettings(owner.document.uri);
    const reviews: Record<string, PanelReview> = {};
    for (const [drug, list] of annotation.reviews) {
      const standing = standingReview(list, settings.reviewer);
      if (standing) { reviews[drug] = standing; }
    }
    this.view.show({
      kind: 'done', engine: engineOfResult(result, settings), case: this.caseView(annotation.id, result), annotationId: annotation.id, result, reviews,
      detached: !placed.span, unsaved: this.annotations.unsaved(owner.document),
    });
  }

  /** Reads the full recommendation; what cannot be read is said in the panel. */
  private async read(id: string): Promise<void> {
    const failure = this.annotations.find(id)?.placed.annotation.failure;
    try {
      const result = await this.annotations.detail(id);
      if (this.shown !== id) { return; }
      this.result = result && { id, result };
      if (!result && failure) { this.view.show({ kind: 'error', engine: engineView(readSettings()), message: `This record could not be annotated (${reasonInWords(failure.reason)}).`, advice: failure.message, partial: [], actions: ['recommend', 'showLog'] }); }
    } catch (error) {
      this.services.log.error(`annotation could not be read: ${errorLabel(error)}`);
      if (this.shown !== id) { return; }
      this.result = undefined;
      this.view.show({ kind: 'error', engine: engineView(readSettings()), message: 'This recommendation cannot be read from its file.', advice: error instanceof Error ? error.message : 'Restore the file from a copy.', partial: [], actions: ['recommend', 'showLog'] });
    }
  }

  private caseView(id: string, result: RecommendationResult): CaseView {
    const { owner, placed } = this.annotations.find(id)!;
    const { document } = owner;
    const range = owner.rangeOf(placed);
    const { anchor } = placed.annotation;
    if (!range) { return { location: { file: baseName(document), place: 'detached' }, text: '', truncated: false, understood: result.case }; }
    const record = anchor.record && { index: anchor.record.index, id: anchor.record.id, line: range.start.line + 1, span: { start: 0, end: 0 }, caseText: '' };
    let text = withPlainLineBreaks(document.getText(range));
    if (anchor.record && this.readCase?.id === id && this.readCase.source === text) { ({ text } = this.readCase); } else if (anchor.record) {
      const source = text;
      const { mappings } = this.services;
      const format = mappings.formatOf(document);
      // The record's line is markup around its case; the panel shows the case. A record broken by an edit is shown as it stands.
      try { text = (!format ? undefined : format === 'jsonl' ? recordAt(text, 0, format, mappings.of(document)) : recordAt(withPlainLineBreaks(document.getText()), toPlainOffset(document, range.start), format, mappings.of(document)))?.caseText ?? text; } catch { /* as it stands */ }
      this.readCase = { id, source, text };
    }
    return { location: { file: baseName(document), place: placeOf(range, record) }, text: text.slice(0, shownCaseLength), truncated: text.length > shownCaseLength, understood: placed.edited ? undefined : result.case };
  }

  private async receive(message: FromPanel): Promise<void> {
    switch (message.type) {
      case 'ready': return;
      case 'action': return this.act(message.action);
      case 'review': {
        const { annotationId, drugId, verdict, rationale, note } = message;
        await this.annotations.review(annotationId, drugId, { verdict, ...(rationale ? { rationale } : {}), ...(note ? { note } : {}) });
        return;
      }
      case 'openCitation': return this.showPassage(message.annotationId, message.key);
      case 'openSource': {
        const url = this.citation(message.annotationId, message.key)?.url;
        if (url && /^https:\/\//.test(url)) { await vscode.env.openExternal(vscode.Uri.parse(url, true)); }
        return;
      }
      case 'revealSpan': return this.reveal(message.annotationId, message.span);
    }
  }

  private async act(action: PanelAction): Promise<void> {
    const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
    switch (action) {
      case 'retry': await this.recommend.retry(); return;
      case 'cancel': this.recommend.cancel(); return;
      case 'recommend': await run(commands.recommend); return;
      case 'openSettings': await run('workbench.action.openSettings', 'kedrec.endpoint'); return;
      case 'setApiKey': await run(commands.setApiKey); return;
      case 'checkEndpoint': await run(commands.checkEndpoint); return;
      case 'showLog': await run(commands.showLog); return;
      case 'searchEvidence': await run(commands.searchEvidence); return;
      case 'insert': await run(commands.insert, this.shown); return;
      case 'useEvidenceEngine':
        await vscode.workspace.getConfiguration('kedrec').update('engine', 'evidence', vscode.ConfigurationTarget.Global);
        await this.recommend.retry();
        return;
      case 'revealCase': if (this.shown) { await this.reveal(this.shown); } return;
      case 'undoReview': await this.undoReview(); return;
    }
  }

  private async undoReview(): Promise<void> {
    const last = await this.annotations.undoLast();
    if (!last) { void vscode.window.showInformationMessage('There is no review of this window to undo.'); return; }
    if (last.id !== this.shown) { await this.open(last.id); }
    this.view.post({ type: 'focus', drugId: last.drug });
  }

  private citation(id: string, key: CitationKey): Citation | undefined {
    const result = this.result?.id === id ? this.result.result : undefined;
    return result?.recommendations.find(({ drug }) => drug.id === key.drugId)?.rationale.claims[key.claim]?.citations[key.citation];
  }

  private async showPassage(id: string, key: CitationKey): Promise<void> {
    const citation = this.citation(id, key);
    if (!citation) { return; }
    try {
      const passage = await this.passage(citation);
      this.view.post(passage ? { type: 'passage', key, passage } : { type: 'passage', key, problem: `${citation.documentId} was not among the retrieved passages and is not in the evidence index, so it cannot be shown.` });
    } catch (error) {
      this.services.log.error(`passage could not be read: ${errorLabel(error)}`);
      this.view.post({ type: 'passage', key, problem: error instanceof Error ? error.message : 'The passage could not be read.' });
    }
  }

  private async passage(citation: Citation): Promise<PassageView | undefined> {
    const document = await this.services.document(citation.documentId);
    const passage = document?.passages.find(candidate => candidate.id === citation.passageId) ?? document?.passages[0];
    if (!document || !passage) { return undefined; }
    // The index may be newer than the annotation: the sentence is marked only where it still stands.
    const start = citation.quote ? passage.text.indexOf(citation.quote) : -1;
    return {
      citation, title: document.title, documentId: document.id, url: document.url, section: passage.section, meta: describeDocument(document), notice: document.notice, text: passage.text,
      ...(start >= 0 ? { quoted: { start, end: start + citation.quote.length } } : {}),
    };
  }

  private async reveal(id: string, span?: { readonly start: number; readonly end: number }): Promise<void> {
    const found = this.annotations.find(id);
    const range = found?.owner.rangeOf(found.placed);
    if (!found || !range) { void vscode.window.showInformationMessage('The annotated text is no longer in the file.'); return; }
    const editor = await vscode.window.showTextDocument(found.owner.document);
    const target = span && !found.placed.annotation.anchor.record ? placementRange(found.owner.document, found.placed, span) ?? range : range;
    editor.selection = new vscode.Selection(target.start, span ? target.end : target.start);
    editor.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
