import { UnreadableFileError } from '../../evidence/readers/types';
import type { DatasetFormat, RecordItem, RecordMapping } from '../recordTypes';
import { Assembler } from './assemble';
import { formatOfName } from './detect';
import { EncodingError, openText, type TextOptions } from './fileText';
import type { JsonShape } from './jsonCutter';
import { JsonProbe } from './jsonShape';
import { notesIn } from './notes';

export interface StreamOptions extends TextOptions {
  /** Judged by name and content when it is not given. */
  readonly format?: DatasetFormat;
  readonly mapping?: RecordMapping;
}

/** How the records of a file are to be read. */
export interface FileShape {
  readonly format: DatasetFormat;
  /** Of a JSON file. */
  readonly shape?: JsonShape;
}

/**
 * The records of a file of any size (`.gz`, too) and what is wrong with it, in file order, in constant memory. Notes are held as a whole,
 * and a FHIR Bundle keeps a few lines a patient. A file that holds no records yields one problem. Rejects with the error of the file
 * system, or the signal's reason.
 */
export async function* streamRecords(path: string, options: StreamOptions = {}): AsyncGenerator<RecordItem> {
  let items: RecordItem[] = [];
  let assembler: Assembler | undefined;
  options.signal?.throwIfAborted();
  try {
    const found = await fileShape(path, options);
    if ('problem' in found) { yield fileProblem(found.problem); return; }
    assembler = new Assembler(found.format, {
      record: (record, piece) => items.push({ kind: 'record', record: { ...record, source: piece.text } }),
      problem: problem => items.push({ kind: 'problem', problem }),
    }, options.mapping, found.shape);
    let size = 0;
    for await (const chunk of openText(path, options)) {
      size += chunk.length;
      if (found.format === 'notes' && size > longestNotes) { yield fileProblem('a note with cases is read as a whole and can have 50 million characters; divide the file'); return; }
      assembler.push(chunk);
      if (items.length === 0) { continue; }
      const ready = items;
      items = [];
      // One by one: yield* of a list would wrap each item in promises of its own.
      for (const item of ready) { yield item; }
    }
    assembler.end();
    yield* items;
  } catch (error) {
    // What came before damaged gzip data is given first.
    yield* items;
    if (!(error instanceof EncodingError) && !(error instanceof UnreadableFileError)) { throw error; }
    yield fileProblem(error.message);
  } finally { assembler?.close(); }
}

const longestNotes = 50_000_000;

/** How a file is to be read, by its name, else by its content; a JSON file is read once for this. */
export async function fileShape(path: string, { format, mapping, signal }: StreamOptions): Promise<FileShape | { readonly problem: string }> {
  if (/\.kedrec\.jsonl$/i.test(path)) { return { problem: 'the file is a sidecar with annotations, not a dataset; name the file that it belongs to' }; }
  const named = format ?? formatOfName(path) ?? await formatOfHead(path, signal);
  if (named === undefined) { return { problem: 'the file is no dataset that is known: JSON Lines, JSON, CSV, TSV, a FHIR Bundle, or Markdown or text with several cases (numbered headings, rules or form feeds)' }; }
  if (named !== 'json') { return { format: named }; }
  const probe = new JsonProbe();
  for await (const chunk of openText(path, { signal })) { if (!probe.push(chunk)) { break; } }
  if (format === undefined && probe.isBundle) { return { format: 'fhir' }; }
  const shape = probe.shape(mapping)?.shape;
  return shape ? { format: named, shape } : { problem: 'the file holds no JSON object or list' };
}

/** By content, for a name that says nothing. */
async function formatOfHead(path: string, signal?: AbortSignal): Promise<DatasetFormat | undefined> {
  const isNote = /\.(md|markdown|txt|text|note)(\.gz)?$/i.test(path);
  let text = '';
  for await (const chunk of openText(path, { signal })) {
    text += chunk;
    if (text.length > (isNote ? longestNotes : 1 << 16)) { break; }
  }
  const lines = text.split('\n', 50).filter(line => line.trim() !== '');
  const isObject = (line: string | undefined) => { try { return line !== undefined && line.trimStart().startsWith('{') && typeof JSON.parse(line) === 'object'; } catch { return false; } };
  if (isObject(lines[0]) && lines.length > 1) { return 'jsonl'; }
  if (!isNote && /^\s*[[{]/.test(text)) { return 'json'; }
  return isNote && notesIn(text) ? 'notes' : undefined;
}

function fileProblem(message: string): RecordItem {
  return { kind: 'problem', problem: { line: 1, severity: 'error', message } };
}
