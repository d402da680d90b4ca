import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { recordHash } from '../../core/dataset/batch/identity';
import { readReviews } from '../../core/dataset/agreement/readReviews';
import type { AnnotationSummary } from '../../core/dataset/summary';
import type { DrugRef } from '../../core/engine/types';
import type { AnnotationService } from '../annotate/annotationService';
import { drugLookup } from '../annotate/recordLabel';
import { sidecarUri } from '../annotate/sidecarFile';
import { documentSource, fileSource, isSource } from '../batch/batchSource';
import type { Services } from '../services';

/** The file that the queue is about: open or not. */
export interface QueueFile {
  readonly uri: vscode.Uri;
  readonly document?: vscode.TextDocument;
}

/** What the records say that annotations do not: the label's drugs and, for a file that is not open, the line. By the hash of the record's text. */
export interface RecordFacts {
  readonly labels: ReadonlyMap<string, readonly DrugRef[]>;
  readonly lines: ReadonlyMap<string, number>;
}

export const noFacts: RecordFacts = { labels: new Map(), lines: new Map() };

export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString() && !document.isClosed);
}

/** Reads annotations of an open document from the service, of another file from its sidecar; a sidecar that did not change is not read again. */
export class SummaryReader {
  private last: { readonly path: string; readonly stamp: string; readonly summaries: readonly AnnotationSummary[] } | undefined;

  constructor(private readonly annotations: AnnotationService) {}

  async read({ uri, document }: QueueFile): Promise<readonly AnnotationSummary[]> {
    if (document) {
      await this.annotations.ensureLoaded(document);
      return this.annotations.of(document)?.all.map(({ annotation }) => annotation) ?? [];
    }
    const sidecar = sidecarUri(uri);
    if (sidecar?.scheme !== 'file') { return []; }
    try {
      const { size, mtimeMs } = await stat(sidecar.fsPath);
      const stamp = `${size} ${mtimeMs}`;
      if (this.last?.path !== sidecar.fsPath || this.last.stamp !== stamp) { this.last = { path: sidecar.fsPath, stamp, summaries: (await readReviews([sidecar.fsPath])).summaries }; }
      return this.last.summaries;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') { return []; }
      throw error;
    }
  }
}

/** Reads labels and lines of all records; between groups of records others get their turn. */
export async function readFacts({ uri, document }: QueueFile, services: Services, signal: AbortSignal): Promise<RecordFacts> {
  const source = document ? documentSource(document, undefined, services.mappings) : await fileSource(uri, services.mappings);
  if (!isSource(source)) { return noFacts; }
  const labels = new Map<string, readonly DrugRef[]>();
  const lines = new Map<string, number>();
  let lookup: ((name: string) => DrugRef) | undefined;
  let steps = 0;
  for await (const item of source.records(signal)) {
    if (++steps % 100 === 0) { await new Promise(resolve => setImmediate(resolve)); signal.throwIfAborted(); }
    if (item.kind !== 'record') { continue; }
    const { label } = item.record;
    if (!label?.length && document) { continue; }
    const hash = recordHash(item.record);
    if (!document) { lines.set(hash, item.record.line); }
    if (label?.length) {
      lookup ??= await drugLookup(services);
      labels.set(hash, label.map(lookup));
    }
  }
  return { labels, lines };
}
