import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { damagedIndex, EvidenceIndexError } from './errors';

/** An index's bytes, wherever they are. */
export interface ByteSource {
  /** For messages. */
  readonly file: string;
  open(): Promise<OpenBytes>;
}

/** Synchronous, because reading a block takes microseconds and this runs in a worker or a command line. */
export interface OpenBytes {
  readonly length: number;
  /** Changes when the bytes change (size and time of a file). */
  readonly stamp: string;
  /** Throws EvidenceIndexError "changed" when the bytes are not those that were opened. */
  assertUnchanged(): void;
  /** Exactly `length` bytes. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory, made when they are first needed. */
export function memorySource(name: string, make: () => Uint8Array | Promise<Uint8Array>): ByteSource {
  return {
    file: name,
    open: async () => {
      const bytes = await make();
      return { length: bytes.length, stamp: 'memory', assertUnchanged: () => undefined, read: (offset, length) => bytes.subarray(offset, offset + length) };
    },
  };
}

/** A file, which is not kept open: it can be replaced or deleted meanwhile (on Windows too). */
export function fileSource(path: string): ByteSource {
  return {
    file: path,
    open: async () => {
      const { length, stamp } = fileState(path);
      const assertUnchanged = (): void => {
        if (fileState(path).stamp === stamp) return;
        throw new EvidenceIndexError('changed', path, `The evidence index ${path} was changed while it was in use. Search again to use the new one, or build it again.`);
      };
      return { length, stamp, assertUnchanged, read: (offset, count) => readFilePart(path, offset, count) };
    },
  };
}

/** readSync takes less than 2 GiB. */
const MOST_AT_ONCE = 1 << 30;

function fileState(path: string): { readonly length: number; readonly stamp: string } {
  try {
    const { size, mtimeMs } = statSync(path);
    return { length: size, stamp: `${size}@${mtimeMs}` };
  } catch (error) {
    throw fileError(path, error);
  }
}

function readFilePart(path: string, offset: number, length: number): Uint8Array {
  try {
    const handle = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readSync(handle, bytes, done, Math.min(length - done, MOST_AT_ONCE), offset + done);
        if (count === 0) throw damagedIndex(path, 'truncated', 'is cut off');
        done += count;
      }
      return bytes;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

function fileError(path: string, error: unknown): EvidenceIndexError {
  if (error instanceof EvidenceIndexError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT') {
    return new EvidenceIndexError('missing', path, `The evidence index ${path} does not exist. Build it, or remove it from the list of indexes.`, { cause: error });
  }
  return new EvidenceIndexError('unreadable', path, `The evidence index ${path} cannot be read (${code}). Check the file and its permissions.`, { cause: error });
}
