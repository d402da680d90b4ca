// Builds everything that runs: node esbuild.mjs [--production] [--watch]; with --tests only the bundle of the in-host tests.
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { filesUnder } from './tools/lib/files.mjs';
import { thirdPartyNotices } from './tools/lib/notices.mjs';

const root = dirname(fileURLToPath(import.meta.url));
process.chdir(root);
const flags = new Set(process.argv.slice(2));
for (const flag of flags) {
  if (!['--production', '--watch', '--tests'].includes(flag)) {
    console.error(`esbuild.mjs: unknown option ${flag}. Options: --production, --watch, --tests`);
    process.exit(2);
  }
}
const production = flags.has('--production');
const watch = flags.has('--watch');

/** Parts that are loaded on first use. `import()` of the source becomes a require of its own bundle beside the importing one. */
const lazyBundles = { 'src/core/engine/endpointEntry.ts': 'endpoint.cjs' };

const lazyPlugin = {
  name: 'lazy-bundles',
  setup(build) {
    const byFile = new Map(Object.entries(lazyBundles).map(([source, out]) => [resolve(source), `./${out}`]));
    build.onResolve({ filter: /endpointEntry/ }, args => {
      if (args.kind !== 'dynamic-import') { return undefined; }
      const file = resolve(args.resolveDir, args.path);
      const path = byFile.get(file) ?? byFile.get(`${file}.ts`);
      return path ? { path, external: true } : undefined;
    });
  },
};

/** The prompt files stand in the bundle as text; from the sources they are read as files. */
const promptsPlugin = {
  name: 'prompts',
  setup(build) {
    build.onLoad({ filter: /prompts[\\/]templates[\\/]source\.ts$/ }, ({ path }) => {
      const files = filesUnder(relative(root, dirname(path)), '.md');
      const texts = Object.fromEntries(files.map(file => [basename(file, '.md'), readFileSync(file, 'utf8')]));
      return { contents: `const texts = ${JSON.stringify(texts)};\nexport const templateSource = name => texts[name] ?? '';`, loader: 'js', watchFiles: files.map(file => resolve(file)) };
    });
  },
};

/** `virtual:host-tests` imports every test/host/**\/*.test.ts, so a new test file needs no list. */
const hostTestsPlugin = {
  name: 'host-tests',
  setup(build) {
    build.onResolve({ filter: /^virtual:host-tests$/ }, () => ({ path: 'host-tests', namespace: 'virtual' }));
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, () => {
      const files = filesUnder('test/host', '.test.ts');
      if (files.length === 0) { return { errors: [{ text: 'no test/host/**/*.test.ts found' }] }; }
      return { contents: files.map(f => `import ${JSON.stringify(`./${f}`)};`).join('\n'), resolveDir: root, loader: 'ts' };
    });
  },
};

const common = { bundle: true, metafile: true, logLevel: 'warning', minify: production, sourcemap: production ? false : 'linked', legalComments: 'none' };
// dynamic-import off: import() of a lazy bundle becomes require(), which every extension host can do
// module before main: jsonc-parser's main is UMD, whose inner requires no bundler can follow
const node = { ...common, platform: 'node', mainFields: ['module', 'main'], format: 'cjs', target: 'node20', supported: { 'dynamic-import': false }, plugins: [lazyPlugin, promptsPlugin], external: ['vscode'] };

const product = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs' },
  { ...node, entryPoints: ['src/core/evidence/worker.ts'], outfile: 'dist/evidenceWorker.cjs' },
  ...Object.entries(lazyBundles).map(([source, out]) => ({ ...node, entryPoints: [source], outfile: `dist/${out}` })),
  { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.cjs', banner: { js: '#!/usr/bin/env node' } },
  { ...common, entryPoints: ['webview/panel.ts'], outfile: 'dist/webview/panel.js', platform: 'browser', format: 'esm', target: 'es2022', minify: true },
];
const hostTests = {
  ...node, entryPoints: ['test/host/index.ts'], outfile: 'out/test/host.cjs', minify: false, sourcemap: 'inline',
  external: ['vscode', 'mocha'], plugins: [hostTestsPlugin, promptsPlugin],
};

