import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import lunr from 'lunr';
import { Analyzer } from '../../src/core/evidence/analysis';
import { buildEvidenceIndexParts } from '../../src/core/evidence/build';
import { fileSource } from '../../src/core/evidence/byteSource';
import { IndexFile } from '../../src/core/evidence/indexFile';
import { CompactLunrIndex } from '../../src/core/evidence/lunrIndex';
import { openRanking } from '../../src/core/evidence/openRanking';
import { planQuery } from '../../src/core/evidence/plan';
import { openEvidenceStore } from '../../src/core/evidence/store';
import type { EvidenceDocument } from '../../src/core/evidence/types';
import type { BenchDocument } from './indexCorpus';
import { PEERS } from './indexPeers';
import { BOUND } from './indexBound';

export type BenchSearch = (text: string, limit: number) => unknown;

/** An engine under measurement. Each phase runs in a process of its own. */
export interface BenchEngine {
  /** Loads what the engine is made of; not measured. */
  load?(): Promise<void>;
  build(documents: Iterable<BenchDocument>, directory: string): Promise<void>;
  /** Bytes that would be shipped, compressed. */
  shippedBytes(directory: string): number;
  /** Puts the directory into the state in which `open` is measured. */
  prepare?(directory: string): Promise<void>;
  open(directory: string): Promise<BenchSearch>;
}

const jsonFile = (directory: string): string => join(directory, 'lunr.json');
const kdxFile = (directory: string): string => join(directory, 'index.kdx');
const cacheDir = (directory: string): string => join(directory, 'cache');

function* asEvidence(documents: Iterable<BenchDocument>): Generator<EvidenceDocument> {
  let number = 0;
  for (const { title, text } of documents) {
    const id = `D${number++}`;
    yield { id, source: 'literature', title, passages: [{ id: `${id}#1`, documentId: id, text }] };
  }
}

/** Size of the file without headers and texts, which Lunr's JSON does not hold either. */
function bytesWithoutText(directory: string): number {
  const bytes = readFileSync(kdxFile(directory));
  const head = JSON.parse(bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(12))) as { sections: Record<string, { length: number }> };
  return statSync(kdxFile(directory)).size - head.sections['headers']!.length - head.sections['passages']!.length;
}

async function buildKdx(documents: Iterable<BenchDocument>, directory: string, compression: 'small' | 'fast'): Promise<void> {
  writeFileSync(kdxFile(directory), '');
  for (const part of await buildEvidenceIndexParts(asEvidence(documents), { name: 'bench', compression })) appendFileSync(kdxFile(directory), part);
}

async function openIndexOnly(directory: string, cached: boolean): Promise<BenchSearch> {
  const file = await IndexFile.open('bench', fileSource(kdxFile(directory)));
  const { ranking } = openRanking([file], cached ? cacheDir(directory) : undefined);
  const index = new CompactLunrIndex(ranking);
  const analyzer = new Analyzer();
  return (text, limit) => {
    const terms = planQuery({ text }, index, analyzer);
    return index.best(query => terms.forEach(({ term, boost }) => query.term(term, { usePipeline: false, boost })), limit).map(({ passage }) => index.reference(passage));
  };
}

async function fillCache(directory: string): Promise<void> {
  rmSync(cacheDir(directory), { recursive: true, force: true });
  const store = openEvidenceStore([{ name: 'bench', path: kdxFile(directory) }], { cacheDir: cacheDir(directory) });
  await store.search({ text: 'warm', limit: 1 });
  await store.dispose();
}

const kdx: BenchEngine = {
  build: (documents, directory) => buildKdx(documents, directory, 'fast'),
  shippedBytes: bytesWithoutText,
  open: directory => openIndexOnly(directory, false),
};

export const ENGINES: Readonly<Record<string, BenchEngine>> = {
  'lunr JSON': {
    async build(documents, directory) {
      const index = lunr(builder => {
        builder.ref('id');
        builder.field('title');
        builder.field('text');
        for (const document of documents) builder.add(document);
      });
      writeFileSync(jsonFile(directory), JSON.stringify(index));
    },
    shippedBytes: directory => gzipSync(readFileSync(jsonFile(directory))).length,
    async open(directory) {
      const index = lunr.Index.load(JSON.parse(readFileSync(jsonFile(directory), 'utf8')) as object);
      return (text, limit) => index.search(text.replace(/[:~^*+-]/g, ' ')).slice(0, limit);
    },
  },
  ...PEERS,
  'bound: BM25 by hand': BOUND,
  'kdx file': kdx,
  'kdx file, small': { ...kdx, build: (documents, directory) => buildKdx(documents, directory, 'small') },
  'kdx cache': { ...kdx, prepare: fillCache, open: directory => openIndexOnly(directory, true) },
  'kdx cache, with text': {
    ...kdx,
    shippedBytes: directory => statSync(kdxFile(directory)).size,
    prepare: fillCache,
    async open(directory) {
      const store = openEvidenceStore([{ name: 'bench', path: kdxFile(directory) }], { cacheDir: cacheDir(directory) });
      return (text, limit) => store.search({ text, limit });
    },
  },
};
