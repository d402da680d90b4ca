// Runs the in-host tests on a copy of the sample workspace: node test/host/run.mjs [--grep TEXT] [--result FILE]
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runExtensionTests } from '../../tools/vscode/host.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '../..'));
const { values } = parseArgs({ options: { grep: { type: 'string' }, result: { type: 'string' } } });
const scratch = mkdtempSync(join(tmpdir(), 'kedrec-host-'));
const workspace = join(scratch, 'workspace');
cpSync(existsSync('samples') ? 'samples' : 'test/fixtures', workspace, { recursive: true });
const result = resolve(values.result ?? join(scratch, 'result.json'));
rmSync(result, { force: true }); // a result from an earlier run must not count for this one
try {
  const code = await runExtensionTests({
    extensionDevelopmentPath: '.', extensionTestsPath: 'out/test/host.cjs', folder: workspace,
    env: { HOST_RESULT: result, GREP: values.grep ?? process.env.GREP ?? '', KEDREC_TEST_DATA: resolve(process.env.KEDREC_TEST_DATA ?? '../shared/data') },
  });
  if (existsSync(result)) {
    const stats = JSON.parse(readFileSync(result, 'utf8'));
    console.log(`host: ${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
  } else {
    console.log('host: the run never came to its end');
  }
  process.exitCode = existsSync(result) ? code : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
