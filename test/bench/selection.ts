// Measures drug selection by the evidence engine: npx tsx test/bench/selection.ts [--every N] [--only NAME] [--synonyms] [--details FILE]. KEDREC_TEST_DATA names the test data.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluateSelection, type SelectionReport } from '../../src/core/evaluation/selection';
import { shareOf, type Share } from '../../src/core/evaluation/statistics';
import { buildEvidenceIndex } from '../../src/core/evidence/build';
import { memorySource } from '../../src/core/evidence/byteSource';
import { expandingStore } from '../../src/core/evidence/expand';
import { IndexedEvidenceStore } from '../../src/core/evidence/store';
import type { EvidenceStore } from '../../src/core/evidence/types';
import type { KnowledgeBase } from '../../src/core/recommend/knowledgeBase';
import { openKnowledge } from '../../src/core/recommend/knowledgeBase';
import { loadCorpus } from '../../tools/corpus/load';
import { evidenceDocuments, requireData } from './realTexts';
import { selectionTriples } from './selectionTriples';

const { values } = parseArgs({ options: { every: { type: 'string', default: '1' }, only: { type: 'string' }, synonyms: { type: 'boolean', default: false }, details: { type: 'string' }, triples: { type: 'string' } } });
requireData('pharmacotherapydb/indications.tsv', 'drugcentral-rephetio/indications.tsv', 'scifact/corpus.jsonl.gz', 'bc5cdr/CDR_TrainingSet.PubTator.txt.gz');

const corpus = loadCorpus(join(import.meta.dirname, '../../corpus'));
const errors = corpus.problems.filter(({ level }) => level === 'error');
if (errors.length > 0) { throw new Error(`The corpus has errors, the first: ${JSON.stringify(errors[0])}`); }
const knowledge: KnowledgeBase = openKnowledge(JSON.stringify(corpus.knowledge));
const texts = evidenceDocuments();
const triples = selectionTriples(texts).filter((_, index) => index % Number(values.every) === 0);
if (values.triples) { writeFileSync(values.triples, ['disease\trelevant\tirrelevant', ...triples.map(({ disease, relevant, irrelevant }) => `${disease}\t${relevant}\t${irrelevant}`)].join('\n') + '\n'); }

const bundledBytes = await buildEvidenceIndex(corpus.evidence, { name: 'bundled' });
const textBytes = await buildEvidenceIndex(texts, { name: 'texts' });
const bundled = { name: 'bundled', bytes: memorySource('bundled', () => Promise.resolve(bundledBytes)) };
const outside = { name: 'texts', bytes: memorySource('texts', () => Promise.resolve(textBytes)) };

/** No name is known: every drug and disease is one of the question only. */
const nothingKnown = openKnowledge(JSON.stringify({ version: 'empty', diseases: [], classes: [], drugs: [] }));

const runs: readonly { name: string; store: () => EvidenceStore; graph: boolean; condition: 'both' | 'none'; knowledge?: KnowledgeBase }[] = [
  { name: 'graph alone', store: () => new IndexedEvidenceStore([bundled]), graph: true, condition: 'none' },
  { name: 'evidence alone, bundled', store: () => new IndexedEvidenceStore([bundled]), graph: false, condition: 'both' },
  { name: 'evidence alone, texts', store: () => new IndexedEvidenceStore([outside]), graph: false, condition: 'both' },
  { name: 'evidence alone, bundled + texts', store: () => new IndexedEvidenceStore([bundled, outside]), graph: false, condition: 'both' },
  { name: 'evidence alone, texts, no terminology', store: () => new IndexedEvidenceStore([outside]), graph: false, condition: 'both', knowledge: nothingKnown },
  { name: 'graph + bundled', store: () => new IndexedEvidenceStore([bundled]), graph: true, condition: 'both' },
  { name: 'graph + bundled + texts', store: () => new IndexedEvidenceStore([bundled, outside]), graph: true, condition: 'both' },
];

/** Every other disease: figures for changes are chosen on the first half and checked on the second. */
const diseases = [...new Set(triples.map(({ disease }) => disease))].sort();
const halves = [0, 1].map(half => new Set(diseases.filter((_, index) => index % 2 === half)));
const byHalf = ({ perTriple }: SelectionReport) => halves.map(half => {
  const part = perTriple.filter(({ disease }) => half.has(disease));
  const correct = part.filter(({ outcome }) => outcome === 'correct').length;
  const answered = part.filter(({ outcome }) => outcome !== 'abstained').length;
  return `${(100 * (shareOf(correct, part.length).value ?? 0)).toFixed(1)} / ${(100 * (shareOf(correct, answered).value ?? 0)).toFixed(1)} (${part.length})`;
}).join(' | ');

const percent = ({ value, interval95 }: Share) => (value === null ? '–' : `${(100 * value).toFixed(1)} (${(100 * interval95![0]).toFixed(1)}–${(100 * interval95![1]).toFixed(1)})`);
console.log(`${triples.length} triples over ${new Set(triples.map(({ disease }) => disease)).size} diseases; ${corpus.evidence.length} bundled entries, ${texts.length} other texts\n`);
console.log('| decided by | accuracy, all % (95 %) | accuracy, answered % (95 %) | abstained % (95 %) | F1 | first half of the diseases: all / answered (triples) | second half | s |\n| --- | --- | --- | --- | --- | --- | --- | --- |');
const reports: (SelectionReport & { name: string })[] = [];
for (const { name, store, graph, condition, knowledge: known = knowledge } of runs) {
  if (values.only && !name.includes(values.only)) { continue; }
  const opened = values.synonyms ? expandingStore(store(), known.terminology) : store();
  const started = Date.now();
  const report = await evaluateSelection(triples, known, opened, { graph, condition, seed: 1, passagesPerCandidate: 5 }, new AbortController().signal);
  reports.push({ ...report, name });
  console.log(`| ${name} | ${percent(report.accuracy)} | ${percent(report.accuracyAnswered)} | ${percent(report.abstained)} | ${report.f1?.toFixed(3) ?? '–'} | ${byHalf(report)} | ${((Date.now() - started) / 1000).toFixed(0)} |`);
  await opened.dispose();
}
const first = reports[0];
if (first) { console.log(`\nNot in the terminology: ${first.unknown.diseases.length} diseases (${first.unknown.diseases.join(', ')}), ${first.unknown.drugs.length} drugs (${first.unknown.drugs.slice(0, 40).join(', ')}).`); }
if (values.details) { writeFileSync(values.details, JSON.stringify(reports, null, 1)); }
