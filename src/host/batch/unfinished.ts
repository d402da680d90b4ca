import { stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { readMemory } from '../../core/dataset/batch/readMemory';
import type { BatchProgress } from '../../core/dataset/batch/types';
import { sidecarUri } from '../annotate/sidecarFile';
import { settled } from './progressText';

const key = 'kedrec.batch.unfinished';
const mostKept = 20;
/** Bytes of a sidecar that is counted before anything is offered. */
const countedAtStart = 20_000_000;

/** A batch that has not come to its end, as the workspace remembers it. What is done stands in the sidecar; this only tells that there is something to go on with. */
export interface Unfinished {
  readonly uri: string;
  readonly settled: number;
  readonly total?: number;
  /** ISO 8601. */
  readonly at: string;
  /** The extension host that works on it. */
  readonly pid: number;
}

/** The unfinished batches of a workspace. */
export class UnfinishedBatches {
  private writing: Thenable<void> = Promise.resolve();

  constructor(private readonly memory: vscode.Memento) {}

  get all(): readonly Unfinished[] {
    const kept = this.memory.get<readonly Unfinished[]>(key);
    return Array.isArray(kept) ? kept.filter(entry => typeof entry?.uri === 'string') : [];
  }

  /** Those on which no process works any more: it was killed, or its window was closed. */
  get abandoned(): readonly Unfinished[] { return this.all.filter(({ pid }) => pid === process.pid || !isAlive(pid)); }

  note(uri: vscode.Uri, progress: BatchProgress): Thenable<void> {
    const entry: Unfinished = { uri: uri.toString(), settled: settled(progress), ...(progress.total === undefined ? {} : { total: progress.total }), at: new Date().toISOString(), pid: process.pid };
    return this.write([entry, ...this.without(uri)].slice(0, mostKept));
  }

  forget(uri: vscode.Uri): Thenable<void> { return this.without(uri).length === this.all.length ? this.writing : this.write(this.without(uri)); }

  private without(uri: vscode.Uri): readonly Unfinished[] { return this.all.filter(entry => entry.uri !== uri.toString()); }

  private write(entries: readonly Unfinished[]): Thenable<void> {
    this.writing = this.memory.update(key, entries.length > 0 ? entries : undefined);
    return this.writing;
  }
}

function isAlive(pid: number): boolean {
  try { process.kill(pid, 0); return true; } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}

/** How many cases a file's sidecar settles; undefined where reading it would take long or is not possible. */
export async function settledOnDisk(uri: vscode.Uri): Promise<number | undefined> {
  const sidecar = sidecarUri(uri);
  if (sidecar?.scheme !== 'file') { return undefined; }
  try {
    if ((await stat(sidecar.fsPath)).size > countedAtStart) { return undefined; }
    const memory = await readMemory(sidecar.fsPath);
    memory.close();
    const { annotated, failed } = memory;
    return annotated + failed;
  } catch { return undefined; }
}
