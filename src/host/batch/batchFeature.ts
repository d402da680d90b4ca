import * as vscode from 'vscode';
import { noMemory, readMemory } from '../../core/dataset/batch/readMemory';
import type { BatchMemory, BatchProgress, BatchSummary } from '../../core/dataset/batch/types';
import type { AnnotationService } from '../annotate/annotationService';
import { describeWriteError } from '../annotate/sidecarFile';
import { commands, views } from '../ids';
import { errorLabel } from '../log';
import type { Privacy } from '../privacy/privacy';
import type { ReportDocuments } from '../review/reportDocuments';
import type { Services } from '../services';
import { readSettings } from '../settings';
import { askRecord } from './askRecord';
import { batchReport } from './batchReport';
import { countRecords, documentSource, fileSource, firstRecords, isSource, memoryOf, type BatchCount, type BatchSource, type NoSource } from './batchSource';
import { BatchStatus } from './batchStatus';
import { confirmBatch, type Confirmed } from './confirmBatch';
import { progressText, settled, summaryText } from './progressText';
import { RunningBatch } from './runningBatch';
import { settledOnDisk, UnfinishedBatches } from './unfinished';

/** How often the interface follows a running batch, and how often the workspace remembers it, in ms. */
const showEvery = 250;
const noteEvery = 3000;

export interface BatchStart {
  readonly retryFailed?: boolean;
  /** The user has already said so. */
  readonly confirmed?: boolean;
}

