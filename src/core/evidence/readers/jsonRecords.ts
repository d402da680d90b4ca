import { lines, lineEnds, REPLACEMENT, WRONG_ENCODING } from './decode';
import { UnreadableFileError } from './types';
import type { ReaderInput, RecordPosition } from './types';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface JsonRecord {
  readonly value: JsonObject;
  readonly position: RecordPosition;
  /** Name of the record's member where the file is an object of records. */
  readonly key?: string;
}

// Lists that hold the records in the answers of the official services.
const CONTAINERS = new Set(['studies', 'results', 'FullStudiesResponse.FullStudies', 'resultList.result']);
const LONGEST = 128 << 20;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One JSON value a line: by name, or because its first lines say so. */
export function isJsonLines(file: string, head: string): boolean {
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(file)) return true;
  const [first, second] = head.split('\n').filter(line => line.trim() !== '');
  return second !== undefined && [first!, second].every(line => line.trimStart().startsWith('{')) && [first!, second].some(parses);
}

function parses(line: string): boolean {
  try { return isObject(JSON.parse(line)); } catch { return false; }
}

/** The records of a JSON or JSON Lines file, one at a time; broken ones are reported and skipped. */
export async function* jsonRecords(input: ReaderInput): AsyncGenerator<JsonRecord> {
  let record = 0;
  for await (const piece of isJsonLines(input.file, input.head) ? jsonLines(input.text) : jsonValues(input.text, input.mapping?.id === '@key')) {
    record++;
    const position = { record, line: piece.line };
    if (piece.fault !== undefined) { input.problem(position, piece.fault); continue; }
    if (piece.text.includes(REPLACEMENT)) { input.problem(position, WRONG_ENCODING); continue; }
    let value: unknown;
    try { value = JSON.parse(piece.text); } catch {
      // The parser's message would quote the record.
      input.problem(position, 'broken JSON');
      continue;
    }
    if (isObject(value)) yield { value, position, ...(piece.key === undefined ? {} : { key: piece.key }) };
    else input.problem(position, 'not a JSON object');
  }
}

interface Piece {
  readonly text: string;
  readonly line: number;
  readonly key?: string;
  readonly fault?: string;
}

async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<Piece> {
  for await (const { text: line, line: number } of lines(text)) {
    if (line.trim() !== '') yield { text: line, line: number };
  }
}

/** Root values, or the items of a root list or of a known container, cut out of the stream. `members`: the members of the root object. */
async function* jsonValues(chunks: AsyncIterable<string>, members: boolean): AsyncGenerator<Piece> {
  const cutter = new JsonCutter(members);
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.end();
}

class JsonCutter {
  private buffer = '';
  private line = 1;
  private at = 0;
  /** Start of the record in the buffer; -1 between records. */
  private start = -1;
  /** Depth at which the records stand. */
  private recordDepth = 0;
  private readonly keys: (string | undefined)[] = [];
  private readonly closers: string[] = [];
  private inString = false;
  private stringStart = 0;
  private lastString = '';
  private sawContainer = false;

  constructor(private readonly members: boolean) {}

  *push(chunk: string): Generator<Piece> {
    this.buffer += chunk;
    const special = /["\\{}[\]:]/g;
    special.lastIndex = this.at;
    for (let match = special.exec(this.buffer); match !== null; match = special.exec(this.buffer)) {
      const at = match.index;
      const mark = match[0];
      if (this.inString) {
        if (mark === '\\') {
          if (at + 1 >= this.buffer.length) { this.at = at; this.trim(); return; }
          special.lastIndex = at + 2;
        } else if (mark === '"') {
          this.inString = false;
          if (this.closers.length <= 2) this.lastString = this.buffer.slice(this.stringStart, at);
        }
        continue;
      }
      if (mark === '"') { this.inString = true; this.stringStart = at + 1; }
      else if (mark === ':') { if (this.closers.length <= 2) this.keys[this.closers.length] = this.lastString; }
      else if (mark === '{' || mark === '[') this.open(mark, at);
      else if (mark === '}' || mark === ']') {
        const piece = this.close(at);
        if (piece !== undefined) {
          yield piece;
          special.lastIndex = 0;
        }
      }
    }
    this.at = this.buffer.length;
    if (this.buffer.length - Math.max(this.start, 0) > LONGEST) {
      throw new UnreadableFileError(`the JSON record on line ${this.line} is longer than ${LONGEST >> 20} million characters`);
    }
    this.trim();
  }

  *end(): Generator<Piece> {
    if (this.start >= 0) yield { text: '', line: this.line, fault: 'the file ends inside the record' };
    else if (this.closers.length > 0) yield { text: '', line: this.line, fault: 'the file ends before its JSON does' };
  }

  private open(mark: string, at: number): void {
    const depth = this.closers.length;
    const path = this.keys.slice(1, depth + 1).join('.');
    if (mark === '[' && (depth === 0 || this.start >= 0 && depth <= 2 && !this.sawContainer && CONTAINERS.has(path))) {
      // What came before in the object is only the envelope of the list.
      this.sawContainer = depth > 0;
      this.start = -1;
      this.recordDepth = depth + 1;
    } else if (mark === '{' && this.start < 0 && (depth === this.recordDepth && !(this.members && depth === 0))) {
      this.start = at;
    } else if (mark === '{' && this.members && depth === 0) {
      this.recordDepth = 1;
    }
    this.closers.push(mark === '{' ? '}' : ']');
    this.keys.length = depth + 1;
    this.keys.push(undefined);
  }

  private close(at: number): Piece | undefined {
    this.closers.pop();
    const depth = this.closers.length;
    if (this.start < 0 || depth !== this.recordDepth) {
      if (depth === 0) [this.recordDepth, this.sawContainer] = [0, false];
      // After the list of records come only other members of its envelope.
      else if (this.start < 0 && depth < this.recordDepth) this.recordDepth = -1;
      return undefined;
    }
    const before = lineEnds(this.buffer, 0, this.start);
    const key = this.members ? this.keys[depth] : undefined;
    const piece = { text: this.buffer.slice(this.start, at + 1), line: this.line + before, ...(key === undefined ? {} : { key }) };
    this.line += before + lineEnds(piece.text);
    this.buffer = this.buffer.slice(at + 1);
    this.start = -1;
    return piece;
  }

  /** Forgets what lies before the record or outside of one, but never the string that is being read. */
  private trim(): void {
    const keep = this.start >= 0 ? this.start : this.inString ? this.stringStart : this.at;
    if (keep === 0) return;
    this.line += lineEnds(this.buffer, 0, keep);
    this.buffer = this.buffer.slice(keep);
    this.at -= keep;
    this.stringStart -= keep;
    if (this.start >= 0) this.start = 0;
  }
}
