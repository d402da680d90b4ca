// How long search and load block the process that asks (as the extension host does), and whether memory comes back: node test/bench/hostBlocking.mjs [COUNT]
// The index works in a worker thread. What the machine does besides shows in the row "idle": compare with it. KEDREC_TEST_DATA names the test data.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
process.env.KEDREC_TEST_DATA = resolve(process.env.KEDREC_TEST_DATA ?? join(here, '../../../shared/data'));
const count = Number(process.argv[2] ?? 10_000);
if (!(count > 0)) {
  console.error('Usage: node test/bench/hostBlocking.mjs [COUNT]   COUNT: documents (default 10000)');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'kedrec-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning', define: { 'import.meta.dirname': '""' } };
await build({ ...options, entryPoints: [join(here, 'hostRun.ts')], outfile: join(work, 'hostRun.cjs') });
await build({ ...options, entryPoints: [join(here, '../../src/core/evidence/worker.ts')], outfile: join(work, 'worker.cjs') });
for (const phase of ['prepare', 'measure']) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', join(work, 'hostRun.cjs'), phase, String(count), work], { stdio: 'inherit' });
  if (status !== 0) { process.exit(status ?? 1); }
}