/** Annotates many records: an open file, its selected records, or a file that is not open. One batch a file at a time. */
export class BatchFeature implements vscode.Disposable {
  private readonly running = new Map<string, RunningBatch>();
  private readonly starting = new Set<string>();
  private readonly summaries = new Map<string, { readonly source: BatchSource; readonly summary: BatchSummary }>();
  private readonly status = new BatchStatus();
  private readonly unfinished: UnfinishedBatches;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** A batch began, got on or ended. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services, private readonly annotations: AnnotationService, private readonly reports: ReportDocuments, private readonly privacy: Privacy, memory: vscode.Memento) {
    this.unfinished = new UnfinishedBatches(memory);
  }

  /** The batch over a file, if one runs. */
  of(uri: vscode.Uri): RunningBatch | undefined { return this.running.get(uri.toString()); }
  get all(): readonly RunningBatch[] { return [...this.running.values()]; }

  annotateFile(): Promise<BatchSummary | undefined> { return this.startOrSay(this.fromEditor(false)); }
  annotateSelection(): Promise<BatchSummary | undefined> { return this.startOrSay(this.fromEditor(true)); }

  async annotateDataset(uri?: vscode.Uri): Promise<BatchSummary | undefined> {
    const chosen = uri ?? (await vscode.window.showOpenDialog({ title: 'Annotate Dataset File', openLabel: 'Annotate', filters: { Datasets: ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'md', 'txt'], 'All Files': ['*'] } }))?.[0];
    return chosen && this.startOrSay(await this.sourceOf(chosen));
  }

  async retryFailed(): Promise<BatchSummary | undefined> {
    const last = [...this.summaries.values()].at(-1);
    const active = vscode.window.activeTextEditor?.document.uri;
    const uri = active && (this.summaries.has(active.toString()) || active.scheme === 'file') ? active : last?.source.uri;
    if (!uri) { void vscode.window.showInformationMessage('Open the annotated file first, then retry what failed.'); return undefined; }
    return this.startOrSay(await this.sourceOf(uri), { retryFailed: true });
  }

  /** Offers to go on with what a crash or a closed window interrupted. Where the workspace remembers nothing, no file is looked at. */
  async offerResume(): Promise<void> {
    for (const entry of this.unfinished.abandoned) {
      const uri = vscode.Uri.parse(entry.uri);
      const name = uri.path.split('/').pop() ?? '';
      const settledNow = (await settledOnDisk(uri) ?? entry.settled).toLocaleString('en');
      const done = entry.total === undefined ? `${settledNow} done` : `${settledNow} of ${entry.total.toLocaleString('en')} done`;
      const resume = `Resume (${done})`;
      const choice = await vscode.window.showInformationMessage(`The annotation of ${name} was interrupted. What was answered is kept.`, resume, 'Not Now', 'Forget');
      if (choice === resume) { void this.startOrSay(await this.sourceOf(uri), { confirmed: true }); } else if (choice === 'Forget') { await this.unfinished.forget(uri); }
    }
  }

  pause(): void { this.each(batch => batch.pause()); }
  resume(): void { this.each(batch => batch.resume()); }
  cancel(): void { this.each(batch => batch.cancel()); }

  /** What the status bar item offers. */
  async menu(): Promise<void> {
    const items = this.all.flatMap(batch => {
      const { name } = batch.source;
      const detail = progressText(batch.progress);
      const paused = batch.progress.state === 'paused';
      return [
        { label: paused ? '$(debug-continue) Resume' : '$(debug-pause) Pause', description: name, detail, run: () => (paused ? batch.resume() : batch.pause()) },
        { label: '$(debug-stop) Cancel', description: name, detail: 'What was answered is kept; run Annotate File again to go on.', run: () => batch.cancel() },
      ];
    });
    const choice = await vscode.window.showQuickPick(items, { title: 'KEDRec: Annotation in Progress' });
    choice?.run();
  }

  async showReport(): Promise<void> {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    const found = (active && this.summaries.get(active)) || [...this.summaries.values()].at(-1);
    if (!found) { void vscode.window.showInformationMessage('No batch has ended in this window yet. Records that failed earlier are in the annotation queue, filter: errors.'); return; }
    await this.reports.show(`What was not annotated in ${found.source.name}`, batchReport(found.source.name, found.source.uri.toString(), found.summary));
  }

  dispose(): void {
    this.closing = true;
    this.cancel();
    this.status.dispose();
    this.changed.dispose();
  }

  /** Asks, runs, and tells the end. Resolves to the summary; undefined when it did not begin. */
  async start(source: BatchSource, options: BatchStart = {}): Promise<BatchSummary | undefined> {
    const key = source.uri.toString();
    if (this.running.has(key) || this.starting.has(key)) {
      void vscode.window.showInformationMessage(`${source.name} is being annotated already.`, 'Pause or Cancel\u2026').then(choice => { if (choice) { void this.menu(); } });
      return undefined;
    }
    this.starting.add(key);
    try {
      const batch = await this.prepare(source, options);
      return batch && await this.follow(batch);
    } catch (error) {
      this.services.log.error(`batch could not begin: ${errorLabel(error)}`);
      void vscode.window.showErrorMessage(source.sidecar ? describeWriteError(error, source.sidecar) : `${source.name} cannot be annotated (${errorLabel(error)}).`);
      return undefined;
    } finally { this.starting.delete(key); }
  }

  private async prepare(source: BatchSource, options: BatchStart): Promise<RunningBatch | undefined> {
    const settings = readSettings(source.uri);
    const problem = !source.sidecar ? 'Save the document as a file first: a batch keeps its answers in a file beside it.'
      : !settings.saveAnnotations ? 'The setting kedrec.saveAnnotations is off; a batch has to keep its answers. Turn it on, then annotate.' : undefined;
    if (problem) { void vscode.window.showWarningMessage(problem); return undefined; }
    let memory: BatchMemory = memoryOf(source, source.sidecar?.scheme === 'file' ? await readMemory(source.sidecar.fsPath) : noMemory);
    const count = source.largeBytes === undefined ? await this.count(source, memory) : undefined;
    if (source.largeBytes === undefined && !count) { return undefined; }
    const confirmed: Confirmed | undefined = options.confirmed ? options.retryFailed ? 'with-failed' : 'waiting' : await confirmBatch(source, count, settings, options.retryFailed === true);
    if (!confirmed) { return undefined; }
    if (confirmed === 'again') { memory = noMemory; }
    const cases = (count?.sample ?? await firstRecords(source)).map(({ caseText, disease }) => ({ text: caseText, ...(disease === undefined ? {} : { disease }) }));
    const sending = await this.privacy.prepareSending(settings, { cases, ...(count ? { total: count.waiting + (confirmed === 'with-failed' ? count.failed : 0) } : {}) });
    if (!sending) { return undefined; }
    const ask = await askRecord(this.services, settings, sending.engine);
    const counting = new AbortController();
    const total = count ? Promise.resolve(count.total) : countRecords(source, noMemory, counting.signal).then(found => found.total, () => undefined);
    const batch = await RunningBatch.start(source, this.annotations, memory, ask, {
      concurrency: settings.batchConcurrency, retryFailed: confirmed === 'with-failed', total,
      reusable: result => confirmed !== 'again' && result.engine === settings.engine && result.provenance.condition === settings.condition
        && (settings.engine === 'evidence' || settings.endpoint.model === '' || result.provenance.model === settings.endpoint.model),
    }, progress => this.progressed(source, progress));
    void batch.finished.then(() => counting.abort());
    this.services.log.info(`batch began: ${count ? `${count.waiting} of ${count.total} records` : `${source.largeBytes} bytes`}, engine ${settings.engine}, concurrency ${settings.batchConcurrency}`);
    return batch;
  }

  private async follow(batch: RunningBatch): Promise<BatchSummary> {
    const { source } = batch;
    const key = source.uri.toString();
    this.running.set(key, batch);
    this.lastShown = 0;
    if (source.scope === 'file') { await this.unfinished.note(source.uri, batch.progress); }
    this.update(source.uri);
    const summary = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `KEDRec annotates ${source.name}`, cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => batch.cancel());
      let shown = 0;
      const show = () => {
        const now = batch.progress;
        const part = now.total ? 100 * settled(now) / now.total : 0;
        progress.report({ message: progressText(now), increment: Math.max(0, part - shown) });
        shown = Math.max(shown, part);
      };
      show();
      const timer = setInterval(show, showEvery);
      try { return await batch.finished; } finally { clearInterval(timer); }
    });
    this.running.delete(key);
    this.summaries.delete(key);
    this.summaries.set(key, { source, summary });
    // Who cancels wants to be left alone; a closed window is another matter.
    if (!summary.stopped && (!summary.cancelled || !this.closing)) { await this.unfinished.forget(source.uri); } else if (source.scope === 'file') { await this.unfinished.note(source.uri, summary); }
    this.update(source.uri);
    this.services.log.info(`batch ended: ${summary.done} annotated, ${summary.reused} reused, ${summary.earlier} earlier, ${summary.failed} failed, ${summary.skipped} skipped${summary.cancelled ? ', cancelled' : ''}${summary.stopped ? ', stopped early' : ''}`);
    this.tell(source, summary);
    return summary;
  }

  private tell(source: BatchSource, summary: BatchSummary): void {
    const left = summary.failed + summary.problemCount > 0;
    const more = summary.cancelled || summary.stopped !== undefined;
    const actions = [...(more ? ['Resume'] : ['Review']), ...(left ? ['Show Skipped and Failed'] : []), ...(summary.failed > 0 && !more ? ['Retry Failed'] : [])];
    const text = `${source.name}: ${summary.stopped ? `stopped, ${summary.stopped} ` : summary.cancelled ? 'cancelled; ' : ''}${summaryText(summary)}.`;
    const shown = summary.stopped ? vscode.window.showWarningMessage(text, ...actions) : vscode.window.showInformationMessage(text, ...actions);
    void shown.then(async choice => {
      switch (choice) {
        case 'Resume': await this.startOrSay(await this.sourceOf(source.uri), { confirmed: true }); break;
        case 'Retry Failed': await this.startOrSay(await this.sourceOf(source.uri), { confirmed: true, retryFailed: true }); break;
        case 'Review': await vscode.commands.executeCommand(`${views.queue}.focus`); break;
        case 'Show Skipped and Failed': await this.showReport(); break;
        case undefined: break;
      }
    });
  }

  private closing = false;
  private lastShown = 0;
  private lastNoted = 0;

  private progressed(source: BatchSource, progress: BatchProgress): void {
    const now = Date.now();
    if (now - this.lastShown >= showEvery || progress.state !== 'running') { this.lastShown = now; this.update(source.uri); }
    if (now - this.lastNoted >= noteEvery && source.scope === 'file' && progress.state !== 'finished') { this.lastNoted = now; void this.unfinished.note(source.uri, progress); }
  }

  private update(uri: vscode.Uri): void {
    this.status.show(this.all.map(({ source, progress }) => ({ name: source.name, progress })));
    this.changed.fire(uri);
  }

  private async count(source: BatchSource, memory: BatchMemory): Promise<BatchCount | undefined> {
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `KEDRec reads ${source.name}` }, async () => countRecords(source, memory, new AbortController().signal));
  }

  private fromEditor(selected: boolean): BatchSource | NoSource {
    const editor = vscode.window.activeTextEditor;
    if (!editor) { return { message: 'Open a dataset or a note with several cases first, or choose a file with KEDRec: Annotate Dataset File.' }; }
    return documentSource(editor.document, selected ? editor.selections : undefined, this.services.mappings);
  }

  /** The open document, else the file on disk. */
  private async sourceOf(uri: vscode.Uri): Promise<BatchSource | NoSource> {
    const document = vscode.workspace.textDocuments.find(open => open.uri.toString() === uri.toString() && !open.isClosed);
    if (document) { return documentSource(document, undefined, this.services.mappings); }
    try { return await fileSource(uri, this.services.mappings); } catch (error) {
      return { message: `${uri.path.split('/').pop()} cannot be read${(error as NodeJS.ErrnoException).code ? ` (${(error as NodeJS.ErrnoException).code})` : ''}. If it was moved, choose it with KEDRec: Annotate Dataset File.` };
    }
  }

  private async startOrSay(found: BatchSource | NoSource, options?: BatchStart): Promise<BatchSummary | undefined> {
    if (isSource(found)) { return this.start(found, options); }
    void vscode.window.showWarningMessage(found.message, 'Annotate Dataset File\u2026').then(choice => { if (choice) { void vscode.commands.executeCommand(commands.annotateDataset); } });
    return undefined;
  }

  private each(action: (batch: RunningBatch) => void): void { for (const batch of this.all) { action(batch); } }
}
