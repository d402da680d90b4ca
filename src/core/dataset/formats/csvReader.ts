import type { RecordMapping, RecordProblem } from '../recordTypes';
import { checkedRecord, IdWatch, unreadable } from './commonChecks';
import { cellsOf, delimiterOf } from './csvRow';
import { readContent, type Fields } from './fields';
import { roleOf } from './fieldNames';
import { recordProblem, type Reading, type RecordReader } from './reader';
import { trailingFields } from '../inFile/recordValues';
import type { Cell, Piece } from './types';

// A column counts as one of numbers after so many rows of nothing else.
const rowsUntilSure = 20;
const number = /^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$/;

/** Reads the rows of a table after its header. */
export class CsvReader implements RecordReader {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Cells a row must have; columns that KEDRec added at the end may be absent. */
  private readonly needed: number;
  /** Numbers of the columns that can say something, of equal names the first one last. */
  private readonly used: readonly number[];
  private readonly ids = new IdWatch();
  /** Rows in which the column held a number; -1: it is no column of numbers, or was reported. */
  private readonly numbers: number[];
  private last: readonly Cell[] | undefined;

  constructor(header: Piece, private readonly mapping?: RecordMapping) {
    this.delimiter = delimiterOf(header.text);
    this.columns = cellsOf(header.text, this.delimiter).map(({ value }) => value.trim());
    this.needed = this.columns.length - (trailingFields(this.columns) ? 7 : 0);
    this.used = this.columns.map((_, i) => i).filter(i => mapping !== undefined || roleOf(this.columns[i]!) !== undefined).reverse();
    this.numbers = this.columns.map(() => 0);
  }

  read(piece: Piece, index: number): Reading {
    this.last = undefined;
    const broken = unreadable(piece);
    if (broken) { return { problems: [broken] }; }
    const cells = cellsOf(piece.text, this.delimiter);
    const expected = this.columns.length;
    if (cells.length !== expected && cells.length !== this.needed) {
      const extra = cells[expected];
      const place = extra ? { at: extra.start, length: piece.text.length - extra.start } : {};
      return { problems: [recordProblem(piece, `the record at line ${piece.line} has ${cells.length} fields where the header has ${expected}`, place)] };
    }
    const fields: Record<string, unknown> = {};
    for (const i of this.used) { if (i < cells.length) { fields[this.columns[i]!] = cells[i]!.value; } }
    const content = readContent(fields as Fields, this.mapping);
    if ('problem' in content) { return { problems: [recordProblem(piece, `the record at line ${piece.line} ${content.problem}`, { code: content.code })] }; }
    this.last = cells;
    return checkedRecord(piece, index, content);
  }

  close(): void { this.ids.close(); }

  watch(piece: Piece, { record }: Reading): readonly RecordProblem[] {
    if (!record || !this.last) { return []; }
    const problems: RecordProblem[] = [...this.ids.add(piece, record)];
    this.last.forEach((cell, i) => {
      const seen = this.numbers[i]!;
      if (seen < 0 || cell.value === '') { return; }
      if (number.test(cell.value)) { this.numbers[i] = seen + 1; return; }
      this.numbers[i] = -1;
      if (seen < rowsUntilSure) { return; }
      const field = this.columns[i]!;
      problems.push(recordProblem(piece, `field "${field}" is text in the record at line ${piece.line}, a number in the ${seen} records before`, { at: cell.start, length: cell.end - cell.start, field, severity: 'warning' }));
    });
    return problems;
  }
}
