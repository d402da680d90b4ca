import assert from 'node:assert/strict';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANALYSIS } from '../../../src/core/evidence/analysis';
import type { AnalysisSettings } from '../../../src/core/evidence/analysis';
import { buildEvidenceIndex } from '../../../src/core/evidence/build';
import { EvidenceIndexError } from '../../../src/core/evidence/errors';
import { memoryEvidenceStore } from '../../../src/core/evidence/memory';
import { openEvidenceStore } from '../../../src/core/evidence/store';
import type { EvidenceDocument, EvidenceHit, EvidenceQuery } from '../../../src/core/evidence/types';
import { randomNumbers, randomText, syntheticDocuments, temporaryDirectory } from './support';

const ODD_TEXTS = [
  '', ' ', '\0', ':', '~', '^', '*', '+', '-', '+-:~^*', 'a:b', 'text:cancer', '+cancer -trial', 'cancer^x', 'cancer~', 'cancer*', '\\', '"', '(((', 'the of and',
  '💊🙂👩‍⚕️', 'ΑΒΓ αβγ καρκίνος', '癌症 治疗', 'ﬁbrosis', '5-FU/IL-6+TNF-α:', '\ud800 lone', '__proto__ constructor toString', '-'.repeat(10_000),
  'x'.repeat(1_000_000), 'cancer-'.repeat(50_000),
];

function summary(hits: readonly EvidenceHit[]): unknown {
  return hits.map(hit => [hit.passage.id, hit.score]);
}

