import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { AnnotatedEvent, AnnotationEvent, Review, ReviewVerdict } from '../../core/dataset/annotationTypes';
import type { AnnotationSummary } from '../../core/dataset/summary';
import type { RecommendationResult } from '../../core/recommend/types';
import { setContextKey } from '../ids';
import type { Log } from '../log';
import { baseName, type CaseTarget } from '../recommend/caseTarget';
import { readSettings } from '../settings';
import { AskedCase } from './askedCase';
import type { DocumentAnnotations, PlacedAnnotation } from './documentAnnotations';
import { OpenDocument } from './openDocument';

/** A verdict as it comes from the panel, a key or a list. */
export interface Verdict extends Omit<Review, 'reviewer' | 'at'> { readonly verdict: ReviewVerdict }

const mostClosed = 5;

/** One step of reviewing, to be taken back. */
export interface ReviewStep { readonly id: string; readonly drug: string }

/** Keeps the annotations of open documents: reads sidecars when documents open, follows edits and what others append, appends events. */
export class AnnotationService implements vscode.Disposable {
  private readonly documents = new Map<string, OpenDocument>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly steps: ReviewStep[] = [];
  private readonly subscriptions: vscode.Disposable[] = [];
  private clock = 0;
  private asked: AskedCase | undefined;

  /** The annotations of a document changed: made, moved, reviewed, removed, loaded, appended by another program. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: Log) {
    this.subscriptions.push(
      this.changed,
      vscode.window.onDidChangeVisibleTextEditors(editors => { for (const editor of editors) { void this.ensureLoaded(editor.document); } }),
      vscode.window.onDidChangeActiveTextEditor(() => this.updateContext()),
      vscode.window.onDidChangeWindowState(({ focused }) => { if (focused) { for (const { document } of vscode.window.visibleTextEditors) { void this.reload(document); } } }),
      vscode.workspace.onDidChangeTextDocument(event => {
        this.asked?.changed(event);
        this.opened(event.document)?.changed(event);
      }),
      vscode.workspace.onDidSaveTextDocument(document => void this.documentSaved(document)),
      vscode.workspace.onDidCloseTextDocument(document => this.documentClosed(document)),
    );
  }

  /** Reads sidecars of the documents that are already visible. Not awaited by activation. */
  start(): void { for (const editor of vscode.window.visibleTextEditors) { void this.ensureLoaded(editor.document); } }

  of(document: vscode.TextDocument): DocumentAnnotations | undefined {
    const opened = this.opened(document);
    return opened?.isRead ? opened.owner : undefined;
  }

  /** Those that speak for their place, in file order; detached and superseded ones are left out. */
  summaries(document: vscode.TextDocument): readonly PlacedAnnotation[] { return this.of(document)?.standing ?? []; }

  find(id: string): { readonly owner: DocumentAnnotations; readonly placed: PlacedAnnotation } | undefined {
    const opened = this.holding(id);
    const placed = opened?.owner.find(id);
    return opened && placed && { owner: opened.owner, placed };
  }

  /** The full recommendation. Undefined for an unknown id and for a failure; rejects with SidecarError where its line cannot be used. */
  async detail(id: string): Promise<RecommendationResult | undefined> { return this.holding(id)?.store.result(id); }

  /** Why the document's annotations are not in their sidecar, if they are not. */
  unsaved(document: vscode.TextDocument): string | undefined { return this.opened(document)?.problem; }

  async ensureLoaded(document: vscode.TextDocument): Promise<void> {
    const opened = this.opened(document);
    // A document that was closed and opened again is another object; until then its annotations stay, so that the panel can still be reviewed.
    if (opened && !opened.document.isClosed) { return opened.loaded; }
    if (document.isClosed || document.fileName.endsWith('.kedrec.jsonl') || ['output', 'git', 'debug'].includes(document.uri.scheme)) { return; }
    const fresh = new OpenDocument(document, this.log, () => this.notify(document), opened?.store);
    opened?.dispose();
    this.documents.set(document.uri.toString(), fresh);
    await fresh.loaded;
  }

  /** Reads what another window or program appended to the sidecar. */
  async reload(document: vscode.TextDocument): Promise<void> {
    await this.ensureLoaded(document);
    await this.opened(document)?.sync();
  }

  /** Follows edits from now on, so that the answer to this case is attached where the case then stands. The latest one counts. */
  ask(target: CaseTarget): void { this.asked = new AskedCase(target); }

  /** Attaches a result to its case. */
  async annotate(target: CaseTarget, result: RecommendationResult): Promise<AnnotationSummary> {
    const opened = await this.open(target.document);
    const asked = this.asked?.target === target ? this.asked : new AskedCase(target);
    const { anchor, span, edited } = asked.now;
    const event: AnnotatedEvent = { event: 'annotated', id: randomUUID(), at: result.provenance.createdAt, anchor, result };
    opened.take([event, ...(edited ? [{ event: 'moved' as const, id: event.id, at: this.now(), anchor: edited, edited: true }] : [])], asked.isGone ? undefined : span);
    await opened.write();
    return opened.owner.find(event.id)!.annotation;
  }

