import { fork } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CorpusSummary } from '../../core/evidence/readers/corpus';
import { problemText, progressText, type BuildMessage, type BuildOrder } from '../../shared/buildMessages';

/** What the build told. */
export interface BuildReport {
  readonly documents: number;
  readonly passages: number;
  readonly duplicates: number;
  readonly skipped: number;
  /** Files by format: "2 beir, 1 medline". */
  readonly files: string;
  /** How often each reason came: "3 x broken JSON". */
  readonly reasons: readonly string[];
  /** Skipped records and files, told one by one. */
  readonly problems: readonly string[];
  /** There are more than `problems` holds. */
  readonly moreProblems: boolean;
}

/** No index was written; the message says why, the report holds what was read until then. */
export class BuildFailedError extends Error {
  override readonly name = 'BuildFailedError';

  constructor(message: string, readonly report: BuildReport) { super(message); }
}

/**
 * Builds an index by the command line in a process of its own: a large build neither stalls the extension host nor can take its memory.
 * The file is made in a folder beside the output and moved over it at the end; whatever happens, that folder goes.
 * Rejects with BuildFailedError, the signal's reason, or a file system error.
 */
export async function runBuild(cli: string, order: BuildOrder, onProgress: (text: string) => void, signal: AbortSignal): Promise<BuildReport> {
  signal.throwIfAborted();
  const { output } = order;
  const folder = await mkdtemp(join(dirname(output), '.kedrec-build-'));
  try {
    const made = join(folder, basename(output));
    const problems: string[] = [];
    const { last, exit } = await converse(cli, { ...order, output: made }, signal, message => {
      if (message.kind === 'progress') { onProgress(progressText(message.progress)); }
      if (message.kind === 'problem') { problems.push(problemText(message.problem)); }
    });
    signal.throwIfAborted();
    if (last?.kind === 'done') {
      await rename(made, output);
      return reportOf(problems, last.result);
    }
    const message = last?.kind === 'failed' ? last.message.replaceAll(made, output) : `The build stopped unexpectedly (${exit}). It may have run out of memory: build several smaller indexes.`;
    throw new BuildFailedError(message, reportOf(problems, last?.summary));
  } finally { await rm(folder, { recursive: true, force: true, maxRetries: 5 }); }
}

/** Resolves when the process is gone: to its last word, and to its exit code or the signal that ended it. */
async function converse(cli: string, order: BuildOrder, signal: AbortSignal, listen: (message: BuildMessage) => void): Promise<{ readonly last?: Extract<BuildMessage, { kind: 'done' | 'failed' }>; readonly exit: number | string }> {
  const child = fork(cli, ['index', 'build-for-parent'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' });
  const stop = (): void => { child.kill('SIGKILL'); };
  signal.addEventListener('abort', stop, { once: true });
  let last: Extract<BuildMessage, { kind: 'done' | 'failed' }> | undefined;
  child.on('message', value => {
    const message = value as BuildMessage;
    if (message.kind === 'done' || message.kind === 'failed') { last = message; } else { listen(message); }
  });
  try {
    const exit = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killed) => resolve(code ?? killed ?? 'unknown'));
      // A process that could not start tells so by its error or its end.
      child.send(order, () => undefined);
    });
    return { ...(last ? { last } : {}), exit };
  } finally { signal.removeEventListener('abort', stop); }
}

function reportOf(problems: readonly string[], summary: CorpusSummary | undefined): BuildReport {
  const reasons = Object.entries(summary?.reasons ?? {}).sort(([, a], [, b]) => b - a);
  return {
    documents: summary?.documents ?? 0, passages: summary?.passages ?? 0, duplicates: summary?.duplicates ?? 0, skipped: summary?.skipped ?? 0,
    files: Object.entries(summary?.files ?? {}).map(([format, count]) => `${count} ${format}`).join(', '),
    reasons: reasons.map(([reason, count]) => `${count} x ${reason}`),
    problems, moreProblems: reasons.reduce((sum, [, count]) => sum + count, 0) > problems.length,
  };
}
