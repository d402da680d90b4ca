// The packed command line, as a shell calls it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { Validator } = createRequire(import.meta.url)('@cfworker/json-schema');
const scratch = mkdtempSync(join(tmpdir(), 'kedrec-cli-'));

function kedrec(args, { input, env } = {}) {
  return new Promise(done => {
    const child = spawn(process.execPath, ['dist/cli.cjs', ...args], { env: { ...process.env, ...env } });
    let out = '';
    let err = '';
    child.stdout.on('data', data => { out += data; });
    child.stderr.on('data', data => { err += data; });
    child.on('close', code => done({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

const file = (name, content) => { const path = join(scratch, name); writeFileSync(path, content); return path; };

describe('kedrec on the command line', () => {
  before(() => assert.ok(existsSync('dist/cli.cjs'), 'run npm run build first'));

  it('recommends as text and as JSON that follows its schema', async () => {
    const text = await kedrec(['recommend', 'samples/case-notes/rheumatology-gout.md']);
    assert.equal(text.code, 0);
    assert.match(text.out, /Recommend: colchicine for gout/);
    assert.match(text.out, /no language model/);
    const json = await kedrec(['recommend', 'samples/case-notes/rheumatology-gout.md', '--format', 'json']);
    const result = JSON.parse(json.out);
    const checked = new Validator(JSON.parse(readFileSync('schemas/recommendation.schema.json', 'utf8')), '2020-12').validate(result);
    assert.ok(checked.valid, JSON.stringify(checked.errors[0]));
    assert.ok(result.case.diseases.some(({ name }) => name === 'gout'));
    const claim = result.recommendations[0].rationale.claims[0];
    assert.equal(claim.grounding, 'supported');
    assert.ok(claim.citations[0].documentId && claim.citations[0].quote);
  });

  it('reads standard input', async () => {
    const { code, out } = await kedrec(['recommend', '-', '--format', 'json'], { input: 'Synthetic: acute flare of gout. Allergic to colchicine.' });
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).recommendations.find(({ drug }) => drug.id === 'colchicine').decision, 'avoid');
  });

  it('ends with 1 and the reason when nothing can be recommended', async () => {
    const { code, out, err } = await kedrec(['recommend', 'samples/case-notes/health-check.md', '--format', 'json']);
    assert.equal(code, 1);
    assert.match(err, /no disease that is present now/);
    assert.equal(JSON.parse(out).nothing.code, 'no-disease');
  });

  it('ends with 2 on bad usage or input, and says what to do', async () => {
    const rows = [
      [['recommend', join(scratch, 'missing.md')], /missing\.md does not exist/],
      [['recommend', scratch], /is a folder/],
      [['recommend', file('empty.md', '')], /empty\.md is empty/],
      [['recommend', file('blank.md', ' \n')], /has no text/],
      [['recommend', file('binary.md', Buffer.from([103, 0, 1, 2]))], /NUL bytes/],
      [['recommend', file('utf16.md', Buffer.from('\ufeffgout', 'utf16le'))], /UTF-16/],
      [['recommend', file('latin1.md', Buffer.from([0xe9, 0x20, 0xe8]))], /not valid UTF-8/],
      [['recommend', file('long.md', 'gout '.repeat(210_000))], /too many|one case can have 100000/],
      [['recommend'], /missing required argument/],
      [['recommend', 'x', '--engine', 'magic'], /Allowed choices are evidence, endpoint/],
      [['recommend', 'samples/case-notes/rheumatology-gout.md', '--engine', 'endpoint'], /needs --base-url/],
      [['recommend', 'samples/case-notes/rheumatology-gout.md', '--max', '0'], /whole number/],
      [['search', ' '], /query is empty/],
      [['nonsense'], /unknown command/],
      [['search', 'x', '-k', 'many'], /whole number/],
    ];
    for (const [args, message] of rows) {
      const { code, err } = await kedrec(args);
      assert.equal(code, 2, `${args.join(' ')}: ${err}`);
      assert.match(err, message);
    }
  });

  it('searches', async () => {
    const { code, out } = await kedrec(['search', 'colchicine', 'gout', '-k', '3', '--format', 'json']);
    assert.equal(code, 0);
    const results = JSON.parse(out);
    assert.equal(results.length, 3);
    for (const result of results) { assert.deepEqual(Object.keys(result).filter(key => ['documentId', 'title', 'score', 'source', 'url', 'snippet'].includes(key)).length, 6); }
    assert.match(results[0].title + results[0].snippet, /colchicine/i);
    assert.equal((await kedrec(['search', 'zzzyyyxxx'])).code, 1);
    assert.equal((await kedrec(['search', '+foo:bar~9^^ *gout* -'])).code, 0, 'what Lunr\u2019s own query syntax would refuse is plain text');
  });

  it('says that the server cannot be reached, without the case', async () => {
    const { code, err } = await kedrec(['recommend', '-', '--engine', 'endpoint', '--base-url', 'http://127.0.0.1:9/v1'], { input: 'Synthetic: Zebediah has gout.' });
    assert.equal(code, 1);
    assert.ok(!err.includes('Zebediah'));
    assert.match(err, /127\.0\.0\.1:9/);
  });

  it('has help and a version', async () => {
    const help = await kedrec(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /recommend.*search.*Exit codes/s);
    assert.match((await kedrec(['--version'])).out, /^\d+\.\d+\.\d+/);
  });
});
