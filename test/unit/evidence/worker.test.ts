import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildEvidenceIndex } from '../../../src/core/evidence/build';
import { EvidenceIndexError } from '../../../src/core/evidence/errors';
import { openEvidenceStore } from '../../../src/core/evidence/store';
import type { EvidenceStore } from '../../../src/core/evidence/types';
import { workerEvidenceStore } from '../../../src/core/evidence/workerStore';
import { syntheticDocuments, temporaryDirectory } from './support';

/** The real worker, and in front of it a hook by which a test can make it fail: a query of `crash` ends the thread. */
const FAILING_ENTRY = (worker: string): string => `
  import { parentPort } from 'node:worker_threads';
  import { existsSync, rmSync } from 'node:fs';
  parentPort.on('message', message => {
    const text = message.call?.query?.text ?? '';
    if (text === 'crash always') throw new Error('made to fail');
    if (text.startsWith('crash once ') && existsSync(text.slice(11))) {
      rmSync(text.slice(11));
      process.exit(7);
    }
  });
  import ${JSON.stringify(worker)};
`;

describe('evidence store in a worker', function () {
  this.timeout(120_000);
  const documents = syntheticDocuments(150, 51);
  let directory: string;
  let workerPath: string;
  let failingPath: string;
  let sources: { name: string; path: string }[];
  const stores: EvidenceStore[] = [];

  function open(worker: string, from = sources): EvidenceStore {
    const store = workerEvidenceStore(worker, from, { cacheDir: join(directory, 'cache') });
    stores.push(store);
    return store;
  }

  before(async () => {
    directory = await temporaryDirectory();
    workerPath = join(directory, 'evidenceWorker.cjs');
    failingPath = join(directory, 'failingWorker.cjs');
    const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' } as const;
    await build({ ...options, entryPoints: ['src/core/evidence/worker.ts'], outfile: workerPath });
    await build({ ...options, stdin: { contents: FAILING_ENTRY('./src/core/evidence/worker.ts'), resolveDir: '.' }, outfile: failingPath });
    sources = [{ name: 'index', path: join(directory, 'index.kdx') }];
    await writeFile(sources[0]!.path, await buildEvidenceIndex(documents, { name: 'index' }));
  });

  after(async () => {
    await Promise.all(stores.map(store => store.dispose()));
  });

  it('answers as the store in this process does', async () => {
    const inWorker = open(workerPath);
    const here = openEvidenceStore(sources);
    const query = { text: 'cancer renal IL-6', limit: 12, sources: ['trials', 'literature'] as const };
    assert.deepEqual(await inWorker.search(query), await here.search(query));
    assert.deepEqual(await inWorker.info(), await here.info());
    assert.deepEqual(await inWorker.document('DOC7'), documents[6]);
    assert.equal(await inWorker.document('nobody'), undefined);
  });

  it('keeps many answers apart', async () => {
    const store = open(workerPath);
    const found = await Promise.all(documents.map(document => store.document(document.id)));
    assert.deepEqual(found, documents);
  });

  it('carries an EvidenceIndexError over', async () => {
    const store = open(workerPath, [{ name: 'gone', path: join(directory, 'gone.kdx') }]);
    await assert.rejects(store.search({ text: 'x', limit: 1 }), (error: unknown) => {
      assert.ok(error instanceof EvidenceIndexError);
      assert.equal(error.reason, 'missing');
      assert.ok(error.message.includes('gone.kdx'));
      return true;
    });
  });

  it('stops a search that is cancelled, before and while it runs, and goes on', async () => {
    const store = open(workerPath);
    await assert.rejects(store.search({ text: 'cancer', limit: 1 }, AbortSignal.abort()), { name: 'AbortError' });
    const abort = new AbortController();
    const cancelled = store.search({ text: 'cancer renal', limit: 100 }, abort.signal);
    const other = store.search({ text: 'cancer', limit: 2 });
    abort.abort();
    await assert.rejects(cancelled, { name: 'AbortError' });
    assert.equal((await other).length, 2);
  });

  it('starts again after a crash and asks again what was open', async () => {
    const store = open(failingPath);
    const flag = join(directory, 'flag');
    await writeFile(flag, '');
    const [afterCrash, other] = await Promise.all([store.search({ text: `crash once ${flag}`, limit: 1 }), store.search({ text: 'cancer', limit: 2 })]);
    assert.ok(Array.isArray(afterCrash));
    assert.equal(other.length, 2);
  });

  it('gives up on what crashes every time, with a clear error, and still serves others', async () => {
    const store = open(failingPath);
    await assert.rejects(store.search({ text: 'crash always', limit: 1 }), (error: unknown) => {
      assert.ok(error instanceof EvidenceIndexError);
      assert.equal(error.reason, 'worker');
      assert.match(error.message, /stopped unexpectedly \(made to fail\)/);
      return true;
    });
    assert.equal((await store.search({ text: 'cancer', limit: 2 })).length, 2);
  });

  it('says that it is closed', async () => {
    const store = open(workerPath);
    const open1 = store.search({ text: 'cancer', limit: 1 });
    const rejected = assert.rejects(open1, /closed/);
    await store.dispose();
    await rejected;
    await assert.rejects(store.search({ text: 'cancer', limit: 1 }), /closed/);
  });

  it('says that a worker file is missing', async () => {
    const store = open(join(directory, 'no-worker.cjs'));
    await assert.rejects(store.search({ text: 'cancer', limit: 1 }), (error: unknown) => error instanceof EvidenceIndexError && error.reason === 'worker');
  });

  it('does not keep a process alive once it is idle', async () => {
    const program = join(directory, 'program.cjs');
    const contents = `
      import { workerEvidenceStore } from './src/core/evidence/workerStore.ts';
      const store = workerEvidenceStore(${JSON.stringify(workerPath)}, ${JSON.stringify(sources)});
      store.search({ text: 'cancer', limit: 1 }).then(hits => console.log(hits.length));
    `;
    await build({ bundle: true, platform: 'node', format: 'cjs', stdin: { contents, resolveDir: '.' }, outfile: program, logLevel: 'silent' });
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 60_000 });
    assert.equal(stdout.trim(), '1');
  });
});
