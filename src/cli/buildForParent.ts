import { buildCorpusIndex, EmptyCorpusError } from '../core/evidence/corpusBuild';
import type { BuildMessage, BuildOrder } from '../shared/buildMessages';
import { UsageError } from './errors';

// A damaged export can have one for each of a million records; the summary counts them all.
const MOST_PROBLEMS = 1000;

/**
 * Builds an index for the process that started this one: the order comes as the first message of the channel between them, and progress,
 * problems and the outcome go back on it. The build stops when the channel closes. `describe` makes an error's message for people.
 * Resolves to the exit code.
 */
export async function buildForParent(describe: (error: unknown, output: string) => string | undefined): Promise<number> {
  if (process.send === undefined) { throw new UsageError('This command is for the editor, which starts it with a channel. Use kedrec index build.'); }
  const tell = (message: BuildMessage): Promise<void> => new Promise(resolve => process.send!(message, undefined, undefined, () => resolve()));
  const stop = new AbortController();
  process.once('disconnect', () => stop.abort());
  const { inputs, output, name, mappings, origin } = await new Promise<BuildOrder>(resolve => process.once('message', order => resolve(order as BuildOrder)));
  let problems = 0;
  try {
    const result = await buildCorpusIndex(inputs, output, {
      name, mappings, origin, signal: stop.signal,
      onProblem: problem => { if (++problems <= MOST_PROBLEMS) { void tell({ kind: 'problem', problem }); } },
      onProgress: progress => { void tell({ kind: 'progress', progress }); },
    });
    await tell({ kind: 'done', result });
    return 0;
  } catch (error) {
    const message = describe(error, output) ?? (error instanceof Error ? error.message : 'The build failed.');
    await tell({ kind: 'failed', message, ...(error instanceof EmptyCorpusError ? { summary: error.summary } : {}) });
    return 2;
  } finally { if (process.connected) { process.disconnect(); } }
}
