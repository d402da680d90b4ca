import type { Span } from '../text/span';

/** How a file holds its records. `notes`: Markdown or plain text with several cases; `fhir`: a FHIR R4 Bundle, one record per patient. */
export type DatasetFormat = 'jsonl' | 'json' | 'csv' | 'notes' | 'fhir';

/** One record of a dataset as a case. */
export interface DatasetRecord {
  /** From 0; header and blank lines do not count, broken records do: mending one renumbers no other. */
  readonly index: number;
  /** The record's whole text in the file: UTF-16 code units, every line break counted as one `\n`. */
  readonly span: Span;
  /** Line on which it starts, from 1. */
  readonly line: number;
  readonly id?: string;
  /** What the question is asked about. */
  readonly caseText: string;
  /** Disease that the record names apart from its text. */
  readonly disease?: string;
  /** Drugs that the record gives as candidates. */
  readonly candidates?: readonly string[];
  /** Drugs that the record says are right. */
  readonly label?: readonly string[];
  /** Rationale that the record brings along. */
  readonly rationale?: string;
}

/** A record as it was read from a file, with what an anchor needs. */
export interface FileRecord extends DatasetRecord {
  /** The record's whole text, with plain line breaks. */
  readonly source: string;
}

/** What is wrong with a file or one of its records. The message names line and field, never the record's text. */
export interface RecordProblem {
  /** From 1. */
  readonly line: number;
  /** Where exactly, where that is known: UTF-16 code units with plain line breaks. */
  readonly span?: Span;
  readonly field?: string;
  /** `error`: the record was skipped; `warning`: it is used all the same. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What a program can act on; other problems have none. */
  readonly code?: 'no-case-text';
}

/** What a streaming reader yields, in file order. */
export type RecordItem = { readonly kind: 'record'; readonly record: FileRecord } | { readonly kind: 'problem'; readonly problem: RecordProblem };

/** Which field holds what, by field name; nested fields as `patient.note`. What is absent is recognised by its name. */
export interface RecordMapping {
  readonly caseText?: string | readonly string[];
  readonly disease?: string;
  readonly candidates?: string;
  readonly label?: string;
  readonly rationale?: string;
  readonly id?: string;
}
