import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder for temporary files cannot take what does not fit into memory. */
export class TempFileError extends Error {
  constructor(folder: string, cause: unknown) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    super(`The temporary folder ${folder} cannot be used (${code}${code === 'ENOSPC' ? ': the disk is full' : ''}). Make room there, or set TMPDIR (Windows: TEMP) to another folder. What was written before is kept; run again with resume.`, { cause });
    this.name = 'TempFileError';
  }
}

/** Closes the files of tables that nobody closed. */
const forgotten = new FinalizationRegistry<number>(closeQuietly);

/**
 * A file without a name: it is unlinked as soon as it is open, so that the system gives its room back when it is closed or the process dies.
 * One of a process that died in between, or on a system that does not unlink open files, is removed by the next run.
 */
export class TempFile {
  private readonly file: number;

  /** Throws TempFileError. */
  constructor(private readonly folder = tmpdir()) {
    sweep(folder);
    try {
      const path = join(folder, `kedrec-${process.pid}-${randomBytes(8).toString('hex')}.tmp`);
      this.file = openSync(path, 'wx+', 0o600);
      try { unlinkSync(path); } catch { /* removed by the next run */ }
    } catch (error) { throw new TempFileError(folder, error); }
    forgotten.register(this, this.file, this);
  }

  /** Fills the buffer from this offset; with zeros beyond the end. Throws TempFileError. */
  read(buffer: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < buffer.length;) {
        const count = readSync(this.file, buffer, done, buffer.length - done, at + done);
        if (count === 0) { buffer.fill(0, done); return; }
        done += count;
      }
    } catch (error) { throw new TempFileError(this.folder, error); }
  }

  /** Throws TempFileError. */
  write(buffer: Uint8Array, at: number): void {
    try { for (let done = 0; done < buffer.length;) { done += writeSync(this.file, buffer, done, buffer.length - done, at + done); } } catch (error) { throw new TempFileError(this.folder, error); }
  }

  close(): void {
    forgotten.unregister(this);
    closeQuietly(this.file);
  }
}

/** Removes what processes that are gone left behind. */
function sweep(folder: string): void {
  let names: readonly string[];
  try { names = readdirSync(folder); } catch { return; }
  for (const name of names) {
    const owner = /^kedrec-(\d+)-[0-9a-f]{16}\.tmp$/.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) { continue; }
    try { unlinkSync(join(folder, name)); } catch { /* of another user */ }
  }
}

function isRunning(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}

function closeQuietly(file: number): void { try { closeSync(file); } catch { /* closed already */ } }
