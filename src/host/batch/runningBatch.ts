import * as vscode from 'vscode';
import { FileSink } from '../../core/dataset/batch/fileSink';
import { runBatch } from '../../core/dataset/batch/runBatch';
import type { AskCase, BatchEvent, BatchMemory, BatchOptions, BatchProgress, BatchRun, BatchSink, BatchSummary } from '../../core/dataset/batch/types';
import type { AnnotationService } from '../annotate/annotationService';
import type { BatchSource } from './batchSource';

/** How often an open document reads what the batch wrote, in ms. */
const reloadEvery = 700;

/** A batch of this window over one file. */
export class RunningBatch {
  private readonly run: BatchRun;
  private readonly reading = new AbortController();
  private reloadTimer: NodeJS.Timeout | undefined;
  readonly finished: Promise<BatchSummary>;

  private constructor(readonly source: BatchSource, private readonly annotations: AnnotationService, sink: BatchSink & { close?: () => Promise<void> }, memory: BatchMemory, ask: AskCase, options: BatchOptions, report: (progress: BatchProgress) => void) {
    this.run = runBatch(source.records(this.reading.signal), ask, { append: async events => { const places = await sink.append(events); this.reloadSoon(); return places; }, ...(sink.read ? { read: position => sink.read!(position) } : {}) }, memory, options, report);
    this.finished = this.run.finished.then(async summary => {
      this.reading.abort();
      clearTimeout(this.reloadTimer);
      await sink.close?.().catch(() => undefined);
      memory.close?.();
      await this.reload();
      return summary;
    });
  }

  /** Rejects when the sidecar cannot be opened. */
  static async start(source: BatchSource, annotations: AnnotationService, memory: BatchMemory, ask: AskCase, options: BatchOptions, report: (progress: BatchProgress) => void): Promise<RunningBatch> {
    const sink = source.sidecar?.scheme === 'file' ? await FileSink.open(source.sidecar.fsPath) : documentSink(source, annotations);
    return new RunningBatch(source, annotations, sink, memory, ask, options, report);
  }

  get progress(): BatchProgress { return this.run.progress; }
  pause(): void { this.run.pause(); }
  resume(): void { this.run.resume(); }
  cancel(): void { this.run.cancel(); }

  private reloadSoon(): void {
    this.reloadTimer ??= setTimeout(() => { this.reloadTimer = undefined; void this.reload(); }, reloadEvery);
  }

  private async reload(): Promise<void> {
    const document = vscode.workspace.textDocuments.find(open => open.uri.toString() === this.source.uri.toString() && !open.isClosed);
    if (document) { await this.annotations.reload(document).catch(() => undefined); }
  }
}

/** Where files have no append, the annotation service writes. */
function documentSink({ document }: BatchSource, annotations: AnnotationService): BatchSink {
  return { append: async (events: readonly BatchEvent[]) => { await annotations.addEvents(document!, events); } };
}
