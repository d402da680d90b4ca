import assert from 'node:assert/strict';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCorpus } from '../../../src/core/evidence/readers/corpus';
import type { CorpusProgress } from '../../../src/core/evidence/readers/corpus';
import { folderOf, pubmedArticle, pubmedSet, readFiles, readPaths, study, zipOf } from './support';

describe('corpus', () => {
  it('reads .gz and .zip, gzip inside zip included, by content', async () => {
    const set = (id: number): Buffer => Buffer.from(pubmedSet(pubmedArticle(id)));
    const { documents, problems, summary } = await readFiles({ 'a.bin': gzipSync(set(90000001)), 'b.zip': zipOf({ 'in/one.xml': set(90000002), 'two.xml.gz': gzipSync(set(90000003)), '__MACOSX/x': Buffer.from('x'), 'read.me': Buffer.from('hello') }) });
    assert.deepEqual(documents.map(({ id }) => id), ['PMID:90000001', 'PMID:90000002', 'PMID:90000003']);
    assert.deepEqual(problems.map(({ file }) => file.replace(/^.*(?=b\.zip)/, '')), ['b.zip/read.me']);
    assert.deepEqual([summary.files, summary.filesWithoutDocuments], [{ 'pubmed-xml': 3 }, 1]);
  });

  it('keeps the newest of several with one id, by date or else the later, and never loses a notice', async () => {
    const { documents, summary } = await readFiles({
      'a.xml': pubmedSet(pubmedArticle(90000001, { title: 'Newest', revised: '2022-01-01' }), pubmedArticle(90000002, { title: 'Old', revised: '2019-01-01', types: ['Retracted Publication'] })),
      'b.xml': pubmedSet(pubmedArticle(90000001, { title: 'Older', revised: '2021-12-31' }), pubmedArticle(90000002, { title: 'New', revised: '2020-01-01' })),
      'c.jsonl': '{"_id": "x", "title": "First", "text": "1"}\n{"_id": "x", "title": "Last", "text": "2"}\n', 'd.json': JSON.stringify([study(1, { update: '2024-01' }), study(1, { update: '2023-12-30', status: { overallStatus: 'RECRUITING' } })]),
    });
    assert.deepEqual(documents.map(({ id, title, notice }) => [id, title, notice]), [['PMID:90000001', 'Newest', undefined], ['PMID:90000002', 'New', 'Retracted.'], ['x', 'Last', undefined], ['NCT90000001', 'Synthetic study 1', undefined]]);
    assert.equal(documents[3]!.facts?.['status'], 'Terminated');
    assert.deepEqual([summary.documents, summary.duplicates, summary.withNotice], [4, 4, 1]);
    assert.equal(summary.passages, documents.reduce((sum, { passages }) => sum + passages.length, 0));
  });

  it('tells its progress and reads each file once, in a fixed order', async () => {
    const directory = await folderOf({ 'b.xml': pubmedSet(pubmedArticle(90000002)), 'sub/c.xml': pubmedSet(pubmedArticle(90000003)), 'a.xml': pubmedSet(pubmedArticle(90000001)) });
    const progress: CorpusProgress[] = [];
    const { documents } = await readPaths([directory, join(directory, 'a.xml')], { onProgress: step => progress.push(step) });
    assert.deepEqual(documents.map(({ id }) => id), ['PMID:90000001', 'PMID:90000002', 'PMID:90000003']);
    assert.deepEqual(progress.map(({ filesDone, documents: count }) => [filesDone, count]), [[0, 0], [1, 1], [2, 2], [3, 3]]);
    assert.equal(progress.at(-1)!.bytesRead, progress.at(-1)!.bytes);
  });

  it('follows links, but not in a circle, and reports one that leads nowhere', async function () {
    if (process.platform === 'win32') return this.skip();
    const directory = await folderOf({ 'in/a.xml': pubmedSet(pubmedArticle(90000001)) });
    await symlink(join(directory, 'in'), join(directory, 'in', 'loop'));
    await symlink(join(directory, 'nowhere'), join(directory, 'in', 'dangling'));
    const { summary, problems } = await readPaths([join(directory, 'in')]);
    assert.deepEqual([summary.documents, summary.duplicates], [1, 0]);
    assert.deepEqual(problems, [{ file: join(directory, 'in', 'dangling'), reason: 'it cannot be read (ENOENT)' }]);
    await assert.rejects(readPaths([join(directory, 'nowhere')]), /ENOENT/);
  });

  it('keeps the newest across files, formats of one id included', async () => {
    const { documents, summary } = await readFiles({
      'a.xml': pubmedSet(pubmedArticle(90000001, { revised: '2024-01-01', title: 'Newest' })), 'b/b.xml': pubmedSet(pubmedArticle(90000001, { revised: '2020-01-01', title: 'Older' })),
      'c.nbib': 'PMID- 90000001\nLR  - 20220101\nTI  - In between\nAB  - Synthetic.\n', 'd.json': JSON.stringify([study(1, { update: '2021-01-01' }), study(1, { update: '2023-01-01', status: { overallStatus: 'COMPLETED' } })]),
      'e.json': JSON.stringify(study(1, { update: '2022-01-01' })),
    });
    assert.deepEqual(documents.map(({ id, title }) => [id, title]).sort(), [['NCT90000001', 'Synthetic study 1'], ['PMID:90000001', 'Newest']]);
    assert.equal(documents.find(({ source }) => source === 'trials')?.facts?.['status'], 'Completed');
    assert.equal(summary.duplicates, 4);
  });

  it('drops what PubMed has taken back, in the same file or in an earlier one', async () => {
    const taken = (...pmids: number[]): string => `<DeleteCitation>${pmids.map(pmid => `<PMID Version="1">${pmid}</PMID>`).join('')}</DeleteCitation>`;
    const { documents, problems, summary } = await readFiles({
      'update1.xml': pubmedSet(pubmedArticle(90000001), pubmedArticle(90000002), pubmedArticle(90000003), taken(90000002)),
      'update2.xml': pubmedSet(taken(90000001, 90000777)), 'update3.xml': pubmedSet(pubmedArticle(90000004)),
    });
    assert.deepEqual(documents.map(({ id }) => id), ['PMID:90000003', 'PMID:90000004']);
    assert.deepEqual([problems, summary.documents, summary.passages, summary.removed, summary.duplicates, summary.files], [[], 2, 2, 2, 0, { 'pubmed-xml': 3 }]);
  });

  it('stops when told to, and leaves no temporary data', async () => {
    const directory = await folderOf({ 'a.xml': pubmedSet(...Array.from({ length: 500 }, (_, i) => pubmedArticle(90000100 + i))), 'work/.keep': '' });
    const stop = new AbortController();
    const reading = readCorpus([join(directory, 'a.xml')], { signal: stop.signal, workDirectory: join(directory, 'work'), onProgress: () => stop.abort(new Error('enough')) });
    await assert.rejects(async () => { for await (const _ of reading); }, /enough/);
    const early = readCorpus([join(directory, 'a.xml')], { workDirectory: join(directory, 'work') });
    for await (const _ of early) break;
    assert.deepEqual(await readdir(join(directory, 'work')), ['.keep']);
  });
});
