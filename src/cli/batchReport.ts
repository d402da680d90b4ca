import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { BatchFailure, BatchProgress, BatchSummary } from '../core/dataset/batch/types';
import type { RecordProblem } from '../core/dataset/recordTypes';
import { UsageError } from './errors';
import { isOneOf } from './outFile';

const lineEveryMs = 10_000;

/** Shows progress on standard error: one line that is written over at a terminal, else a line every ten seconds. */
export class ProgressLine {
  private last = performance.now();
  private width = 0;
  private readonly isTerminal = process.stderr.isTTY;

  readonly show = (progress: BatchProgress): void => {
    const text = progressText(progress);
    if (this.isTerminal) {
      const shown = text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1));
      process.stderr.write(`\r${shown.padEnd(this.width)}`);
      this.width = shown.length;
    } else if (performance.now() - this.last >= lineEveryMs) {
      this.last = performance.now();
      process.stderr.write(`${text}\n`);
    }
  };

  /** Leaves the line as it is and goes on below it. */
  end(): void {
    if (this.width > 0) { process.stderr.write('\n'); }
    this.width = 0;
  }
}

/** "1,234 of 100,000 · 12.3/s · 2 h 13 min left · 3 failed". */
export function progressText({ done, failed, earlier, skipped, total, rate, remainingMs, tokens, state, waiting }: BatchProgress): string {
  const parts = [`${count(done + failed + earlier + skipped)}${total === undefined ? '' : ` of ${count(total)}`}`];
  if (state !== 'running') { parts.push(state); }
  parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`);
  if (remainingMs !== undefined && state === 'running') { parts.push(`${duration(remainingMs)} left`); }
  if (earlier > 0) { parts.push(`${count(earlier)} done before`); }
  if (failed > 0) { parts.push(`${count(failed)} failed`); }
  if (skipped > 0) { parts.push(`${count(skipped)} skipped`); }
  if (tokens.prompt + tokens.completion > 0) { parts.push(`${count(tokens.prompt)} + ${count(tokens.completion)} tokens`); }
  if (waiting) { parts.push(waiting); }
  return parts.join(' · ');
}

const listed = 20;

/** What became of the whole batch, for people; `problemsFile` holds what is not listed. */
export function summaryText(summary: BatchSummary, out: string, seconds: number, problemsFile: string | undefined): string {
  const { done, reused, failed, failedBefore = 0, earlier, skipped, total, tokens, cancelled, stopped, problems, problemCount, failures = [] } = summary;
  const row = (label: string, value: string) => `  ${label.padEnd(12)}${value}`;
  const lines = [cancelled ? 'Cancelled. Run the same command with --resume to go on.' : stopped ? `Stopped: ${stopped}` : 'Finished.'];
  lines.push(row('annotated', `${count(done)}${reused > 0 ? `, of them ${count(reused)} with the answer to an identical case` : ''}`));
  if (earlier > 0) { lines.push(row('before', `${count(earlier)} were done by an earlier run`)); }
  lines.push(row('failed', `${count(failed)}${failedBefore > 0 ? `, of them ${count(failedBefore)} in an earlier run (--retry-failed asks them again)` : ''}`), row('skipped', count(skipped)));
  if (total !== undefined) { lines.push(row('records', count(total))); }
  if (tokens.prompt + tokens.completion > 0) { lines.push(row('tokens', `${count(tokens.prompt)} of prompts, ${count(tokens.completion)} of answers`)); }
  lines.push(row('time', `${duration(seconds * 1000)}${done > 0 ? `, ${(done / seconds).toFixed(1)} records a second` : ''}`), row('written to', out));
  const more = (all: number) => (all > listed ? [`  and ${count(all - listed)} more${problemsFile ? ` in ${problemsFile}` : '; --problems FILE lists all'}`] : []);
  const failedNow = failed - failedBefore;
  if (failedNow > 0) { lines.push('Failed:', ...failures.slice(0, listed).map(({ line, id, reason, message }) => `  line ${line}${id === undefined ? '' : ` (id ${shownId(id)})`}: ${reason}: ${message}`), ...more(failedNow)); }
  if (problemCount > 0) { lines.push('Problems of the file:', ...problems.slice(0, listed).map(problemText), ...more(problemCount)); }
  return `${lines.join('\n')}\n`;
}

function problemText({ line, field, severity, message }: RecordProblem): string {
  const place = new RegExp(`\\bline ${line}\\b`).test(message) ? '' : `line ${line}: `;
  return `  ${place}${field !== undefined && !message.includes(field) ? `field ${field}: ` : ''}${message}${severity === 'error' ? ' (skipped)' : ''}`;
}

/** Ids come from the file; one that is long or no plain word may be text of a case. */
export function shownId(id: string): string { return /^[\w.:/-]{1,40}$/.test(id) ? id : `of ${id.length} characters`; }

function count(value: number): string { return value.toLocaleString('en-US'); }

/** "42 s", "3 min 5 s", "2 h 13 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) { return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`; }
  if (seconds < 3600) { return `${Math.floor(seconds / 60)} min ${seconds % 60} s`; }
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

/** Exit code of a batch: 0 every record is annotated; 1 some failed or were skipped; 3 stopped early; 130 cancelled. */
export function batchExitCode({ cancelled, stopped, failed, skipped }: BatchSummary): number { return cancelled ? 130 : stopped ? 3 : failed + skipped > 0 ? 1 : 0; }

/** Writes every problem and failure as a line of JSON. */
export class ProblemsFile {
  private readonly stream: ReturnType<typeof createWriteStream>;
  private broken: Error | undefined;

  /** Opens the file that `--problems` names, which none of the `used` ones may be; undefined without one. Throws UsageError. */
  static async open(path: string | undefined, used: readonly (string | undefined)[]): Promise<ProblemsFile | undefined> {
    if (path === undefined) { return undefined; }
    if (await isOneOf(path, used.filter(name => name !== undefined))) { throw new UsageError(`${path} is used by this command already; name another file with --problems.`); }
    return new ProblemsFile(path);
  }

  private constructor(readonly path: string) {
    this.stream = createWriteStream(path);
    this.stream.on('error', error => { this.broken = error; });
  }

  readonly problem = ({ line, field, severity, message }: RecordProblem): void => this.write({ kind: severity === 'error' ? 'skipped' : 'warning', line, field, message });
  readonly failure = ({ id, ...failure }: BatchFailure): void => this.write({ kind: 'failed', ...failure, ...(id === undefined ? {} : { id: shownId(id) }) });

  async close(): Promise<void> {
    this.stream.end();
    if (!this.broken && !this.stream.closed) { await once(this.stream, 'close').catch(() => undefined); }
    if (this.broken) { throw new UsageError(`${this.path} could not be written (${(this.broken as NodeJS.ErrnoException).code}).`, { cause: this.broken }); }
  }

  private write(value: object): void { if (!this.broken) { this.stream.write(`${JSON.stringify(value)}\n`); } }
}
