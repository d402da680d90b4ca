import { longestRecord, type Cutter, type Piece } from './types';

/** Where the records of a JSON file stand: items of the root list, items of a list under a key of the root object, or the root itself. */
export type JsonShape = { readonly kind: 'array' } | { readonly kind: 'key'; readonly key: string } | { readonly kind: 'single' };

/**
 * Cuts the records out of a JSON text by its brackets. Where a record is broken, the next one that begins a line is found by standing
 * where no value may stand, or at the indentation of records.
 */
export class JsonCutter implements Cutter {
  private offset = 0;
  private line = 1;
  /** White space before the first sign of the current line; -1 after it. */
  private indent = 0;
  private inString = false;
  private escaped = false;
  private readonly closers: number[] = [];
  private key = '';
  private keyStart = -1;
  private keyHeld = '';
  private inList: boolean;
  /** Start of the record that is read; -1 between records. */
  private itemStart = -1;
  private itemLine = 0;
  private itemFault: string | undefined;
  private held = '';
  private recordIndent = -1;
  /** The last sign that is no white space. */
  private previous = 0;
  private readonly depth: number;

  constructor(private readonly shape: JsonShape) {
    this.depth = shape.kind === 'single' ? 0 : shape.kind === 'array' ? 1 : 2;
    this.inList = shape.kind === 'single';
  }

  push(chunk: string, emit: (piece: Piece) => void): void {
    let i = this.offset === 0 && chunk.charCodeAt(0) === 0xfeff ? 1 : 0;
    let from = this.itemStart >= 0 ? 0 : -1;
    if (this.keyStart >= 0) { this.keyStart = 0; }
    const n = chunk.length;
    const give = (end: number): void => {
      const text = (this.held + chunk.slice(from, end)).trimEnd();
      const fault = this.itemFault;
      emit({ text, start: this.itemStart, line: this.itemLine, ...(fault ? { fault } : {}) });
      this.held = '';
      this.itemStart = -1;
      this.itemFault = undefined;
      from = -1;
    };
    const begin = (at: number): void => {
      this.itemStart = this.offset + at;
      this.itemLine = this.line;
      if (this.recordIndent < 0 && this.indent >= 0) { this.recordIndent = this.indent; }
      from = at;
    };
    for (; i < n; i++) {
      const code = chunk.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) { this.escaped = false; }
        else if (code === 0x5c) { this.escaped = true; }
        else if (code === 0x22) {
          this.inString = false;
          if (this.keyStart >= 0) { this.key = unquoted(this.keyHeld + chunk.slice(this.keyStart, i)); this.keyStart = -1; this.keyHeld = ''; }
        } else if (code === 10) { this.inString = false; this.keyStart = -1; this.line++; this.indent = 0; this.previous = 0x22; }
        continue;
      }
      if (code === 10) { this.line++; this.indent = 0; continue; }
      if (code === 32 || code === 9 || code === 13) {
        if (code === 13) { if (chunk.charCodeAt(i + 1) !== 10 && i + 1 < n) { this.line++; } this.indent = 0; } else if (this.indent >= 0) { this.indent++; }
        continue;
      }
      const depth = this.closers.length;
      if (code === 0x7b && this.indent >= 0 && this.itemStart >= 0 && depth > this.depth && this.depth > 0 && this.isNextRecord()) {
        this.itemFault = 'is not valid JSON';
        give(i);
        this.closers.length = this.depth;
      }
      const inRecords = this.inList && this.closers.length === this.depth;
      switch (code) {
        case 0x22:
          this.inString = true;
          if (inRecords && this.itemStart < 0) { begin(i); }
          if (this.closers.length === 1 && this.closers[0] === 0x7d && this.shape.kind === 'key' && !this.inList) { this.keyStart = i + 1; }
          break;
        case 0x7b: case 0x5b:
          if (inRecords && this.itemStart < 0) { begin(i); }
          else if (code === 0x5b && !this.inList && (this.shape.kind === 'array' ? depth === 0 : depth === 1 && this.key === (this.shape as { key: string }).key)) { this.inList = true; }
          this.closers.push(code === 0x7b ? 0x7d : 0x5d);
          break;
        case 0x7d: case 0x5d:
          if (inRecords) {
            if (this.closers[depth - 1] !== code) { if (this.itemStart >= 0) { this.itemFault = 'is not valid JSON'; } else { begin(i); this.itemFault = 'is not valid JSON'; } break; }
            if (this.itemStart >= 0) { give(i); }
            this.inList = false;
          }
          this.closers.pop();
          if (this.depth === 0 && this.closers.length === 0 && this.itemStart >= 0) { give(i + 1); }
          break;
        case 0x2c:
          if (inRecords && this.itemStart >= 0) { give(i); }
          break;
        default:
          if (inRecords && this.itemStart < 0) { begin(i); }
      }
      this.indent = -1;
      this.previous = code;
    }
    if (this.itemStart >= 0) {
      this.held += chunk.slice(Math.max(from, 0));
      if (this.held.length > longestRecord) {
        // Only its place is still of use.
        this.itemFault = 'is longer than 16 million characters';
        this.held = '';
      }
    }
    if (this.keyStart >= 0) { this.keyHeld += chunk.slice(this.keyStart); }
    this.offset += n;
  }

  /** Whether a `{` that begins a line inside of a record can only be the next record: where no value may stand, or at the place of records in an indented file. */
  private isNextRecord(): boolean {
    return this.closers.at(-1) === 0x7d ? this.previous !== 0x3a : this.recordIndent > 0 && this.indent === this.recordIndent;
  }

  end(emit: (piece: Piece) => void): void {
    if (this.itemStart < 0) { return; }
    const fault = this.depth > 0 ? this.itemFault ?? 'is cut off: the file ends inside of it' : this.itemFault;
    emit({ text: this.held.trimEnd(), start: this.itemStart, line: this.itemLine, ...(fault ? { fault } : {}) });
    this.itemStart = -1;
  }
}

function unquoted(raw: string): string {
  try { return JSON.parse(`"${raw}"`) as string; } catch { return raw; }
}
