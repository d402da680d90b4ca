import * as vscode from 'vscode';
import type { AnnotationEvent } from '../../core/dataset/annotationTypes';
import { sidecarName, type SidecarProblem } from '../../core/dataset/sidecar';
import type { Span } from '../../core/text/span';
import { errorLabel, type Log } from '../log';
import { baseName } from '../recommend/caseTarget';
import { readSettings } from '../settings';
import { DocumentAnnotations } from './documentAnnotations';
import { describeWriteError, sidecarUri } from './sidecarFile';
import { SidecarStore } from './sidecarStore';

const settleMs = 150;
const watchMs = 150;
/** Anchors that only shifted are written on saving where they are few; many are found again by their neighbours. */
const mostShifted = 200;
const sliceMs = 8;
/** Longest to wait with telling of what a long reading brought. */
const progressMs = 250;

/** One open document: its annotations in their places and its sidecar. */
export class OpenDocument implements vscode.Disposable {
  readonly owner: DocumentAnnotations;
  /** Resolves when the sidecar was read; never rejects. */
  readonly loaded: Promise<void>;
  /** The sidecar was read up to its end once, or annotations were made before that. */
  isRead = false;
  /** Why annotations are not in their sidecar, if they are not. */
  problem: string | undefined;
  readonly store: SidecarStore;
  private readonly subscriptions: vscode.Disposable[] = [];
  /** Annotations that were not found by a quick look, until the whole sidecar is read. */
  private readonly missing = new Set<string>();
  private toldOf = 0;
  private settling: NodeJS.Timeout | undefined;
  private watching: NodeJS.Timeout | undefined;
  private mayBeBack = false;
  private lastTold = 0;

  /** `store`: that of the same document before it was closed, with what was not written yet. */
  constructor(readonly document: vscode.TextDocument, private readonly log: Log, private readonly tell: () => void, store?: SidecarStore) {
    this.owner = new DocumentAnnotations(document);
    const uri = sidecarUri(document.uri);
    const name = sidecarName(document.uri.path.split('/').pop() ?? '');
    this.store = store ?? new SidecarStore(uri, name);
    if (uri) { this.watch(uri, name); }
    this.loaded = this.load();
  }

  /** Takes events into memory, in their places, and tells of them once. `span`: where the text of the first one stands, if that is known. */
  take(events: readonly AnnotationEvent[], span?: Span): void {
    this.isRead = true;
    for (const id of this.store.add(events)) { this.place(id, true, id === events[0]?.id ? span : undefined); }
    this.tell();
  }

  /** Writes what was taken. What fails stays pending and is written first the next time; it is reported, and with `strict` rejects. */
  async write(strict = false): Promise<void> {
    if (!this.store.uri) {
      this.say('This document has no file yet, so its annotations live only in this window. Save it as a file, then run the recommendation again.');
      return;
    }
    if (!readSettings(this.document.uri).saveAnnotations) { this.say('Annotations are not kept: the setting kedrec.saveAnnotations is off.'); return; }
    try {
      await this.store.flush(ids => this.placeAll(ids));
      this.say(undefined);
    } catch (error) {
      const message = describeWriteError(error, this.store.uri);
      this.say(message);
      this.log.error(`sidecar could not be written: ${errorLabel(error)}`);
      if (strict) { throw new Error(message, { cause: error }); }
      void vscode.window.showErrorMessage(message, 'Retry', 'Save a Copy\u2026').then(choice => {
        if (choice === 'Retry') { void this.write(); } else if (choice) { void this.saveCopy(); }
      });
    }
  }

  /** Reads what was appended by others. */
  async sync(): Promise<void> {
    await this.loaded;
    try { await this.store.sync(ids => this.placeAll(ids)); } catch (error) { this.log.warn(`sidecar could not be read again: ${errorLabel(error)}`); return; }
    this.findMissing();
  }

