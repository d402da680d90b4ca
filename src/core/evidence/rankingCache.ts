import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { EvidenceIndexError } from './errors';
import { flatten, unflatten } from './rankingLayout';
import type { NumberArray, RankingLayout } from './rankingLayout';
import type { Ranking } from './ranking';

/*
 * The decoded form of an index (or of several together), as typed arrays lie in memory. It can be deleted at any time.
 *   u32 bytes of the head     u32 crc32 of head and tables     f64 bytes of head and tables     f64 bytes of the file
 *   head (JSON)     tables, read at once     postings, read page by page when a query needs them, each page checked by its crc32
 * Reading what a query needs makes opening independent of the number of postings.
 */

const VERSION = 2;
const SUFFIX = '.kdxcache';
const KEEP_MS = 30 * 24 * 3600 * 1000;
const KEEP_UNFINISHED_MS = 3600 * 1000;
const TOUCH_AFTER_MS = 2000;
const PREFIX = 24;
const PAGE = 1 << 14;

interface CacheHead extends RankingLayout {
  readonly key: string;
  readonly tablesAt: number;
  readonly postingsAt: number;
  /** In the file, behind the postings' tables: one crc32 per page. */
  readonly pages: number;
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

/** Caches found damaged by this thread. */
const dropped = new Set<string>();

/** The cached ranking, or undefined where there is none or it is damaged. */
export function readCachedRanking({ path, key }: CachePlace): Ranking | undefined {
  if (dropped.has(path)) return undefined;
  try {
    const start = readStart(path);
    if (start === undefined) return undefined;
    const { bytes, headLength } = start;
    const head = JSON.parse(Buffer.from(bytes.buffer, PREFIX, headLength).toString('utf8')) as CacheHead;
    if (head.key !== key) return undefined;
    // Late, so that the first result does not wait for it.
    setTimeout(() => utimes(path, new Date(), new Date()).catch(() => undefined), TOUCH_AFTER_MS).unref();
    const pageSums = new Uint32Array(bytes.buffer, head.postingsAt - head.pages * 4, head.pages);
    const pages = new Pages(path, head.postingsAt, head.postingsLength, pageSums);
    return unflatten(head, { buffer: bytes.buffer, start: head.tablesAt }, { buffer: pages.bytes.buffer, start: 0 }, (from, to) => pages.need(from, to));
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
    dropped.delete(path);
    await removeOld(dirname(path));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Head and tables, checked; undefined where the file is not whole. */
function readStart(path: string): { readonly bytes: Uint8Array<ArrayBuffer>; readonly headLength: number } | undefined {
  const handle = openSync(path, 'r');
  try {
    const prefix = Buffer.allocUnsafe(PREFIX);
    if (readSync(handle, prefix, 0, PREFIX, 0) !== PREFIX || fstatSync(handle).size !== prefix.readDoubleLE(16)) return undefined;
    const length = prefix.readDoubleLE(8);
    // Not filled with zeros first, and not out of a pool: the arrays must lie aligned.
    const bytes = Buffer.allocUnsafeSlow(length);
    if (readSync(handle, bytes, 0, length, 0) !== length || crc32(bytes.subarray(PREFIX)) !== prefix.readUInt32LE(4)) return undefined;
    return { bytes: new Uint8Array(bytes.buffer as ArrayBuffer), headLength: prefix.readUInt32LE(0) };
  } finally {
    closeSync(handle);
  }
}

/** The postings' bytes, read page by page. The file is not kept open: it can be replaced or deleted meanwhile. */
class Pages {
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly present: Uint8Array;

  constructor(private readonly path: string, private readonly offset: number, length: number, private readonly sums: Uint32Array) {
    this.bytes = new Uint8Array(length);
    this.present = new Uint8Array(sums.length);
  }

  /** Makes bytes [from, to) present. Throws EvidenceIndexError "changed" where the file does not hold them any more. */
  need(from: number, to: number): void {
    const last = Math.ceil(to / PAGE);
    for (let first = Math.floor(from / PAGE); first < last; first++) {
      if (this.present[first] === 1) continue;
      let end = first + 1;
      while (end < last && this.present[end] === 0) end++;
      this.read(first, end);
      first = end - 1;
    }
  }

  private read(first: number, end: number): void {
    const { bytes, path } = this;
    const start = first * PAGE;
    const length = Math.min(end * PAGE, bytes.length) - start;
    try {
      const handle = openSync(path, 'r');
      try {
        if (readSync(handle, bytes, start, length, this.offset + start) !== length) throw new Error('cut off');
      } finally {
        closeSync(handle);
      }
      for (let page = first; page < end; page++) {
        if (crc32(bytes.subarray(page * PAGE, Math.min((page + 1) * PAGE, bytes.length))) !== this.sums[page]) throw new Error('damaged');
        this.present[page] = 1;
      }
    } catch (error) {
      dropped.add(path);
      try { rmSync(path, { force: true }); } catch { /* held open by another program or not ours to delete: not read again all the same */ }
      throw new EvidenceIndexError('changed', path, `The cached evidence index ${path} was changed while it was in use. Search again.`, { cause: error });
    }
  }
}

function encodeRanking(key: string, ranking: Ranking): Uint8Array {
  const { tables, postings, layout } = flatten(ranking);
  const pages = Math.ceil(layout.postingsLength / PAGE);
  // Two passes: the head's length decides where the rest lies, and the head says where; numbers of fixed width keep it the same.
  const headOf = (tablesAt: number): CacheHead => ({ ...layout, key, tablesAt, postingsAt: aligned(tablesAt + layout.tablesLength) + aligned(pages * 4), pages });
  const room = Buffer.byteLength(JSON.stringify(headOf(1e9))) + 32;
  const head = headOf(aligned(PREFIX + room));
  const headBytes = Buffer.from(JSON.stringify(head).padEnd(room));
  const bytes = new Uint8Array(head.postingsAt + layout.postingsLength);
  bytes.set(headBytes, PREFIX);
  copyAll(tables, bytes, head.tablesAt);
  copyAll(postings, bytes, head.postingsAt);
  const sums = new Uint32Array(bytes.buffer, head.postingsAt - pages * 4, pages);
  for (let page = 0; page < pages; page++) sums[page] = crc32(bytes.subarray(head.postingsAt + page * PAGE, Math.min(head.postingsAt + (page + 1) * PAGE, bytes.length)));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, headBytes.length, true);
  view.setUint32(4, crc32(bytes.subarray(PREFIX, head.postingsAt)), true);
  view.setFloat64(8, head.postingsAt, true);
  view.setFloat64(16, bytes.length, true);
  return bytes;
}

function copyAll(arrays: readonly { readonly array: NumberArray; readonly offset: number }[], bytes: Uint8Array, start: number): void {
  for (const { array, offset } of arrays) bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
}

function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** Caches of indexes that are not in use any more, and temporary files of writers that were stopped. */
async function removeOld(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.includes(SUFFIX)) continue;
    const path = join(cacheDir, name);
    // One that another window deletes meanwhile is no reason to keep the others.
    const age = await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > (name.endsWith('.tmp') ? KEEP_UNFINISHED_MS : KEEP_MS)) await rm(path, { force: true }).catch(() => undefined);
  }
}
