import { stat } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AskCase, BatchSummary } from '../core/dataset/batch/types';
import type { AnswerKind } from '../core/dataset/batch/readMemory';
import { runBatch } from '../core/dataset/batch/runBatch';
import { whileUnchanged } from '../core/dataset/batch/whileUnchanged';
import { streamRecords } from '../core/dataset/formats/streamRecords';
import type { RecordItem, RecordMapping } from '../core/dataset/recordTypes';
import type { BackgroundCondition } from '../core/engine/types';
import { recommend } from '../core/recommend/pipeline';
import { batchExitCode, ProblemsFile, ProgressLine, shownId, summaryText } from './batchReport';
import { asUsageError, bundledEvidence, bundledKnowledge } from './bundle';
import { addEngineFlags, chooseEngine, wholeNumber, type EngineFlags } from './engineFlags';
import { UsageError } from './errors';
import { openOut, type OutFile } from './outFile';
import { writeOut } from './output';
import { version } from './version';

/** Options of every command that goes over the records of a file. */
export interface RecordsFlags {
  readonly condition: BackgroundCondition;
  readonly max: number;
  readonly index?: readonly string[];
  readonly map?: RecordMapping;
  readonly limit?: number;
}

export interface AnnotateFlags extends EngineFlags, RecordsFlags {
  readonly output: string;
  readonly concurrency?: number;
  readonly resume?: boolean;
  readonly retryFailed?: boolean;
  readonly problems?: string;
  readonly rest?: number;
  readonly format: 'text' | 'json';
}

export const passagesPerCandidate = 3;

/** Adds `kedrec annotate`; `done` gets the exit code. */
export function registerAnnotateCommand(program: Command, done: (code: number) => void): void {
  const command = program.command('annotate')
    .description('recommend drugs for every record of a dataset of any size (JSON Lines, JSON, CSV, TSV, notes, FHIR)')
    .argument('<file>', 'dataset file')
    .requiredOption('-o, --output <file>', 'file of annotation events to write; as FILE.kedrec.jsonl the editor shows it')
    .option('--concurrency <n>', 'cases asked at the same time (default: 8 with an endpoint, 2 without)', wholeNumber(1, 256))
    .option('--resume', 'go on with an output that exists: what is done there is not asked again')
    .option('--retry-failed', 'ask again for records that failed in an earlier run')
    .option('--rest <seconds>', 'how long a busy or missing endpoint is left alone at first; doubled up to 8 times, a minute at most', seconds, 1)
    .option('--problems <file>', 'write every skipped and failed record to this file, as JSON Lines')
    .addOption(new Option('--format <format>', 'of the summary').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit codes: 0 every record is annotated; 1 some records failed or were skipped (listed); 2 bad usage or input; 3 stopped early (endpoint gone, disk full, file changed); 130 cancelled.\n'
      + 'Ctrl+C ends cleanly, a second one at once; --resume goes on.')
    .action(async (file: string, flags: AnnotateFlags) => { done(await annotateCommand(file, flags)); });
  addRecordsFlags(addEngineFlags(command));
}

/** Adds the options of RecordsFlags. */
export function addRecordsFlags(command: Command): Command {
  return command
    .addOption(new Option('--condition <sources>', 'where background may come from').choices(['both', 'trials', 'literature', 'none']).default('both'))
    .option('--max <n>', 'candidates of a case at most', wholeNumber(1, 1000), 8)
    .option('--index <file...>', 'evidence indexes to use beside the bundled one')
    .option('--map <fields>', 'which field holds what, such as caseText=history+exam,disease=dx,candidates=drugs,label=gold,id=pid', mapping)
    .option('--limit <n>', 'records at most in this run', wholeNumber(1, 1_000_000_000));
}

/** `kedrec annotate FILE -o OUT`. Resolves to the exit code. */
export async function annotateCommand(file: string, flags: AnnotateFlags): Promise<number> {
  await checkInput(file);
  return await withInterrupt(async (signal, onInterrupt) => {
    const knowledge = await bundledKnowledge();
    const evidence = bundledEvidence(flags.index);
    const { engine, close } = await chooseEngine(flags, knowledge.terminology);
    try {
      // An index that cannot be used is told before anything is written.
      await evidence.info();
      const context = { knowledge, evidence, engine, kedrecVersion: version };
      const options = { condition: flags.condition, maxCandidates: flags.max, passagesPerCandidate };
      const ask: AskCase = ({ caseText, disease, candidates }, stop) => recommend({ text: caseText, disease, candidates }, context, options, () => undefined, stop);
      const out = await openOut(flags.output, [file], flags.resume ?? false, signal);
      try { return await annotate(file, flags, ask, out, { engine: flags.engine, condition: flags.condition, model: flags.model }, onInterrupt); } finally { await out.close(); }
    } catch (error) { throw asUsageError(error); } finally {
      close();
      await evidence.dispose();
    }
  });
}

