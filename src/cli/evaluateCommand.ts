import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BackgroundCondition } from '../core/engine/types';
import { readQrels, readQueries } from '../core/evaluation/beir';
import { EvaluationInputError } from '../core/evaluation/errors';
import { retrievalText, selectionText } from '../core/evaluation/reportText';
import { evaluateRetrieval } from '../core/evaluation/retrieval';
import { evaluateSelection } from '../core/evaluation/selection';
import { readTriples } from '../core/evaluation/triples';
import { expandingStore } from '../core/evidence/expand';
import { openEvidenceStore } from '../core/evidence/store';
import type { EvidenceStore } from '../core/evidence/types';
import { asUsageError, bundledKnowledge } from './bundle';
import { UsageError } from './errors';
import { writeOut } from './output';

type Format = 'text' | 'json';

/** More than a case gets: two drugs leave room, and nobody has to read them. */
const passagesPerCandidate = 5;

interface RetrievalFlags { readonly index: readonly string[]; readonly queries: string; readonly qrels: string; readonly format: Format }
interface SelectionFlags { readonly index?: readonly string[]; readonly bundled: boolean; readonly graph: boolean; readonly condition: BackgroundCondition; readonly seed: number; readonly format: Format }

/** Adds `kedrec evaluate retrieval` and `kedrec evaluate selection`; `done` gets the exit code. */
export function registerEvaluateCommands(program: Command, done: (code: number) => void): void {
  const format = () => new Option('--format <format>', 'output').choices(['text', 'json']).default('text');
  const evaluate = program.command('evaluate').description('measure retrieval and drug selection on judged data');

  evaluate.command('retrieval')
    .description('search judged queries (BEIR layout) and report nDCG@10, recall@100, MRR@10 and time per query')
    .requiredOption('--index <file...>', 'index files, searched as one')
    .requiredOption('--queries <file>', 'queries: JSON Lines with _id and text (.gz too)')
    .requiredOption('--qrels <file>', 'judgements: tab-separated query-id, corpus-id, score under a header')
    .addOption(format())
    .action(async (flags: RetrievalFlags) => { done(await retrievalCommand(flags)); });

  evaluate.command('selection')
    .description('ask the evidence engine which of two drugs is for a disease, for every line of TRIPLES')
    .argument('<triples>', 'tab-separated, with the header disease, relevant, irrelevant')
    .option('--index <file...>', 'index files to search besides the bundled one')
    .option('--no-bundled', 'leave the bundled index out')
    .option('--no-graph', 'leave the knowledge graph\'s edges out: evidence alone')
    .addOption(new Option('--condition <sources>', 'where background may come from').choices(['both', 'trials', 'literature', 'none']).default('both'))
    .option('--seed <n>', 'seed of the order in which the drugs are given', seed, 1)
    .addOption(format())
    .action(async (file: string, flags: SelectionFlags) => { done(await selectionCommand(file, flags)); });
}

async function retrievalCommand(flags: RetrievalFlags): Promise<number> {
  // As the search commands search: with the other names of the drugs and diseases in the query.
  return whileOpen(expandingStore(openEvidenceStore(named(flags.index)), (await bundledKnowledge()).terminology), async (store, signal) => {
    const queries = readQueries(await readText(flags.queries), flags.queries);
    const report = await evaluateRetrieval(store, queries, readQrels(await readText(flags.qrels), flags.qrels, queries), signal);
    await writeOut(flags.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : retrievalText(report));
    if (report.missingDocuments > 0) { process.stderr.write(`kedrec: ${report.missingDocuments} relevant documents are in no index and count as not found.\n`); }
  });
}

async function selectionCommand(file: string, flags: SelectionFlags): Promise<number> {
  const triples = await readText(file).then(text => parsed(() => readTriples(text, file)));
  const sources = [...(flags.bundled ? [{ name: 'bundled', path: join(__dirname, 'bundle', 'evidence.kdx') }] : []), ...named(flags.index ?? [])];
  if (sources.length === 0 && flags.condition !== 'none') { throw new UsageError('There is no evidence to search: give --index with --no-bundled, or --condition none.'); }
  if (!flags.graph && flags.condition === 'none') { throw new UsageError('--no-graph with --condition none leaves nothing to decide by.'); }
  const knowledge = await bundledKnowledge();
  return whileOpen(openEvidenceStore(sources), async (store, signal) => {
    const watched = process.stderr.isTTY && flags.format === 'text';
    const progress = (count: number) => { if (watched) { process.stderr.write(`\r${count} of ${triples.length}${count === triples.length ? '\n' : ''}`); } };
    const report = await evaluateSelection(triples, knowledge, store, { graph: flags.graph, condition: flags.condition, seed: flags.seed, passagesPerCandidate }, signal, progress);
    await writeOut(flags.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : selectionText(report));
  });
}

async function whileOpen(store: EvidenceStore, use: (store: EvidenceStore, signal: AbortSignal) => Promise<void>): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  try {
    await use(store, interrupted.signal);
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) { process.stderr.write('kedrec: cancelled.\n'); return 1; }
    throw error instanceof EvaluationInputError ? new UsageError(error.message, { cause: error }) : asUsageError(error);
  } finally {
    process.removeListener('SIGINT', interrupt);
    await store.dispose();
  }
}

function parsed<T>(read: () => T): T {
  try { return read(); } catch (error) { throw error instanceof EvaluationInputError ? new UsageError(error.message, { cause: error }) : error; }
}

function named(paths: readonly string[]): { name: string; path: string }[] {
  return [...new Set(paths)].map(path => ({ name: path, path }));
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = { ENOENT: 'does not exist', EISDIR: 'is a folder, not a file', EACCES: 'may not be read', ERR_ENCODING_INVALID_ENCODED_DATA: 'is not valid UTF-8. Save it as UTF-8' }[code ?? ''] ?? `cannot be read (${code ?? 'unknown error'})`;
    throw new UsageError(`${file} ${why}.`, { cause: error });
  }
}

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 4_294_967_295) { throw new InvalidArgumentError('a whole number from 0 to 4294967295 is needed.'); }
  return value;
}