describe('evidence store', function () {
  this.timeout(60_000);
  const documents = syntheticDocuments(200, 31);

  it('finds passages with their documents', async () => {
    const entry: EvidenceDocument = {
      id: 'PMID:0', source: 'literature', title: 'Synthetic entry about interleukin', url: 'https://example.org/0', direction: 'for', drugs: ['made-up-drug'],
      passages: [{ id: 'PMID:0#1', documentId: 'PMID:0', text: 'Nothing here.' }, { id: 'PMID:0#2', documentId: 'PMID:0', section: 'Finding', text: 'Quuxumab lowered IL-6 in Crohn’s disease.' }],
    };
    const store = memoryEvidenceStore([...documents, entry]);
    const [best] = await store.search({ text: 'quuxumab', limit: 5 });
    const { passages, ...header } = entry;
    assert.deepEqual(best!.header, header);
    assert.deepEqual(best!.passage, passages[1]);
    assert.ok(best!.score > 0);
  });

  it('meets names with Greek letters, hyphens and digits however they are written', async () => {
    const names = ['IL-6', '5-FU', 'SGLT2', 'CYP3A4', 'α-synuclein', 'TNFα', 'Crohn’s', 'naïve', 'β2-agonist', 'HbA1c', 'COVID-19'];
    const variants = [['IL6', 'il 6'], ['5FU', '5‐FU'], ['SGLT-2', 'sglt 2'], ['cyp3a4', 'CYP 3A4'], ['alpha-synuclein', 'Α-Synuclein'], ['TNF-alpha', 'TNF-α'],
      ['crohn', 'Crohn\'s'], ['naive'], ['beta-2 agonist', 'β2 agonists'], ['HBA1C'], ['Covid19']];
    const store = memoryEvidenceStore(names.map((name, i) => ({
      id: `D${i}`, source: 'literature', title: '', passages: [{ id: `D${i}#1`, documentId: `D${i}`, text: `words about ${name} only` }],
    })));
    for (const [i, spellings] of variants.entries()) {
      for (const text of [names[i]!, ...spellings]) {
        const [best] = await store.search({ text, limit: 1 });
        assert.equal(best?.header.id, `D${i}`, `${text} should find ${names[i]}`);
      }
    }
  });

  it('keeps to the wanted sources without changing scores or order', async () => {
    const store = memoryEvidenceStore(documents);
    const all = await store.search({ text: 'cancer treatment metformin', limit: 1000 });
    const trials = await store.search({ text: 'cancer treatment metformin', limit: 1000, sources: ['trials', 'labels'] });
    assert.ok(trials.length > 0 && trials.length < all.length);
    assert.deepEqual(summary(trials), summary(all.filter(hit => hit.header.source === 'trials' || hit.header.source === 'labels')));
    assert.deepEqual(await store.search({ text: 'cancer', limit: 10, sources: [] }), []);
  });

  it('gives weight to focus terms, phrases too, even without text', async () => {
    const store = memoryEvidenceStore(documents);
    const plain = await store.search({ text: 'renal failure metformin placebo', limit: 5 });
    const focused = await store.search({ text: 'renal failure metformin placebo', focus: [{ text: 'kidney failure', boost: 20 }], limit: 5 });
    assert.notDeepEqual(summary(focused), summary(plain));
    assert.ok(focused.every(hit => /kidney|failure/i.test(`${hit.header.title} ${hit.passage.text}`)));
    assert.ok((await store.search({ text: '', focus: [{ text: 'kidney', boost: 2 }], limit: 5 })).length > 0);
  });

  it('never throws on odd or huge queries', async () => {
    const store = memoryEvidenceStore(documents);
    const random = randomNumbers(32);
    const queries: EvidenceQuery[] = ODD_TEXTS.map(text => ({ text, limit: 5 }));
    queries.push({ text: randomText(random, 150_000), limit: 5 }, { text: 'cancer', limit: 0 }, { text: 'cancer', limit: -1 }, { text: 'cancer', limit: 1e9 });
    queries.push({ text: 'cancer', limit: 5, focus: ODD_TEXTS.map(text => ({ text, boost: 2 })) });
    for (const query of queries) assert.ok(Array.isArray(await store.search(query)));
    for (const text of ODD_TEXTS.slice(0, 28)) assert.equal(await store.document(text), undefined);
  }).timeout(120_000);

  it('ranks several indexes as one over their union', async () => {
    const directory = await temporaryDirectory();
    const parts = [syntheticDocuments(50, 33), syntheticDocuments(90, 34, 100)];
    const sources = await Promise.all(parts.map(async (part, i) => {
      const path = join(directory, `${i}.kdx`);
      await writeFile(path, await buildEvidenceIndex(part, { name: `${i}` }));
      return { name: `${i}`, path };
    }));
    const several = openEvidenceStore(sources);
    const union = memoryEvidenceStore(parts.flat());
    for (const text of ['cancer', 'metformin placebo renal', 'IL-6 TNFα heart failure 10 mg']) {
      assert.deepEqual(await several.search({ text, limit: 30 }), await union.search({ text, limit: 30 }));
    }
    for (const document of parts.flat()) assert.deepEqual(await several.document(document.id), document);
    assert.deepEqual((await several.info()).map(info => info.name), ['0', '1']);
  });

  it('takes a document that two indexes hold from the later one', async () => {
    const directory = await temporaryDirectory();
    const version = (text: string): EvidenceDocument => ({ id: 'SAME', source: 'trials', title: text, passages: [{ id: 'SAME#1', documentId: 'SAME', text }] });
    const sources = await Promise.all(['older wording', 'newer wording'].map(async (text, i) => {
      const path = join(directory, `${i}.kdx`);
      await writeFile(path, await buildEvidenceIndex([version(text)], { name: text }));
      return { name: text, path };
    }));
    const store = openEvidenceStore(sources);
    assert.deepEqual((await store.search({ text: 'wording', limit: 5 })).map(hit => hit.passage.text), ['newer wording']);
    assert.deepEqual(await store.search({ text: 'older', limit: 5 }), []);
    assert.deepEqual(await store.document('SAME'), version('newer wording'));
  });

  it('refuses an index with other text analysis, and indexes with different settings together', async () => {
    const directory = await temporaryDirectory();
    const isIncompatible = (error: unknown): boolean => error instanceof EvidenceIndexError && error.reason === 'incompatible' && /Build (it|them) again/.test(error.message);
    const source = async (name: string, change: Partial<AnalysisSettings>): Promise<{ name: string; path: string }> => {
      const path = join(directory, `${name}.kdx`);
      await writeFile(path, await buildEvidenceIndex(syntheticDocuments(3, 36), { name, analysis: { ...ANALYSIS, ...change } }));
      return { name, path };
    };
    const [usual, other, parameters] = [await source('usual', {}), await source('other', { id: 'other-rules' }), await source('parameters', { b: 0 })];
    await assert.rejects(openEvidenceStore([other]).search({ text: 'x', limit: 1 }), isIncompatible);
    await assert.rejects(openEvidenceStore([usual, parameters]).search({ text: 'x', limit: 1 }), isIncompatible);
    assert.ok(Array.isArray(await openEvidenceStore([parameters]).search({ text: 'x', limit: 1 })));
  });

  it('is empty without indexes', async () => {
    const store = openEvidenceStore([]);
    assert.deepEqual(await store.search({ text: 'cancer', limit: 5 }), []);
    assert.deepEqual(await store.info(), []);
  });

  it('notices a file that was replaced while open, and uses the new one', async () => {
    const path = join(await temporaryDirectory(), 'changing.kdx');
    await writeFile(path, await buildEvidenceIndex(documents, { name: 'old' }));
    const store = openEvidenceStore([{ name: 'changing', path }]);
    await store.search({ text: 'cancer', limit: 1 });
    const fresh = syntheticDocuments(20, 35, 900);
    await writeFile(path, await buildEvidenceIndex(fresh, { name: 'new' }));
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    const hits = await store.search({ text: 'risk heart', limit: 20 });
    assert.ok(hits.length > 0 && hits.every(hit => fresh.some(document => document.id === hit.header.id)));
  });

  it('stops when cancelled and when closed', async () => {
    const store = memoryEvidenceStore(documents);
    await assert.rejects(store.search({ text: 'cancer', limit: 3 }, AbortSignal.abort()), { name: 'AbortError' });
    await store.dispose();
    await assert.rejects(store.search({ text: 'cancer', limit: 3 }), /closed/);
  });
});

