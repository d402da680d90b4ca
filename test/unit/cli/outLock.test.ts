import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

describe('the lock of an output', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'kedrec-lock-')); });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('of a dead process is taken over by exactly one of several at a time', async () => {
    const module = join(folder, 'outLock.cjs');
    await build({ entryPoints: ['src/cli/outLock.ts'], outfile: module, bundle: true, platform: 'node', format: 'cjs' });
    // Each waits for the same moment, and tells when it holds the lock; the others must find a living holder.
    const code = `const { lock } = require(${JSON.stringify(module)}); const [path, at] = process.argv.slice(1);
      while (Date.now() < Number(at)) {}
      lock(path).then(release => { process.stdout.write('held'); setTimeout(() => release(), 3000); }, () => process.stdout.write('refused'));`;
    const { pid: dead } = spawnSync(process.execPath, ['-e', '0']);
    for (let round = 0; round < 2; round++) {
      const path = join(folder, `out${round}.jsonl`);
      writeFileSync(`${path}.lock`, JSON.stringify({ pid: dead, host: hostname() }));
      const at = String(Date.now() + 1500);
      const said = await Promise.all(Array.from({ length: 6 }, () => new Promise<string>(resolve => {
        const child = spawn(process.execPath, ['-e', code, path, at], { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (part: Buffer) => { text += part.toString(); });
        child.on('close', () => resolve(text));
      })));
      assert.deepEqual(said.sort(), ['held', ...Array.from({ length: 5 }, () => 'refused')], `round ${round}`);
    }
    assert.deepEqual(readdirSync(folder).filter(name => name.includes('.lock')), []);
  });
});
