import { createReadStream } from 'node:fs';

/** A line of a file as bytes, without its line break. */
export interface FileLine {
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly position: number;
  readonly bytes: Buffer;
  /** False for a last line without a line break. */
  readonly ended: boolean;
}

const newline = 0x0a;

/** The lines of a file, one at a time; positions are bytes. Rejects with the system's error. */
export async function* fileLines(path: string, signal?: AbortSignal): AsyncGenerator<FileLine> {
  let rest: Buffer[] = [];
  let position = 0;
  let number = 1;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024, signal }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const bytes = rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(start, end)]) : chunk.subarray(start, end);
      rest = [];
      yield { number: number++, position, bytes, ended: true };
      position += bytes.length + 1;
      start = end + 1;
    }
    if (start < chunk.length) { rest.push(chunk.subarray(start)); }
  }
  if (rest.length > 0) { yield { number, position, bytes: Buffer.concat(rest), ended: false }; }
}
