import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { buildCorpusIndex, CorpusTooLargeError, EmptyCorpusError } from '../core/evidence/corpusBuild';
import type { CorpusBuildProgress, CorpusBuildResult } from '../core/evidence/corpusBuild';
import { EvidenceDocumentError } from '../core/evidence/errors';
import type { CorpusSummary } from '../core/evidence/readers/corpus';
import { checkedMapping } from '../core/evidence/readers/mapped';
import type { CorpusProblem, FieldMapping } from '../core/evidence/readers/types';
import { problemText, progressText } from '../shared/buildMessages';
import { originSummary } from '../shared/originText';
import { buildForParent } from './buildForParent';
import { openEvidenceStore } from '../core/evidence/store';
import { asUsageError } from './bundle';
import { UsageError } from './errors';
import { writeOut } from './output';

interface BuildFlags {
  readonly output: string;
  readonly name?: string;
  readonly mapping?: FieldMapping;
  readonly memory?: number;
}

interface InfoFlags {
  readonly format: 'text' | 'json';
}

/** Adds `kedrec index build` and `kedrec index info`; `done` gets the exit code. */
export function registerIndexCommands(program: Command, done: (code: number) => void): void {
  const index = program.command('index').description('build and look at evidence indexes');

  index.command('build')
    .description('build an index from trial records, PubMed, PMC, Europe PMC, labels, CSV, TSV or JSON Lines (files, folders, .gz, .zip)')
    .argument('<in...>', 'files and folders')
    .requiredOption('-o, --output <file>', 'index file to write, such as mine.kdx')
    .option('--name <name>', 'name of the index (default: that of the file)')
    .option('--mapping <json>', 'columns or keys of generic tables and JSON, such as {"id":"pmid","title":"title","text":"abstract"}', mappingArgument)
    .option('--memory <megabytes>', 'memory that the build may take (default: 60 % of the machine\'s)', megabytesArgument)
    .action(async (inputs: string[], flags: BuildFlags) => { done(await buildCommand(inputs, flags)); });

  index.command('build-for-parent', { hidden: true }).action(async () => { done(await buildForParent((error, output) => asBuildError(error, output)?.message)); });

  index.command('info')
    .description('tell what an index holds')
    .argument('<file>', 'index file')
    .addOption(new Option('--format <format>', 'output').choices(['text', 'json']).default('text'))
    .action(async (file: string, flags: InfoFlags) => { done(await infoCommand(file, flags)); });
}

// So many problems are told one by one; the rest is in the summary.
const PROBLEMS_TOLD = 20;

