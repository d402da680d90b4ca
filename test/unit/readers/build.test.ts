import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCorpusIndex, CorpusTooLargeError, EmptyCorpusError, estimatedMemory } from '../../../src/core/evidence/corpusBuild';
import { openEvidenceStore } from '../../../src/core/evidence/store';
import { folderOf, pubmedArticle, pubmedSet, study } from './support';

describe('index of a corpus', () => {
  it('is written whole, found in, and tells what was read', async () => {
    const directory = await folderOf({ 'in/set.xml': pubmedSet(pubmedArticle(90000001, { title: 'Examplamab in synthetic disease', types: ['Retracted Publication'] }), pubmedArticle(90000002)), 'in/study.json': JSON.stringify(study(1)), 'in/odd.md': 'no corpus' });
    const out = join(directory, 'mine.kdx');
    const stages = new Set<string>();
    const result = await buildCorpusIndex([join(directory, 'in')], out, { onProgress: ({ stage }) => stages.add(stage), builtAt: '2026-01-02T03:04:05Z' });
    assert.deepEqual([result.documents, result.filesWithoutDocuments, result.withNotice, result.file, result.bytes], [3, 1, 1, out, (await readFile(out)).length]);
    assert.deepEqual([...stages], ['reading', 'writing']);
    assert.deepEqual((await readdir(directory)).sort(), ['in', 'mine.kdx']);
    const store = openEvidenceStore([{ name: 'mine', path: out }]);
    const [hit] = await store.search({ text: 'examplamab synthetic disease', limit: 1, sources: ['literature'] });
    assert.deepEqual([hit?.header.id, hit?.header.notice], ['PMID:90000001', 'Retracted.']);
    assert.equal((await store.document('NCT90000001'))?.facts?.['why stopped'], 'Slow recruitment (synthetic)');
    assert.equal((await store.info())[0]?.builtAt, '2026-01-02T03:04:05Z');
    await store.dispose();
  });

  it('is not touched by a build that fails, is stopped or finds nothing', async () => {
    const directory = await folderOf({ 'in/set.xml': pubmedSet(pubmedArticle(90000001)), 'none/odd.md': 'no corpus' });
    const out = join(directory, 'mine.kdx');
    await writeFile(out, 'before');
    await assert.rejects(buildCorpusIndex([join(directory, 'none')], out), EmptyCorpusError);
    const stop = new AbortController();
    await assert.rejects(buildCorpusIndex([join(directory, 'in')], out, { signal: stop.signal, onProgress: ({ stage }) => { if (stage === 'writing') stop.abort(new Error('stopped')); else if (stage === 'reading') stop.abort(new Error('stopped')); } }), /stopped/);
    assert.equal(await readFile(out, 'utf8'), 'before');
    assert.deepEqual((await readdir(directory)).sort(), ['in', 'mine.kdx', 'none']);
  });

  it('says with the figure and the way out that it would not fit', async () => {
    const directory = await folderOf({ 'set.xml': pubmedSet(pubmedArticle(90000001)) });
    await assert.rejects(buildCorpusIndex([directory], join(directory, 'x.kdx'), { memoryLimit: 100 << 20 }), (error: unknown) => {
      assert.ok(error instanceof CorpusTooLargeError);
      assert.match(error.message, /needs about 201 MiB of memory \(1 documents read so far\); 100 MiB are allowed\. Build several smaller indexes/);
      return true;
    });
    assert.ok(estimatedMemory(150e6, 100_000) < 2 ** 30, '100,000 abstracts are built within 1 GiB');
  });
});
