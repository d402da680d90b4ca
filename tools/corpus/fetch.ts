import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../../package.json';
import { createNodeFetch } from '../../src/core/engine/endpoint/nodeFetch';
import { proxyFromEnvironment } from '../../src/core/engine/endpoint/proxy';
import { buildCorpusIndex } from '../../src/core/evidence/corpusBuild';
import { LiveSourceError } from '../../src/core/evidence/live/errors';
import { fetchEvidence, type LiveOptions } from '../../src/core/evidence/live/fetchEvidence';
import { SERVICE_IDS } from '../../src/core/evidence/live/types';
import type { SourceRequest } from '../../src/core/evidence/live/origin';
import { loadCorpus } from './load';
import { formatProblem } from './problems';
import { queriesFile, readQueries, type CorpusQuery } from './queries';

const help = `Fetches what corpus/queries.yaml lists from the official services and builds an additional index for a release.
The build itself never needs the network: without this index, the authored evidence alone is bundled.

usage: npm run corpus:fetch -- [options]

  -o, --output FILE   index to write (default: dist/bundle/fetched.kdx, which the package takes along)
  --check             only check the list
  --only ID,ID        only these queries
  --cache FOLDER      where answers are kept (default: node_modules/.cache/kedrec/answers)
  --cache-days N      answers up to this age are used again (default: 7)
  --offline           use the cache alone

NCBI_API_KEY, OPENFDA_API_KEY and NCBI_EMAIL are used where set; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured.`;

export interface FetchedList {
  readonly documents: number;
  readonly requests: number;
  /** What a service did not give. */
  readonly problems: readonly string[];
}

/** Fetches all queries, one after the other, and writes their index. Rejects with LiveSourceError when a service cannot be reached at all. */
export async function fetchList(queries: readonly CorpusQuery[], output: string, options: LiveOptions, tell: (text: string) => void): Promise<FetchedList> {
  const files = new Set<string>();
  const requests: SourceRequest[] = [];
  const problems: string[] = [];
  for (const [number, { id, disease, drug, sources, max }] of queries.entries()) {
    const fetched = await fetchEvidence({ question: { disease, ...(drug === undefined ? {} : { drug }) }, sources, max }, options);
    for (const file of fetched.files) files.add(file);
    requests.push(...fetched.origin.requests);
    problems.push(...fetched.problems.map(({ message }) => `${id}: ${message}`));
    tell(`${number + 1}/${queries.length} ${id}: ${sources.map(source => `${source} ${fetched.received[source] ?? 0}`).join(', ')}`);
  }
  await mkdir(dirname(output), { recursive: true });
  const sources = SERVICE_IDS.filter(source => queries.some(query => query.sources.includes(source)));
  const origin = { disease: `${queries.length} queries`, list: `corpus/${queriesFile}`, sources, max: Math.max(...queries.map(({ max }) => max)), requests };
  const { documents } = await buildCorpusIndex([...files], output, { name: 'fetched', origin });
  return { documents, requests: requests.length, problems };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      output: { type: 'string', short: 'o' }, check: { type: 'boolean' }, only: { type: 'string' }, cache: { type: 'string' }, 'cache-days': { type: 'string' }, offline: { type: 'boolean' }, help: { type: 'boolean' },
    },
  });
  if (values.help) { console.log(help); return 0; }
  const { knowledge } = loadCorpus(resolve('corpus'));
  const { queries, problems } = readQueries(resolve('corpus'), knowledge);
  for (const problem of problems) console.error(formatProblem(problem));
  if (problems.some(({ level }) => level === 'error')) return 1;
  console.log(`${queries.length} queries`);
  if (values.check) return 0;
  const wanted = values.only?.split(',').map(id => id.trim());
  const chosen = wanted === undefined ? queries : queries.filter(({ id }) => wanted.includes(id));
  const unknown = (wanted ?? []).filter(id => !queries.some(query => query.id === id));
  if (unknown.length > 0) { console.error(`corpus/${queriesFile} has no query ${unknown.join(', ')}.`); return 2; }
  const days = Number(values['cache-days'] ?? 7);
  if (!Number.isFinite(days) || days < 0) { console.error('--cache-days must be a number of days.'); return 2; }
  const transport = createNodeFetch({ connectMs: 20_000, proxy: proxyFromEnvironment(process.env) });
  const output = resolve(values.output ?? 'dist/bundle/fetched.kdx');
  try {
    const fetched = await fetchList(chosen, output, {
      transport: transport.fetch, cacheFolder: resolve(values.cache ?? 'node_modules/.cache/kedrec/answers'), cacheDays: days, version: manifest.version, offline: values.offline === true,
      ncbiKey: process.env['NCBI_API_KEY'] || undefined, openFdaKey: process.env['OPENFDA_API_KEY'] || undefined, email: process.env['NCBI_EMAIL'] || undefined,
      onWait: (service, ms, reason) => console.log(`${service}: waiting ${Math.ceil(ms / 1000)} s: ${reason}`),
    }, console.log);
    for (const problem of fetched.problems) console.error(problem);
    console.log(`${output}: ${fetched.documents} documents from ${fetched.requests} requests; ${fetched.problems.length} incomplete`);
    return fetched.problems.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LiveSourceError)) throw error;
    console.error(`No index was written. ${error.message} The authored evidence is bundled without it.`);
    return 1;
  } finally { transport.dispose(); }
}

if (process.argv[1]?.endsWith('fetch.ts')) process.exitCode = await main();
