// Runs `kedrec recommend` over every published case report of the test data and tells how it went: node test/bench/caseReports.mjs [folder]
// Figures for BENCHMARKS.md; exits 1 when a run crashed or took longer than a minute.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const data = resolve(process.argv[2] ?? join(process.env.KEDREC_TEST_DATA ?? '../shared/data', 'e3c-case-reports'));
if (!existsSync(data)) { console.log(`skipped: ${data} is not there (set KEDREC_TEST_DATA)`); process.exit(0); }
const scratch = mkdtempSync(join(tmpdir(), 'kedrec-reports-'));
const counts = { recommended: 0, nothing: 0, failed: 0 };
const reasons = new Map();
const times = [];
const ask = file => new Promise(done => {
  const started = performance.now();
  execFile(process.execPath, ['dist/cli.cjs', 'recommend', file, '--format', 'json'], { timeout: 60_000, maxBuffer: 1 << 26 }, (error, stdout) => done({ code: error ? error.code ?? 'killed' : 0, stdout, ms: performance.now() - started }));
});
for (const name of readdirSync(data).filter(file => file.endsWith('.json')).sort()) {
  const file = join(scratch, 'case.txt');
  writeFileSync(file, JSON.parse(readFileSync(join(data, name), 'utf8')).text);
  const { code, stdout, ms } = await ask(file);
  times.push(ms);
  if (code === 0) { counts.recommended++; } else if (code === 1) {
    counts.nothing++;
    const reason = JSON.parse(stdout).nothing.code;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  } else { counts.failed++; console.log(`${name}: exit ${code}`); }
}
rmSync(scratch, { recursive: true });
times.sort((a, b) => a - b);
const seconds = ms => `${(ms / 1000).toFixed(2)} s`;
console.log(`${times.length} case reports: ${counts.recommended} got a recommendation, ${counts.nothing} a stated reason why not (${[...reasons].map(([reason, n]) => `${reason} ${n}`).join(', ')}), ${counts.failed} failed`);
console.log(`time for the whole command: median ${seconds(times[times.length >> 1])}, worst ${seconds(times.at(-1))}`);
process.exit(counts.failed > 0 ? 1 : 0);