describe('decoded cache', function () {
  this.timeout(60_000);
  const documents = syntheticDocuments(120, 41);
  const query = { text: 'cancer metformin IL-6 renal', limit: 20 };

  async function setUp(): Promise<{ path: string; cacheDir: string; search: () => Promise<readonly EvidenceHit[]> }> {
    const directory = await temporaryDirectory();
    const path = join(directory, 'index.kdx');
    const cacheDir = join(directory, 'storage', 'cache');
    await writeFile(path, await buildEvidenceIndex(documents, { name: 'index' }));
    const search = async (): Promise<readonly EvidenceHit[]> => {
      const store = openEvidenceStore([{ name: 'index', path }], { cacheDir });
      const hits = await store.search(query);
      await store.dispose();
      return hits;
    };
    return { path, cacheDir, search };
  }

  it('is written once, without leftovers, and gives the same answers', async () => {
    const { cacheDir, search } = await setUp();
    const first = await search();
    const names = await readdir(cacheDir);
    assert.equal(names.length, 1);
    const written = await readFile(join(cacheDir, names[0]!));
    assert.deepEqual(await search(), first);
    assert.deepEqual(await readdir(cacheDir), names);
    assert.ok(written.equals(await readFile(join(cacheDir, names[0]!))));
  });

  it('is ignored and written anew when it is damaged', async () => {
    const { cacheDir, search } = await setUp();
    const first = await search();
    const file = join(cacheDir, (await readdir(cacheDir))[0]!);
    const good = await readFile(file);
    for (const bad of [Buffer.alloc(0), Buffer.from('garbage'), good.subarray(0, 200), good.subarray(0, -8), flip(good, 5), flip(good, 40), flip(good, good.length - 9)]) {
      await writeFile(file, bad);
      assert.deepEqual(await search(), first);
      assert.ok(good.equals(await readFile(file)));
    }
  });

  it('does not hide that the index itself was damaged since', async () => {
    const { path, search } = await setUp();
    await search();
    const bytes = await readFile(path);
    bytes[20 + bytes.readUInt32LE(12) + 10]! ^= 255;
    await writeFile(path, bytes);
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    await assert.rejects(search(), (error: unknown) => error instanceof EvidenceIndexError && error.reason === 'corrupt');
  });

  it('is not needed: a directory that cannot be written is no error', async () => {
    const { path } = await setUp();
    const store = openEvidenceStore([{ name: 'index', path }], { cacheDir: path });
    assert.ok((await store.search(query)).length > 0);
    await store.dispose();
  });
});

function flip(bytes: Buffer, place: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[place]! ^= 16;
  return flipped;
}
