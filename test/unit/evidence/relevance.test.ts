import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { memoryEvidenceStore } from '../../../src/core/evidence/memory';
import { beirDocuments, readJsonLines, testData } from './support';

/** Gain of a ranking of relevant and other documents against the best possible one, over the first ten. */
function ndcg10(ranked: readonly string[], relevant: ReadonlySet<string>): number {
  const discount = (place: number): number => 1 / Math.log2(place + 2);
  const gained = ranked.slice(0, 10).reduce((sum, id, place) => sum + (relevant.has(id) ? discount(place) : 0), 0);
  const possible = Array.from({ length: Math.min(10, relevant.size) }, (_, place) => discount(place)).reduce((sum, gain) => sum + gain, 0);
  return gained / possible;
}

describe('relevance on judged claims (SciFact test set)', function () {
  this.timeout(300_000);

  it('is ahead of Anserini’s BM25 (nDCG@10 0.679)', async function () {
    const files = ['scifact/corpus.jsonl.gz', 'scifact/queries.jsonl', 'scifact/qrels.test.tsv'].map(testData);
    if (files.includes(undefined)) return this.skip();
    const [corpus, queries, judgments] = files as [string, string, string];
    const relevant = new Map<string, Set<string>>();
    for (const line of readFileSync(judgments, 'utf8').trim().split('\n').slice(1)) {
      const [query, document, grade] = line.split('\t') as [string, string, string];
      if (Number(grade) > 0) relevant.set(query, (relevant.get(query) ?? new Set()).add(`PMID:${document}`));
    }
    const store = memoryEvidenceStore(beirDocuments(readJsonLines(corpus)));
    let ndcg = 0;
    let recall = 0;
    for (const { _id, text } of readJsonLines(queries)) {
      const wanted = relevant.get(String(_id));
      if (wanted === undefined) continue;
      const ranked = (await store.search({ text, limit: 100 })).map(hit => hit.header.id);
      ndcg += ndcg10(ranked, wanted) / relevant.size;
      recall += ranked.filter(id => wanted.has(id)).length / wanted.size / relevant.size;
    }
    console.log(`      nDCG@10 ${ndcg.toFixed(4)}, recall@100 ${recall.toFixed(4)} over ${relevant.size} claims`);
    assert.ok(ndcg >= 0.7, `nDCG@10 ${ndcg}`);
    assert.ok(recall >= 0.93, `recall@100 ${recall}`);
  });
});
