import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { anchorOf, withPlainLineBreaks } from '../../core/dataset/anchors';
import type { Annotation, AnnotationEvent, Review, ReviewVerdict } from '../../core/dataset/annotationTypes';
import { foldEvents } from '../../core/dataset/sidecar';
import type { RecommendationResult } from '../../core/recommend/types';
import { setContextKey } from '../ids';
import { errorLabel, type Log } from '../log';
import { baseName, type CaseTarget } from '../recommend/caseTarget';
import { readSettings } from '../settings';
import { DocumentAnnotations, type PlacedAnnotation } from './documentAnnotations';
import { appendToSidecar, describeWriteError, readSidecar, sidecarUri, writeCopy } from './sidecarFile';

/** Keeps the annotations of open documents: reads sidecars when documents open, follows edits, appends events. */
export class AnnotationService implements vscode.Disposable {
  private readonly documents = new Map<string, DocumentAnnotations>();
  private readonly events = new Map<string, AnnotationEvent[]>();
  /** Events that could not be written yet, by document. */
  private readonly pending = new Map<string, AnnotationEvent[]>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly writing = new Map<string, Promise<unknown>>();
  private readonly problems = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private reattachTimer: NodeJS.Timeout | undefined;

  /** The annotations of a document changed: made, moved, reviewed, removed, loaded. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: Log) {
    this.subscriptions.push(
      this.changed,
      vscode.window.onDidChangeVisibleTextEditors(editors => { for (const editor of editors) { void this.ensureLoaded(editor.document); } }),
      vscode.window.onDidChangeActiveTextEditor(() => this.updateContext()),
      vscode.workspace.onDidChangeTextDocument(event => this.documentChanged(event)),
      vscode.workspace.onDidSaveTextDocument(document => void this.documentSaved(document)),
    );
  }

  /** Reads sidecars of the documents that are already visible. Not awaited by activation. */
  start(): void { for (const editor of vscode.window.visibleTextEditors) { void this.ensureLoaded(editor.document); } }

  of(document: vscode.TextDocument): DocumentAnnotations | undefined { return this.documents.get(document.uri.toString()); }

  find(id: string): { readonly owner: DocumentAnnotations; readonly placed: PlacedAnnotation } | undefined {
    // A copied file brings a copied sidecar with the same ids: the file in front is meant.
    const front = vscode.window.activeTextEditor?.document.uri.toString();
    const owners = [...this.documents].sort(([a], [b]) => Number(b === front) - Number(a === front));
    for (const [, owner] of owners) {
      const placed = owner.find(id);
      if (placed) { return { owner, placed }; }
    }
    return undefined;
  }

  /** Why the document's annotations are not in their sidecar, if they are not. */
  unsaved(document: vscode.TextDocument): string | undefined { return this.problems.get(document.uri.toString()); }

  async ensureLoaded(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const owner = this.documents.get(key);
    // A document that was closed and opened again is another object; until then its annotations stay, so that the panel can still be reviewed.
    if (owner && !owner.document.isClosed) { return; }
    const running = this.loading.get(key) ?? this.load(document).finally(() => this.loading.delete(key));
    this.loading.set(key, running);
    await running;
  }

  /** Attaches a result to its case. */
  async annotate(target: CaseTarget, result: RecommendationResult): Promise<Annotation> {
    await this.ensureLoaded(target.document);
    const owner = this.owner(target.document);
    const plain = withPlainLineBreaks(target.document.getText());
    const record = target.record && { index: target.record.index, ...(target.record.id === undefined ? {} : { id: target.record.id }) };
    const annotation: Annotation = { id: randomUUID(), at: result.provenance.createdAt, anchor: anchorOf(plain, target.span, record), result, reviews: new Map() };
    owner.put(annotation, { start: target.document.offsetAt(target.range.start), end: target.document.offsetAt(target.range.end) });
    await this.append(target.document, [{ event: 'annotated', id: annotation.id, at: annotation.at, anchor: annotation.anchor, result }]);
    return annotation;
  }

  /** Keeps a review; with `undefined` the reviewer's latest review of the drug is taken back. False when the annotation is gone. */
  async review(id: string, drug: string, verdict: { verdict: ReviewVerdict; rationale?: string; note?: string } | undefined): Promise<boolean> {
    const found = this.find(id);
    if (!found) { return false; }
    const { document } = found.owner;
    const { reviewer } = readSettings(document.uri);
    const at = new Date().toISOString();
    const event: AnnotationEvent = verdict ? { event: 'reviewed', id, at, reviewer, drug, ...verdict } : { event: 'review-undone', id, at, reviewer, drug };
    const all = [...(this.events.get(document.uri.toString()) ?? []), event];
    const folded = foldEvents(all).find(annotation => annotation.id === id);
    if (folded) { found.owner.replace({ ...found.placed.annotation, reviews: folded.reviews }); }
    setContextKey('kedrec:hasReview', true);
    await this.append(document, [event]);
    return true;
  }

  async remove(id: string): Promise<void> {
    const found = this.find(id);
    if (!found) { return; }
    found.owner.remove(id);
    await this.append(found.owner.document, [{ event: 'removed', id, at: new Date().toISOString() }]);
  }

  /** Tries again to write what could not be written. */
  async retryPending(document: vscode.TextDocument): Promise<void> { await this.append(document, []); }

  async saveCopy(document: vscode.TextDocument): Promise<void> {
    const target = await vscode.window.showSaveDialog({ filters: { 'JSON Lines': ['jsonl'] }, title: `Copy of the annotations of ${baseName(document)}` });
    if (target) { await writeCopy(target, this.events.get(document.uri.toString()) ?? []); }
  }

