import { findNodeAtLocation, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { RecordMapping, RecordProblem } from '../recordTypes';
import { checkedRecord, IdWatch, unreadable } from './commonChecks';
import { readContent, type Fields } from './fields';
import { recordProblem, type Reading, type RecordReader } from './reader';
import type { Piece } from './types';

// Fields whose types are watched; what has more is no table.
const fieldsWatched = 200;

/** Reads JSON objects: lines of JSON Lines, items of a JSON list. `unit` names a piece in messages. */
export class JsonReader implements RecordReader {
  private readonly ids = new IdWatch();
  private readonly types = new Map<string, string>();
  private last: Fields | undefined;

  constructor(private readonly unit: 'line' | 'record', private readonly mapping?: RecordMapping) {}

  read(piece: Piece, index: number): Reading {
    this.last = undefined;
    const broken = unreadable(piece);
    if (broken) { return { problems: [broken] }; }
    const name = this.unit === 'line' ? `line ${piece.line}` : `the record at line ${piece.line}`;
    let value: unknown;
    try { value = JSON.parse(piece.text); } catch {
      const { what, ...place } = firstError(piece.text);
      return { problems: [recordProblem(piece, `${name} is not valid JSON${what === undefined ? '' : `: ${what}`}`, place)] };
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) { return { problems: [recordProblem(piece, `${name} is not a JSON object`)] }; }
    const content = readContent(value as Fields, this.mapping);
    if ('problem' in content) {
      const { field, problem, code } = content;
      const place = field === undefined ? {} : valuePlace(piece.text, field);
      return { problems: [recordProblem(piece, `the record at line ${piece.line} ${problem}`, { ...place, ...(field === undefined ? {} : { field }), ...(code ? { code } : {}) })] };
    }
    this.last = value as Fields;
    return checkedRecord(piece, index, content);
  }

  close(): void { this.ids.close(); }

  watch(piece: Piece, { record }: Reading): readonly RecordProblem[] {
    if (!record || !this.last) { return []; }
    const problems: RecordProblem[] = [...this.ids.add(piece, record)];
    for (const name in this.last) {
      const value = this.last[name];
      if (value === null) { continue; }
      const type = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'text' : typeof value === 'number' ? 'a number' : 'true or false';
      const earlier = this.types.get(name);
      if (earlier === undefined) { if (this.types.size < fieldsWatched) { this.types.set(name, type); } continue; }
      if (earlier === type || earlier === '') { continue; }
      // Told once a field.
      this.types.set(name, '');
      problems.push(recordProblem(piece, `field "${name}" is ${type} in the record at line ${piece.line}, ${earlier} in the records before`, { ...valuePlace(piece.text, name), field: name, severity: 'warning' }));
    }
    return problems;
  }
}

/** In words, what jsonc-parser found wrong; by the names of its error codes. */
const faults: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a field name in double quotes is missing', ValueExpected: 'a value is missing', ColonExpected: 'a colon is missing', CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing } is missing', CloseBracketExpected: 'a closing ] is missing', EndOfFileExpected: 'there is more behind its end',
  UnexpectedEndOfString: 'a closing quotation mark is missing', UnexpectedEndOfNumber: 'a number is cut off', InvalidNumberFormat: 'a number is not spelled as in JSON',
  InvalidCharacter: 'a control character must be escaped', InvalidEscapeCharacter: 'an escape after \\ is unknown', InvalidUnicode: 'an escape \\u needs four hexadecimal digits',
  InvalidSymbol: 'a word is no JSON value', InvalidCommentToken: 'a comment is no JSON',
};

function firstError(text: string): { at?: number; length?: number; what?: string } {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  return first ? { at: Math.min(first.offset, Math.max(0, text.length - 1)), length: first.length, what: faults[printParseErrorCode(first.error)] } : {};
}

function valuePlace(text: string, field: string): { at?: number; length?: number } {
  const root = parseTree(text);
  const node = root && (findNodeAtLocation(root, [field]) ?? findNodeAtLocation(root, field.split('.')));
  return node ? { at: node.offset, length: text.slice(node.offset, node.offset + node.length).split('\n', 1)[0]!.length } : {};
}
