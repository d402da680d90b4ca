import type { EvidenceStore } from '../evidence/types';
import type { Query } from './beir';
import { ndcgAt, recallAt, reciprocalRankAt, type Judgements } from './retrievalMetrics';
import { mean, percentile } from './statistics';

/** How well an index answers judged queries; shares from 0 to 1, times in milliseconds. */
export interface RetrievalReport {
  readonly schema: 'kedrec.evaluation.retrieval/1';
  readonly indexes: readonly string[];
  /** Queries with at least one relevant document: these are averaged over. */
  readonly queries: number;
  readonly queriesWithoutRelevant: number;
  readonly ndcgAt10: number;
  readonly recallAt100: number;
  readonly mrrAt10: number;
  /** Relevant documents that no index holds; they count as not found. */
  readonly missingDocuments: number;
  readonly missingExamples: readonly string[];
  /** For the first ten results with their text, once the indexes are open. */
  readonly milliseconds: { readonly p50: number; readonly p95: number };
  readonly perQuery: readonly { readonly id: string; readonly ndcgAt10: number; readonly recallAt100: number; readonly mrrAt10: number; readonly milliseconds: number }[];
}

const shown = 10;
const deep = 100;

/** Searches every judged query and scores what comes. Documents are compared by id, with or without its prefix (`PMID:1` is also `1`). */
export async function evaluateRetrieval(store: EvidenceStore, queries: readonly Query[], qrels: ReadonlyMap<string, Judgements>, signal?: AbortSignal): Promise<RetrievalReport> {
  const judged = queries.flatMap(query => { const judgements = qrels.get(query.id); return judgements ? [{ query, judgements }] : []; });
  const usable = judged.filter(({ judgements }) => [...judgements.values()].some(grade => grade > 0));
  const missing = await missingDocuments(store, usable.map(({ judgements }) => judgements));
  // Opens the indexes, so that the first query is like the others.
  await store.search({ text: usable[0]?.query.text ?? 'drug', limit: 1 }, signal);
  const perQuery: RetrievalReport['perQuery'][number][] = [];
  for (const { query, judgements } of usable) {
    const started = performance.now();
    await store.search({ text: query.text, limit: shown }, signal);
    const milliseconds = performance.now() - started;
    const ranking = (await rankDocuments(store, query.text, signal)).map(id => asJudged(id, judgements));
    perQuery.push({ id: query.id, ndcgAt10: ndcgAt(shown, ranking, judgements), recallAt100: recallAt(deep, ranking, judgements), mrrAt10: reciprocalRankAt(shown, ranking, judgements), milliseconds });
  }
  const times = perQuery.map(({ milliseconds }) => milliseconds);
  return {
    schema: 'kedrec.evaluation.retrieval/1', indexes: (await store.info()).map(({ name, version }) => `${name}@${version}`), queries: usable.length, queriesWithoutRelevant: queries.length - usable.length,
    ndcgAt10: mean(perQuery.map(entry => entry.ndcgAt10)), recallAt100: mean(perQuery.map(entry => entry.recallAt100)), mrrAt10: mean(perQuery.map(entry => entry.mrrAt10)),
    missingDocuments: missing.length, missingExamples: missing.slice(0, 5), milliseconds: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }, perQuery,
  };
}

/** The best documents, each at the place of its best passage. */
async function rankDocuments(store: EvidenceStore, text: string, signal: AbortSignal | undefined): Promise<string[]> {
  for (let limit = deep; ; limit *= 4) {
    const hits = await store.search({ text, limit }, signal);
    const ids = [...new Set(hits.map(({ header }) => header.id))];
    // Long articles may fill the list with many passages of few documents.
    if (ids.length >= deep || hits.length < limit) { return ids.slice(0, deep); }
  }
}

function asJudged(id: string, judgements: Judgements): string {
  return judgements.has(id) ? id : withoutPrefix(id);
}

function withoutPrefix(id: string): string { return id.replace(/^[A-Za-z]+:/, ''); }

async function missingDocuments(store: EvidenceStore, all: readonly Judgements[]): Promise<string[]> {
  const relevant = new Set(all.flatMap(judgements => [...judgements].filter(([, grade]) => grade > 0).map(([id]) => id)));
  const missing: string[] = [];
  for (const id of relevant) {
    if (!await store.document(id) && !await store.document(`PMID:${id}`)) { missing.push(id); }
  }
  return missing;
}
