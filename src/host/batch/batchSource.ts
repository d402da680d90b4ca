import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { recordHash } from '../../core/dataset/batch/identity';
import type { BatchMemory } from '../../core/dataset/batch/types';
import { fieldList } from '../../core/dataset/formats/fieldList';
import { RecordIndex } from '../../core/dataset/formats/recordIndex';
import { streamRecords } from '../../core/dataset/formats/streamRecords';
import { datasetFormat } from '../../core/dataset/records';
import type { FileRecord, RecordItem, RecordMapping } from '../../core/dataset/recordTypes';
import { sidecarUri } from '../annotate/sidecarFile';
import type { DatasetMappings } from '../dataset/mappings';
import { baseName, toPlainOffset } from '../recommend/caseTarget';

/** Records between which others get their turn. */
const breath = 100;
/** A file up to this size is counted before it is asked about; a larger one while it is annotated. */
const countedFirst = 32 * 1024 * 1024;
/** Bytes in which the names of a file's fields are looked for. */
const headSize = 1 << 18;

/** What a batch is about: the records of an open document, some of them, or of a file that is not open. */
export interface BatchSource {
  readonly uri: vscode.Uri;
  readonly name: string;
  /** The open document; absent for a file that is read from disk. */
  readonly document?: vscode.TextDocument;
  readonly sidecar: vscode.Uri | undefined;
  readonly scope: 'file' | 'selection';
  /** Bytes of a file too large to be counted before it is asked about. */
  readonly largeBytes?: number;
  records(signal: AbortSignal): AsyncIterable<RecordItem>;
  /** Of a selection: by text, the how-manieth of its occurrences in the whole file each chosen record is. */
  readonly occurrences?: ReadonlyMap<string, readonly number[]>;
}

/** Why there is nothing to annotate, and what to do. */
export interface NoSource { readonly message: string }

export function isSource(found: BatchSource | NoSource): found is BatchSource { return 'records' in found; }

/** The open file, or the records that its selections touch. The text is taken as it is now; what is edited meanwhile is found again by its hash. */
export function documentSource(document: vscode.TextDocument, selections: readonly vscode.Selection[] | undefined, mappings: DatasetMappings): BatchSource | NoSource {
  const text = withPlainLineBreaks(document.getText());
  const format = mappings.formatOf(document, text);
  const mapping = mappings.of(document, text);
  if (!format) { return { message: `${baseName(document)} holds no records: JSON Lines, JSON, CSV, TSV, FHIR bundles and notes with several cases can be annotated as a whole. For one case, select its text and run KEDRec: Recommend Drugs for Selection.` }; }
  const index = new RecordIndex(text, format);
  if (index.length === 0) { return { message: `${baseName(document)} holds no record.` }; }
  const chosen = selections && touched(document, index, selections);
  if (chosen?.length === 0) { return { message: 'The selection touches no record. Select the records to annotate, or put the cursor into one.' }; }
  return { uri: document.uri, name: baseName(document), document, sidecar: sidecarUri(document.uri), scope: chosen ? 'selection' : 'file', ...(chosen ? { occurrences: occurrencesOf(text, index, chosen) } : {}), records: signal => indexed(text, index, chosen, mapping, signal) };
}

/** A dataset file on disk, of any size, read as a stream. Rejects when it is not there. */
export async function fileSource(uri: vscode.Uri, mappings: DatasetMappings): Promise<BatchSource> {
  const { size } = await stat(uri.fsPath);
  const mapping = await mappingOfFile(uri.fsPath, mappings);
  return {
    uri, name: uri.path.split('/').pop() ?? '', sidecar: sidecarUri(uri), scope: 'file', ...(size > countedFirst ? { largeBytes: size } : {}),
    records: signal => streamRecords(uri.fsPath, { signal, ...(mapping ? { mapping } : {}) }),
  };
}

/** The mapping that was made by hand for a file's fields, which its beginning shows. */
async function mappingOfFile(path: string, mappings: DatasetMappings): Promise<RecordMapping | undefined> {
  const format = datasetFormat(path);
  if (!format || format === 'fhir' || format === 'notes') { return undefined; }
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headSize), 0, headSize, 0);
    return mappings.forFields(fieldList(buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, ''), format));
  } catch { return undefined; } finally { await file.close(); }
}

export interface BatchCount {
  /** Records, and broken ones. */
  readonly total: number;
  readonly broken: number;
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
  /** The first of those that wait, for a look at what would be sent. */
  readonly sample: readonly FileRecord[];
}