/** Resolves to the exit code. Throws UsageError for input or output that cannot be used. */
export async function buildCommand(inputs: readonly string[], flags: BuildFlags): Promise<number> {
  await checkPaths(inputs, flags.output);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new UsageError('Stopped. No index was written.'));
  process.once('SIGINT', interrupt);
  let told = 0;
  const onProblem = (problem: CorpusProblem): void => {
    if (++told <= PROBLEMS_TOLD) process.stderr.write(`kedrec: ${problemText(problem)}\n`);
    else if (told === PROBLEMS_TOLD + 1) process.stderr.write('kedrec: further problems are counted below.\n');
  };
  try {
    const result = await buildCorpusIndex(inputs, flags.output, {
      name: flags.name, mapping: flags.mapping, signal: stop.signal, onProblem, onProgress: progressWriter(),
      ...(flags.memory === undefined ? {} : { memoryLimit: flags.memory * (1 << 20) }),
    });
    process.stderr.write(summaryText(result));
    await writeOut(`${resultText(result)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof EmptyCorpusError) process.stderr.write(summaryText(error.summary));
    throw asBuildError(error, flags.output) ?? error;
  } finally { process.removeListener('SIGINT', interrupt); }
}

/** What a build's error means to people; undefined for one that nobody expects. */
export function asBuildError(error: unknown, output: string): UsageError | undefined {
  if (error instanceof EmptyCorpusError || error instanceof CorpusTooLargeError || error instanceof EvidenceDocumentError) return new UsageError(error.message, { cause: error });
  const code = (error as NodeJS.ErrnoException).code;
  return code !== undefined && ['EACCES', 'EPERM', 'ENOSPC', 'EROFS', 'ENOENT', 'EISDIR'].includes(code) ? new UsageError(`${output} cannot be written (${code}).`, { cause: error }) : undefined;
}

/** Resolves to the exit code. Throws UsageError for a file that is no index. */
export async function infoCommand(file: string, flags: InfoFlags): Promise<number> {
  const store = openEvidenceStore([{ name: basename(file), path: file }]);
  try {
    const [info] = await store.info();
    const { name, version, documents, passages, bytes, builtAt, licences, origin } = info!;
    const value = { file, name, version, documents, passages, bytes, builtAt: builtAt ?? null, licences, origin: origin ?? null };
    await writeOut(flags.format === 'json' ? `${JSON.stringify(value, null, 2)}\n`
      : `${file}\n  documents  ${documents}\n  passages   ${passages}\n  size       ${(bytes / 1e6).toFixed(1)} MB\n  built      ${builtAt ?? 'unknown'}\n  version    ${version}\n  licences   ${licences.join('\n             ') || 'none stated'}\n${origin ? `  ${originSummary(origin).replace(' ', '    ')}\n` : ''}`);
    return 0;
  } catch (error) { throw asUsageError(error); } finally { await store.dispose(); }
}

async function checkPaths(inputs: readonly string[], output: string): Promise<void> {
  for (const path of inputs) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => { throw new UsageError(`${path} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`}.`, { cause: error }); });
    if (!found.isFile() && !found.isDirectory()) throw new UsageError(`${path} is neither a file nor a folder.`);
  }
  const directory = dirname(output);
  const parent = await stat(directory).catch(() => undefined);
  if (!parent?.isDirectory()) throw new UsageError(`The folder ${directory} for the index does not exist.`);
  if ((await stat(output).catch(() => undefined))?.isDirectory()) throw new UsageError(`${output} is a folder; name a file such as ${output}/mine.kdx.`);
}

function mappingArgument(text: string): FieldMapping {
  let value: unknown;
  try { value = JSON.parse(text); } catch { throw new InvalidArgumentError('it is no JSON. Write for example {"id":"pmid","title":"title","text":"abstract"}.'); }
  try { return checkedMapping(value); } catch (error) { throw new InvalidArgumentError(error instanceof Error ? error.message : 'not a mapping.'); }
}

function megabytesArgument(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number of megabytes is needed.');
  return value;
}

/** One line that is written over on a terminal; nothing where standard error is a file. */
function progressWriter(): ((progress: CorpusBuildProgress) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return progress => void process.stderr.write(`\r\u001b[K${progressText(progress)}${progress.stage === 'writing' ? '\n' : ''}`);
}

function summaryText({ files, filesWithoutDocuments, documents, passages, withNotice, duplicates, removed, skipped, reasons }: CorpusSummary): string {
  const formats = Object.entries(files).map(([format, count]) => `${count} ${format}`).join(', ');
  const why = Object.entries(reasons).sort(([, a], [, b]) => b - a).map(([reason, count]) => `  ${count} x ${reason}\n`).join('');
  return `kedrec: files: ${formats || 'none'}${filesWithoutDocuments > 0 ? `; without documents: ${filesWithoutDocuments}` : ''}\n`
    + `kedrec: ${documents} documents, ${passages} passages; duplicates replaced: ${duplicates}; ${removed > 0 ? `taken back by their source: ${removed}; ` : ''}with a notice (retraction, concern, correction): ${withNotice}\n`
    + (why === '' ? '' : `kedrec: records skipped: ${skipped}; reasons for records and files:\n${why}`);
}

function resultText({ file, documents, passages, bytes }: CorpusBuildResult): string {
  return `${file}  ${documents} documents, ${passages} passages, ${(bytes / 1e6).toFixed(1)} MB`;
}
