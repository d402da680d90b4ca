import Papa from 'papaparse';
import type { Span } from '../text/span';
import type { DatasetFormat, DatasetRecord } from './recordTypes';

export type { DatasetFormat, DatasetRecord };

/** A record that cannot be used as a case. The message names line and field, never the record's text. */
export class RecordError extends Error {
  constructor(message: string, readonly line: number, readonly field?: string) {
    super(message);
    this.name = 'RecordError';
  }
}

/** Field names by what they hold, in order of preference; compared without case, spaces, `_` and `-`. */
const fieldNames = {
  caseText: ['casetext', 'text', 'note', 'case', 'clinicalnote', 'report', 'description', 'question', 'input', 'content'],
  disease: ['disease', 'diseasename', 'condition', 'diagnosis', 'indication'],
  candidates: ['candidates', 'candidatedrugs', 'drugs', 'options'],
  id: ['id', 'caseid', 'recordid', 'pairid', 'hadmid', 'subjectid'],
} as const;

/** Format by file name and language; undefined for what is not a dataset. */
export function datasetFormat(fileName: string, languageId?: string): DatasetFormat | undefined {
  if (/\.(jsonl|ndjson)$/i.test(fileName) || languageId === 'jsonl') { return 'jsonl'; }
  if (/\.(csv|tsv)$/i.test(fileName) || languageId === 'csv' || languageId === 'tsv') { return 'csv'; }
  return undefined;
}

/** The record under an offset of a text with plain line breaks; undefined on a blank line or a header. Throws RecordError for a broken record. */
export function recordAt(text: string, offset: number, format: DatasetFormat): DatasetRecord | undefined {
  return format === 'jsonl' ? jsonRecordAt(text, offset) : csvRecordAt(text, offset);
}

function jsonRecordAt(text: string, offset: number): DatasetRecord | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const content = text.slice(start, end).replace(/^\uFEFF/, '');
  if (content.trim() === '') { return undefined; }
  const line = countLines(text, start) + 1;
  let value: unknown;
  try { value = JSON.parse(content); } catch { throw new RecordError(`line ${line} is not valid JSON`, line); }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { throw new RecordError(`line ${line} is not a JSON object`, line); }
  const index = text.slice(0, start).split('\n').filter(other => other.trim() !== '').length;
  return toRecord(value as Record<string, unknown>, { index, span: { start, end }, line });
}

function csvRecordAt(text: string, offset: number): DatasetRecord | undefined {
  const source = text.replace(/^\uFEFF/, '');
  const shift = text.length - source.length;
  let header: string[] | undefined;
  let index = -1;
  let start = shift;
  let found: { row: string[]; span: Span; index: number } | undefined;
  Papa.parse<string[]>(source, {
    skipEmptyLines: false,
    delimitersToGuess: [',', '\t', ';', '|'],
    step: (result, parser) => {
      const end = result.meta.cursor + shift;
      const span = { start, end: text[end - 1] === '\n' ? end - 1 : end };
      start = end;
      if (result.data.every(cell => cell === '')) { return; }
      if (!header) { header = result.data; return; }
      index++;
      if (offset <= span.end) {
        if (offset >= span.start) { found = { row: result.data, span, index }; }
        parser.abort();
      }
    },
  });
  if (!header || !found) { return undefined; }
  const line = countLines(text, found.span.start) + 1;
  if (found.row.length !== header.length) {
    throw new RecordError(`the record at line ${line} has ${found.row.length} fields where the header has ${header.length}`, line);
  }
  const { row } = found;
  return toRecord(Object.fromEntries(header.map((name, i) => [name, row[i]])), { index: found.index, span: found.span, line });
}

function toRecord(fields: Record<string, unknown>, at: { index: number; span: Span; line: number }): DatasetRecord {
  const caseField = pick(fields, fieldNames.caseText);
  const disease = textOf(pick(fields, fieldNames.disease)?.value);
  if (caseField && typeof caseField.value !== 'string') { throw new RecordError(`field "${caseField.name}" of the record at line ${at.line} is not text`, at.line, caseField.name); }
  const caseText = textOf(caseField?.value) ?? (disease ? `Disease: ${disease}.` : undefined);
  if (caseText === undefined) {
    const known = [...fieldNames.caseText.slice(0, 4), ...fieldNames.disease.slice(0, 1)].join(', ');
    throw new RecordError(`the record at line ${at.line} has no case text; expected a field such as ${known}`, at.line);
  }
  const id = pick(fields, fieldNames.id)?.value;
  return { ...at, caseText, disease, candidates: listOf(pick(fields, fieldNames.candidates)?.value), id: id === undefined || id === null || id === '' ? undefined : String(id as string | number) };
}

function pick(fields: Record<string, unknown>, wanted: readonly string[]): { name: string; value: unknown } | undefined {
  const names = Object.keys(fields);
  for (const want of wanted) {
    const name = names.find(candidate => candidate.toLowerCase().replace(/[\s_-]/g, '') === want);
    if (name !== undefined) { return { name, value: fields[name] }; }
  }
  return undefined;
}

function textOf(value: unknown): string | undefined { return typeof value === 'string' && value.trim() !== '' ? value : undefined; }

/** A JSON array of names, or a text that separates them by `;` or `|`. */
function listOf(value: unknown): readonly string[] | undefined {
  const parts = Array.isArray(value) ? value.map(item => (typeof item === 'string' ? item : isNamed(item) ? item.name : '')) : typeof value === 'string' ? value.split(/[;|]/) : [];
  const names = parts.map(part => part.trim()).filter(part => part !== '');
  return names.length > 0 ? names : undefined;
}

function isNamed(value: unknown): value is { name: string } { return typeof value === 'object' && value !== null && typeof (value as { name?: unknown }).name === 'string'; }

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) { lines++; }
  return lines;
}
