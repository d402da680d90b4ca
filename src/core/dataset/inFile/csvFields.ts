import { cellsOf, delimiterOf } from '../formats/csvRow';
import { InFileError, type TextEdit } from './edits';
import { trailingFields, valueFields, type RecordValues } from './recordValues';

/** How a table keeps annotations: in columns after its own. */
export interface TableColumns {
  readonly delimiter: string;
  /** Columns of the user. */
  readonly own: number;
  /** The columns of the annotation are in the header already. */
  readonly present: boolean;
}

/** Reads the header. Throws InFileError where columns of these names are in the way. */
export function tableColumns(header: string, prefix: string): TableColumns {
  const delimiter = delimiterOf(header);
  const names = cellsOf(header, delimiter).map(({ value }) => value.trim());
  const trailing = trailingFields(names);
  if (trailing && trailing.prefix !== prefix) {
    throw new InFileError(`the table has KEDRec columns with the prefix "${trailing.prefix}"; set kedrec.annotations.fieldPrefix to it, or remove them first`);
  }
  const own = names.length - (trailing ? valueFields.length : 0);
  const foreign = names.slice(0, own).find(name => valueFields.some(field => name === prefix + field));
  if (foreign !== undefined) { throw new InFileError(`the table has a column "${foreign}" of its own; choose another prefix (setting kedrec.annotations.fieldPrefix)`); }
  return { delimiter, own, present: trailing !== undefined };
}

export function annotateHeader(header: string, { delimiter, present }: TableColumns, prefix: string): TextEdit[] {
  if (present) { return []; }
  return [{ span: { start: header.length, end: header.length }, newText: valueFields.map(field => `${delimiter}${prefix}${field}`).join('') }];
}

/** Edits that write the annotation after the row's own cells; without values, empty cells. Rows with another number of cells stay. */
export function annotateRow(row: string, { delimiter, own, present }: TableColumns, values?: RecordValues): TextEdit[] {
  const cells = cellsOf(row, delimiter);
  // A row that merely has so many cells more than its header is the user's.
  const full = present && cells.length === own + valueFields.length && decisions.has(cells[own]!.value);
  if (cells.length !== own && !full || full && !values) { return []; }
  const added = valueFields.map(field => delimiter + (values ? quoted(field === 'confidence' ? String(Number(values.confidence.toFixed(4))) : values[field], delimiter) : '')).join('');
  return [{ span: { start: cells[own - 1]!.end, end: row.length }, newText: added }];
}

const decisions = new Set(['', 'recommend', 'consider', 'avoid', 'insufficient-evidence']);

/** Edits that take the annotation's cells off the header or a row. */
export function stripRow(row: string, { delimiter, own, present }: TableColumns, isHeader: boolean): TextEdit[] {
  if (!present) { return []; }
  const cells = cellsOf(row, delimiter);
  if (cells.length !== own + valueFields.length || !isHeader && !decisions.has(cells[own]!.value)) { return []; }
  return [{ span: { start: cells[own - 1]!.end, end: row.length }, newText: '' }];
}

function quoted(value: string, delimiter: string): string {
  return value.includes(delimiter) || /["\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
