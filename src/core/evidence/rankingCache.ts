import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Ranking } from './ranking';

/* The decoded form of an index (or of several together), as typed arrays lie in memory: opening it is one read. It can be deleted at any time. */

const VERSION = 1;
const SUFFIX = '.kdxcache';
const KEEP_MS = 30 * 24 * 3600 * 1000;
const ARRAY_TYPES = { Uint8Array, Uint16Array, Uint32Array } as const;
type ArrayType = keyof typeof ARRAY_TYPES;
type NumberArray = Uint8Array | Uint16Array | Uint32Array;

interface CacheHead {
  readonly key: string;
  readonly fieldNames: readonly string[];
  readonly arrays: readonly { readonly name: string; readonly type: ArrayType; readonly offset: number; readonly length: number }[];
}

/** A cache file and what it must say it is for: another one as soon as an index, its place in the list or the format changes. */
export interface CachePlace {
  readonly path: string;
  readonly key: string;
}

export function cachePlace(cacheDir: string, indexKeys: readonly string[]): CachePlace {
  const key = JSON.stringify([VERSION, endianness(), indexKeys]);
  return { path: join(cacheDir, crc32(key).toString(16).padStart(8, '0') + SUFFIX), key };
}

/** The cached ranking, or undefined where there is none or it is damaged. */
export function readCachedRanking({ path, key }: CachePlace): Ranking | undefined {
  try {
    const bytes = readWhole(path);
    const view = new DataView(bytes.buffer);
    const headLength = view.getUint32(0, true);
    const headBytes = bytes.subarray(12, 12 + headLength);
    if (crc32(headBytes) !== view.getUint32(4, true)) return undefined;
    const head = JSON.parse(new TextDecoder().decode(headBytes)) as CacheHead;
    const start = aligned(12 + headLength);
    if (head.key !== key || crc32(bytes.subarray(start)) !== view.getUint32(8, true)) return undefined;
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
    return unflatten(head, bytes.buffer, start);
  } catch {
    return undefined;
  }
}

/** Writes the cache by way of a temporary file, so that nobody ever reads half of one. Failing is no error: the next start decodes again. */
export async function writeCachedRanking({ path, key }: CachePlace, ranking: Ranking): Promise<void> {
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, encodeRanking(key, ranking));
    await rename(temporary, path);
    await removeOld(dirname(path));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function readWhole(path: string): Uint8Array<ArrayBuffer> {
  const handle = openSync(path, 'r');
  try {
    const { size } = fstatSync(handle);
    // Not filled with zeros first, and not out of a pool: the arrays must lie aligned.
    const bytes = Buffer.allocUnsafeSlow(size);
    const count = readSync(handle, bytes, 0, size, 0);
    return new Uint8Array(bytes.buffer, 0, count);
  } finally {
    closeSync(handle);
  }
}

function encodeRanking(key: string, ranking: Ranking): Uint8Array {
  const arrays = flatten(ranking);
  let end = 0;
  const entries = arrays.map(([name, array]) => {
    const offset = end;
    end = aligned(end + array.byteLength);
    return { name, type: array.constructor.name as ArrayType, offset, length: array.length };
  });
  const head: CacheHead = { key, fieldNames: ranking.fieldNames, arrays: entries };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const start = aligned(12 + headBytes.length);
  const bytes = new Uint8Array(start + end);
  bytes.set(headBytes, 12);
  arrays.forEach(([, array], i) => bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + entries[i]!.offset));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, headBytes.length, true);
  view.setUint32(4, crc32(headBytes), true);
  view.setUint32(8, crc32(bytes.subarray(start)), true);
  return bytes;
}

function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

function flatten(ranking: Ranking): [string, NumberArray][] {
  return [
    ['terms.offsets', ranking.terms.offsets],
    ['terms.bytes', ranking.terms.bytes],
    ['ordinals', ranking.ordinals],
    ...ranking.fields.flatMap(({ offsets, passages, scores }, i): [string, NumberArray][] => [
      [`fields.${i}.offsets`, offsets],
      [`fields.${i}.passages`, passages],
      [`fields.${i}.scores`, scores],
    ]),
    ['documentIds.offsets', ranking.documentIds.offsets],
    ['documentIds.bytes', ranking.documentIds.bytes],
    ['documentSources', ranking.documentSources],
    ['documentSegments', ranking.documentSegments],
    ['documentLocals', ranking.documentLocals],
    ['passageDocuments', ranking.passageDocuments],
    ['passageNumbers', ranking.passageNumbers],
    ['passageLocals', ranking.passageLocals],
  ];
}

function unflatten(head: CacheHead, buffer: ArrayBuffer, start: number): Ranking {
  const entries = new Map(head.arrays.map(entry => [entry.name, entry]));
  const get = <T extends NumberArray>(name: string): T => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`no array ${name}`);
    return new ARRAY_TYPES[entry.type](buffer, start + entry.offset, entry.length) as T;
  };
  return {
    fieldNames: head.fieldNames,
    terms: { offsets: get('terms.offsets'), bytes: get('terms.bytes') },
    ordinals: get('ordinals'),
    fields: head.fieldNames.map((_, i) => ({ offsets: get(`fields.${i}.offsets`), passages: get(`fields.${i}.passages`), scores: get(`fields.${i}.scores`) })),
    documentIds: { offsets: get('documentIds.offsets'), bytes: get('documentIds.bytes') },
    documentSources: get('documentSources'),
    documentSegments: get('documentSegments'),
    documentLocals: get('documentLocals'),
    passageDocuments: get('passageDocuments'),
    passageNumbers: get('passageNumbers'),
    passageLocals: get('passageLocals'),
  };
}

/** Caches of indexes that are not in use any more, and temporary files of writers that were stopped. */
async function removeOld(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.includes(SUFFIX)) continue;
    const path = join(cacheDir, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > KEEP_MS) await rm(path, { force: true });
  }
}
