import { realpath, stat, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FileSink } from '../core/dataset/batch/fileSink';
import { noMemory, readMemory, type FileMemory } from '../core/dataset/batch/readMemory';
import { UsageError } from './errors';
import { lock } from './outLock';

/** A file of events that only this process writes as a batch. */
export interface OutFile {
  readonly sink: FileSink;
  readonly memory: FileMemory;
  close(): Promise<void>;
}

/** Opens OUT for a batch over `inputs`; with `resume` with what it holds, else it must be new or empty. Throws UsageError. */
export async function openOut(path: string, inputs: readonly string[], resume: boolean, signal: AbortSignal): Promise<OutFile> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') { return undefined; } throw unusable(path, error); });
  if (there?.isDirectory()) { throw new UsageError(`${path} is a folder; name a file such as ${path}/out.kedrec.jsonl.`); }
  if (!(await stat(dirname(path)).catch(() => undefined))?.isDirectory()) { throw new UsageError(`The folder ${dirname(path)} does not exist.`); }
  if (there && await isOneOf(path, inputs)) { throw new UsageError(`${path} is the input; name another file with -o.`); }
  if (there && there.size > 0 && !resume) { throw new UsageError(`${path} exists. Add --resume to go on with it (what is done there is not asked again), or name another file.`); }
  const release = there && !there.isFile() ? () => Promise.resolve() : await lock(path).catch((error: unknown) => { throw error instanceof UsageError ? error : unusable(`${path}.lock`, error as NodeJS.ErrnoException); });
  try {
    const memory = there?.isFile() ? await readMemory(path, signal) : noMemory;
    // One torn line is what a crash leaves; whole lines of another kind are somebody's file.
    if (memory.events === 0 && memory.unreadable.length > 1) { throw new UsageError(`${path} holds no annotation events, so nothing is appended to it. Name another file with -o.`); }
    const sink = await FileSink.open(path);
    return { sink, memory, close: async () => {
      await sink.close();
      memory.close();
      // Nothing came of it: no empty file is left that the next run would have to resume.
      if (!there && (await stat(path).catch(() => undefined))?.size === 0) { await unlink(path).catch(() => undefined); }
      await release();
    } };
  } catch (error) {
    await release();
    throw error instanceof UsageError || (error as NodeJS.ErrnoException).code === 'ABORT_ERR' ? error : unusable(path, error as NodeJS.ErrnoException);
  }
}

/** Whether a path leads to one of these files, under whatever name; also where it is not there yet. */
export async function isOneOf(path: string, others: readonly string[]): Promise<boolean> {
  const place = (name: string) => realpath(name).catch(() => resolve(name));
  const wanted = await place(path);
  return (await Promise.all(others.map(place))).includes(wanted);
}

function unusable(path: string, error: NodeJS.ErrnoException): UsageError { return new UsageError(`${path} cannot be written (${error.code ?? error.message}).`, { cause: error }); }
