// Builds everything that runs: node esbuild.mjs [--production] [--watch]; with --tests only the bundle of the in-host tests.
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
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

/**
 * Every `import()` in the sources begins a part of its own in dist/chunks, loaded at its first use, and what several parts need is there once. esbuild divides only ES modules;
 * extension hosts need CommonJS, so each file is turned into it afterwards, `import()` into a `require` that happens when it is called.
 */
const commonJsPlugin = {
  name: 'commonjs',
  setup(build) {
    build.onEnd(async ({ errors, outputFiles }) => {
      if (errors.length > 0) { return; }
      await mkdir('dist/chunks', { recursive: true });
      for (const { path, text } of outputFiles) {
        const { code } = await esbuild.transform(text, { loader: 'js', format: 'cjs', platform: 'node', target: 'node20', minify: production, sourcefile: path, sourcemap: production ? false : 'inline', supported: { 'dynamic-import': false } });
        const command = basename(path) === 'cli.cjs';
        await writeFile(path, command ? `#!/usr/bin/env node\n${code}` : code);
        if (command) { await chmod(path, 0o755); }
      }
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
// module before main: jsonc-parser's main is UMD, whose inner requires no bundler can follow
const node = { ...common, platform: 'node', mainFields: ['module', 'main'], target: 'node20', external: ['vscode'] };

const product = [
  {
    ...node, format: 'esm', splitting: true, write: false, sourcemap: production ? false : 'inline', plugins: [promptsPlugin, commonJsPlugin],
    entryPoints: { extension: 'src/extension.ts', evidenceWorker: 'src/core/evidence/worker.ts', cli: 'src/cli/main.ts' },
    outdir: 'dist', chunkNames: 'chunks/[name]-[hash]', outExtension: { '.js': '.cjs' },
  },
  { ...common, entryPoints: { panel: 'webview/panel.ts' }, outdir: 'dist/webview', platform: 'browser', format: 'esm', target: 'es2022', minify: true, plugins: [] },
];
const hostTests = {
  ...node, format: 'cjs', entryPoints: ['test/host/index.ts'], outfile: 'out/test/host.cjs', minify: false, sourcemap: 'inline',
  external: ['vscode', 'mocha'], plugins: [hostTestsPlugin, promptsPlugin],
};

const kib = bytes => `${(bytes / 1024).toFixed(1)} KiB`;

/** Prints how large each entry is, with what it loads at once. */
function reportSizes({ outputs }) {
  const atOnce = (file, seen = new Set()) => {
    if (!seen.has(file)) {
      seen.add(file);
      for (const { path, kind } of outputs[file].imports) { if (kind !== 'dynamic-import' && outputs[path]) { atOnce(path, seen); } }
    }
    return seen;
  };
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (!entryPoint || file.includes('/chunks/')) { continue; }
    console.log(`  ${file.padEnd(28)} ${kib([...atOnce(file)].reduce((bytes, part) => bytes + outputs[part].bytes, 0)).padStart(12)}`);
  }
}

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
    reportSizes((await esbuild.build(hostTests)).metafile);
    return;
  }
  const started = Date.now();
  console.log(`building${production ? ' for production' : ''}`);
  const styles = await copyStyles();
  if (watch) {
    await buildKnowledge();
    for (const bundle of product) { await (await esbuild.context(bundle)).watch(); }
    console.log('watching for changes; Ctrl-C to stop');
    return;
  }
  const results = await Promise.all(product.map(bundle => esbuild.build(bundle)));
  for (const { metafile } of results) { reportSizes(metafile); }
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
