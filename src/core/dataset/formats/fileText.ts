import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { corpusMembers, peek } from '../../evidence/readers/bytes';
import { REPLACEMENT } from '../../evidence/readers/decode';

/** A file whose encoding no record can be read from; the message says what to do. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

export interface TextOptions {
  readonly signal?: AbortSignal;
  /** Gets the number of bytes that were read from the disk. */
  readonly onBytes?: (count: number) => void;
}

/** Bytes of a file, decompressed where it is gzip (of a zip archive the first member). Rejects with EncodingError for UTF-16. */
export async function openBytes(path: string, { signal, onBytes }: TextOptions = {}): Promise<AsyncIterable<Uint8Array>> {
  const count = onBytes ?? (() => undefined);
  for await (const member of await isPacked(path) ? corpusMembers(path, count) : [{ bytes: plainBytes(path, count) }]) {
    const { head, all } = await peek(member.bytes, chunks => chunks.length > 0);
    const utf16 = head[0] && looksLikeUtf16(head[0]);
    if (utf16) { throw new EncodingError(`the file is ${utf16}, which cannot be read record by record; save it as UTF-8 (in VS Code: Reopen with Encoding, then Save with Encoding; or: iconv -f ${utf16} -t UTF-8)`); }
    return signal ? untilAborted(all, signal) : all;
  }
  return (async function* () { /* an empty file */ })();
}

// Small chunks are for gzip, where each can swell; plain files are read in large ones.
const chunkBytes = 256 * 1024;

async function* plainBytes(path: string, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Uint8Array>) {
    count(chunk.length);
    yield chunk;
  }
}

/** Whether a file begins as gzip or zip does. */
async function isPacked(path: string): Promise<boolean> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  return bytesRead === 2 && (buffer[0] === 0x1f && buffer[1] === 0x8b || buffer[0] === 0x50 && buffer[1] === 0x4b);
}

/** Text of a file as the editor has it: no byte-order mark, every line break a `\n`. */
export async function* openText(path: string, options: TextOptions = {}): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of utf8(await openBytes(path, options))) {
    let text = held === '' ? chunk : held + chunk;
    held = text.endsWith('\r') ? '\r' : '';
    if (held !== '') { text = text.slice(0, -1); }
    if (text !== '') { yield text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text; }
  }
  if (held !== '') { yield '\n'; }
}

/** Decodes UTF-8 without its byte-order mark; what is no UTF-8 becomes REPLACEMENT. Unlike a TextDecoder it gives Latin text one byte a character, which all that follows is faster with. */
async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  const text = (part: Buffer): string => (isUtf8(part) ? part.toString('utf8') : part.toString('utf8').replaceAll('\uFFFD', REPLACEMENT));
  for await (const chunk of bytes) {
    let whole = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk]);
    if (first && whole.length < 3) { rest = Buffer.from(whole); continue; }
    if (first && whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf) { whole = whole.subarray(3); }
    first = false;
    const end = whole.length - unfinished(whole);
    rest = Buffer.from(whole.subarray(end));
    if (end > 0) { yield text(whole.subarray(0, end)); }
  }
  if (rest.length > 0) { yield text(rest); }
}

/** Bytes at the end that begin a character whose rest is still to come. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) { return 0; }
    if (byte >= 0xc0) { return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0; }
  }
  return 0;
}

async function* untilAborted(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  for await (const chunk of bytes) {
    yield chunk;
    signal.throwIfAborted();
  }
}

/** By its byte-order mark, or by the zero bytes between Latin letters. */
function looksLikeUtf16(head: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) { return 'UTF-16LE'; }
  if (head[0] === 0xfe && head[1] === 0xff) { return 'UTF-16BE'; }
  const seen = Math.min(head.length, 512) & ~1;
  if (seen < 8) { return undefined; }
  let [even, odd] = [0, 0];
  for (let i = 0; i < seen; i += 2) {
    if (head[i] === 0) { even++; }
    if (head[i + 1] === 0) { odd++; }
  }
  return odd > seen * 0.3 && even === 0 ? 'UTF-16LE' : even > seen * 0.3 && odd === 0 ? 'UTF-16BE' : undefined;
}
