import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { UnreadableFileError } from './types';

/** A file, or a member of a zip archive, decompressed. */
export interface CorpusMember {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The start of a stream, and the whole of it. */
export interface Peeked<T> {
  readonly head: readonly T[];
  readonly all: AsyncIterable<T>;
}

/** Reads chunks until `enough` of them are there. */
export async function peek<T>(source: AsyncIterable<T>, enough: (chunks: readonly T[]) => boolean): Promise<Peeked<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const head: T[] = [];
  let failure: unknown;
  while (!enough(head)) {
    try {
      const next = await iterator.next();
      if (next.done) break;
      head.push(next.value);
    } catch (error) {
      // What came before the failure is still good; the failure is told when it is reached.
      failure = error;
      break;
    }
  }
  async function* all(): AsyncGenerator<T> {
    try {
      yield* head;
      if (failure !== undefined) throw failure;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all: all() };
}

// A chunk of gzip data can swell a thousandfold: small chunks keep that small.
const CHUNK = 16 * 1024;

/** The members of a file: the file itself, decompressed where it is gzip, or what a zip archive holds. */
export async function* corpusMembers(file: string, onBytes: (count: number) => void): AsyncGenerator<CorpusMember> {
  const { head, all } = await peek<Uint8Array>(counted(createReadStream(file, { highWaterMark: CHUNK }), onBytes), chunks => chunks.length > 0);
  if (isZip(head[0])) {
    await close(all);
    yield* zipMembers(file, onBytes);
  } else {
    yield { name: file, bytes: isGzip(head[0]) ? gunzipped(all) : all };
  }
}

async function* counted(stream: AsyncIterable<Uint8Array>, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function close(stream: AsyncIterable<unknown>): Promise<void> {
  await stream[Symbol.asyncIterator]().return?.();
}

const isGzip = (head: Uint8Array | undefined): boolean => head !== undefined && head[0] === 0x1f && head[1] === 0x8b;
const isZip = (head: Uint8Array | undefined): boolean =>
  head !== undefined && head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 && head[3] === 4 || head[2] === 5 && head[3] === 6);

/** Decompresses chunk by chunk, so that everything before a damaged place is given before the error. */
async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  let output: Uint8Array[] = [];
  let failure: Error | undefined;
  gunzip.on('data', (chunk: Uint8Array) => output.push(chunk));
  const ended = new Promise<void>(resolve => {
    gunzip.once('end', resolve);
    gunzip.once('error', (error: Error) => {
      failure = error;
      resolve();
    });
  });
  const take = (): Uint8Array[] => {
    const taken = output;
    output = [];
    return taken;
  };
  try {
    for await (const chunk of source) {
      await Promise.race([new Promise<void>(resolve => { gunzip.write(chunk, () => resolve()); }), ended]);
      yield* take();
      if (failure !== undefined) break;
    }
    if (failure === undefined) gunzip.end();
    await ended;
    yield* take();
    if (failure !== undefined) throw gzipError(failure);
  } finally {
    gunzip.destroy();
  }
}

function gzipError(error: Error): UnreadableFileError {
  const cut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  return new UnreadableFileError(cut ? 'the gzip data is cut off; fetch the file again' : `the gzip data is damaged (${error.message})`, { cause: error });
}

async function* zipMembers(archive: string, onBytes: (count: number) => void): AsyncGenerator<CorpusMember> {
  const zip = await opened(archive);
  try {
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      if (entry.fileName.endsWith('/') || /(^|\/)(\.|__MACOSX\/)/.test(entry.fileName)) continue;
      const name = `${archive}/${entry.fileName}`;
      const { head, all } = await peek(memberBytes(zip, entry), chunks => chunks.length > 0);
      onBytes(entry.compressedSize);
      yield { name, bytes: isGzip(head[0]) ? gunzipped(all) : all };
    }
  } finally {
    zip.close();
  }
}

async function opened(archive: string): Promise<ZipFile> {
  const { open: openZip } = await import('yauzl');
  return new Promise((resolve, reject) => openZip(archive, { lazyEntries: true, autoClose: false }, (error, zip) => {
    if (error) reject(zipError(error));
    else resolve(zip);
  }));
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      zip.removeListener('entry', onEntry);
      zip.removeListener('end', onEnd);
      zip.removeListener('error', onError);
      act();
    };
    const onEntry = (entry: Entry): void => settle(() => resolve(entry));
    const onEnd = (): void => settle(() => resolve(undefined));
    const onError = (error: Error): void => settle(() => reject(zipError(error)));
    zip.on('entry', onEntry);
    zip.on('end', onEnd);
    zip.on('error', onError);
    zip.readEntry();
  });
}

async function* memberBytes(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    const stream = await new Promise<Readable>((resolve, reject) => zip.openReadStream(entry, (error, opening) => {
      if (error) reject(error);
      else resolve(opening);
    }));
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw error instanceof Error ? zipError(error) : error;
  }
}

function zipError(error: Error): UnreadableFileError {
  return new UnreadableFileError(`the zip archive is damaged or not supported (${error.message})`, { cause: error });
}
