import type { EvidenceDocument } from '../types';

/** What a record was recognised as. */
export type CorpusFormat =
  | 'clinicaltrials-json' | 'clinicaltrials-xml' | 'pubmed-xml' | 'medline' | 'jats' | 'europepmc-json'
  | 'openfda-label' | 'spl' | 'beir' | 'mapped-json' | 'mapped-table';

/** Something that was skipped, and why. The reason holds no text of a record. */
export interface CorpusProblem {
  /** Path of the file; for a member of an archive `archive.zip/member`. */
  readonly file: string;
  /** Number of the record in its file, from 1; absent when the file as a whole is meant. */
  readonly record?: number;
  /** Line of the (decompressed) file on which the record begins, from 1. */
  readonly line?: number;
  readonly reason: string;
}

/** Where in its file a record stands. */
export type RecordPosition = Pick<CorpusProblem, 'record' | 'line'>;

/** A document and what is needed to choose between two of the same id. */
export interface CorpusRecord {
  readonly format: CorpusFormat;
  readonly document: EvidenceDocument;
  /** ISO date (possibly only year or month) of this version, where the record tells it. */
  readonly version?: string;
}

/** Columns or keys of a generic table or JSON record. Keys of nested objects are written with dots. */
export interface FieldMapping {
  /** `@key` takes the member's name of a JSON object of records. Without it ids are made of file and record number. */
  readonly id?: string;
  readonly title?: string;
  /** One name, or several, each of which becomes a section. A list of strings becomes a passage each. */
  readonly text: string | readonly string[];
  readonly year?: string;
  readonly url?: string;
  /** A column, or one of the evidence sources for all records. */
  readonly source?: string;
}

/** A decoded text file (or member of an archive) that a reader may read once. */
export interface ReaderInput {
  readonly file: string;
  /** The first characters (64 K at most, without byte-order mark), also part of `text`. */
  readonly head: string;
  readonly text: AsyncIterable<string>;
  readonly mapping?: FieldMapping;
  /** Reports a record that is skipped. */
  readonly problem: (position: RecordPosition, reason: string) => void;
  /** Tells that the source has taken back the document with this id: it goes, wherever it came from before. */
  readonly remove: (id: string, format: CorpusFormat) => void;
}

/** Reads one kind of file. */
export interface CorpusReader {
  readonly name: string;
  /** Judged by content; `file` only breaks ties (JSON Lines, tables). */
  recognises(input: Pick<ReaderInput, 'file' | 'head' | 'mapping'>): boolean;
  read(input: ReaderInput): AsyncIterable<CorpusRecord>;
}

/** The file as a whole is none that can be read; the message is the reason without the file's name. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}
