import { openText, type TextOptions } from '../formats/fileText';
import { CsvCutter } from '../formats/csvCutter';
import { cellsOf, delimiterOf } from '../formats/csvRow';

/** A row by column name in lower case; what a row does not have is empty. */
export type Row = (column: string) => string;

/** Streams the rows of a CSV file (`.gz`, too). `broken` gets the line of each row that cannot be read. */
export async function* tableRows(path: string, options: TextOptions, broken: (line: number) => void): AsyncGenerator<Row> {
  const cutter = new CsvCutter();
  let columns: ReadonlyMap<string, number> | undefined;
  let delimiter = ',';
  let rows: Row[] = [];
  const take = (piece: { text: string; line: number; fault?: string }): void => {
    if (!columns) {
      delimiter = delimiterOf(piece.text);
      columns = new Map(cellsOf(piece.text, delimiter).map(({ value }, i) => [value.trim().toLowerCase(), i]));
      return;
    }
    const cells = piece.fault === undefined ? cellsOf(piece.text, delimiter) : [];
    if (cells.length !== columns.size) { broken(piece.line); return; }
    const at = columns;
    rows.push(column => cells[at.get(column) ?? -1]?.value ?? '');
  };
  for await (const chunk of openText(path, options)) {
    cutter.push(chunk, take);
    if (rows.length > 0) { yield* rows; rows = []; }
  }
  cutter.end(take);
  yield* rows;
}
