import { indexRecords } from '../formats/recordIndex';
import type { DatasetFormat } from '../recordTypes';
import { annotateHeader, annotateRow, stripRow, tableColumns } from './csvFields';
import { checkPrefix, InFileError, moved, type TextEdit } from './edits';
import { annotateObject, stripObject } from './jsonMembers';
import { blocksIn } from './noteBlocks';
import type { RecordValues } from './recordValues';

/**
 * Edits that write the annotation of one record into its file: fields after the last one of the object, cells after the last one of the
 * row (with columns added to the header once), or the readable block below a case of a note. Only that record's bytes change, and
 * the header. Other rows of a table stay shorter than the header until they are annotated, too; readers fill what is missing.
 * The text may have any line breaks. Throws InFileError where it cannot be done.
 */
export function annotateEdits(text: string, format: DatasetFormat, record: { readonly index: number }, values: RecordValues, prefix: string): TextEdit[] {
  return annotateManyEdits(text, format, [{ index: record.index, values }], prefix);
}

/** The same for several records in one go. */
export function annotateManyEdits(text: string, format: DatasetFormat, annotated: readonly { readonly index: number; readonly values: RecordValues }[], prefix: string): TextEdit[] {
  checkPrefix(prefix);
  refuse(format);
  const index = indexRecords(text, format);
  const { header } = index;
  const columns = format === 'csv' && header ? tableColumns(header.text, prefix) : undefined;
  const edits: TextEdit[] = columns && header ? moved(annotateHeader(header.text, columns, prefix), header.start) : [];
  for (const { index: i, values } of annotated) {
    if (i < 0 || i >= index.length || !index.read(i).record && format !== 'json' && format !== 'jsonl' && format !== 'csv') { throw new InFileError(`there is no record ${i + 1} in the file any more`); }
    const { start, end } = index.spanOf(i);
    const source = text.slice(start, end);
    const place = `the record at line ${index.lineOf(i)}`;
    if (columns) {
      const row = annotateRow(source, columns, values);
      if (row.length === 0) { throw new InFileError(`${place} has another number of fields than the header`); }
      edits.push(...moved(row, start));
    } else if (format === 'notes') {
      edits.push(noteEdit(text, end, values));
    } else {
      try { JSON.parse(source); } catch { throw new InFileError(`${place} is not valid JSON`); }
      edits.push(...moved(annotateObject(source, values, prefix), start));
    }
  }
  return edits;
}

/** Edits that take everything out again that was written with this prefix (in notes: all readable blocks): what is left is the original, byte for byte. */
export function stripEdits(text: string, format: DatasetFormat, prefix: string): TextEdit[] {
  checkPrefix(prefix);
  refuse(format);
  if (format === 'notes') { return blocksIn(text).map(span => ({ span, newText: '' })); }
  const index = indexRecords(text, format);
  const { header } = index;
  const columns = format === 'csv' && header ? tableColumns(header.text, prefix) : undefined;
  const edits: TextEdit[] = columns && header ? moved(stripRow(header.text, columns, true), header.start) : [];
  for (let i = 0; i < index.length; i++) {
    const { start, end } = index.spanOf(i);
    const source = text.slice(start, end);
    edits.push(...moved(columns ? stripRow(source, columns, false) : isObject(source) ? stripObject(source, prefix) : [], start));
  }
  return edits;
}

function noteEdit(text: string, end: number, values: RecordValues): TextEdit {
  if (values.block === undefined) { throw new InFileError('a note takes the readable block, and none was made'); }
  const lineBreak = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const block = `${lineBreak}${lineBreak}${values.block.trimEnd().replace(/\r\n|\n|\r/g, lineBreak)}`;
  return { span: blocksIn(text).find(({ start }) => start === end) ?? { start: end, end }, newText: block };
}

function refuse(format: DatasetFormat): void {
  if (format === 'fhir') { throw new InFileError('a FHIR Bundle stays as it is: its annotations are kept beside the file (setting kedrec.annotations.storage: sidecar)'); }
}

/** What is no whole object holds no annotation. */
function isObject(source: string): boolean {
  try { const value: unknown = JSON.parse(source); return typeof value === 'object' && value !== null && !Array.isArray(value); } catch { return false; }
}
