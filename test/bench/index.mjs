// Measures the evidence index against plain Lunr on real text, all in one run: node test/bench/index.mjs [COUNT...] (default 1000 10000).
// Take ratios between the rows, not absolute times. KEDREC_TEST_DATA names the test data.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const data = resolve(process.env.KEDREC_TEST_DATA ?? join(here, '../../../shared/data'));
const counts = process.argv.slice(2).map(Number);
if (counts.some(count => !(count > 0))) {
  console.error('Usage: node test/bench/index.mjs [COUNT...]   COUNT: documents, for instance 1000 10000 100000');
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), 'kedrec-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' };
for (const name of ['indexRun', 'indexCorpus', 'indexEngines']) {
  await build({ ...options, entryPoints: [join(here, `${name}.ts`)], outfile: join(work, `${name}.cjs`) });
}
const { missingData } = (await import(pathToFileURL(join(work, 'indexCorpus.cjs')).href)).default;
const { ENGINES } = (await import(pathToFileURL(join(work, 'indexEngines.cjs')).href)).default;
const missing = missingData(data);
if (missing.length > 0) {
  console.log(`Skipped: ${missing.join(', ')} not in ${data} (set KEDREC_TEST_DATA).`);
  process.exit(0);
}

function run(phase, engine, count, directory) {
  const args = ['--expose-gc', '--max-old-space-size=12000', join(work, 'indexRun.cjs'), phase, engine, String(count), directory, data];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status === 0) return JSON.parse(stdout);
  console.error(`${engine}, ${count} documents, ${phase}: failed (${stderr.trim().split('\n').slice(-3).join(' | ')})`);
  return undefined;
}

const number = (value, digits = 1) => (value === undefined || Number.isNaN(value) ? '–' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(digits));

for (const count of counts.length > 0 ? counts : [1000, 10_000]) {
  console.log(`\n${count.toLocaleString('en')} documents, Node ${process.version}\n`);
  console.log('| index | build docs / CPU s | build peak MB | size MB | open → first result ms (CPU) | heap + external MB | short p50 / p95 ms | case note p50 / p95 ms |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const engine of Object.keys(ENGINES)) {
    const directory = join(work, `${engine.replace(/\W+/g, '-')}-${count}`);
    mkdirSync(directory);
    const built = run('build', engine, count, directory);
    if (built === undefined) continue;
    run('prepare', engine, count, directory);
    // The fastest of three starts: what else the machine does only ever adds.
    const loads = [1, 2, 3].map(() => run('load', engine, count, directory)).filter(load => load !== undefined);
    const load = loads.sort((a, b) => a.firstMs - b.firstMs)[0];
    const pair = times => (times === undefined ? '–' : `${number(times.p50, 2)} / ${number(times.p95, 2)}`);
    const cells = [number(built.docsPerSecond), number(built.peakMb), number(built.bytes / 2 ** 20, 2), `${number(load?.firstMs)} (${number(load?.firstCpuMs)})`, number(load?.memoryMb), pair(load?.short), pair(load?.notes)];
    console.log(`| ${engine} | ${cells.join(' | ')} |`);
    rmSync(directory, { recursive: true });
  }
  console.log('\nSize: of what ships, compressed (lunr JSON by gzip); kdx without the documents\' text, which the last row includes. "kdx file" is built with fast');
  console.log('compression and opened without a cache, the others with small compression and opened from the decoded cache. Rows but the last give references only.');
}
