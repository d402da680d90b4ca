import { createHash } from 'node:crypto';
import { maxCaseLength } from '../../recommend/limits';
import { REPLACEMENT } from '../../evidence/readers/decode';
import type { DatasetRecord, RecordProblem } from '../recordTypes';
import { HashTable } from '../table/hashTable';
import type { RecordContent } from './fields';
import { recordProblem, type Reading } from './reader';
import type { Piece } from './types';

/** What is wrong with a piece whatever its format; undefined when it can be read. */
export function unreadable(piece: Piece): RecordProblem | undefined {
  if (piece.fault !== undefined) { return recordProblem(piece, `the record at line ${piece.line} ${piece.fault}`); }
  if (piece.text.includes(REPLACEMENT)) { return recordProblem(piece, `the record at line ${piece.line} holds bytes that are not valid UTF-8; save the file as UTF-8`); }
  const nul = piece.text.indexOf('\u0000');
  return nul < 0 ? undefined : recordProblem(piece, `the record at line ${piece.line} holds NUL characters: the file is UTF-16 or no text; reopen it with its encoding and save it as UTF-8`, { at: nul });
}

/** The record with its warnings: too long for one question, characters that a wrong encoding left behind. */
export function checkedRecord(piece: Piece, index: number, content: RecordContent): Reading {
  const record: DatasetRecord = { index, span: { start: piece.start, end: piece.start + piece.text.length }, line: piece.line, ...content };
  const problems: RecordProblem[] = [];
  if (content.caseText.length > maxCaseLength) {
    const [size, most] = [content.caseText.length.toLocaleString('en'), maxCaseLength.toLocaleString('en')];
    problems.push(recordProblem(piece, `the case text of the record at line ${piece.line} has ${size} characters; a case can have ${most}, so it cannot be annotated as a whole`, { severity: 'warning' }));
  }
  const lost = piece.text.indexOf('\uFFFD');
  if (lost >= 0) {
    problems.push(recordProblem(piece, `the record at line ${piece.line} holds U+FFFD, which a wrong encoding leaves behind; reopen the file with its real encoding and save it as UTF-8`, { at: lost, severity: 'warning' }));
  }
  return { record, problems };
}

/** Finds ids that come again, in constant memory: kept is for each a hash and its line. */
export class IdWatch {
  private readonly ids = new HashTable();

  add(piece: Piece, record: DatasetRecord): readonly RecordProblem[] {
    if (record.id === undefined) { return []; }
    const id = createHash('sha256').update(record.id).digest('hex');
    const first = this.ids.get(id);
    if (first === undefined) { this.ids.set(id, piece.line); return []; }
    return [recordProblem(piece, `the record at line ${piece.line} has the same id as the one at line ${first}`, { severity: 'warning' })];
  }

  close(): void { this.ids.close(); }
}
