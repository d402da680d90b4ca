import { delimiterOf, scanRow } from './csvRow';
import { longestRecord, type Cutter, type Piece } from './types';

/** Cuts CSV and TSV: the first piece is the header row. After a quote that swallowed what follows, reading goes on at the next line. */
export class CsvCutter implements Cutter {
  private buffer = '';
  /** Of `buffer`. */
  private start = 0;
  private line = 1;
  private delimiter = -1;
  /** A row that was not whole is looked at again when the buffer has doubled: looking at each chunk would cost the square of its length. */
  private wanted = 0;

  push(chunk: string, emit: (piece: Piece) => void): void {
    this.buffer = this.buffer === '' ? chunk : this.buffer + chunk;
    if (this.buffer.length >= this.wanted) { this.cut(false, emit); }
  }

  end(emit: (piece: Piece) => void): void { this.cut(true, emit); }

  private cut(last: boolean, emit: (piece: Piece) => void): void {
    if (this.start === 0 && this.buffer.charCodeAt(0) === 0xfeff) { this.advance(1); }
    let from = 0;
    while (from < this.buffer.length) {
      if (this.delimiter < 0) {
        // Blank lines before the header.
        const blank = /^[ \t]*(?:\r\n|\n|\r(?!$))/.exec(this.buffer.slice(from, from + 4096));
        if (blank) { this.line++; from += blank[0].length; continue; }
        const header = /[\r\n]/.exec(this.buffer.slice(from));
        if (!header && !last && this.buffer.length - from < longestRecord) { break; }
        this.delimiter = delimiterOf(this.buffer.slice(from, header ? from + header.index : undefined)).charCodeAt(0);
      }
      const row = scanRow(this.buffer, from, this.delimiter, last);
      const incomplete = row.end < 0;
      if (incomplete && this.buffer.length - from <= longestRecord) { break; }
      from = this.give(from, row.end, row.next, incomplete ? 'unclosed' : row.fault?.reason, emit);
    }
    this.advance(from);
    this.wanted = Math.min(2 * this.buffer.length, longestRecord + 1);
  }

  /** Emits the row and gives the offset at which reading goes on. */
  private give(from: number, end: number, next: number, fault: 'stray' | 'unclosed' | undefined, emit: (piece: Piece) => void): number {
    const text = end < 0 ? '' : this.buffer.slice(from, end);
    const start = this.start + from;
    if (!fault) {
      if (text !== '' && !/^[\s,;|]*$/.test(text)) { emit({ text, start, line: this.line }); }
      this.line += breaks(this.buffer, from, next);
      return next;
    }
    // A quote that is not closed (well) takes following rows with it: only its own line is given up.
    const lineEnd = /\r\n|\n|\r/g;
    lineEnd.lastIndex = from;
    const found = lineEnd.exec(this.buffer);
    const inLine = found && found.index < next ? found : undefined;
    const stop = inLine?.index ?? next;
    emit({ text: this.buffer.slice(from, Math.min(stop, from + longestRecord)), start, line: this.line, fault: fault === 'stray' && !text.includes('\n') ? 'has a quote inside of a quoted cell that is not doubled' : 'has a quote that is opened and not closed' });
    if (!inLine) { this.line += breaks(this.buffer, from, next); return next; }
    this.line++;
    return inLine.index + inLine[0].length;
  }

  private advance(count: number): void {
    this.buffer = this.buffer.slice(count);
    this.start += count;
  }
}

function breaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) { count++; }
  if (count === 0 && text.slice(from, to).includes('\r')) { return text.slice(from, to).split('\r').length - 1; }
  return count;
}
