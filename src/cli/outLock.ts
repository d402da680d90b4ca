import { createHash, randomUUID } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { UsageError } from './errors';

const mostTries = 20;

/** Keeps a second batch from writing to the same file; the lock of a process that was killed is taken over. Resolves to what releases it. Rejects with UsageError or the system's error. */
export async function lock(path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`;
  const own = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  for (let tries = 0; !await create(file, own); tries++) {
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === undefined) { await setTimeout(20); } else {
      const holder = holderOf(found);
      // Where files cannot be linked its holder may be about to write who it is.
      if (holder.pid === undefined && tries < 2) { await setTimeout(300); continue; }
      const gone = holder.pid === undefined || (holder.host === hostname() && !isRunning(holder.pid));
      if (!gone || tries >= mostTries) { throw new UsageError(`${path} is being written by another kedrec (process ${holder.pid ?? 'unknown'} on ${holder.host ?? 'unknown'}). Wait for it; if none is running, delete ${file} and any ${file}.taking-*.`); }
      if (!await removeDead(file, found)) { await setTimeout(20); }
    }
    if (tries >= mostTries) { throw new UsageError(`${file} cannot be made: others make and remove it all the time. Wait for them.`); }
  }
  const atExit = (): void => { try { unlinkSync(file); } catch { /* somebody else has removed it */ } };
  process.once('exit', atExit);
  return async () => {
    process.removeListener('exit', atExit);
    await unlink(file).catch(() => undefined);
  };
}

/** Removes a dead lock. Only who makes the file named after this very lock may do so: a lock that another process has made since is never removed. */
async function removeDead(file: string, content: string): Promise<boolean> {
  const right = `${file}.taking-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
  if (!await create(right, JSON.stringify({ pid: process.pid, host: hostname() }))) { return false; }
  try {
    if (await readFile(file, 'utf8').catch(() => undefined) === content) { await unlink(file); }
    return true;
  } finally { await unlink(right).catch(() => undefined); }
}

/** Makes a file with its whole content at once; false when there is one. */
async function create(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${process.pid}-${randomUUID().slice(0, 8)}`;
  try {
    await writeFile(draft, content, { flag: 'wx' });
    await link(draft, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') { return false; }
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) { throw error; }
    return await writeFile(file, content, { flag: 'wx' }).then(() => true, (other: NodeJS.ErrnoException) => { if (other.code === 'EEXIST') { return false; } throw other; });
  } finally { await unlink(draft).catch(() => undefined); }
}

function holderOf(content: string): { readonly pid?: number; readonly host?: string } {
  try { return JSON.parse(content) as { pid?: number; host?: string }; } catch { return {}; }
}

function isRunning(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}
