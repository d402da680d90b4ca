import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { AnswerFiles, type AnswerProblem } from '../core/dataset/batch/answerFiles';
import { exportRequests, type ExportCounts } from '../core/dataset/batch/exportRequests';
import { askAnswers, exported, Manifest, ManifestError } from '../core/dataset/batch/importAnswers';
import { manifestName, type ManifestHead } from '../core/dataset/batch/manifest';
import { readMemory } from '../core/dataset/batch/readMemory';
import { RequestFiles, shardsThere } from '../core/dataset/batch/requestFiles';
import { whileUnchanged } from '../core/dataset/batch/whileUnchanged';
import { streamRecords } from '../core/dataset/formats/streamRecords';
import type { AnswerFormat } from '../core/engine/endpoint/requestProfile';
import { EngineError } from '../core/engine/types';
import type { EvidenceStore } from '../core/evidence/types';
import type { KnowledgeBase } from '../core/recommend/knowledgeBase';
import { addRecordsFlags, annotate, checkInput, passagesPerCandidate, withInterrupt, type AnnotateFlags, type RecordsFlags } from './annotateCommand';
import { ProblemsFile } from './batchReport';
import { asUsageError, bundledEvidence, bundledKnowledge } from './bundle';
import { wholeNumber } from './engineFlags';
import { UsageError } from './errors';
import { openOut } from './outFile';
import { writeOut } from './output';
import { withPrivacy } from './privacyFlags';
import { version } from './version';

interface ExportFlags extends RecordsFlags {
  readonly output: string;
  readonly model: string;
  readonly maxTokens?: number;
  readonly contextTokens?: number;
  readonly answerFormat: AnswerFormat;
  readonly shardSize?: number;
  readonly without?: string;
  readonly problems?: string;
  readonly sendAsIs?: boolean;
}

interface ImportFlags extends Pick<AnnotateFlags, 'output' | 'resume' | 'retryFailed' | 'problems' | 'format' | 'limit'> {
  readonly file?: string;
  readonly index?: readonly string[];
}

