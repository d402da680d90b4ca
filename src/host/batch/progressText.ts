import type { BatchProgress, BatchSummary } from '../../core/dataset/batch/types';

/** "317 of 1,000, 3 failed · 4.2/s · 2 min left · 12.3k tokens". `short`: without why the batch rests, for the status bar. */
export function progressText(progress: BatchProgress, { short = false }: { readonly short?: boolean } = {}): string {
  const { failed, rate, remainingMs, state, waiting } = progress;
  const parts = [`${settledText(progress)}${failed > 0 ? `, ${failed.toLocaleString('en')} failed` : ''}`];
  if (state === 'paused') { parts.push('paused'); } else if (state === 'stopping') { parts.push('stopping'); } else if (waiting) { parts.push(short ? waiting.replace(/^.* (?=Trying again)/s, 'waiting: ').replace('Trying', 'trying').replace(/\.$/, '') : waiting.replace(/\.$/, '')); } else {
    if (rate > 0) { parts.push(rateText(rate)); }
    if (remainingMs !== undefined) { parts.push(`${durationText(remainingMs)} left`); }
  }
  const tokens = progress.tokens.prompt + progress.tokens.completion;
  if (tokens > 0) { parts.push(`${tokenText(tokens)} tokens`); }
  return parts.join(' \u00b7 ');
}

/** How many of the file's records need no more work: answered now or earlier, failed, or broken. */
export function settled({ done, earlier, failed, skipped }: BatchProgress): number { return done + earlier + failed + skipped; }

function settledText(progress: BatchProgress): string {
  const count = settled(progress).toLocaleString('en');
  return progress.total === undefined ? count : `${count} of ${progress.total.toLocaleString('en')}`;
}

function rateText(rate: number): string { return rate >= 1 ? `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`; }

/** "40 s", "3 min", "2 h 05 min". */
export function durationText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 100) { return `${seconds} s`; }
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function tokenText(tokens: number): string { return tokens < 1000 ? String(tokens) : tokens < 1e6 ? `${(tokens / 1000).toFixed(1)}k` : `${(tokens / 1e6).toFixed(2)}M`; }

/** "205 annotated (12 by the answer of an identical case), 3 failed, 1 skipped". */
export function summaryText({ done, reused, failed, skipped, earlier }: BatchSummary): string {
  const number = (value: number) => value.toLocaleString('en');
  return [
    `${number(done)} annotated${reused > 0 ? ` (${number(reused)} by the answer of an identical case)` : ''}`,
    ...(earlier > 0 ? [`${number(earlier)} were annotated before`] : []), ...(failed > 0 ? [`${number(failed)} failed`] : []), ...(skipped > 0 ? [`${number(skipped)} broken and skipped`] : []),
  ].join(', ');
}