const kib = bytes => `${(bytes / 1024).toFixed(1)} KiB`;

async function afterBundle(outfile) {
  if (outfile === 'dist/cli.cjs') { await chmod(outfile, 0o755); }
  console.log(`  ${outfile.padEnd(28)} ${kib((await stat(outfile)).size).padStart(12)}`);
}

const reportPlugin = outfile => ({
  name: 'report',
  setup(build) { build.onEnd(result => result.errors.length === 0 ? afterBundle(outfile) : undefined); },
});

async function copyStyles() {
  const files = ['node_modules/@vscode/codicons/dist/codicon.css', 'node_modules/@vscode/codicons/dist/codicon.ttf', ...filesUnder('webview', '.css')];
  await mkdir('dist/webview', { recursive: true });
  for (const file of files) { await copyFile(file, join('dist/webview', basename(file))); }
  return files.map(file => join('dist/webview', basename(file)));
}

/** The bundled knowledge and evidence index, built from corpus/ by the same core code that reads it. */
async function buildKnowledge() {
  if (!existsSync('tools/corpus/bundle.ts')) { console.log('  dist/bundle: skipped, tools/corpus/bundle.ts is not there'); return; }
  const temporary = join('node_modules/.cache/kedrec', `bundle-${process.pid}.mjs`);
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  try {
    await esbuild.build({
      bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning', sourcemap: 'inline',
      entryPoints: ['tools/corpus/bundle.ts'], outfile: temporary, banner: { js: banner }, external: ['yaml'],
    });
    const { buildBundle } = await import(`${pathToFileURL(resolve(temporary)).href}?${Date.now()}`);
    console.log(`  dist/bundle: ${JSON.stringify(await buildBundle(resolve('corpus'), resolve('dist/bundle')))}`);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes what earlier builds left behind: source maps and bundles that are no longer made. */
async function prune(keep) {
  for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
    const file = join(relative(root, entry.parentPath), entry.name);
    if (entry.isFile() && !file.startsWith(join('dist', 'bundle')) && !keep.has(file)) { await rm(file); }
  }
}

async function main() {
  if (flags.has('--tests')) {
    await esbuild.build({ ...hostTests, plugins: [...hostTests.plugins, reportPlugin(hostTests.outfile)] });
    return;
  }
  const started = Date.now();
  console.log(`building${production ? ' for production' : ''}`);
  const present = product.filter(bundle => {
    const found = existsSync(bundle.entryPoints[0]);
    if (!found) { console.log(`  ${bundle.outfile}: skipped, ${bundle.entryPoints[0]} is not there`); }
    return found;
  }).map(bundle => ({ ...bundle, plugins: [...(bundle.plugins ?? []), reportPlugin(bundle.outfile)] }));
  const styles = await copyStyles();
  if (watch) {
    await buildKnowledge();
    for (const bundle of present) { await (await esbuild.context(bundle)).watch(); }
    console.log('watching for changes; Ctrl-C to stop');
    return;
  }
  const results = await Promise.all(present.map(bundle => esbuild.build(bundle)));
  await buildKnowledge();
  await writeFile('dist/THIRD-PARTY-NOTICES.txt', thirdPartyNotices(results.map(result => result.metafile), ['node_modules/@vscode/codicons']));
  const made = new Set(['dist/THIRD-PARTY-NOTICES.txt', ...styles, ...results.flatMap(result => Object.keys(result.metafile.outputs))].map(file => join(file)));
  if (production) { await prune(made); }
  const version = JSON.parse(readFileSync('package.json', 'utf8')).version;
  console.log(`built KEDRec ${version} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

main().catch(error => {
  if (error?.name === 'CorpusError') { console.error(error.message); } // names file and line itself
  else if (!Array.isArray(error?.errors)) { console.error(error); } // esbuild has printed its own errors
  console.error('build failed');
  process.exit(1);
});
