import assert from 'node:assert/strict';
import type { AnalysisSettings } from '../../../src/core/evidence/analysis';
import type { CompactLunrIndex } from '../../../src/core/evidence/lunrIndex';
import { lunr } from '../../../src/core/evidence/lunrInternals';
import type { LunrIndex, LunrQuery, LunrResult } from '../../../src/core/evidence/lunrInternals';
import type { EvidenceDocument } from '../../../src/core/evidence/types';
import { beirDocuments, compactIndexOf, lunrIndexOf, randomNumbers, readJsonLines, syntheticDocuments, testData } from './support';

const TWO_FIELDS: AnalysisSettings = { id: 'test-two-fields', fields: ['title', 'text'], k1: 1.2, b: 0.75 };

function assertSameResults(actual: readonly LunrResult[], expected: readonly LunrResult[], query: string): void {
  assert.deepEqual(actual.map(result => result.ref), expected.map(result => result.ref), `documents or order differ for ${query}`);
  actual.forEach((result, i) => {
    assert.ok(Math.abs(result.score - expected[i]!.score) <= 1e-6, `score ${i} of ${query}: ${result.score}, Lunr ${expected[i]!.score}`);
  });
}

function assertSameMatches(actual: readonly LunrResult[], expected: readonly LunrResult[], query: string): void {
  actual.slice(0, 5).forEach((result, i) => {
    const plain = (data: object): unknown => JSON.parse(JSON.stringify(data));
    assert.deepEqual(plain(result.matchData.metadata), plain(expected[i]!.matchData.metadata), `match data ${i} of ${query}`);
  });
}

/** A random query of Lunr's language over the vocabulary of the documents. */
function randomQuery(random: () => number, words: readonly string[], fields: readonly string[]): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const clauses = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
    let term = pick(words).replace(/[:~^*+\\-]/g, '') || 'x';
    const kind = random();
    if (kind < 0.08 && term.length > 2) term = `${term.slice(0, 2)}*`;
    else if (kind < 0.12 && term.length > 3) term = `*${term.slice(2)}`;
    else if (kind < 0.18 && term.length > 3) term = `${term}~1`;
    else if (kind < 0.3) term = `${term}^${1 + Math.floor(random() * 5)}`;
    if (random() < 0.1) term = `${pick(fields)}:${term}`;
    const presence = random();
    return (presence < 0.1 ? '+' : presence < 0.18 ? '-' : '') + term;
  });
  return clauses.join(' ');
}

function compareOnRandomQueries(compact: CompactLunrIndex, reference: LunrIndex, words: readonly string[], count: number, seed: number): void {
  const random = randomNumbers(seed);
  for (let i = 0; i < count; i++) {
    const query = randomQuery(random, words, reference.fields);
    // Lunr fails on a required term that its pipeline drops ("+the").
    const message = errorOf(() => reference.search(query));
    if (message !== undefined) {
      assert.equal(errorOf(() => compact.search(query)), message, query);
      continue;
    }
    const actual = compact.search(query);
    const expected = reference.search(query);
    assertSameResults(actual, expected, query);
    assertSameMatches(actual, expected, query);
  }
}

function compareBest(compact: CompactLunrIndex, reference: LunrIndex, text: string, limit: number): void {
  const build = (query: LunrQuery): void => {
    for (const [i, term] of compact.pipeline.runString(text).entries()) query.term(term, { usePipeline: false, boost: 1 + (i % 3) });
  };
  const expected = reference.query(build);
  assertSameResults(compact.query(build), expected, text);
  if (compact.pipeline.runString(text).length === 0) return;
  const best = compact.best(build, limit).map(({ passage, score }) => ({ ref: compact.reference(passage), score }));
  assertSameResults(best as LunrResult[], expected.slice(0, limit), text);
}

function wordsIn(documents: readonly EvidenceDocument[]): string[] {
  const text = documents.map(document => [document.title, ...document.passages.map(passage => passage.text)].join(' ')).join(' ');
  return [...new Set(text.toLowerCase().split(/[\s-]+/).filter(word => word !== ''))];
}

