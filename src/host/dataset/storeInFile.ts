import * as vscode from 'vscode';
import { anchorOfText, withPlainLineBreaks } from '../../core/dataset/anchors';
import type { MovedEvent } from '../../core/dataset/annotationTypes';
import { annotateManyEdits, stripEdits } from '../../core/dataset/inFile/annotateEdits';
import { InFileError, type TextEdit } from '../../core/dataset/inFile/edits';
import { valuesOf, type RecordValues } from '../../core/dataset/inFile/recordValues';
import { indexRecords } from '../../core/dataset/records';
import { standingReview } from '../../core/dataset/reviewState';
import type { DatasetFormat } from '../../core/dataset/recordTypes';
import { provenanceLine, verdictLabel } from '../../shared/labels';
import { noteBlock } from '../../shared/noteBlock';
import type { AnnotationService } from '../annotate/annotationService';
import { changeText } from '../annotate/changeText';
import type { PlacedAnnotation } from '../annotate/documentAnnotations';
import { commands } from '../ids';
import { errorLabel, type Log } from '../log';
import { baseName, toPlainOffset, toRange } from '../recommend/caseTarget';
import { readSettings } from '../settings';
import type { DatasetMappings } from './mappings';

const settleMs = 200;
/** Characters of a file that is looked through only to say what stands in it. */
const mostLooked = 5_000_000;

