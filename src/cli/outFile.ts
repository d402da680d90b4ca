import { unlinkSync } from 'node:fs';
import { open, readFile, realpath, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FileSink } from '../core/dataset/batch/fileSink';
import { noMemory, readMemory, type FileMemory } from '../core/dataset/batch/readMemory';
import { UsageError } from './errors';

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
  const release = there && !there.isFile() ? () => Promise.resolve() : await lock(path);
  try {
    const memory = there?.isFile() ? await readMemory(path, signal) : noMemory;
    // One torn line is what a crash leaves; whole lines of another kind are somebody's file.
    if (memory.events === 0 && memory.unreadable.length > 1) { throw new UsageError(`${path} holds no annotation events, so nothing is appended to it. Name another file with -o.`); }
    const sink = await FileSink.open(path);
    return { sink, memory, close: async () => {
      await sink.close();
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

/** Keeps a second batch from writing to the same file; the lock of a process that was killed is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`;
  for (let tries = 0; ; tries++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await handle.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') { throw unusable(file, error as NodeJS.ErrnoException); }
      const holder = await readFile(file, 'utf8').then(text => JSON.parse(text) as { pid?: number; host?: string }).catch(() => ({}) as { pid?: number; host?: string });
      // Its holder may be about to write who it is.
      if (holder.pid === undefined && tries < 2) { await setTimeout(300); continue; }
      const gone = holder.pid === undefined || (holder.host === hostname() && !isRunning(holder.pid));
      if (!gone || tries > 5) { throw new UsageError(`${path} is being written by another kedrec (process ${holder.pid ?? 'unknown'} on ${holder.host ?? 'unknown'}). Wait for it; if none is running, delete ${file}.`); }
      await unlink(file).catch(() => undefined);
    }
  }
  const atExit = (): void => { try { unlinkSync(file); } catch { /* somebody else has removed it */ } };
  process.once('exit', atExit);
  return async () => {
    process.removeListener('exit', atExit);
    await unlink(file).catch(() => undefined);
  };
}

function isRunning(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}
