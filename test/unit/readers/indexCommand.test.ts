import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { folderOf, pubmedArticle, pubmedSet } from './support';

const ENTRY = `
import { Command, CommanderError } from 'commander';
import { UsageError } from './src/cli/errors';
import { registerIndexCommands } from './src/cli/indexCommand';
const program = new Command('kedrec').exitOverride();
registerIndexCommands(program, code => { process.exitCode = code; });
program.parseAsync(process.argv.slice(2), { from: 'user' }).catch(error => {
  if (!(error instanceof CommanderError || error instanceof UsageError)) throw error;
  if (error instanceof UsageError) process.stderr.write('kedrec: ' + error.message + '\\n');
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
});
`;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('kedrec index', function () {
  this.timeout(30_000);
  let directory: string;

  before(async () => {
    directory = await folderOf({ 'in/set.xml': pubmedSet(pubmedArticle(90000001), '<PubmedArticle></PubmedArticle>', pubmedArticle(90000001)), 'in/odd.md': 'no corpus', 'odd.csv': 'key;says\n1;One\n' });
    await build({ stdin: { contents: ENTRY, resolveDir: resolve('.'), loader: 'ts' }, outfile: join(directory, 'cli.cjs'), bundle: true, platform: 'node', mainFields: ['module', 'main'], format: 'cjs', target: 'node20', logLevel: 'error' });
  });

  const kedrec = (...args: string[]): Promise<Outcome> => new Promise(done => {
    execFile(process.execPath, [join(directory, 'cli.cjs'), 'index', ...args], { cwd: directory }, (error, out, err) => done({ code: error === null ? 0 : Number(error.code), out, err }));
  });

  it('builds an index, sums up the problems and tells what the index holds', async () => {
    const { code, out, err } = await kedrec('build', 'in', '-o', 'mine.kdx');
    assert.equal(code, 0, err);
    assert.match(out, /^mine\.kdx {2}1 documents, 1 passages, [\d.]+ MB\n$/);
    assert.match(err, /in.set\.xml \(record 2, line 7\): skipped: the article has no PMID\n/);
    assert.match(err, /1 documents, 1 passages; duplicates replaced: 1; with a notice \(retraction, concern, correction\): 0\n/);
    assert.match(err, /1 x it is none of the formats that can be read\n/);
    const info = await kedrec('info', 'mine.kdx', '--format', 'json');
    const { file, documents, passages, licences } = JSON.parse(info.out) as Record<string, unknown>;
    assert.deepEqual([info.code, file, documents, passages, licences], [0, 'mine.kdx', 1, 1, ['NLM PubMed terms; abstracts may be copyrighted']]);
    assert.match((await kedrec('info', 'mine.kdx')).out, /documents {2}1\n/);
  });

  it('takes a mapping', async () => {
    const { code, out, err } = await kedrec('build', 'odd.csv', '-o', 'odd.kdx', '--mapping', '{"id":"key","text":"says"}');
    assert.equal(code, 0, err);
    assert.match(out, /1 documents/);
  });

  it('ends with 2 and a reason for input that cannot be used', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['build', 'nowhere', '-o', 'x.kdx'], /nowhere does not exist/], [['build', 'in/odd.md', '-o', 'x.kdx'], /No document could be read from these files/], [['build', 'in', '-o', 'none/x.kdx'], /The folder none for the index does not exist/],
      [['build', 'in', '-o', 'in'], /in is a folder/], [['build', 'in', '-o', 'x.kdx', '--mapping', '{'], /it is no JSON/], [['build', 'in', '-o', 'x.kdx', '--mapping', '{"id":"a"}'], /must name the "text"/], [['build', 'in'], /required option/],
      [['build', 'in', '-o', 'x.kdx', '--memory', '10'], /needs about \d+ MiB of memory/], [['info', 'in/odd.md'], /odd\.md/], [['info', 'nowhere.kdx'], /nowhere\.kdx/],
    ];
    for (const [args, reason] of cases) {
      const { code, err } = await kedrec(...args);
      assert.equal(code, 2, `${args.join(' ')}: ${err}`);
      assert.match(err, reason, args.join(' '));
    }
    assert.equal(existsSync(join(directory, 'x.kdx')), false);
  });
});