/** Runs a batch over a file into an open OUT, shows it, and resolves to the exit code. `choose` may leave records out. */
export async function annotate(
  file: string, flags: Omit<AnnotateFlags, keyof EngineFlags> & { readonly engine?: 'evidence' | 'endpoint' }, ask: AskCase, { sink, memory }: OutFile, kind: AnswerKind, onInterrupt: (stop: () => void) => void,
  choose: (items: AsyncIterable<RecordItem>) => AsyncIterable<RecordItem> = items => items, inputs: readonly string[] = [],
): Promise<number> {
  const problems = await ProblemsFile.open(flags.problems, [file, flags.output, ...(flags.index ?? []), ...inputs]);
  tellWhatIsThere(flags, memory, kind);
  const counting = new AbortController();
  const line = new ProgressLine();
  const started = performance.now();
  const run = runBatch(choose(whileUnchanged(file, streamRecords(file, { mapping: flags.map }))), ask, sink, memory, {
    concurrency: flags.concurrency ?? (flags.engine === 'endpoint' ? 8 : 2), limit: flags.limit, retryFailed: flags.retryFailed, rest: { firstMs: 1000 * (flags.rest ?? 1), mostMs: 60_000 }, total: countItems(streamRecords(file, { mapping: flags.map, signal: counting.signal })),
    reusable: ({ provenance }) => isOfKind(provenance, kind), onProblem: problems?.problem, onFailure: problems?.failure,
  }, line.show);
  onInterrupt(() => run.cancel());
  const summary = await run.finished;
  counting.abort();
  line.end();
  await problems?.close();
  if (holdsNothing(summary)) {
    process.stderr.write(`kedrec: ${file} cannot be used: ${summary.problems[0]?.message ?? 'it holds no record'}.\n`);
    return 2;
  }
  const seconds = (performance.now() - started) / 1000;
  await writeOut(flags.format === 'json' ? `${JSON.stringify({ ...summary, failures: summary.failures?.map(({ id, ...failure }) => ({ ...failure, ...(id === undefined ? {} : { id: shownId(id) }) })), output: flags.output, seconds }, null, 2)}\n` : summaryText(summary, flags.output, seconds, flags.problems));
  return batchExitCode(summary);
}

/** A file that could not be read as a dataset at all. */
function holdsNothing({ total, done, failed, earlier, skipped, cancelled, stopped }: BatchSummary): boolean { return total === 1 && skipped === 1 && done + failed + earlier === 0 && !cancelled && !stopped; }

function tellWhatIsThere({ output }: { readonly output: string }, { annotated, failed, kinds, unreadable }: OutFile['memory'], kind: AnswerKind): void {
  if (annotated + failed > 0) { process.stderr.write(`kedrec: ${output} holds ${annotated} annotations and ${failed} failures of earlier runs.\n`); }
  const others = kinds.filter(other => !isOfKind(other, kind));
  if (others.length > 0) { process.stderr.write(`kedrec: of them some were made otherwise (${others.map(({ engine, condition, model }) => `${engine}${model ? ` ${model}` : ''}, condition ${condition}`).join('; ')}); they count as done. For a run of one kind name another output.\n`); }
  if (unreadable.length > 0) { process.stderr.write(`kedrec: ${unreadable.length} lines of ${output} are no events and were passed over (line ${unreadable.slice(0, 5).join(', ')}${unreadable.length > 5 ? ' ...' : ''}).\n`); }
}

/** Whether an answer is one that this run could have got; a model counts where the run names one, and was asked: there may have been nothing to ask. */
function isOfKind({ engine, condition, model }: AnswerKind, kind: AnswerKind): boolean {
  return engine === kind.engine && condition === kind.condition && (kind.model === undefined || model === undefined || model === kind.model);
}

async function countItems(items: AsyncIterable<RecordItem>): Promise<number | undefined> {
  let total = 0;
  for await (const item of items) { if (item.kind === 'record' || item.problem.severity === 'error') { total++; } }
  return total;
}

/** Rejects with UsageError for what is no file that can be read. */
export async function checkInput(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => { throw new UsageError(`${file} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`}.`, { cause: error }); });
  if (!found.isFile()) { throw new UsageError(`${file} is no file.`); }
}

/** The first Ctrl+C ends cleanly, the second at once. Before `onInterrupt` was told how, the first one aborts the signal. */
export async function withInterrupt(use: (signal: AbortSignal, onInterrupt: (stop: () => void) => void) => Promise<number>): Promise<number> {
  const early = new AbortController();
  let stop = (): void => early.abort();
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) { process.exit(130); }
    interrupted = true;
    process.stderr.write('\nkedrec: ending; what was answered is written. Press Ctrl+C again to end at once.\n');
    stop();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await use(early.signal, how => {
      stop = how;
      if (interrupted) { how(); }
    });
  } catch (error) {
    if (early.signal.aborted) { return 130; }
    throw error;
  } finally { process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt); }
}

const mappable = ['caseText', 'disease', 'candidates', 'label', 'rationale', 'id'] as const;

/** `caseText=a+b,disease=dx` -> RecordMapping. */
function mapping(text: string): RecordMapping {
  const found: Record<string, string | string[]> = {};
  for (const part of text.split(',').filter(piece => piece.trim() !== '')) {
    const [name = '', field = ''] = [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()];
    if (!part.includes('=') || !mappable.some(known => known === name) || field === '') { throw new InvalidArgumentError(`"${part}" is not understood. Write NAME=FIELD with NAME one of ${mappable.join(', ')}.`); }
    found[name] = name === 'caseText' && field.includes('+') ? field.split('+').map(piece => piece.trim()) : field;
  }
  return found;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 60)) { throw new InvalidArgumentError('a number of seconds from 0 to 60 is needed.'); }
  return value;
}