/** How many records there are and how many of them wait. Rejects when cancelled. */
export async function countRecords(source: BatchSource, memory: BatchMemory, signal: AbortSignal): Promise<BatchCount> {
  const count = { total: 0, broken: 0, done: 0, failed: 0, waiting: 0 };
  const sample: FileRecord[] = [];
  const seen = new Map<string, number>();
  let steps = 0;
  for await (const item of source.records(signal)) {
    if (++steps % breath === 0) { await new Promise(resolve => setImmediate(resolve)); signal.throwIfAborted(); }
    if (item.kind === 'problem') {
      if (item.problem.severity === 'error') { count.total++; count.broken++; }
      continue;
    }
    count.total++;
    const hash = recordHash(item.record);
    const occurrence = seen.get(hash) ?? 0;
    seen.set(hash, occurrence + 1);
    if (memory.isDone(hash, occurrence)) { count.done++; continue; }
    if (memory.hasFailed(hash, occurrence)) { count.failed++; } else { count.waiting++; }
    if (sample.length < 20) { sample.push(item.record); }
  }
  return { ...count, sample };
}

async function* indexed(text: string, index: RecordIndex, chosen: readonly number[] | undefined, mapping: RecordMapping | undefined, signal: AbortSignal): AsyncGenerator<RecordItem> {
  const count = chosen?.length ?? index.length;
  for (let n = 0; n < count; n++) {
    if (n % breath === breath - 1) { await new Promise(resolve => setImmediate(resolve)); }
    signal.throwIfAborted();
    const i = chosen ? chosen[n]! : n;
    const { record, problems } = index.read(i, mapping);
    for (const problem of problems) { yield { kind: 'problem', problem }; }
    if (record) { yield { kind: 'record', record: { ...record, source: text.slice(record.span.start, record.span.end) } }; }
  }
}

function touched(document: vscode.TextDocument, index: RecordIndex, selections: readonly vscode.Selection[]): readonly number[] {
  const found = new Set<number>();
  for (const selection of selections) {
    const start = toPlainOffset(document, selection.start);
    const end = toPlainOffset(document, selection.end);
    const first = index.nearest(start);
    if (first === undefined) { continue; }
    for (let i = first; i < index.length; i++) {
      const span = index.spanOf(i);
      if (span.start > end || (span.start === end && start < end)) { break; }
      if (span.end >= start) { found.add(i); }
    }
  }
  return [...found].sort((a, b) => a - b);
}

function occurrencesOf(text: string, index: RecordIndex, chosen: readonly number[]): ReadonlyMap<string, readonly number[]> {
  const lengths = new Set(chosen.map(i => index.spanOf(i).end - index.spanOf(i).start));
  const wanted = new Set(chosen);
  const seen = new Map<string, number>();
  const found = new Map<string, number[]>();
  for (let i = 0; i < index.length; i++) {
    const { start, end } = index.spanOf(i);
    if (!lengths.has(end - start)) { continue; }
    const hash = createHash('sha256').update(text.slice(start, end), 'utf8').digest('hex');
    const occurrence = seen.get(hash) ?? 0;
    seen.set(hash, occurrence + 1);
    if (wanted.has(i)) { found.set(hash, [...(found.get(hash) ?? []), occurrence]); }
  }
  return found;
}

/** The memory as a source sees it: of a selection, twins that are not chosen count as well, so that one of them is not taken for the other. */
export function memoryOf(source: BatchSource, memory: BatchMemory): BatchMemory {
  const { occurrences } = source;
  if (!occurrences) { return memory; }
  const whole = (sha256: string, occurrence: number) => occurrences.get(sha256)?.[occurrence] ?? occurrence;
  return {
    isDone: (sha256, occurrence) => memory.isDone(sha256, whole(sha256, occurrence)), hasFailed: (sha256, occurrence) => memory.hasFailed(sha256, whole(sha256, occurrence)),
    ...(memory.position ? { position: (sha256: string) => memory.position!(sha256) } : {}),
    close: () => memory.close?.(),
  };
}

/** The first twenty records, for a look at what would be sent. */
export async function firstRecords(source: BatchSource): Promise<readonly FileRecord[]> {
  const found: FileRecord[] = [];
  for await (const item of source.records(new AbortController().signal)) {
    if (item.kind === 'record') { found.push(item.record); }
    if (found.length >= 20) { break; }
  }
  return found;
}
