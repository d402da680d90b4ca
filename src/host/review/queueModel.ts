import * as vscode from 'vscode';
import { buildQueue, filtered, type Queue, type QueueFilter, type QueueItem } from '../../core/dataset/queue';
import { datasetFormat } from '../../core/dataset/records';
import type { AnnotationService } from '../annotate/annotationService';
import type { BatchFeature } from '../batch/batchFeature';
import { evidenceScheme, reportScheme } from '../ids';
import { errorLabel } from '../log';
import type { Services } from '../services';
import { readSettings } from '../settings';
import { noFacts, openDocument, readFacts, SummaryReader, type QueueFile, type RecordFacts } from './queueFile';

const refreshMs = 150;

/** The queue of one file at a time: the active editor's, or one that the user chose or that is being annotated without being open. */
export class QueueModel implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** The queue, its file or its filter changed. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];
  private readonly reader: SummaryReader;
  private chosen: vscode.Uri | undefined;
  /** Batches over files that are not open, shown once when they begin. */
  private readonly announced = new WeakSet<object>();
  private active: vscode.TextDocument | undefined;
  private facts: { readonly key: string; readonly facts: RecordFacts } | undefined;
  private readingFacts: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private building: Promise<void> = Promise.resolve();
  private lastCost = 0;
  private current: Queue = { items: [], counts: new Map(), reviewable: 0, reviewed: 0 };
  private narrowed: QueueFilter | undefined;
  private shownItems: readonly QueueItem[] = [];
  /** Only a queue that is seen reads labels by itself. */
  private seen = false;

  constructor(private readonly services: Services, private readonly annotations: AnnotationService, batches: BatchFeature) {
    this.reader = new SummaryReader(annotations);
    this.active = vscode.window.activeTextEditor?.document;
    this.subscriptions = [
      this.changed,
      annotations.onDidChange(uri => { if (uri.toString() === this.file?.uri.toString()) { this.refresh(); } }),
      batches.onDidChange(uri => {
        const batch = batches.of(uri);
        if (batch && !this.announced.has(batch) && !openDocument(uri)) { this.announced.add(batch); this.choose(uri); } else if (uri.toString() === this.file?.uri.toString()) { this.refresh(); }
      }),
      vscode.window.onDidChangeActiveTextEditor(editor => this.activeChanged(editor)),
      vscode.workspace.onDidCloseTextDocument(document => { if (document === this.active) { this.refresh(); } }),
      vscode.workspace.onDidChangeConfiguration(event => { if (event.affectsConfiguration('kedrec')) { this.refresh(); } }),
    ];
    this.refresh();
  }

  get file(): QueueFile | undefined {
    if (this.chosen) {
      const document = openDocument(this.chosen);
      return { uri: this.chosen, ...(document ? { document } : {}) };
    }
    return this.active && !this.active.isClosed ? { uri: this.active.uri, document: this.active } : undefined;
  }

  get name(): string { return this.file?.uri.path.split('/').pop() ?? ''; }
  get queue(): Queue { return this.current; }
  get filter(): QueueFilter | undefined { return this.narrowed; }
  /** The items that the filter leaves. */
  get items(): readonly QueueItem[] { return this.shownItems; }

  /** Line from 1, where it is known. */
  lineOf(item: QueueItem): number | undefined {
    const document = this.file?.document;
    if (!document) { return this.facts?.facts.lines.get(item.anchor.sha256); }
    const owner = this.annotations.of(document);
    const placed = owner?.find(item.annotation.id);
    const line = placed && owner?.lineOf(placed);
    return line === undefined ? undefined : line + 1;
  }

  choose(uri: vscode.Uri | undefined): void {
    this.chosen = uri;
    this.refresh(0);
  }

  async setFilter(filter: QueueFilter | undefined): Promise<void> {
    if (filter === 'label') { await this.needFacts(true); }
    this.narrowed = filter;
    await this.rebuild();
  }

  setSeen(seen: boolean): void {
    this.seen = seen;
    if (seen) { void this.needFacts(false); }
  }

  /** Reads labels where that was not done for want of need. Resolves when they count. */
  async needFacts(wanted: boolean): Promise<void> {
    const { file } = this;
    if (!file || (this.current.items.length === 0 && !wanted)) { return; }
    const key = `${file.uri.toString()} ${file.document?.version ?? ''}`;
    if (this.facts?.key === key) { return; }
    if (!wanted && !file.document && this.current.items.length > 50_000) { return; }
    this.readingFacts?.abort();
    const reading = this.readingFacts = new AbortController();
    try {
      const facts = await readFacts(file, this.services, reading.signal);
      if (reading.signal.aborted) { return; }
      this.facts = { key, facts };
      await this.rebuild();
    } catch (error) { if (!reading.signal.aborted) { this.services.log.warn(`labels could not be read: ${errorLabel(error)}`); } }
  }

  /** Resolves when the queue shows what is known now. */
  async rebuild(): Promise<void> {
    this.building = this.building.then(() => this.build());
    await this.building;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.readingFacts?.abort();
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  /** Soon, and the seldomer the more there is to do. */
  private refresh(after = Math.max(refreshMs, 4 * this.lastCost)): void {
    if (this.timer && after > 0) { return; }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = undefined; void this.rebuild(); }, after);
  }

  private async build(): Promise<void> {
    const { file } = this;
    try {
      const summaries = file ? await this.reader.read(file) : [];
      const started = performance.now();
      const { reviewer, lowConfidence } = readSettings(file?.uri);
      const facts = this.facts && file && this.facts.key.startsWith(`${file.uri.toString()} `) ? this.facts.facts : noFacts;
      this.current = buildQueue(summaries, { reviewer, lowConfidence, label: ({ sha256 }) => facts.labels.get(sha256) });
      this.shownItems = filtered(this.current, this.narrowed);
      this.lastCost = performance.now() - started;
    } catch (error) {
      this.services.log.error(`queue could not be read: ${errorLabel(error)}`);
      this.current = { items: [], counts: new Map(), reviewable: 0, reviewed: 0 };
      this.shownItems = [];
    }
    this.changed.fire();
    if (this.seen) { void this.needFacts(false); }
  }

  private activeChanged(editor: vscode.TextEditor | undefined): void {
    // Focus in a panel, a report or an output is no reason to show another file; between two tabs there is no editor for a moment.
    if (!editor || [reportScheme, evidenceScheme, 'output'].includes(editor.document.uri.scheme)) { return; }
    const { document } = editor;
    const sameFile = document.uri.toString() === this.chosen?.toString();
    if (this.chosen && !sameFile && !this.annotations.of(document)?.all.length && !datasetFormat(document.fileName, document.languageId)) { return; }
    this.chosen = undefined;
    this.active = document;
    this.refresh(0);
  }
}
