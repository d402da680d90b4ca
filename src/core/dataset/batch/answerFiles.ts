import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { readAnswerLine, type AnswerLine } from './answerLine';
import { CaseFailure } from './caseFailure';
import { HashTable } from '../table/hashTable';
import { fileLines } from './lines';

/** A line of an answer file that no request has asked for, or that cannot be read. */
export interface AnswerProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

const mostFiles = 1024;
const mostListed = 1000;

/** Answers in any order in files of any size: what is kept for each request is a hash and where its answer stands. */
export class AnswerFiles {
  readonly problems: AnswerProblem[] = [];
  problemCount = 0;
  private readonly places = new HashTable();
  /** Requests with two answers that differ. */
  private readonly contradicted = new Set<string>();
  private readonly handles: FileHandle[] = [];

  private constructor(private readonly paths: readonly string[]) {}

  /** Looks through the files once. `isRequest` tells whether a custom_id was asked. Rejects with the system's error. */
  static async open(paths: readonly string[], isRequest: (customId: string) => boolean, signal?: AbortSignal): Promise<AnswerFiles> {
    if (paths.length > mostFiles) { throw new RangeError(`${mostFiles} answer files can be read at once; join some.`); }
    const files = new AnswerFiles(paths);
    try {
      for (const [index, path] of paths.entries()) {
        files.handles.push(await open(path, 'r'));
        for await (const { bytes, number, position } of fileLines(path, signal)) { if (bytes.length > 0) { await files.note(bytes.toString('utf8'), index, number, position, isRequest); } }
      }
      return files;
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  /** The answer to a request; undefined when there is none. Rejects with CaseFailure when there are two that differ. */
  async find(customId: string): Promise<AnswerLine | undefined> {
    if (this.contradicted.has(customId)) { throw new CaseFailure('duplicate-answer', `The answer files hold two different answers for ${customId}. Keep one of them.`); }
    const place = this.places.get(hashOf(customId));
    return place === undefined ? undefined : await this.at(place);
  }

  async close(): Promise<void> {
    this.places.close();
    await Promise.all(this.handles.splice(0).map(handle => handle.close()));
  }

  private async note(line: string, file: number, number: number, position: number, isRequest: (customId: string) => boolean): Promise<void> {
    if (line.trim() === '') { return; }
    const answer = readAnswerLine(line);
    const problem = (message: string): void => {
      this.problemCount++;
      if (this.problems.length < mostListed) { this.problems.push({ file: this.paths[file]!, line: number, message }); }
    };
    if (!answer) { problem('is no line of a batch answer file (JSON with custom_id)'); return; }
    if (!isRequest(answer.customId)) { problem('answers a custom_id that no request has'); return; }
    const hash = hashOf(answer.customId);
    const place = position * mostFiles + file;
    const before = this.places.get(hash);
    const earlier = before === undefined ? undefined : await this.at(before);
    // A later success mends a failure; a later failure takes nothing back.
    if (!earlier || ('failure' in earlier && 'output' in answer)) { this.places.set(hash, place); return; }
    if ('output' in earlier && 'output' in answer && earlier.output.content !== answer.output.content) {
      this.contradicted.add(answer.customId);
      problem('answers a request a second time, and otherwise');
    }
  }

  private async at(place: number): Promise<AnswerLine | undefined> {
    const handle = this.handles[place % mostFiles]!;
    const parts: Buffer[] = [];
    for (let at = Math.floor(place / mostFiles); ;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(1 << 16), 0, 1 << 16, at);
      const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
      parts.push(buffer.subarray(0, end < 0 ? bytesRead : end));
      if (end >= 0 || bytesRead === 0) { return readAnswerLine(Buffer.concat(parts).toString('utf8')); }
      at += bytesRead;
    }
  }
}

function hashOf(customId: string): string { return createHash('sha256').update(customId).digest('hex'); }
