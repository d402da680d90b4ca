import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FieldMapping } from '../../core/evidence/readers/types';

export interface BuildRequest {
  /** Absolute paths of files and folders. */
  readonly inputs: readonly string[];
  /** Index file to write; its folder exists. */
  readonly output: string;
  readonly name: string;
  readonly mapping?: FieldMapping;
}

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

// The command line writes its progress only to a terminal.
const boot = 'process.stderr.isTTY = true; require(process.argv[1]);';

/**
 * Builds an index by the command line's `index build` in a process of its own: a large build neither stalls the extension host nor
 * can take its memory. The file is made in a folder beside the output and moved over it at the end; whatever happens, that folder goes.
 * Rejects with BuildFailedError, the signal's reason, or a file system error.
 */
export async function runBuild(cli: string, { inputs, output, name, mapping }: BuildRequest, onProgress: (text: string) => void, signal: AbortSignal): Promise<BuildReport> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(dirname(output), '.kedrec-build-'));
  try {
    const made = join(folder, basename(output));
    const flags = [...inputs, '-o', made, '--name', name, ...(mapping ? ['--mapping', JSON.stringify(mapping)] : [])];
    const reader = new ReportReader(onProgress);
    const code = await runNode(['-e', boot, cli, 'index', 'build', ...flags], text => reader.push(text), signal);
    signal.throwIfAborted();
    const report = reader.end();
    if (code !== 0) { throw new BuildFailedError(reader.lastMessage.replaceAll(made, output) || `The build stopped unexpectedly (${code}). It may have run out of memory: build several smaller indexes.`, report); }
    await rename(made, output);
    return report;
  } finally { await rm(folder, { recursive: true, force: true, maxRetries: 5 }); }
}

/** Resolves to the exit code, or to the signal's name, when the process is gone. */
async function runNode(args: readonly string[], onText: (text: string) => void, signal: AbortSignal): Promise<number | string> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
  const stop = (): void => { child.kill('SIGKILL'); };
  signal.addEventListener('abort', stop, { once: true });
  child.stderr.setEncoding('utf8').on('data', onText);
  try {
    return await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killed) => resolve(code ?? killed ?? 'unknown'));
    });
  } finally { signal.removeEventListener('abort', stop); }
}

const mark = 'kedrec: ';

/** Understands what `kedrec index build` writes to standard error. */
export class ReportReader {
  lastMessage = '';
  private buffer = '';
  private files = '';
  private counts = { documents: 0, passages: 0, duplicates: 0, skipped: 0 };
  private moreProblems = false;
  private readonly reasons: string[] = [];
  private readonly problems: string[] = [];

  constructor(private readonly onProgress: (text: string) => void) {}

  push(text: string): void {
    // Progress is written over itself; a piece may end in the middle of a line.
    const lines = (this.buffer + text).split(/\r\u001b\[K|\n/);
    this.buffer = lines.pop()!;
    for (const line of lines) { this.line(line); }
    if (isProgress(this.buffer)) { this.onProgress(this.buffer); }
  }

  end(): BuildReport {
    this.line(this.buffer);
    this.buffer = '';
    return { ...this.counts, files: this.files, reasons: this.reasons, problems: this.problems, moreProblems: this.moreProblems };
  }

  private line(line: string): void {
    if (isProgress(line)) { this.onProgress(line); return; }
    if (/^ {2}\d+ x /.test(line)) { this.reasons.push(line.trim()); return; }
    // A message may follow the last progress on the same line.
    const at = line.startsWith(mark) ? 0 : line.indexOf(mark);
    if (at < 0) { return; }
    const text = line.slice(at + mark.length);
    const counts = /^(\d+) documents, (\d+) passages; duplicates replaced: (\d+)/.exec(text);
    const skipped = /^records skipped: (\d+)/.exec(text);
    const files = /^files: (.*)$/.exec(text);
    if (counts) { this.counts = { ...this.counts, documents: Number(counts[1]), passages: Number(counts[2]), duplicates: Number(counts[3]) }; }
    else if (skipped) { this.counts.skipped = Number(skipped[1]); }
    else if (files) { this.files = files[1]!; }
    else if (text.startsWith('further problems')) { this.moreProblems = true; }
    else if (text.includes(': skipped: ')) { this.problems.push(text); }
    else { this.lastMessage = text; }
  }
}

function isProgress(text: string): boolean {
  return /^(reading \d+\/\d+ files, \d+ %, \d+ documents|indexing \d+\/\d+|writing)$/.test(text);
}