describe('CompactLunrIndex gives what lunr.Index gives', () => {
  const documents = syntheticDocuments(200, 1);

  it('for random queries of Lunr’s whole language on synthetic text, one field', async () => {
    compareOnRandomQueries(await compactIndexOf([documents]), lunrIndexOf(documents), wordsIn(documents), 400, 2);
  }).timeout(300_000);

  it('for random queries on synthetic text, two fields', async () => {
    compareOnRandomQueries(await compactIndexOf([documents], TWO_FIELDS), lunrIndexOf(documents, TWO_FIELDS), wordsIn(documents), 300, 3);
  }).timeout(300_000);

  it('for the best few, ties included', async () => {
    const compact = await compactIndexOf([documents]);
    const reference = lunrIndexOf(documents);
    const random = randomNumbers(4);
    const words = wordsIn(documents);
    for (let i = 0; i < 100; i++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 30) }, () => words[Math.floor(random() * words.length)]).join(' ');
      compareBest(compact, reference, text, 1 + Math.floor(random() * 20));
    }
  }).timeout(300_000);

  it('for several indexes ranked as one', async () => {
    const parts = [syntheticDocuments(120, 5), syntheticDocuments(40, 6, 1000), syntheticDocuments(200, 7, 5000)];
    for (const settings of [undefined, TWO_FIELDS]) {
      compareOnRandomQueries(await compactIndexOf(parts, settings), lunrIndexOf(parts.flat(), settings), wordsIn(parts.flat()), 120, 8);
    }
  }).timeout(300_000);

  it('where a later index holds the same documents, by those of the later one', async () => {
    const earlier = syntheticDocuments(60, 9);
    const later = syntheticDocuments(30, 10, 31);
    const union = [...earlier.slice(0, 30), ...later];
    compareOnRandomQueries(await compactIndexOf([earlier, later]), lunrIndexOf(union), wordsIn(union), 150, 11);
  }).timeout(300_000);

  it('in its JSON form: every term number, posting and score, of one index or several, and Lunr can load it', async () => {
    for (const settings of [undefined, TWO_FIELDS]) {
      const expected: unknown = JSON.parse(JSON.stringify(lunrIndexOf(documents, settings)));
      for (const parts of [[documents], [documents.slice(0, 90), documents.slice(90, 91), documents.slice(91)]]) {
        const compact = await compactIndexOf(parts, settings);
        const json = JSON.parse(JSON.stringify(compact)) as object;
        assert.deepEqual(json, expected);
        assertSameResults(lunr.Index.load(json).search('cancer +trial renal*'), compact.search('cancer +trial renal*'), 'loaded');
      }
    }
  }).timeout(300_000);

  it('for queries that Lunr refuses: the same error', async () => {
    const compact = await compactIndexOf([documents]);
    const reference = lunrIndexOf(documents);
    for (const query of ['nofield:x', 'text:', 'x^', 'x~y', '+']) {
      const message = errorOf(() => reference.search(query));
      assert.notEqual(message, undefined);
      assert.equal(errorOf(() => compact.search(query)), message);
    }
  });
});

describe('CompactLunrIndex on real text (SciFact)', function () {
  this.timeout(300_000);

  it('gives what lunr.Index gives for every claim and for random queries', async function () {
    const corpus = testData('scifact/corpus.jsonl.gz');
    const queries = testData('scifact/queries.jsonl');
    if (corpus === undefined || queries === undefined) return this.skip();
    const documents = beirDocuments(readJsonLines(corpus).slice(0, 700));
    const reference = lunrIndexOf(documents);
    const compact = await compactIndexOf([documents.slice(0, 250), documents.slice(250)]);
    for (const { text } of readJsonLines(queries)) compareBest(compact, reference, text, 10);
    for (const { text } of readJsonLines(corpus).slice(0, 60)) compareBest(compact, reference, text, 100);
    compareOnRandomQueries(compact, reference, wordsIn(documents), 150, 12);
  });
});

function errorOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