/** Keeps annotations in the annotated file itself: by command, and with `kedrec.annotations.storage: file` as they are made and reviewed. */
export class StoreInFile implements vscode.Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** What was written of each annotation, so that each state is written once. */
  private readonly written = new Map<string, string>();
  /** Documents of which was said that they cannot be changed: not said again with each review. */
  private readonly unchangeable = new Set<string>();
  private readonly since = new Date().toISOString();
  private readonly subscriptions: readonly vscode.Disposable[];
  private working: Promise<unknown> = Promise.resolve();

  constructor(private readonly annotations: AnnotationService, private readonly mappings: DatasetMappings, private readonly log: Log) {
    this.subscriptions = [
      annotations.onDidChange(uri => this.changed(uri)),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (!event.affectsConfiguration('kedrec.annotations.storage')) { return; }
        for (const document of new Set(vscode.window.visibleTextEditors.map(editor => editor.document))) { if (event.affectsConfiguration('kedrec.annotations.storage', document.uri)) { this.storageChanged(document); } }
      }),
    ];
  }

  /** "Write Annotations into File": asks whether the record under the cursor or all annotated ones. Resolves to how many were written. */
  async write(which?: 'current' | 'all'): Promise<number> {
    const editor = vscode.window.activeTextEditor;
    const document = editor?.document;
    if (!editor || !document) { tell('Open the annotated file first.'); return 0; }
    await this.annotations.ensureLoaded(document);
    const text = withPlainLineBreaks(document.getText());
    const format = this.mappings.formatOf(document, text);
    if (!format) { await vscode.commands.executeCommand(commands.insert); return 0; }
    const all = this.annotations.summaries(document).filter(({ span, annotation }) => span && !annotation.failure);
    const index = indexRecords(text, format, this.mappings.of(document, text));
    const at = index.indexAt(toPlainOffset(document, editor.selection.active));
    const current = all.filter(({ span }) => at !== undefined && index.indexAt(span!.start) === at);
    const chosen = which ?? await ask(current.length, all.length);
    const placed = chosen === 'all' ? all : current;
    if (!chosen) { return 0; }
    if (placed.length === 0) {
      tell(chosen === 'all' ? 'No record of this file is annotated yet. Run KEDRec: Recommend Drugs for Selection on one first.' : 'The record under the cursor is not annotated yet. Run KEDRec: Recommend Drugs for Selection first.');
      return 0;
    }
    return this.putAndTell(document, placed);
  }

  /** "Remove KEDRec Fields from File": one edit that leaves the bytes that the file had before. Resolves to whether anything was removed. */
  async strip(document = vscode.window.activeTextEditor?.document): Promise<boolean> {
    if (!document) { tell('Open the file first.'); return false; }
    const text = withPlainLineBreaks(document.getText());
    const format = this.mappings.formatOf(document, text) ?? 'notes';
    const { fieldPrefix } = readSettings(document.uri);
    try {
      const edits = stripEdits(text, format, fieldPrefix);
      if (edits.length === 0) { tell(`${baseName(document)} holds nothing that KEDRec wrote with the prefix "${fieldPrefix}".`); return false; }
      await this.annotations.ensureLoaded(document);
      return await this.apply(document, text, format, edits, this.annotations.summaries(document));
    } catch (error) { this.failed(document, error); return false; }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) { subscription.dispose(); }
    for (const timer of this.timers.values()) { clearTimeout(timer); }
  }

  /** The setting is about what is made from now on; what stands beside the file, or was written into it, is the user's to move. */
  private storageChanged(document: vscode.TextDocument): void {
    const format = this.mappings.formatOf(document);
    if (!format || format === 'fhir') { return; }
    const name = baseName(document);
    if (readSettings(document.uri).storage !== 'file') {
      if (this.holdsOurs(document, format)) { void this.offer(`New annotations of ${name} are kept beside it from now on. What was written into the file stays there.`, 'Remove from File', () => this.strip(document)); }
      return;
    }
    const count = this.annotations.summaries(document).filter(({ annotation }) => !annotation.failure).length;
    if (count === 0) { return; }
    const those = count === 1 ? 'The annotation that is there already stands' : `The ${count.toLocaleString('en')} annotations that are there already stand`;
    void this.offer(`New annotations of ${name} are written into the file from now on. ${those} beside it.`, count === 1 ? 'Write It into the File' : 'Write Them into the File', () => this.putAndTell(document, this.annotations.summaries(document).filter(({ annotation }) => !annotation.failure)));
  }

  private holdsOurs(document: vscode.TextDocument, format: DatasetFormat): boolean {
    const text = withPlainLineBreaks(document.getText());
    try { return text.length <= mostLooked && stripEdits(text, format, readSettings(document.uri).fieldPrefix).length > 0; } catch { return false; }
  }

  private async offer(message: string, action: string, run: () => Promise<unknown>): Promise<void> {
    if (await vscode.window.showInformationMessage(message, action)) { await run(); }
  }

  private changed(uri: vscode.Uri): void {
    if (readSettings(uri).storage !== 'file') { return; }
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    // Steps that come together (a batch, a merge) become one edit.
    this.timers.set(key, setTimeout(() => {
      this.timers.delete(key);
      this.working = this.working.then(() => this.writeNew(key)).catch((error: unknown) => this.log.error(`annotations were not written into the file: ${errorLabel(error)}`));
    }, settleMs));
  }

  /** Writes what was made or reviewed since the window opened; what an earlier session left beside the file stays there until asked for. */
  private async writeNew(key: string): Promise<void> {
    const document = vscode.workspace.textDocuments.find(({ uri, isClosed }) => uri.toString() === key && !isClosed);
    const format = document && this.mappings.formatOf(document);
    // Bundles are never changed, and the setting says so.
    if (!document || !format || format === 'fhir') { return; }
    const fresh = this.annotations.summaries(document).filter(({ span, annotation }) => {
      const state = stateOf(annotation);
      return span && !annotation.failure && state.latest >= this.since && this.written.get(annotation.id) !== state.text;
    });
    for (const { annotation } of fresh) { this.written.set(annotation.id, stateOf(annotation).text); }
    if (fresh.length > 0) { await this.put(document, fresh, true); }
  }

  private async putAndTell(document: vscode.TextDocument, placed: readonly PlacedAnnotation[]): Promise<number> {
    const count = await this.put(document, placed);
    // The fields often stand out of sight, at the end of a long line.
    if (count > 0) { tell(`${count === 1 ? 'The annotation was' : `${count.toLocaleString('en')} annotations were`} written into ${baseName(document)}. One undo takes ${count === 1 ? 'it' : 'them'} back.`); }
    return count;
  }

  private async put(document: vscode.TextDocument, placed: readonly PlacedAnnotation[], automatic = false): Promise<number> {
    try {
      const { reviewer, fieldPrefix } = readSettings(document.uri);
      const values = new Map<string, RecordValues>();
      for (const { annotation } of placed) {
        const result = await this.annotations.detail(annotation.id);
        const found = result && valuesOf(result, annotation.reviews, reviewer);
        if (!result || !found) { continue; }
        const verdicts = new Map([...annotation.reviews].flatMap(([drug, reviews]) => {
          const review = standingReview(reviews, reviewer);
          return review ? [[drug, `${verdictLabel[review.verdict]} by ${review.reviewer}`] as const] : [];
        }));
        values.set(annotation.id, { ...found, block: noteBlock(result, verdicts, provenanceLine(result.provenance), { markdown: document.languageId === 'markdown', lineBreak: '\n' }) });
      }
      // Only now: the text may have changed while the recommendations were read.
      const text = withPlainLineBreaks(document.getText());
      const format = this.mappings.formatOf(document, text);
      if (!format) { return 0; }
      const index = indexRecords(text, format, this.mappings.of(document, text));
      const byRecord = new Map<number, RecordValues>();
      for (const { annotation } of placed) {
        const span = this.annotations.find(annotation.id)?.placed.span;
        const at = span && index.indexAt(span.start);
        const found = values.get(annotation.id);
        if (at !== undefined && found) { byRecord.set(at, found); }
      }
      const edits = annotateManyEdits(text, format, [...byRecord].map(([i, found]) => ({ index: i, values: found })), fieldPrefix);
      return edits.length > 0 && await this.apply(document, text, format, edits, placed, automatic) ? byRecord.size : 0;
    } catch (error) { this.failed(document, error); return 0; }
  }

  /** Applies the edits as one step, then anchors the annotations to the records as they are written now: nothing of the case was edited. */
  private async apply(document: vscode.TextDocument, text: string, format: DatasetFormat, edits: readonly TextEdit[], placed: readonly PlacedAnnotation[], automatic = false): Promise<boolean> {
    const index = indexRecords(text, format, this.mappings.of(document, text));
    const records = new Map(placed.flatMap(({ annotation, span, edited }) => {
      const at = span && !edited ? index.indexAt(span.start) : undefined;
      return at === undefined || index.spanOf(at).start !== span!.start ? [] : [[annotation.id, at] as const];
    }));
    const outcome = await changeText(document, edits.map(({ span, newText }) => vscode.TextEdit.replace(toRange(document, span), newText)));
    if (outcome !== 'changed') {
      const key = document.uri.toString();
      const known = automatic && this.unchangeable.has(key);
      this.unchangeable.add(key);
      if (!known) { void vscode.window.showErrorMessage(outcome === 'read-only' ? `${baseName(document)} is read-only: its annotations are kept beside it.` : `${baseName(document)} changed meanwhile: nothing was written into it. Try again.`); }
      return false;
    }
    const after = withPlainLineBreaks(document.getText());
    const now = indexRecords(after, format, this.mappings.of(document, after));
    const at = new Date().toISOString();
    const events = [...records].flatMap(([id, i]): MovedEvent[] => {
      if (i >= now.length || !this.annotations.find(id)) { return []; }
      const { start, end } = now.spanOf(i);
      const before = this.annotations.find(id)!.placed.annotation.anchor;
      return [{ event: 'moved', id, at, anchor: anchorOfText(after.slice(start, end), start, before.record), edited: false }];
    });
    if (events.length > 0 && format !== 'notes') { await this.annotations.addEvents(document, events); }
    return true;
  }

  private failed(document: vscode.TextDocument, error: unknown): void {
    if (!(error instanceof InFileError)) { throw error; }
    void vscode.window.showErrorMessage(`${baseName(document)}: ${error.message}. Nothing was written into the file; the annotations are kept beside it.`);
  }
}

function stateOf({ at, reviews }: PlacedAnnotation['annotation']): { readonly latest: string; readonly text: string } {
  const all = [...reviews.values()].flat();
  return { latest: all.reduce((latest, review) => (review.at > latest ? review.at : latest), at), text: JSON.stringify([...reviews]) };
}

async function ask(current: number, all: number): Promise<'current' | 'all' | undefined> {
  const items = [
    ...(current > 0 ? [{ label: '$(file-text) This Record', detail: 'The record under the cursor', which: 'current' as const }] : []),
    { label: '$(files) All Annotated Records', detail: all === 1 ? '1 record' : `${all.toLocaleString('en')} records`, which: 'all' as const },
  ];
  return (await vscode.window.showQuickPick(items, { title: 'Write Annotations into File', placeHolder: 'One undo takes it back' }))?.which;
}

function tell(message: string): void { void vscode.window.showInformationMessage(message); }
