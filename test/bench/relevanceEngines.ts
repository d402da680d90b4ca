import lunr from 'lunr';
import { expandingStore } from '../../src/core/evidence/expand';
import { memoryEvidenceStore } from '../../src/core/evidence/memory';
import type { KnowledgeBase } from '../../src/core/recommend/knowledgeBase';
import { plainTerms } from './plainTerms';
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

/** The same with the other names of the drugs and diseases that the query names: what the search commands do. */
function expanded({ terminology }: KnowledgeBase): RelevanceEngine {
  return documents => {
    const store = expandingStore(storeOf(documents), terminology);
    return async (text, limit) => (await store.search({ text, limit })).map(({ header }) => header.id);
  };
}

/** Okapi BM25 as Anserini sets it (k1 0.9, b 0.4; title and text as one; Porter stems). Every term of the query counts as often as it comes. */
function bm25(k1: number, b: number): RelevanceEngine {
  return documents => {
    const postings = new Map<string, { document: number; count: number }[]>();
    const lengths = documents.map(({ title, text }, document) => {
      const terms = plainTerms(`${title} ${text}`);
      const counts = new Map<string, number>();
      for (const term of terms) { counts.set(term, (counts.get(term) ?? 0) + 1); }
      for (const [term, count] of counts) { const list = postings.get(term); if (list) { list.push({ document, count }); } else { postings.set(term, [{ document, count }]); } }
      return terms.length;
    });
    const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    return (text, count) => {
      const scores = new Map<number, number>();
      for (const term of plainTerms(text)) {
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
    ['BM25 (k1 0.7, b 0.95: ours)', bm25(0.7, 0.95)],
    ['shipped', shipped],
    ['shipped + synonyms', expanded(knowledge)],
  ]);
}
