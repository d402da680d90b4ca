import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { fetchEvidence } from '../../../src/core/evidence/live/fetchEvidence';
import type { BuildMessage } from '../../../src/shared/buildMessages';
import { syntheticServices } from '../../live/server.mjs';
import type { LiveServer } from '../../live/server.mjs';
import { optionsFor, serve, temporaryFolder } from './support';

const ENTRY = `
import { Command, CommanderError } from 'commander';
import { UsageError } from './src/cli/errors';
import { registerEvidenceCommands } from './src/cli/evidenceCommand';
import { registerIndexCommands } from './src/cli/indexCommand';
const program = new Command('kedrec').exitOverride();
registerIndexCommands(program, code => { process.exitCode = code; });
registerEvidenceCommands(program, code => { process.exitCode = code; });
program.parseAsync(process.argv.slice(2), { from: 'user' }).catch(error => {
  if (!(error instanceof CommanderError || error instanceof UsageError)) throw error;
  if (error instanceof UsageError) process.stderr.write('kedrec: ' + error.message + '\\n');
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
});
`;

describe('kedrec evidence fetch', function () {
  this.timeout(60_000);
  let directory: string;
  let cli: string;
  let server: LiveServer;

  before(async () => {
    directory = await temporaryFolder();
    cli = join(directory, 'cli.cjs');
    // The version is that of the package beside the program.
    await build({ stdin: { contents: ENTRY, resolveDir: resolve('.'), loader: 'ts' }, outfile: cli, bundle: true, platform: 'node', mainFields: ['module', 'main'], format: 'cjs', target: 'node20', logLevel: 'error' });
    server = await serve(syntheticServices());
  });

  const kedrec = (...args: string[]): Promise<{ code: number; out: string; err: string }> => new Promise(done => {
    execFile(process.execPath, [cli, ...args], { cwd: directory, env: { ...process.env, NCBI_API_KEY: 'SECRET-KEY' } }, (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }));
  });
  const mirror = (): string[] => Object.entries(server.baseUrls).flatMap(([id, url]) => ['--base-url', `${id}=${url}`]);

  it('tells how much there is', async () => {
    const { code, out, err } = await kedrec('evidence', 'fetch', '--disease', 'quibbler fever', '--count', '--cache', 'cache', ...mirror());
    assert.deepEqual([code, out.split('\n').map(line => line.replace(/ +/g, ' '))], [0, ['clinicaltrials 7 records at ClinicalTrials.gov', 'pubmed 120 records at PubMed', 'europepmc 3 records at Europe PMC', 'openfda 2 records at openFDA', '']], err);
  });

  it('fetches into an index that search uses and info explains', async () => {
    const { code, out, err } = await kedrec('evidence', 'fetch', '--disease', 'quibbler fever', '--drug', 'zorvaxil', '--source', 'pubmed', 'openfda', '-o', 'q.kdx', '--max', '5', '--cache', 'cache', ...mirror());
    assert.equal(code, 0, err);
    assert.match(out, /^q\.kdx {2}7 documents, \d+ passages, [\d.]+ MB\n$/);
    assert.match(err, /pubmed: 5 records, openfda: 2 records/);
    assert.match((await kedrec('index', 'info', 'q.kdx')).out, /fetched {4,}\d{4}-\d\d-\d\d: PubMed 5 of 120, openFDA 2 of 2\n/);
    const { origin } = JSON.parse((await kedrec('index', 'info', 'q.kdx', '--format', 'json')).out) as { origin: { disease: string; requests: { url: string }[] } };
    assert.deepEqual([origin.disease, origin.requests.length, JSON.stringify(origin).includes('SECRET')], ['quibbler fever', 2, false]);
  });

  it('does without network what it did before, and says what to do where it cannot', async () => {
    const offline = await kedrec('evidence', 'fetch', '--disease', 'quibbler fever', '--drug', 'zorvaxil', '--source', 'pubmed', 'openfda', '-o', 'q2.kdx', '--max', '5', '--cache', 'cache', '--offline', ...mirror());
    assert.equal(offline.code, 0, offline.err);
    const dead = ['pubmed', 'openfda'].flatMap(id => ['--base-url', `${id}=http://127.0.0.1:9/x`]);
    const unreachable = await kedrec('evidence', 'fetch', '--disease', 'gout', '--source', 'openfda', '-o', 'q3.kdx', '--cache', 'cache', ...dead);
    assert.deepEqual([unreachable.code, existsSync(join(directory, 'q3.kdx'))], [2, false]);
    assert.match(unreachable.err, /openFDA cannot be reached \(ECONNREFUSED\)\. Check the network and the proxy settings\.\n$/);
  });

  it('ends with 2 and a reason for bad usage, with 1 when nothing was found', async () => {
    const cases: readonly (readonly [readonly string[], RegExp, number])[] = [
      [['--disease', 'gout'], /Give the index file to write/, 2], [['--disease', ' ', '-o', 'x.kdx'], /Give the name of a disease/, 2], [['--disease', 'x'.repeat(200), '-o', 'x.kdx'], /Only names are sent/, 2], [['-o', 'x.kdx'], /required option/, 2],
      [['--disease', 'gout', '--source', 'embase', '-o', 'x.kdx'], /Allowed choices/, 2], [['--disease', 'gout', '-o', 'none/x.kdx'], /The folder none for the index does not exist/, 2], [['--disease', 'gout', '--base-url', 'pubmed=x', '-o', 'x.kdx'], /SOURCE=URL/, 2],
      [['--disease', 'gout', '--source', 'pubmed', '--base-url', 'pubmed=http://example.org', '-o', 'x.kdx'], /by https only/, 2], [['--disease', 'gout', '--source', 'openfda', '-o', 'x.kdx', ...mirror()], /nothing was found/, 1],
    ];
    for (const [args, reason, expected] of cases) {
      const { code, err } = await kedrec('evidence', 'fetch', '--cache', 'cache', ...args);
      assert.equal(code, expected, `${args.join(' ')}: ${err}`);
      assert.match(err, reason, args.join(' '));
    }
    assert.equal(existsSync(join(directory, 'x.kdx')), false);
  });

  it('builds for the editor over a channel: progress, problems, outcome', async () => {
    const { files, origin } = await fetchEvidence({ question: { disease: 'quibbler fever' }, sources: ['openfda'], max: 5 }, await optionsFor(server));
    mkdirSync(join(directory, 'in'));
    writeFileSync(join(directory, 'in', 'broken.jsonl'), '{"_id":"1","title":"One","text":"Synthetic."}\n{broken\n');
    const order = { inputs: [...files, join(directory, 'in')], output: join(directory, 'ipc.kdx'), name: 'ipc', origin };
    const messages: BuildMessage[] = [];
    const child = fork(cli, ['index', 'build-for-parent'], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
    child.on('message', message => messages.push(message as BuildMessage));
    child.send(order);
    const code = await new Promise(done => child.once('close', done));
    assert.equal(code, 0);
    assert.ok(messages.some(({ kind }) => kind === 'progress'));
    assert.deepEqual(messages.filter(message => message.kind === 'problem').map(({ problem }) => [problem.record, problem.reason]), [[2, 'broken JSON']]);
    const last = messages.at(-1);
    assert.ok(last?.kind === 'done');
    assert.deepEqual([last.result.documents, last.result.skipped], [3, 1]);
    assert.equal((await kedrec('index', 'build-for-parent')).code, 2);
  });
});
