import { isUtf8 } from 'node:buffer';
import { UnreadableFileError } from './types';

/** Stands where bytes could not be decoded: no character of any text, unlike U+FFFD, which real abstracts hold. */
export const REPLACEMENT = '\uFDD0';

/** Encoding by byte-order mark or XML declaration; UTF-8 else. Throws UnreadableFileError for one that is not known. */
export function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  const start = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  if (declared === undefined) return 'utf-8';
  try {
    return new TextDecoder(declared).encoding;
  } catch (error) {
    throw new UnreadableFileError(`its encoding "${declared}" is not known`, { cause: error });
  }
}

/** Decodes bytes to text without the byte-order mark; what cannot be decoded becomes REPLACEMENT. */
export async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  const marked = (text: string, sound: boolean): string => (sound ? text : text.replaceAll('\uFFFD', REPLACEMENT));
  let rest = new Uint8Array();
  for await (const chunk of bytes) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = encoding === 'utf-8' ? whole.length - unfinished(whole) : whole.length;
    rest = whole.slice(end);
    const part = whole.subarray(0, end);
    const text = marked(decoder.decode(part, { stream: true }), encoding === 'utf-8' && isUtf8(part));
    if (text !== '') yield text;
  }
  const last = marked(decoder.decode(rest), false);
  if (last !== '') yield last;
}

/** Bytes at the end that begin a UTF-8 character whose rest is still to come. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** Why a record with undecodable bytes is skipped. */
export const WRONG_ENCODING = 'it holds bytes that are not valid in the file\'s encoding (UTF-8 unless declared); save the file as UTF-8';

/** Counts line ends. */
export function lineEnds(text: string, from = 0, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** A line without its end, and its number from 1. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** The lines of a text. A line longer than `longest` characters is cut there; `text` then ends early. */
export async function* lines(chunks: AsyncIterable<string>, longest = 64 << 20): AsyncGenerator<Line> {
  let rest = '';
  let line = 1;
  for await (const chunk of chunks) {
    const pieces = chunk.split('\n');
    for (let i = 0; i < pieces.length - 1; i++) {
      const text = i === 0 ? rest + pieces[0]! : pieces[i]!;
      yield { text: text.endsWith('\r') ? text.slice(0, -1) : text, line: line++ };
    }
    rest = pieces.length === 1 ? (rest.length < longest ? rest + chunk : rest) : pieces[pieces.length - 1]!;
  }
  if (rest !== '') yield { text: rest, line };
}
