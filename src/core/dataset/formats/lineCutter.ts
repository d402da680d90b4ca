import { longestRecord, type Cutter, type Piece } from './types';

/** Cuts JSON Lines: one record a line, ended by `\n`, `\r\n` or `\r`. */
export class LineCutter implements Cutter {
  private rest = '';
  /** Of `rest`. */
  private start = 0;
  private line = 1;
  private skipping = false;

  push(chunk: string, emit: (piece: Piece) => void): void {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      this.give(this.rest === '' ? chunk.slice(from, end) : this.rest + chunk.slice(from, end), emit);
      this.rest = '';
      from = end + 1;
    }
    if (this.skipping) { this.start += chunk.length - from; return; }
    this.rest += from === 0 ? chunk : chunk.slice(from);
    if (this.rest.length <= longestRecord) { return; }
    emit({ text: '', start: this.start, line: this.line, fault: 'is longer than 16 million characters' });
    this.start += this.rest.length;
    this.rest = '';
    this.skipping = true;
  }

  end(emit: (piece: Piece) => void): void {
    this.give(this.rest, emit);
    this.rest = '';
  }

  private give(line: string, emit: (piece: Piece) => void): void {
    const length = line.length + 1;
    if (!this.skipping) {
      if (line.length > longestRecord) { emit({ text: '', start: this.start, line: this.line, fault: 'is longer than 16 million characters' }); }
      else if (line.includes('\r')) { this.giveOld(line, emit); }
      else { this.emit(line, this.start, emit); }
    }
    this.skipping = false;
    this.start += length;
    this.line++;
  }

  /** A line that ends with `\r\n`, or several that end with `\r` alone. */
  private giveOld(line: string, emit: (piece: Piece) => void): void {
    const parts = (line.endsWith('\r') ? line.slice(0, -1) : line).split('\r');
    let start = this.start;
    parts.forEach((part, i) => {
      if (i > 0) { this.line++; }
      this.emit(part, start, emit);
      start += part.length + 1;
    });
  }

  private emit(text: string, start: number, emit: (piece: Piece) => void): void {
    const marked = start === 0 && text.charCodeAt(0) === 0xfeff;
    if (text === '' || text.charCodeAt(0) !== 0x7b && text.trim() === '') { return; }
    emit(marked ? { text: text.slice(1), start: 1, line: this.line } : { text, start, line: this.line });
  }
}
