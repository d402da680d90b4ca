import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ANALYSIS, configureLunr } from '../../../src/core/evidence/analysis';
import type { AnalysisSettings } from '../../../src/core/evidence/analysis';
import { buildEvidenceIndex } from '../../../src/core/evidence/build';
import { memorySource } from '../../../src/core/evidence/byteSource';
import { IndexFile } from '../../../src/core/evidence/indexFile';
import { CompactLunrIndex } from '../../../src/core/evidence/lunrIndex';
import { lunr } from '../../../src/core/evidence/lunrInternals';
import type { LunrIndex } from '../../../src/core/evidence/lunrInternals';
import { openRanking } from '../../../src/core/evidence/openRanking';
import type { EvidenceDocument, EvidenceSource } from '../../../src/core/evidence/types';

/** Repeatable random numbers in [0, 1) (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const WORDS = ('alpha beta gamma cancer cancers treatment treated IL-6 5-FU SGLT2 CYP3A4 α-synuclein TNFα the of and with Crohn’s naïve '
  + 'metformin placebo trial trials randomised risk risks mg renal kidney failure heart blood pressure x y z 2 10 100').split(' ');

/** A text of made-up word order; Zipf-like, so that there are common and rare words and many equal scores. */
export function randomText(random: () => number, words: number): string {
  return Array.from({ length: words }, () => WORDS[Math.floor(random() ** 2 * WORDS.length)]).join(' ');
}

const SOURCES: readonly EvidenceSource[] = ['trials', 'literature', 'labels', 'knowledge-graph'];

/** Synthetic documents with ids from `first` on. */
export function syntheticDocuments(count: number, seed: number, first = 1): EvidenceDocument[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const id = `DOC${first + i}`;
    const passages = Array.from({ length: 1 + Math.floor(random() * 3) }, (_unused, n) => ({
      id: `${id}#${n + 1}`,
      documentId: id,
      ...(n === 1 ? { section: 'Results' } : {}),
      text: randomText(random, Math.floor(random() * 30)),
    }));
    return { id, source: SOURCES[Math.floor(random() * 4)]!, title: randomText(random, 3), year: 2000 + (i % 20), passages };
  });
}

/** The same passages in Lunr itself. */
export function lunrIndexOf(documents: readonly EvidenceDocument[], settings: AnalysisSettings = ANALYSIS): LunrIndex {
  const builder = new lunr.Builder();
  configureLunr(builder, settings);
  for (const document of documents) {
    for (const { id, text } of document.passages) {
      builder.add(settings.fields.length === 1 ? { id, text: `${document.title}\n${text}` } : { id, title: document.title, text });
    }
  }
  return builder.build();
}

/** Builds, writes out, reads back and ranks, as one index over all parts. */
export async function compactIndexOf(parts: readonly (readonly EvidenceDocument[])[], settings: AnalysisSettings = ANALYSIS): Promise<CompactLunrIndex> {
  const files = [];
  for (const [i, documents] of parts.entries()) {
    const bytes = await buildEvidenceIndex(documents, { name: `part ${i}`, analysis: settings });
    files.push(await IndexFile.open(`part ${i}`, memorySource(`part ${i}`, () => bytes)));
  }
  return new CompactLunrIndex(openRanking(files, undefined).ranking);
}

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'kedrec-evidence-'));
}

/** A file of the test data, or undefined with a message where it is absent. */
export function testData(path: string): string | undefined {
  const file = resolve(process.env['KEDREC_TEST_DATA'] ?? '../shared/data', path);
  if (existsSync(file)) return file;
  console.log(`      skipped: no ${file} (set KEDREC_TEST_DATA)`);
  return undefined;
}

interface BeirRecord {
  readonly _id: string | number;
  readonly title?: string;
  readonly text: string;
}

export function readJsonLines(file: string): BeirRecord[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as BeirRecord);
}

/** Abstracts of a BEIR corpus as one-passage documents. */
export function beirDocuments(records: readonly BeirRecord[]): EvidenceDocument[] {
  return records.map(({ _id, title, text }) => {
    const id = `PMID:${_id}`;
    return { id, source: 'literature', title: title ?? '', passages: [{ id: `${id}#1`, documentId: id, text }] };
  });
}