  dispose(): void {
    clearTimeout(this.reattachTimer);
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private owner(document: vscode.TextDocument): DocumentAnnotations {
    const key = document.uri.toString();
    let owner = this.documents.get(key);
    if (!owner || owner.document.isClosed) {
      owner = new DocumentAnnotations(document);
      this.documents.set(key, owner);
    }
    return owner;
  }

  private async load(document: vscode.TextDocument): Promise<void> {
    const uri = sidecarUri(document.uri);
    if (!uri || document.fileName.endsWith('.kedrec.jsonl')) { return; }
    try {
      const { events, problems } = await readSidecar(uri);
      const owner = this.owner(document);
      this.events.set(document.uri.toString(), [...events]);
      owner.load(foldEvents(events));
      if (problems.length > 0) { this.reportProblems(uri, problems); }
      this.reportDetached(owner);
      if (owner.all.length > 0) { this.log.info(`${owner.all.length} annotations restored`); }
      this.notify(document);
    } catch (error) {
      this.log.error(`sidecar could not be read: ${errorLabel(error)}`);
      void vscode.window.showErrorMessage(`The annotations beside ${baseName(document)} cannot be read. Check that the .kedrec.jsonl file may be read, then reopen the file.`);
    }
  }

  private reportProblems(uri: vscode.Uri, problems: readonly { line: number; field?: string; message: string }[]): void {
    const first = problems[0]!;
    const name = uri.path.split('/').pop() ?? '';
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    void vscode.window.showWarningMessage(`${name}, line ${first.line}${first.field ? `, field ${first.field}` : ''}: ${first.message}${more}. The other annotations were restored.`, 'Open File').then(choice => {
      if (choice) { void vscode.window.showTextDocument(uri, { selection: new vscode.Range(first.line - 1, 0, first.line - 1, 0) }); }
    });
  }

  private reportDetached(owner: DocumentAnnotations): void {
    const gone = owner.all.filter(placed => !placed.span).length;
    if (gone === 0) { return; }
    const what = gone === 1 ? 'One annotation' : `${gone} annotations`;
    void vscode.window.showWarningMessage(`${what} of ${baseName(owner.document)} ${gone === 1 ? 'is' : 'are'} detached: the annotated text is no longer in the file. Nothing was deleted.`, 'Show Annotations').then(choice => {
      if (choice) { void vscode.commands.executeCommand('kedrec.annotations.focus'); }
    });
  }

  private documentChanged(event: vscode.TextDocumentChangeEvent): void {
    const owner = this.of(event.document);
    if (!owner || event.contentChanges.length === 0 || !owner.applyChanges(event.contentChanges)) { return; }
    clearTimeout(this.reattachTimer);
    this.reattachTimer = setTimeout(() => { owner.reattach(); this.notify(event.document); }, 150);
  }

  private async documentSaved(document: vscode.TextDocument): Promise<void> {
    const owner = this.of(document);
    if (!owner) { await this.ensureLoaded(document); return; }
    const at = new Date().toISOString();
    const moved = owner.movedAnchors().map(({ id, annotation }): AnnotationEvent => ({ event: 'moved', id, at, anchor: annotation.anchor, ...(annotation.edited ? { edited: true } : {}) }));
    if (moved.length > 0 || this.pending.has(document.uri.toString())) { await this.append(document, moved); }
  }

  /** Writes are one after another for each document; what fails stays pending and is written first the next time. */
  private async append(document: vscode.TextDocument, events: readonly AnnotationEvent[]): Promise<void> {
    const key = document.uri.toString();
    this.events.set(key, [...(this.events.get(key) ?? []), ...events]);
    this.notify(document);
    const previous = this.writing.get(key) ?? Promise.resolve();
    const next = previous.then(() => this.write(document, events));
    this.writing.set(key, next);
    await next;
    this.notify(document);
  }

  private async write(document: vscode.TextDocument, events: readonly AnnotationEvent[]): Promise<void> {
    const key = document.uri.toString();
    const uri = sidecarUri(document.uri);
    const queue = [...(this.pending.get(key) ?? []), ...events];
    if (queue.length === 0) { return; }
    if (!uri) { this.problems.set(key, 'This document has no file yet, so its annotations live only in this window. Save it as a file, then run the recommendation again.'); return; }
    if (!readSettings(document.uri).saveAnnotations) { this.problems.set(key, 'Annotations are not kept: the setting kedrec.saveAnnotations is off.'); return; }
    try {
      await appendToSidecar(uri, queue);
      this.pending.delete(key);
      this.problems.delete(key);
    } catch (error) {
      this.pending.set(key, queue);
      const message = describeWriteError(error, uri);
      this.problems.set(key, message);
      this.log.error(`sidecar could not be written: ${errorLabel(error)}`);
      void vscode.window.showErrorMessage(message, 'Retry', 'Save a Copy\u2026').then(choice => {
        if (choice === 'Retry') { void this.retryPending(document); } else if (choice) { void this.saveCopy(document); }
      });
    }
  }

  private notify(document: vscode.TextDocument): void {
    this.changed.fire(document.uri);
    this.updateContext();
  }

  private updateContext(): void {
    const document = vscode.window.activeTextEditor?.document;
    setContextKey('kedrec:hasAnnotation', document !== undefined && (this.of(document)?.all.length ?? 0) > 0);
  }
}

/** The review that the panel shows for a drug: this reviewer's, else the latest of anyone. */
export function standingReview(reviews: readonly Review[] | undefined, reviewer: string): Review | undefined {
  return reviews?.find(review => review.reviewer === reviewer) ?? reviews?.at(-1);
}
