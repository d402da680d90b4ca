// Makes kedrec-<version>.vsix: a production build packed by vsce; warnings and a package over 5 MB are failures. node tools/package.mjs [--no-build]
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './lib/prepare.mjs';
import { Problem, report, run, tail } from './lib/run.mjs';

const limit = 5_000_000;

/** Packs dist/ into a .vsix at the root; returns its path. */
export async function makePackage({ build = true } = {}) {
  if (build) {
    const { code } = await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
    if (code !== 0) { throw new Problem('the build failed'); }
  }
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(root, `${name}-${version}.vsix`);
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const { code, output } = await run(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file], { cwd: root, quiet: true, label: 'vsce package' });
  if (code !== 0) { throw new Problem(`vsce package failed:\n${tail(output, 40)}`); }
  if (/warning/i.test(output)) { throw new Problem(`vsce package warns:\n${tail(output, 40)}`); }
  const { size } = statSync(file);
  if (size > limit) { throw new Problem(`${file} has ${size} bytes; the limit is ${limit}`); }
  console.log(`packed ${name}-${version}.vsix, ${(size / 1e6).toFixed(2)} MB`);
  return file;
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) { makePackage({ build: !process.argv.includes('--no-build') }).catch(report); }