  /**
   * Keeps a review; with `undefined` the reviewer's latest review of the drug is taken back. False when the annotation is gone.
   * With `undoable: false` it is no step of `undoLast`.
   */
  async review(id: string, drug: string, verdict: Verdict | undefined, { undoable = true }: { readonly undoable?: boolean } = {}): Promise<boolean> {
    const opened = this.holding(id);
    if (!opened) { return false; }
    const { reviewer } = readSettings(opened.document.uri);
    const base = { id, at: this.now(), reviewer, drug };
    const event: AnnotationEvent = verdict ? { event: 'reviewed', ...base, ...verdict } : { event: 'review-undone', ...base };
    if (verdict && undoable) { this.steps.push({ id, drug }); } else if (!verdict) { this.forgetStep(id, drug); }
    opened.take([event]);
    setContextKey('kedrec:hasReview', this.steps.length > 0);
    await opened.write();
    return true;
  }

  /** Takes back the last review step of this window, however it was made. Undefined when there is none. */
  async undoLast(): Promise<ReviewStep | undefined> {
    for (let last = this.steps.at(-1); last; last = this.steps.at(-1)) {
      if (await this.review(last.id, last.drug, undefined)) { return last; }
      this.steps.pop();
    }
    setContextKey('kedrec:hasReview', false);
    return undefined;
  }

  /** Takes events made elsewhere (a batch, a colleague's reviews): placed by their anchors, told of once, written durably. Rejects when they could not be written. */
  async addEvents(document: vscode.TextDocument, events: readonly AnnotationEvent[]): Promise<void> {
    const opened = await this.open(document);
    opened.take(events);
    await opened.write(true);
  }

  async remove(id: string): Promise<void> {
    const opened = this.holding(id);
    if (!opened) { return; }
    opened.take([{ event: 'removed', id, at: this.now() }]);
    await opened.write();
  }

  /** Tries again to write what could not be written. */
  async retryPending(document: vscode.TextDocument): Promise<void> { await this.opened(document)?.write(); }

  /** Every event of the document as the bytes of a sidecar, written or not. */
  async copyOf(document: vscode.TextDocument): Promise<Uint8Array> { return await this.opened(document)?.store.copy() ?? new Uint8Array(); }

  /** A time for an event: later than that of every event before it. */
  now(): string {
    this.clock = Math.max(this.clock + 1, Date.now());
    return new Date(this.clock).toISOString();
  }

  dispose(): void {
    for (const opened of this.documents.values()) { opened.dispose(); }
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private opened(document: vscode.TextDocument): OpenDocument | undefined { return this.documents.get(document.uri.toString()); }

  private async open(document: vscode.TextDocument): Promise<OpenDocument> {
    await this.ensureLoaded(document);
    const opened = this.opened(document);
    if (!opened) { throw new Error(`${baseName(document)} cannot be annotated: it is closed, or it is itself a file of annotations.`); }
    return opened;
  }

  private holding(id: string): OpenDocument | undefined {
    // A copied file brings a copied sidecar with the same ids: the file in front is meant.
    const front = vscode.window.activeTextEditor && this.opened(vscode.window.activeTextEditor.document);
    if (front?.owner.has(id)) { return front; }
    for (const opened of this.documents.values()) { if (opened.owner.has(id)) { return opened; } }
    return undefined;
  }

  private forgetStep(id: string, drug: string): void {
    const at = this.steps.map(step => step.id === id && step.drug === drug).lastIndexOf(true);
    if (at >= 0) { this.steps.splice(at, 1); }
  }

  private async documentSaved(document: vscode.TextDocument): Promise<void> {
    const opened = this.opened(document);
    if (!opened) { await this.ensureLoaded(document); return; }
    const at = this.now();
    await opened.saved(moved => moved.map(({ id, anchor, edited }) => ({ event: 'moved', id, at, anchor, ...(edited === undefined ? {} : { edited }) })));
  }

  /** Of closed documents only the last few are kept, so that what the panel shows can still be reviewed; and what could not be written yet. */
  private documentClosed(document: vscode.TextDocument): void {
    const closed = [...this.documents].filter(([, { document: { isClosed }, store }]) => isClosed && !store.hasPending);
    const spare = closed.slice(0, Math.max(0, closed.length - mostClosed));
    const empty = closed.filter(([, { document: other, owner }]) => other === document && owner.size === 0);
    for (const [key, opened] of [...spare, ...empty]) {
      opened.dispose();
      this.documents.delete(key);
    }
  }

  private notify(document: vscode.TextDocument): void {
    this.changed.fire(document.uri);
    this.updateContext();
  }

  private updateContext(): void {
    const document = vscode.window.activeTextEditor?.document;
    setContextKey('kedrec:hasAnnotation', document !== undefined && (this.of(document)?.size ?? 0) > 0);
  }
}
