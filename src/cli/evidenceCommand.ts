import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createNodeFetch } from '../core/engine/endpoint/nodeFetch';
import { proxyFromEnvironment } from '../core/engine/endpoint/proxy';
import { buildCorpusIndex } from '../core/evidence/corpusBuild';
import { LiveSourceError } from '../core/evidence/live/errors';
import { countEvidence, fetchEvidence, liveServices, type LiveOptions } from '../core/evidence/live/fetchEvidence';
import { SERVICE_IDS, type ServiceId } from '../core/evidence/live/types';
import { UsageError } from './errors';
import { asBuildError } from './indexCommand';
import { writeOut } from './output';
import { version } from './version';

export interface FetchFlags {
  readonly disease: string;
  readonly drug?: string;
  readonly source?: readonly ServiceId[];
  readonly output?: string;
  readonly max: number;
  readonly cache?: string;
  readonly cacheDays: number;
  readonly offline?: boolean;
  readonly count?: boolean;
  readonly baseUrl?: Readonly<Partial<Record<ServiceId, string>>>;
}

/** Adds `kedrec evidence fetch`; `done` gets the exit code. */
export function registerEvidenceCommands(program: Command, done: (code: number) => void): void {
  program.command('evidence').description('fetch evidence from official services')
    .command('fetch')
    .description('fetch evidence for a disease from ClinicalTrials.gov, PubMed, Europe PMC and openFDA, and build an index of it')
    .requiredOption('--disease <name>', 'name of a disease; it is sent to the services')
    .option('--drug <name>', 'name of a drug; it is sent to the services')
    .addOption(new Option('--source <name...>', 'services to ask (default: all)').choices([...SERVICE_IDS]))
    .option('-o, --output <file>', 'index file to write, such as gout.kdx')
    .option('--count', 'only tell how much there is')
    .option('--max <n>', 'records of each service at most', recordsArgument, 200)
    .option('--cache <folder>', 'where answers are kept (default: kedrec/evidence in the user\'s cache folder)')
    .option('--cache-days <n>', 'answers up to this age are used again; 0 asks always', daysArgument, 7)
    .option('--offline', 'use the cache alone, whatever its age')
    .addOption(new Option('--base-url <source=url...>', 'another address of a service: a mirror').argParser(addressArgument))
    .addHelpText('after', '\nOnly the names of disease and drug are sent. NCBI_API_KEY (10 requests a second instead of 3) and OPENFDA_API_KEY hold keys, NCBI_EMAIL the address\nthat NLM may write to. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured.')
    .action(async (flags: FetchFlags) => { done(await fetchCommand(flags)); });
}

/** Resolves to the exit code: 1 when nothing was found. Throws UsageError. */
export async function fetchCommand(flags: FetchFlags): Promise<number> {
  if (!flags.count && flags.output === undefined) throw new UsageError('Give the index file to write: -o FILE. Or --count to be told how much there is.');
  if (flags.output !== undefined && !(await stat(dirname(flags.output)).catch(() => undefined))?.isDirectory()) throw new UsageError(`The folder ${dirname(flags.output)} for the index does not exist.`);
  const sources = flags.source ?? SERVICE_IDS;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new UsageError('Stopped. No index was written; what was fetched stays in the cache.'));
  process.once('SIGINT', interrupt);
  const transport = createNodeFetch({ connectMs: 20_000, proxy: proxyFromEnvironment(process.env) });
  const options: LiveOptions = {
    transport: transport.fetch, cacheFolder: flags.cache ?? defaultCache(), cacheDays: flags.cacheDays, version, signal: stop.signal, offline: flags.offline,
    baseUrls: flags.baseUrl, ncbiKey: process.env['NCBI_API_KEY'] || undefined, openFdaKey: process.env['OPENFDA_API_KEY'] || undefined, email: process.env['NCBI_EMAIL'] || undefined,
    onWait: (name, ms, reason) => process.stderr.write(`kedrec: ${reason} Trying again in ${(ms / 1000).toFixed(1)} s.\n`),
  };
  const question = { disease: flags.disease, ...(flags.drug === undefined ? {} : { drug: flags.drug }) };
  try {
    return flags.count ? await tellCounts(question, sources, options) : await fetchAndBuild(question, sources, flags, flags.output!, options);
  } catch (error) {
    stop.signal.throwIfAborted();
    if (error instanceof LiveSourceError) throw new UsageError(error.message, { cause: error });
    throw error;
  } finally {
    process.removeListener('SIGINT', interrupt);
    transport.dispose();
  }
}

async function tellCounts(question: Parameters<typeof countEvidence>[0], sources: readonly ServiceId[], options: LiveOptions): Promise<number> {
  const counts = await countEvidence(question, sources, options);
  const services = liveServices();
  let failed = 0;
  for (const [id, count] of counts) {
    if (typeof count !== 'number') failed++;
    await writeOut(`${id.padEnd(15)} ${typeof count === 'number' ? `${count} records at ${services[id].name}` : count.message}\n`);
  }
  return failed === counts.size ? 2 : 0;
}

async function fetchAndBuild(question: Parameters<typeof countEvidence>[0], sources: readonly ServiceId[], flags: FetchFlags, output: string, options: LiveOptions): Promise<number> {
  const onTerminal = process.stderr.isTTY;
  const { files, origin, received, problems } = await fetchEvidence({ question, sources, max: flags.max }, {
    ...options,
    onProgress: ({ name, received: count, expected }) => { if (onTerminal) process.stderr.write(`\r\u001b[K${name}: ${count}${expected === undefined ? '' : ` of ${expected}`}`); },
  });
  if (onTerminal) process.stderr.write('\r\u001b[K');
  for (const problem of problems) process.stderr.write(`kedrec: ${problem.message} What the other services and earlier answers gave is in the index.\n`);
  process.stderr.write(`kedrec: ${sources.map(id => `${id}: ${received[id] ?? 0} records`).join(', ')}\n`);
  if (files.length === 0) {
    process.stderr.write('kedrec: nothing was found. Try the full name of the disease, or ask without a drug.\n');
    return 1;
  }
  try {
    const result = await buildCorpusIndex(files, output, { name: basename(output).replace(/\.kdx$/, ''), origin, signal: options.signal });
    await writeOut(`${output}  ${result.documents} documents, ${result.passages} passages, ${(result.bytes / 1e6).toFixed(1)} MB\n`);
    return 0;
  } catch (error) { throw asBuildError(error, output) ?? error; }
}

function defaultCache(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const folder = process.platform === 'win32' ? LOCALAPPDATA : process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : XDG_CACHE_HOME;
  return join(folder || join(homedir(), '.cache'), 'kedrec', 'evidence');
}

function recordsArgument(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 5000) throw new InvalidArgumentError('a whole number from 1 to 5000 is needed.');
  return value;
}

function daysArgument(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || value > 365) throw new InvalidArgumentError('a number of days from 0 to 365 is needed.');
  return value;
}

function addressArgument(text: string, before: FetchFlags['baseUrl'] = {}): NonNullable<FetchFlags['baseUrl']> {
  const [, source, url] = /^([a-z]+)=(\S+)$/.exec(text) ?? [];
  const id = SERVICE_IDS.find(candidate => candidate === source);
  if (id === undefined || url === undefined || !URL.canParse(url)) throw new InvalidArgumentError(`write SOURCE=URL, SOURCE one of ${SERVICE_IDS.join(', ')}.`);
  return { ...before, [id]: url };
}