  /** Follows an edit: one pass over numbers now; everything else waits until typing pauses. */
  changed({ contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || this.owner.size === 0) { return; }
    const what = this.owner.applyChanges(contentChanges);
    const shortest = what === 'text' ? this.owner.shortestGone : undefined;
    if (shortest !== undefined && (reason !== undefined || contentChanges.some(({ text }) => text.length >= shortest))) { this.mayBeBack = true; }
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.settle(), settleMs);
  }

  /** Keeps where changed texts stand now. */
  async saved(eventsOf: (moved: ReturnType<DocumentAnnotations['movedAnchors']>) => readonly AnnotationEvent[]): Promise<void> {
    await this.loaded;
    const moved = this.owner.movedAnchors(mostShifted);
    if (moved.length > 0) { this.take(eventsOf(moved)); }
    if (moved.length > 0 || this.store.hasPending) { await this.write(); }
  }

  dispose(): void {
    clearTimeout(this.settling);
    clearTimeout(this.watching);
    this.owner.dispose();
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private async load(): Promise<void> {
    const started = performance.now();
    try {
      await this.store.sync(ids => this.placeAll(ids));
      for (const { id } of this.store.summaries.summaries()) { if (!this.owner.has(id) && !this.missing.has(id)) { this.place(id, false); } }
      this.findMissing(false);
      this.isRead = true;
      const { problems, problemCount } = this.store.summaries;
      if (problems.length > 0) { this.reportProblems(problems, problemCount); }
      this.reportDetached();
      if (this.owner.size > 0) { this.log.info(`${this.owner.size} annotations restored in ${(performance.now() - started).toFixed(0)} ms`); }
      this.tell();
    } catch (error) {
      this.isRead = true;
      this.log.error(`sidecar could not be read: ${errorLabel(error)}`);
      void vscode.window.showErrorMessage(`The annotations beside ${baseName(this.document)} cannot be read. Check that the .kedrec.jsonl file may be read, then reopen the file.`);
    }
  }

  /** Puts what was read into its places, giving way to the editor; tells of it now and then, so that the first ones show while the rest is read. */
  private async placeAll(ids: ReadonlySet<string>): Promise<void> {
    let started = performance.now();
    for (const id of ids) {
      this.place(id, false);
      if (performance.now() - started < sliceMs) { continue; }
      await new Promise(resolve => setImmediate(resolve));
      started = performance.now();
    }
    if (performance.now() - this.lastTold > progressMs || this.toldOf === 0) {
      this.lastTold = performance.now();
      this.toldOf = this.owner.size;
      if (this.owner.size > 0) { this.isRead = true; }
      this.tell();
    } else if (!this.settling) { this.settling = setTimeout(() => void this.settle(), progressMs); }
  }

  private place(id: string, thorough: boolean, span?: Span): void {
    const index = this.store.summaries;
    const summary = index.summary(id);
    if (!summary) { this.owner.remove(id); this.missing.delete(id); return; }
    const originals = index.originalHashes(id);
    if (this.owner.has(id) || span) { this.owner.put(summary, originals, span); return; }
    if (!this.owner.locate(summary, originals, thorough)) { this.missing.add(id); } else { this.missing.delete(id); }
  }

  private findMissing(tell = true): void {
    if (this.missing.size === 0) { return; }
    for (const id of [...this.missing]) { this.place(id, true); }
    if (tell) { this.tell(); }
  }

  /** After edits: what is in sight is looked at; what may have come back is looked for. */
  private async settle(): Promise<void> {
    this.settling = undefined;
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === this.document) { for (const range of editor.visibleRanges) { this.owner.verify(range); } }
    }
    if (this.mayBeBack) {
      this.mayBeBack = false;
      await this.owner.relocate();
    }
    this.tell();
  }

  private watch(uri: vscode.Uri, name: string): void {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name.replace(/[[\]{}*?]/g, '[$&]')));
    const later = () => { clearTimeout(this.watching); this.watching = setTimeout(() => void this.sync(), watchMs); };
    this.subscriptions.push(watcher, watcher.onDidChange(later), watcher.onDidCreate(later), watcher.onDidDelete(later));
  }

  private say(problem: string | undefined): void {
    this.problem = problem;
    this.tell();
  }

  private async saveCopy(): Promise<void> {
    const target = await vscode.window.showSaveDialog({ filters: { 'JSON Lines': ['jsonl'] }, title: `Copy of the annotations of ${baseName(this.document)}` });
    if (target) { await vscode.workspace.fs.writeFile(target, await this.store.copy()); }
  }

  private reportProblems(problems: readonly SidecarProblem[], count: number): void {
    const { uri } = this.store;
    const first = problems[0]!;
    const name = uri?.path.split('/').pop() ?? '';
    const more = count > 1 ? ` (and ${count - 1} more)` : '';
    void vscode.window.showWarningMessage(`${name}, line ${first.line}${first.field ? `, field ${first.field}` : ''}: ${first.message}${more}. The other annotations were restored.`, 'Open File').then(choice => {
      if (choice && uri) { void vscode.window.showTextDocument(uri, { selection: new vscode.Range(first.line - 1, 0, first.line - 1, 0) }); }
    });
  }

  private reportDetached(): void {
    const gone = this.owner.all.filter(placed => !placed.span).length;
    if (gone === 0) { return; }
    const what = gone === 1 ? 'One annotation' : `${gone} annotations`;
    void vscode.window.showWarningMessage(`${what} of ${baseName(this.document)} ${gone === 1 ? 'is' : 'are'} detached: the annotated text is no longer in the file. Nothing was deleted.`, 'Show Annotations').then(choice => {
      if (choice) { void vscode.commands.executeCommand('kedrec.annotations.focus'); }
    });
  }
}
