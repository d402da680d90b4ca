import lunr from 'lunr';
import { memoryEvidenceStore } from '../../src/core/evidence/memory';
import type { KnowledgeBase } from '../../src/core/recommend/knowledgeBase';
import { questionNames } from '../../src/core/recommend/names';
import type { PlainDocument } from './relevanceSets';

/** Ids of the best documents, best first. */
export type Search = (text: string, count: number) => Promise<readonly string[]>;
export type RelevanceEngine = (documents: readonly PlainDocument[]) => Search;

/** Lunr as it comes: two fields, its own pipeline and query parser. A query that its parser throws on finds nothing. */
function lunrAsItIs(prepare: (text: string) => string): RelevanceEngine {
  return documents => {
    const index = lunr(function () {
      this.ref('id');
      this.field('title');
      this.field('text');
      for (const document of documents) { this.add(document); }
    });
    return (text, count) => {
      try { return Promise.resolve(index.search(prepare(text)).slice(0, count).map(({ ref }) => ref)); } catch (error) {
        if (error instanceof lunr.QueryParseError || error instanceof Error) { return Promise.resolve([]); }
        throw error;
      }
    };
  };
}

function storeOf(documents: readonly PlainDocument[]) {
  return memoryEvidenceStore(documents.map(({ id, title, text }) => ({ id, source: 'literature' as const, title, passages: [{ id: `${id}#1`, documentId: id, text }] })));
}

const shipped: RelevanceEngine = documents => {
  const store = storeOf(documents);
  return async (text, limit) => (await store.search({ text, limit })).map(({ header }) => header.id);
};

/** The shipped search with the other names of the drugs and diseases that the query names. */
function expanded({ terminology, graph }: KnowledgeBase): RelevanceEngine {
  const names = questionNames({ terminology, graph });
  return documents => {
    const store = storeOf(documents);
    return async (text, limit) => {
      const found = terminology.find(text);
      const others = found.flatMap(({ kind, conceptId }) => {
        const concept = kind === 'drug' ? graph.drug(conceptId) : kind === 'disease' ? graph.disease(conceptId) : undefined;
        return concept ? [concept.name, ...concept.abbreviations, ...concept.synonyms].slice(0, 4) : [];
      });
      const known = names.mentioned(text).diseases.size + names.mentioned(text).drugs.size;
      return (await store.search({ text, limit, focus: known > 0 ? [...new Set(others)].map(name => ({ text: name, boost: 0.15 })) : [] })).map(({ header }) => header.id);
    };
  };
}

/** Lucene's stop words. */
const stopWords = new Set('a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(' '));
const stemmed = new Map<string, string>();

function luceneTerms(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter(word => !stopWords.has(word)).map(word => {
    let stem = stemmed.get(word);
    if (stem === undefined) { stemmed.set(word, stem = lunr.stemmer(new lunr.Token(word, {})).toString()); }
    return stem;
  });
}

/** Okapi BM25 as Anserini sets it (k1 0.9, b 0.4; title and text as one; Porter stems). Every term of the query counts as often as it comes. */
function bm25(k1: number, b: number): RelevanceEngine {
  return documents => {
    const postings = new Map<string, { document: number; count: number }[]>();
    const lengths = documents.map(({ title, text }, document) => {
      const terms = luceneTerms(`${title} ${text}`);
      const counts = new Map<string, number>();
      for (const term of terms) { counts.set(term, (counts.get(term) ?? 0) + 1); }
      for (const [term, count] of counts) { const list = postings.get(term); if (list) { list.push({ document, count }); } else { postings.set(term, [{ document, count }]); } }
      return terms.length;
    });
    const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    return (text, count) => {
      const scores = new Map<number, number>();
      for (const term of luceneTerms(text)) {
        const list = postings.get(term) ?? [];
        const idf = Math.log(1 + (documents.length - list.length + 0.5) / (list.length + 0.5));
        for (const { document, count: often } of list) { scores.set(document, (scores.get(document) ?? 0) + (idf * often * (k1 + 1)) / (often + k1 * (1 - b + (b * lengths[document]!) / average))); }
      }
      return Promise.resolve([...scores].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, count).map(([document]) => documents[document]!.id));
    };
  };
}

export function relevanceEngines(knowledge: KnowledgeBase): ReadonlyMap<string, RelevanceEngine> {
  return new Map<string, RelevanceEngine>([
    ['lunr `search(text)`', lunrAsItIs(text => text)],
    ['lunr, text without signs', lunrAsItIs(text => text.replace(/[^\p{L}\p{N}]+/gu, ' '))],
    ['BM25 (k1 0.9, b 0.4)', bm25(0.9, 0.4)],
    ['BM25 (k1 1.2, b 0.75)', bm25(1.2, 0.75)],
    ['shipped', shipped],
    ['shipped + synonyms', expanded(knowledge)],
  ]);
}
