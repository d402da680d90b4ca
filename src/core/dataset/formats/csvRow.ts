import type { Cell } from './types';

export interface ScannedRow {
  /** Offset after the last cell, before the line break; -1 when the text ends inside the row. */
  readonly end: number;
  /** Offset at which the next row starts. */
  readonly next: number;
  /** Where a quote stands that neither closes its cell nor is doubled, or the opening one that is never closed. */
  readonly fault?: { readonly at: number; readonly reason: 'stray' | 'unclosed' };
}

const quote = 0x22;

/**
 * Scans one row of RFC 4180 from `from`: quoted cells with doubled quotes and line breaks; rows end with `\n`, `\r\n` or `\r`.
 * `papaparse` tells no places of cells, which diagnostics and edits need; a property test holds both to the same cells.
 * `last`: nothing follows the text. With `cells`, they are collected, counted from `from`.
 */
export function scanRow(text: string, from: number, delimiter: number, last: boolean, cells?: Cell[]): ScannedRow {
  const { length } = text;
  const open = (fault?: ScannedRow['fault']): ScannedRow => ({ end: last ? length : -1, next: length, fault });
  let fault: ScannedRow['fault'];
  // Where the line of a stray quote ends: without the cells there is nothing to find behind it, and a search for each such row would read the whole rest.
  let lineEnd = Infinity;
  for (let at = from; ;) {
    const start = at;
    let value: string | undefined;
    if (text.charCodeAt(at) === quote) {
      let end = at + 1;
      for (; ;) {
        end = text.indexOf('"', end);
        if (lineEnd < (end < 0 ? length : end) && (last || lineEnd + 1 < length)) { return { end: lineEnd, next: lineEnd + (text.startsWith('\r\n', lineEnd) ? 2 : 1), fault }; }
        if (end < 0 || end + 1 >= length && !last) { return open(fault ?? { at: start, reason: 'unclosed' }); }
        const after = text.charCodeAt(end + 1);
        if (after === quote) { end += 2; continue; }
        if (end + 1 >= length || after === delimiter || after === 10 || after === 13) { break; }
        if (!fault && !cells) { lineEnd = lineEndAfter(text, end); }
        fault ??= { at: end, reason: 'stray' };
        end++;
      }
      if (cells) { value = text.slice(start + 1, end).replaceAll('""', '"'); }
      at = end + 1;
    } else {
      for (; at < length; at++) {
        const code = text.charCodeAt(at);
        if (code === delimiter || code === 10 || code === 13) { break; }
      }
      if (at >= length && !last) { return open(); }
      if (cells) { value = text.slice(start, at); }
    }
    cells?.push({ start: start - from, end: at - from, value: value! });
    if (at >= length) { return { end: at, next: at, fault }; }
    const code = text.charCodeAt(at);
    if (code === delimiter) { at++; continue; }
    if (code === 10) { return { end: at, next: at + 1, fault }; }
    // Whether a `\n` follows is only known with the next chunk.
    if (at + 1 >= length && !last) { return open(); }
    return { end: at, next: text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1, fault };
  }
}

function lineEndAfter(text: string, from: number): number {
  const pattern = /[\r\n]/g;
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? Infinity;
}

/** Cells of a row that was cut out. */
export function cellsOf(row: string, delimiter: string): Cell[] {
  const cells: Cell[] = [];
  scanRow(row, 0, delimiter.charCodeAt(0), true, cells);
  return cells;
}

/** Delimiter of a table by its header: the one that divides it into most columns; `,` for a single column. */
export function delimiterOf(header: string): string {
  let best = ',';
  let most = 1;
  for (const delimiter of [',', '\t', ';', '|']) {
    const count = cellsOf(header, delimiter).length;
    if (count > most) { [best, most] = [delimiter, count]; }
  }
  return best;
}
