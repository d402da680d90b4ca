// Measures the evidence index against plain Lunr and other search libraries on real text, all in one run:
//   node test/bench/index.mjs [COUNT...] [--only NAME,...] [--limit SECONDS] [--heap MB]
// COUNT: documents (default 1000 10000); NAME: start of an engine's name; limit for each phase (default 240 s) and V8's heap (default 6000 MB).
// Take ratios between the rows, not absolute times. KEDREC_TEST_DATA names the test data. The other libraries are installed once into test/bench/peers.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const peers = join(here, 'peers');
process.env.KEDREC_TEST_DATA = resolve(process.env.KEDREC_TEST_DATA ?? join(here, '../../../shared/data'));
process.env.KEDREC_BENCH_PEERS = peers;
const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' }, limit: { type: 'string', default: '240' }, heap: { type: 'string', default: '6000' } } });
const counts = positionals.map(Number);
const limit = Number(values.limit);
if ([...counts, limit, Number(values.heap)].some(value => !(value > 0))) {
  console.error('Usage: node test/bench/index.mjs [COUNT...] [--only NAME,...] [--limit SECONDS] [--heap MB]   COUNT: documents, for instance 1000 10000 100000');
  process.exit(2);
}
if (!existsSync(join(peers, 'node_modules'))) {
  spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', peers], { stdio: 'inherit', shell: process.platform === 'win32' });
}

const STARTS = 5;
const work = mkdtempSync(join(tmpdir(), 'kedrec-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning', define: { 'import.meta.dirname': '""' }, external: ['@orama/orama', 'flexsearch', 'minisearch', 'node-sqlite3-wasm'] };
for (const name of ['indexRun', 'indexCorpus', 'indexEngines']) {
  await build({ ...options, entryPoints: [join(here, `${name}.ts`)], outfile: join(work, `${name}.cjs`) });
}
const { missingData } = (await import(pathToFileURL(join(work, 'indexCorpus.cjs')).href)).default;
const { ENGINES } = (await import(pathToFileURL(join(work, 'indexEngines.cjs')).href)).default;
const missing = missingData();
if (missing.length > 0) {
  console.log(`Skipped: ${missing.join(', ')} not in ${process.env.KEDREC_TEST_DATA} (set KEDREC_TEST_DATA).`);
  process.exit(0);
}
const names = Object.keys(ENGINES).filter(name => values.only === undefined || values.only.split(',').some(start => name.startsWith(start)));

/** The result of one phase in a process of its own, or why there is none. */
function run(...args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', `--max-old-space-size=${values.heap}`, join(work, 'indexRun.cjs'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26, timeout: limit * 1000 });
  if (status === 0) { return JSON.parse(stdout); }
  return { failed: signal === 'SIGTERM' ? `not done in ${limit} s` : (stderr.match(/.*(?:FATAL|Error).*/)?.[0] ?? stderr.slice(-200)).slice(0, 120) };
}

const number = (value, digits = 1) => (value === undefined || Number.isNaN(value) ? '–' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(digits));
const pair = times => (times === undefined ? '–' : `${number(times.p50, 2)} / ${number(times.p95, 2)}`);
const median = list => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

for (const count of counts.length > 0 ? counts : [1000, 10_000]) {
  const corpus = join(work, `corpus-${count}.jsonl`);
  const { real } = run('corpus', String(count), corpus);
  console.log(`\n${count.toLocaleString('en')} documents (${real?.toLocaleString('en')} real texts${real < count ? ', the others composed of real titles and sentences' : ''}), Node ${process.version}\n`);
  console.log('| index | build docs / CPU s | build peak MB | size MB | open → first result ms (CPU) | peak MB then | heap + external MB | short p50 / p95 ms | case note p50 / p95 ms |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const engine of names) {
    if (engine.endsWith('small') && count > 10_000) { continue; }
    const directory = join(work, `${engine.replace(/\W+/g, '-')}-${count}`);
    mkdirSync(directory);
    const built = run('build', engine, corpus, directory);
    const prepared = built.failed ? built : run('prepare', engine, corpus, directory);
    const load = prepared.failed ? prepared : run('load', engine, corpus, directory);
    if (load.failed) { console.log(`| ${engine} | ${load.failed} |`); rmSync(directory, { recursive: true }); continue; }
    // The median of several starts, but not for what takes many seconds.
    const starts = [load];
    while (starts.length < (load.firstMs > 2000 ? 2 : STARTS)) starts.push(run('load', engine, corpus, directory, '--open-only'));
    const done = starts.filter(start => !start.failed);
    const middle = key => median(done.map(start => start[key]));
    const cells = [number(built.docsPerSecond), number(built.peakMb), number(prepared.bytes / 2 ** 20, 2), `${number(middle('firstMs'))} (${number(middle('firstCpuMs'))})`, number(load.openPeakMb), number(middle('memoryMb')), pair(load.short), pair(load.notes)];
    console.log(`| ${engine} | ${cells.join(' | ')} |`);
    rmSync(directory, { recursive: true });
  }
  rmSync(corpus);
}
console.log('\nSize: of what ships, compressed (others by gzip); kdx without the documents\' text, which the row "with text" includes, as its times do. "kdx file" is opened');
console.log('without a cache, "kdx cache" from the decoded cache. All but "with text" give references only. First result: median of five processes.');
