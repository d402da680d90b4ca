import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, dirname } from 'node:path';
import { buildEvidenceIndexParts } from './build';
import type { IndexOrigin } from './live/origin';
import { readCorpus } from './readers/corpus';
import type { CorpusProgress, CorpusSummary, ReadCorpusOptions } from './readers/corpus';

export interface CorpusBuildProgress extends CorpusProgress {
  readonly stage: 'reading' | 'indexing' | 'writing';
  /** Documents that are in the index so far. */
  readonly indexed: number;
}

export interface CorpusBuildOptions extends Omit<ReadCorpusOptions, 'onProgress' | 'onCharacters' | 'onSummary'> {
  /** Name of the index; that of the file by default. */
  readonly name?: string;
  readonly onProgress?: (progress: CorpusBuildProgress) => void;
  /** Bytes that the build may take; 60 % of the machine's memory by default. */
  readonly memoryLimit?: number;
  /** What live sources were asked for these files. */
  readonly origin?: IndexOrigin;
  /** ISO 8601; now by default. */
  readonly builtAt?: string;
}

export interface CorpusBuildResult extends CorpusSummary {
  readonly file: string;
  /** Size of the index file. */
  readonly bytes: number;
}

/** The build would take more memory than it may: told while the corpus is read, before the index is made. */
export class CorpusTooLargeError extends Error {
  override readonly name = 'CorpusTooLargeError';

  constructor(readonly needed: number, readonly limit: number, documents: number) {
    super(`An index of this corpus needs about ${megabytes(needed)} of memory (${documents} documents read so far); ${megabytes(limit)} are allowed. `
      + 'Build several smaller indexes, one from each part of the files: they are searched as one. Or allow more memory.');
  }
}

/** No file held a document that could be read. */
export class EmptyCorpusError extends Error {
  override readonly name = 'EmptyCorpusError';

  constructor(readonly summary: CorpusSummary) {
    super('No document could be read from these files, so no index was written.');
  }
}

// Measured on abstracts and full texts (peak resident size of a build; 460 MB at 100,000 abstracts of 160 million characters), rounded up.
const BASE_BYTES = 200 << 20;
const BYTES_PER_CHARACTER = 3;
/** The document's id, its header while it is read, and its entry in the list of the newest. */
const BYTES_PER_DOCUMENT = 600;

const WRITE_AT_ONCE = 4 << 20;

/** Memory that a build is expected to take, in bytes. */
export function estimatedMemory(characters: number, documents: number): number {
  return BASE_BYTES + characters * BYTES_PER_CHARACTER + documents * BYTES_PER_DOCUMENT;
}

/**
 * Reads files and folders and writes their index to `outFile`, which is replaced as a whole at the end or left as it was.
 * Rejects with CorpusTooLargeError, EmptyCorpusError, the signal's reason, or a file system error.
 */
export async function buildCorpusIndex(paths: readonly string[], outFile: string, options: CorpusBuildOptions = {}): Promise<CorpusBuildResult> {
  const limit = options.memoryLimit ?? 0.6 * totalmem();
  let summary: CorpusSummary | undefined;
  let last: CorpusProgress = { filesDone: 0, files: 0, bytesRead: 0, bytes: 0, documents: 0 };
  const report = (stage: CorpusBuildProgress['stage'], indexed: number): void => options.onProgress?.({ ...last, stage, indexed });
  const check = (characters: number, documents: number): void => {
    const needed = estimatedMemory(characters, documents);
    if (needed > limit) throw new CorpusTooLargeError(needed, limit, documents);
  };
  const documents = readCorpus(paths, {
    mapping: options.mapping,
    mappings: options.mappings,
    signal: options.signal,
    workDirectory: options.workDirectory ?? dirname(outFile),
    onProblem: options.onProblem,
    onProgress: progress => {
      last = progress;
      report('reading', 0);
    },
    onCharacters: check,
    onSummary: read => {
      summary = read;
      if (read.documents === 0) throw new EmptyCorpusError(read);
    },
  });
  const parts = await buildEvidenceIndexParts(counted(documents, indexed => report('indexing', indexed)), {
    name: options.name ?? basename(outFile).replace(/\.kdx$/, ''),
    builtAt: options.builtAt ?? new Date().toISOString(),
    origin: options.origin,
  });
  options.signal?.throwIfAborted();
  report('writing', summary!.documents);
  await writeWhole(outFile, parts);
  return { ...summary!, file: outFile, bytes: parts.reduce((sum, part) => sum + part.length, 0) };
}

async function* counted<T>(items: AsyncIterable<T>, tell: (count: number) => void): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    yield item;
    if (++count % 500 === 0) tell(count);
  }
}

/** Written beside the file and renamed over it, so that a reader sees the old or the new index, never half of one. */
async function writeWhole(file: string, parts: readonly Uint8Array[]): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for (const batch of batches(parts)) await handle.writeFile(batch);
      await handle.sync();
    } finally { await handle.close(); }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Parts put together to a few megabytes each: blocks are small, and a write costs more than a copy. */
function* batches(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let from = 0;
  for (let to = 0, size = 0; to < parts.length; to++) {
    size += parts[to]!.length;
    if (size < WRITE_AT_ONCE && to + 1 < parts.length) continue;
    yield Buffer.concat(parts.slice(from, to + 1));
    from = to + 1;
    size = 0;
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / (1 << 20)).toLocaleString('en')} MiB`;
}