/** Adds `kedrec batch export` and `kedrec batch import`; `done` gets the exit code. */
export function registerBatchCommands(program: Command, done: (code: number) => void): void {
  const batch = program.command('batch').description('annotate a dataset on another machine, by OpenAI batch files');

  const outgoing = batch.command('export')
    .description('write a request for every distinct case, for vllm run-batch or a hosted batch service')
    .argument('<file>', 'dataset file')
    .requiredOption('-o, --output <requests>', 'file of requests to write; its manifest is written beside it')
    .requiredOption('--model <name>', 'model that will answer, as the server names it')
    .option('--max-tokens <n>', 'tokens of an answer at most (default: by the number of candidates)', wholeNumber(16, 10_000_000))
    .option('--context-tokens <n>', 'size of the model\'s context in tokens: background that does not fit is left out', wholeNumber(256, 100_000_000))
    .addOption(new Option('--answer-format <format>', 'how JSON is asked for; bounded suits small models on vLLM').choices(['json_schema', 'json_schema_bounded', 'json_object', 'plain']).default('json_schema'))
    .option('--shard-size <n>', 'requests of a file at most; hosted services take 50,000', wholeNumber(1, 1_000_000_000))
    .option('--without <out>', 'leave out what is annotated in this file of events')
    .option('--send-as-is', 'write the cases as they are; else names, dates, numbers and the like are replaced')
    .option('--problems <file>', 'write every skipped record to this file, as JSON Lines')
    .addHelpText('after', '\nThen, for example: vllm run-batch -i REQUESTS -o ANSWERS --model MODEL; kedrec batch import REQUESTS ANSWERS -o OUT\nExit codes: 0 done; 1 some records were skipped or too long; 2 bad usage or input; 130 cancelled (nothing is left behind).')
    .action(async (file: string, flags: ExportFlags) => { done(await exportCommand(file, flags)); });
  addRecordsFlags(outgoing);

  batch.command('import')
    .description('bring the answers of a batch back, grounded as live answers are')
    .argument('<requests>', 'file of requests that kedrec batch export wrote (its manifest stands beside it)')
    .argument('<answers...>', 'output and error files of the batch, in any order')
    .requiredOption('-o, --output <file>', 'file of annotation events to write; as FILE.kedrec.jsonl the editor shows it')
    .option('--file <dataset>', 'the dataset, if it was moved since the export')
    .option('--index <file...>', 'the evidence indexes that the export used beside the bundled one')
    .option('--limit <n>', 'records at most in this run', wholeNumber(1, 1_000_000_000))
    .option('--resume', 'go on with an output that exists: what is done there stays')
    .option('--retry-failed', 'take records up again that failed in an earlier import')
    .option('--problems <file>', 'write every skipped and failed record to this file, as JSON Lines')
    .addOption(new Option('--format <format>', 'of the summary').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit codes: 0 every record is annotated; 1 some failed or were skipped (listed), or an answer belongs to no request; 2 bad usage or input; 3 stopped early (disk full, file changed); 130 cancelled.')
    .action(async (requests: string, answers: string[], flags: ImportFlags) => { done(await importCommand(requests, answers, flags)); });
}

async function exportCommand(file: string, flags: ExportFlags): Promise<number> {
  await checkInput(file);
  const manifest = manifestName(flags.output);
  for (const path of [flags.output, manifest, ...(flags.shardSize === undefined ? [] : (await shardsThere(flags.output)).map(name => join(dirname(flags.output), name)))]) { if (await stat(path).catch(() => undefined)) { throw new UsageError(`${path} exists. Delete it, or name another file with -o.`); } }
  if (!(await stat(dirname(flags.output)).catch(() => undefined))?.isDirectory()) { throw new UsageError(`The folder ${dirname(flags.output)} does not exist.`); }
  return await withInterrupt((signal, onInterrupt) => withSources(flags.index, async (knowledge, evidence) => {
    const stop = new AbortController();
    onInterrupt(() => stop.abort());
    const head: ManifestHead = {
      schema: 'kedrec.batch/1', file: resolve(file), mapping: flags.map, condition: flags.condition, maxCandidates: flags.max, passagesPerCandidate, model: flags.model, answerFormat: flags.answerFormat, maxTokens: flags.maxTokens,
      contextTokens: flags.contextTokens, kedrecVersion: version, knowledgeVersion: knowledge.graph.version, indexes: await indexVersions(evidence), deidentified: !flags.sendAsIs,
    };
    const memory = flags.without === undefined ? undefined : (await checkInput(flags.without), await readMemory(flags.without, signal));
    const problems = await ProblemsFile.open(flags.problems, [file, flags.output, manifest, flags.without, ...(flags.index ?? [])]);
    const files = await RequestFiles.create(flags.output, manifest, flags.shardSize).catch((error: NodeJS.ErrnoException) => { throw new UsageError(`${flags.output} cannot be written (${error.code}).`, { cause: error }); });
    try {
      const items = whileUnchanged(file, streamRecords(file, { mapping: flags.map }));
      const counts = await exportRequests(items, head, { knowledge, evidence, kedrecVersion: version }, files, { limit: flags.limit, memory, onProblem: problems?.problem, report: counter(), signal: stop.signal }, privacy(head, knowledge));
      await files.finish();
      await writeOut(exportText(counts, files.written, manifest, head));
      return counts.skipped + counts.tooLong > 0 ? 1 : 0;
    } catch (error) {
      await files.discard();
      if (EngineError.is(error, 'cancelled')) { process.stderr.write('kedrec: cancelled; nothing was written.\n'); return 130; }
      const { code, name } = error as NodeJS.ErrnoException;
      if (name === 'FileChangedError' || name === 'TempFileError' || code !== undefined) { throw new UsageError(code === undefined ? (error as Error).message : `The export could not be written or read on (${code}). Nothing was left behind.`, { cause: error }); }
      throw error;
    } finally {
      memory?.close();
      await problems?.close();
    }
  }));
}

async function importCommand(requests: string, answerPaths: readonly string[], flags: ImportFlags): Promise<number> {
  const path = manifestName(requests);
  await checkInput(path).catch(() => { throw new UsageError(`${path} is missing: it stands beside the requests that kedrec batch export wrote. Name those requests, without the number of a shard.`); });
  for (const answers of answerPaths) { await checkInput(answers); }
  return await withInterrupt((signal, onInterrupt) => withSources(flags.index, async (knowledge, evidence) => {
    const manifest = await Manifest.open(path, signal).catch((error: unknown) => { throw error instanceof ManifestError ? new UsageError(error.message, { cause: error }) : error; });
    const { head } = manifest;
    const file = flags.file ?? head.file;
    await checkInput(file).catch(() => { throw new UsageError(`${file}, which the requests were made from, is not there. Say where it is with --file.`); });
    await checkVersions(head, knowledge, evidence);
    const answers = await AnswerFiles.open(answerPaths, id => manifest.isRequest(id), signal);
    const out = await openOut(flags.output, [file, path, ...answerPaths], flags.resume ?? false, signal);
    try {
      tellProblems(answers);
      const others = { count: 0 };
      const ask = askAnswers(manifest, answers, { knowledge, evidence, kedrecVersion: version }, privacy(head, knowledge));
      const code = await annotate(file, { ...flags, engine: 'endpoint', condition: head.condition, max: head.maxCandidates, map: head.mapping, index: flags.index }, ask, out, { engine: 'endpoint', condition: head.condition, model: head.model }, onInterrupt, items => exported(items, manifest, others), [requests, path, ...answerPaths]);
      if (others.count > 0) { process.stderr.write(`kedrec: ${others.count} records of ${file} were not exported, or were changed since; they are left as they are.\n`); }
      return code === 0 && answers.problemCount > 0 ? 1 : code;
    } finally {
      await out.close();
      await answers.close();
      await manifest.close();
    }
  }));
}

async function withSources(index: readonly string[] | undefined, use: (knowledge: KnowledgeBase, evidence: EvidenceStore) => Promise<number>): Promise<number> {
  const knowledge = await bundledKnowledge();
  const evidence = bundledEvidence(index);
  try { return await use(knowledge, evidence); } catch (error) { throw asUsageError(error); } finally { await evidence.dispose(); }
}

async function indexVersions(evidence: EvidenceStore): Promise<string[]> { return (await evidence.info()).map(({ name, version: of }) => `${name}@${of}`); }

/** What leaves by a file leaves this machine: it is de-identified unless somebody said otherwise. */
function privacy(head: ManifestHead, { terminology }: KnowledgeBase): (make: Parameters<typeof withPrivacy>[0]) => ReturnType<typeof withPrivacy> {
  return make => withPrivacy(make, undefined, { deidentify: head.deidentified ?? false }, terminology);
}

async function checkVersions(head: ManifestHead, knowledge: KnowledgeBase, evidence: EvidenceStore): Promise<void> {
  const indexes = await indexVersions(evidence);
  const missing = head.indexes.filter(index => !indexes.includes(index));
  if (missing.length > 0) { throw new UsageError(`The requests were made with the index ${missing.join(', ')}, which is not open. Give it with --index, or export again.`); }
  if (head.knowledgeVersion !== knowledge.graph.version) { throw new UsageError(`The requests were made with the knowledge of another KEDRec (${head.kedrecVersion}, knowledge ${head.knowledgeVersion}; this is ${version}, ${knowledge.graph.version}). Import with that version, or export again.`); }
}

function tellProblems({ problems, problemCount }: { readonly problems: readonly AnswerProblem[]; readonly problemCount: number }): void {
  for (const { file, line, message } of problems.slice(0, 20)) { process.stderr.write(`kedrec: ${file}, line ${line} ${message}.\n`); }
  if (problemCount > 20) { process.stderr.write(`kedrec: and ${problemCount - 20} more such lines.\n`); }
}

function counter(): (counts: ExportCounts) => void {
  const every = process.stderr.isTTY ? 200 : 10_000;
  let last = performance.now();
  return ({ records, requests }) => {
    if (performance.now() - last < every) { return; }
    last = performance.now();
    process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${records} records, ${requests} requests${process.stderr.isTTY ? '' : '\n'}`);
  };
}

function exportText({ records, requests, identical, nothing, earlier, tooLong, skipped }: ExportCounts, written: readonly string[], manifest: string, { model, deidentified }: ManifestHead): string {
  const row = (label: string, value: string) => `  ${label.padEnd(12)}${value}`;
  return [
    `${process.stderr.isTTY ? '\n' : ''}Exported for ${model}${deidentified ? ', de-identified' : ', as it is'}.`, row('records', String(records)), row('requests', String(requests)), row('identical', `${identical} share the request of an identical case`),
    row('not asked', `${nothing} for which there is nothing to ask; the import says why`), ...(earlier > 0 ? [row('before', `${earlier} are annotated already`)] : []), ...(tooLong > 0 ? [row('too long', `${tooLong}; the import lists them`)] : []),
    row('skipped', String(skipped)), row('written to', written.length > 3 ? `${written[0]} to ${written.at(-1)}` : written.join(', ') || 'no file: there is nothing to ask'), row('manifest', manifest), '',
  ].join('\n');
}
