import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withPlainLineBreaks } from '../anchors';
import { cutterFor } from '../formats/assemble';
import { openBytes } from '../formats/fileText';
import { fileShape } from '../formats/streamRecords';
import { longestRecord, type Piece } from '../formats/types';
import type { DatasetFormat, RecordMapping } from '../recordTypes';
import { annotateManyEdits, stripEdits } from './annotateEdits';
import { annotateHeader, annotateRow, stripRow, tableColumns, type TableColumns } from './csvFields';
import { applyEdits, checkPrefix, InFileError, type TextEdit } from './edits';
import { annotateObject, stripObject } from './jsonMembers';
import type { RecordValues } from './recordValues';
import { indexRecords } from '../formats/recordIndex';

export interface CopyOptions {
  readonly prefix: string;
  readonly format?: DatasetFormat;
  readonly mapping?: RecordMapping;
  readonly signal?: AbortSignal;
}

export interface CopySummary {
  readonly records: number;
  readonly changed: number;
}

/** The values of a record, by the SHA-256 of its text with plain line breaks and by its number; undefined leaves it as it is. */
export type ValuesOf = (sha256: string, index: number) => RecordValues | undefined;

/**
 * Writes a copy of a dataset with the annotations in its records; every other byte is the same. In a table every row gets the new
 * columns, so that the copy has as many cells in each row as in its header. Streaming; the copy appears whole or not at all (`.gz` by
 * its name), also over the file itself. Rejects with InFileError, EncodingError or the error of the file system.
 */
export async function annotateCopy(from: string, to: string, valuesOf: ValuesOf, options: CopyOptions): Promise<CopySummary> {
  const valuesFor = (piece: Piece, index: number) => valuesOf(createHash('sha256').update(withPlainLineBreaks(piece.text), 'utf8').digest('hex'), index);
  return copy(from, to, options, {
    header: (text, columns) => annotateHeader(text, columns, options.prefix),
    row: (piece, columns, index) => { const values = valuesFor(piece, index); const edits = annotateRow(piece.text, columns, values); return { edits, changed: values !== undefined && edits.length > 0 }; },
    object: (piece, index) => { const values = valuesFor(piece, index); return values ? annotateObject(piece.text, values, options.prefix) : []; },
    note: text => {
      const index = indexRecords(text, 'notes');
      const found = Array.from({ length: index.length }, (_, i) => i).flatMap(i => {
        const { start, end } = index.spanOf(i);
        const values = valuesFor({ text: text.slice(start, end), start, line: 1 }, i);
        return values ? [{ index: i, values }] : [];
      });
      return annotateManyEdits(text, 'notes', found, options.prefix);
    },
  });
}

/** Writes a copy without what KEDRec wrote into the file with this prefix: the original, byte for byte. */
export async function stripCopy(from: string, to: string, options: CopyOptions): Promise<CopySummary> {
  return copy(from, to, options, {
    header: (text, columns) => stripRow(text, columns, true),
    row: (piece, columns) => { const edits = stripRow(piece.text, columns, false); return { edits, changed: edits.length > 0 }; },
    object: piece => stripObject(piece.text, options.prefix),
    note: text => stripEdits(text, 'notes', options.prefix),
  });
}

interface Change {
  header(text: string, columns: TableColumns): readonly TextEdit[];
  row(piece: Piece, columns: TableColumns, index: number): { readonly edits: readonly TextEdit[]; readonly changed: boolean };
  object(piece: Piece, index: number): readonly TextEdit[];
  note(text: string): readonly TextEdit[];
}

async function copy(from: string, to: string, options: CopyOptions, change: Change): Promise<CopySummary> {
  checkPrefix(options.prefix);
  const found = await fileShape(from, options);
  if ('problem' in found) { throw new InFileError(found.problem); }
  if (found.format === 'fhir') { throw new InFileError('a FHIR Bundle stays as it is: its annotations are kept beside the file'); }
  // Through a link the file it leads to is written; the link stays.
  const target = await realpath(to).catch(() => resolve(to));
  if ((await stat(target).catch(() => undefined))?.isDirectory()) { throw new InFileError(`${to} is a folder; name a file in it`); }
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const summary = { records: 0, changed: 0 };
  try {
    const text = Readable.from(changedText(from, found.format, found.shape, options, change, summary));
    // A copy of a file that is closed to others is closed to them, too.
    const { mode } = await stat(from);
    const sink = createWriteStream(temporary, { mode: mode & 0o777 | 0o600 });
    await (/\.gz$/i.test(to) ? pipeline(text, createGzip(), sink) : pipeline(text, sink));
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, target);
    return summary;
  } catch (error) { await rm(temporary, { force: true }); throw error; }
}

async function* changedText(from: string, format: DatasetFormat, shape: Parameters<typeof cutterFor>[1], options: CopyOptions, change: Change, summary: { records: number; changed: number }): AsyncGenerator<string> {
  const cutter = cutterFor(format, shape);
  let waiting = '';
  // Offset of `waiting` in the file's text.
  let start = 0;
  let out = '';
  let columns: TableColumns | undefined;
  let index = 0;
  const take = (piece: Piece): void => {
    if (format === 'notes') { return; }
    const at = piece.start - start;
    let edits: readonly TextEdit[] = [];
    if (format === 'csv' && !columns) {
      columns = tableColumns(piece.text, options.prefix);
      edits = change.header(piece.text, columns);
    } else {
      summary.records++;
      if (piece.fault === undefined && columns) {
        const row = change.row(piece, columns, index);
        ({ edits } = row);
        if (row.changed) { summary.changed++; }
      } else if (piece.fault === undefined && isObject(piece.text)) {
        edits = change.object(piece, index);
        if (edits.length > 0) { summary.changed++; }
      }
      index++;
    }
    // A broken piece may have begun in text that is written already.
    if (edits.length === 0 && piece.fault !== undefined) { return; }
    // What is left as it is goes on at once, too: text that waits is copied with every chunk.
    const end = at + piece.text.length;
    out += waiting.slice(0, at) + (edits.length > 0 ? applyEdits(piece.text, edits) : waiting.slice(at, end));
    waiting = waiting.slice(end);
    start += end;
  };
  for await (const chunk of strictText(from, options)) {
    waiting += chunk;
    cutter.push(chunk, take);
    // No record that is still open is longer than this.
    const spare = waiting.length - 2 * longestRecord;
    if (spare > 0 && format !== 'notes') { out += waiting.slice(0, spare); waiting = waiting.slice(spare); start += spare; }
    if (out !== '') { yield out; out = ''; }
  }
  cutter.end(take);
  if (format === 'notes') {
    const edits = change.note(waiting);
    summary.records = indexRecords(waiting, 'notes').length;
    summary.changed = edits.length;
    yield applyEdits(waiting, edits);
    return;
  }
  yield out + waiting;
}

/** The text of a file with every byte kept: byte-order mark and line breaks included. Rejects with InFileError for what is not UTF-8. */
async function* strictText(path: string, options: CopyOptions): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const chunk of await openBytes(path, options)) { yield decoder.decode(chunk, { stream: true }); }
    const last = decoder.decode();
    if (last !== '') { yield last; }
  } catch (error) {
    if (error instanceof TypeError && (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') { throw new InFileError('the file holds bytes that are not valid UTF-8 and could not be written back as they are; save it as UTF-8 first', { cause: error }); }
    throw error;
  }
}

function isObject(text: string): boolean {
  try { const value: unknown = JSON.parse(text); return typeof value === 'object' && value !== null && !Array.isArray(value); } catch { return false; }
}
