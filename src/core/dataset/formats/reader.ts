import type { DatasetRecord, RecordMapping, RecordProblem } from '../recordTypes';
import type { Piece } from './types';

/** What a piece turned out to be. */
export interface Reading {
  readonly record?: DatasetRecord;
  readonly problems: readonly RecordProblem[];
}

/** Interprets the pieces of one file in their order. */
export interface RecordReader {
  /** Reads the piece as record number `index`; depends on nothing but the file's header. */
  read(piece: Piece, index: number): Reading;
  /** What only shows across records: repeated ids, fields that change their type. */
  watch?(piece: Piece, reading: Reading): readonly RecordProblem[];
  /** Gives back what `watch` remembers. */
  close?(): void;
}

export type ReaderFactory = (mapping?: RecordMapping) => RecordReader;

/** A problem of the record as a whole: its place is the record's first line. */
export function recordProblem(piece: Piece, message: string, more: { readonly field?: string; readonly at?: number; readonly length?: number; readonly severity?: RecordProblem['severity']; readonly code?: RecordProblem['code'] } = {}): RecordProblem {
  const end = piece.text.indexOf('\n');
  const start = piece.start + (more.at ?? 0);
  const length = more.at === undefined ? (end < 0 ? piece.text.length : end) : Math.max(1, more.length ?? 1);
  const line = more.at === undefined ? piece.line : piece.line + piece.text.slice(0, more.at).split('\n').length - 1;
  return { line, span: { start, end: start + length }, ...(more.field === undefined ? {} : { field: more.field }), severity: more.severity ?? 'error', message, ...(more.code ? { code: more.code } : {}) };
}
