// Relevance on judged sets, as a Markdown table: npx tsx test/bench/relevance.ts [NAME OF A SET]. KEDREC_TEST_DATA names the test data.
import { join } from 'node:path';
import { ndcgAt, recallAt, reciprocalRankAt } from '../../src/core/evaluation/retrievalMetrics';
import { mean } from '../../src/core/evaluation/statistics';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { loadCorpus } from '../../tools/corpus/load';
import { requireData } from './realTexts';
import { relevanceEngines } from './relevanceEngines';
import { bioasq, pubmedqa, pubmedqaLong, scifact, trecTrials } from './relevanceSets';

requireData('scifact/corpus.jsonl.gz', 'scifact/qrels.test.tsv', 'bioasq/9B1_golden.json', 'pubmedqa/ori_pqal.json', 'trec-ct/trec_2021/test.tsv', 'ctgov/hint');
const engines = relevanceEngines(openKnowledge(JSON.stringify(loadCorpus(join(import.meta.dirname, '../../corpus')).knowledge)));
const wanted = process.argv[2]?.toLowerCase();

console.log('| set | search | nDCG@10 (first half, second half) | recall@100 | MRR@10 |\n| --- | --- | --- | --- | --- |');
for (const make of [scifact, bioasq, pubmedqa, pubmedqaLong, trecTrials]) {
  const { name, documents, queries, qrels } = make();
  if (wanted && !name.toLowerCase().includes(wanted)) { continue; }
  // Weights and limits of the query plan and of the other names were chosen on the first half (every other query); the second half checks them.
  const judged = queries.filter(({ id }) => [...(qrels.get(id)?.values() ?? [])].some(grade => grade > 0));
  for (const [engine, open] of engines) {
    const search = open(documents);
    const scores: { ndcg: number; recall: number; mrr: number }[] = [];
    for (const { id, text } of judged) {
      const ranking = await search(text, 100);
      const judgements = qrels.get(id)!;
      scores.push({ ndcg: ndcgAt(10, ranking, judgements), recall: recallAt(100, ranking, judgements), mrr: reciprocalRankAt(10, ranking, judgements) });
    }
    const cell = (of: 'ndcg' | 'recall' | 'mrr', part = scores) => mean(part.map(score => score[of])).toFixed(3);
    const halves = [0, 1].map(half => cell('ndcg', scores.filter((_, i) => i % 2 === half))).join(', ');
    console.log(`| ${name} (${judged.length} of ${documents.length}) | ${engine} | ${cell('ndcg')} (${halves}) | ${cell('recall')} | ${cell('mrr')} |`);
  }
}
