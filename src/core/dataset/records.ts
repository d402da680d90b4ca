import { Assembler } from './formats/assemble';
import { formatOfName, formatOfText, shapeOf } from './formats/detect';
import { indexRecords } from './formats/recordIndex';
import type { DatasetFormat, DatasetRecord, RecordMapping, RecordProblem } from './recordTypes';

export type { DatasetFormat, DatasetRecord };
export { indexRecords };

/** A record that cannot be used as a case. The message names line and field, never the record's text. */
export class RecordError extends Error {
  constructor(message: string, readonly line: number, readonly field?: string) {
    super(message);
    this.name = 'RecordError';
  }
}

/** Format by file name and language, and with `text` by content, too; undefined for what is not a dataset. */
export function datasetFormat(fileName: string, languageId?: string, text?: string): DatasetFormat | undefined {
  return text === undefined ? formatOfName(fileName, languageId) : formatOfText(fileName, languageId, text);
}

/** All records of a text with plain line breaks, and what is wrong with it. */
export function readRecords(text: string, format: DatasetFormat, mapping?: RecordMapping): { readonly records: readonly DatasetRecord[]; readonly problems: readonly RecordProblem[] } {
  const records: DatasetRecord[] = [];
  const problems: RecordProblem[] = [];
  const assembler = new Assembler(format, { record: record => records.push(record), problem: problem => problems.push(problem) }, mapping, format === 'json' ? shapeOf(text, mapping) : undefined);
  assembler.push(text);
  assembler.end();
  return { records, problems };
}

/** The record under an offset of a text with plain line breaks; undefined on a blank line or a header. Throws RecordError for a broken record. */
export function recordAt(text: string, offset: number, format: DatasetFormat, mapping?: RecordMapping): DatasetRecord | undefined {
  const index = indexRecords(text, format, mapping);
  const at = index.indexAt(offset);
  if (at === undefined) { return undefined; }
  const { record, problems } = index.read(at, mapping);
  const [problem] = problems;
  if (!record && problem) { throw new RecordError(problem.message, problem.line, problem.field); }
  return record;
}
