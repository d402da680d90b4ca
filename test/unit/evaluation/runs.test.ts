import assert from 'node:assert/strict';
import { evaluateRetrieval } from '../../../src/core/evaluation/retrieval';
import { retrievalText, selectionText } from '../../../src/core/evaluation/reportText';
import { compareJudgements, evaluateSelection, type SelectionOptions } from '../../../src/core/evaluation/selection';
import type { Triple } from '../../../src/core/evaluation/triples';
import { memoryEvidenceStore } from '../../../src/core/evidence/memory';
import { evidence, knowledge } from '../recommend/fixture';

const never = () => new AbortController().signal;

describe('evaluation of retrieval', () => {
  it('scores judged queries, by documents with or without the prefix of their id', async () => {
    const judged = (id: string, grade = 1) => new Map([[id, grade]]);
    const queries = [{ id: 'a', text: 'otherol sampleosis' }, { id: 'b', text: 'firstamab relapses' }, { id: 'c', text: 'papertin' }, { id: 'd', text: 'nothing judged' }];
    const report = await evaluateRetrieval(evidence(), queries, new Map([['a', judged('4')], ['b', judged('PMID:1')], ['c', judged('PMID:999')]]));
    assert.equal(report.queries, 3);
    assert.equal(report.queriesWithoutRelevant, 1);
    assert.deepEqual(report.perQuery.map(({ id, ndcgAt10, mrrAt10 }) => [id, ndcgAt10, mrrAt10]), [['a', 1, 1], ['b', 1, 1], ['c', 0, 0]]);
    assert.equal(report.recallAt100, 2 / 3);
    assert.deepEqual(report.missingExamples, ['PMID:999']);
    assert.ok(report.milliseconds.p95 >= report.milliseconds.p50 && report.milliseconds.p50 > 0);
    assert.match(retrievalText(report), /nDCG@10 {7}0\.6667[\s\S]*1 relevant document is in no index/);
  });

  it('ranks an article once, however many of its passages match', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ id: `LONG:1#${index + 1}`, documentId: 'LONG:1', text: 'zebrafish zebrafish model' }));
    const store = memoryEvidenceStore([
      { id: 'LONG:1', source: 'literature', title: 'Long', passages: many },
      { id: 'SHORT:2', source: 'literature', title: 'Short', passages: [{ id: 'SHORT:2#1', documentId: 'SHORT:2', text: 'a zebrafish among many other animals of the sea that nobody counted' }] },
    ]);
    const report = await evaluateRetrieval(store, [{ id: 'q', text: 'zebrafish' }], new Map([['q', new Map([['SHORT:2', 1]])]]));
    assert.equal(report.mrrAt10, 0.5);
  });
});

describe('evaluation of selection', () => {
  const triple = (disease: string, relevant: string, irrelevant: string, line = 2): Triple => ({ disease, relevant, irrelevant, line });
  const options: SelectionOptions = { graph: true, condition: 'both', seed: 1, passagesPerCandidate: 3 };
  const run = (triples: readonly Triple[], more: Partial<SelectionOptions> = {}) => evaluateSelection(triples, knowledge, evidence(), { ...options, ...more }, never());
  const outcomes = async (triples: readonly Triple[], more: Partial<SelectionOptions> = {}) => (await run(triples, more)).perTriple.map(({ outcome }) => outcome);

  it('compares by decision, then by confidence, and abstains where nothing is favoured', () => {
    const at = (decision: Parameters<typeof compareJudgements>[0]['decision'], confidence: number) => ({ decision, confidence });
    assert.equal(compareJudgements(at('recommend', 0.5), at('consider', 0.9)), 'correct');
    assert.equal(compareJudgements(at('insufficient-evidence', 0), at('consider', 0.1)), 'wrong');
    assert.equal(compareJudgements(at('avoid', 0.9), at('insufficient-evidence', 0)), 'wrong');
    assert.equal(compareJudgements(at('recommend', 0.6), at('recommend', 0.5)), 'correct');
    assert.equal(compareJudgements(at('recommend', 0.5), at('recommend', 0.5)), 'abstained');
    assert.equal(compareJudgements(at('insufficient-evidence', 0.1), at('insufficient-evidence', 0)), 'abstained');
    assert.equal(compareJudgements(at('avoid', 0.1), at('avoid', 0.9)), 'abstained');
  });

  it('decides by the graph alone', async () => {
    assert.deepEqual(await outcomes([triple('examplitis', 'laterinib', 'otherol'), triple('examplitis', 'otherol', 'firstamab'), triple('examplitis', 'papertin', 'otherol')], { condition: 'none' }), ['correct', 'wrong', 'abstained']);
  });

  it('decides by the evidence alone', async () => {
    const report = await run([triple('examplitis', 'firstamab', 'otherol'), triple('examplitis', 'broadicin', 'otherol'), triple('sampleosis', 'otherol', 'papertin')], { graph: false });
    assert.deepEqual(report.perTriple.map(({ outcome }) => outcome), ['correct', 'abstained', 'correct']);
    assert.ok(report.perTriple.every(({ relevant }) => relevant.for.every(id => !id.startsWith('KG:'))), 'the graph is not cited');
    assert.deepEqual(report.perTriple[0]?.relevant.for.includes('PMID:1'), true);
  });

  it('works for drugs and diseases that the terminology does not hold', async () => {
    const text = 'Novostatin improved grumbling knees in a randomised trial. Grumbling knee was defined by noise.';
    const store = memoryEvidenceStore([{ id: 'PMID:50', source: 'literature', title: 'Synthetic paper 50', passages: [{ id: 'PMID:50#1', documentId: 'PMID:50', text }] }]);
    const report = await evaluateSelection([triple('grumbling knee', 'novostatin', 'absentin')], knowledge, store, options, never());
    assert.equal(report.perTriple[0]?.outcome, 'correct');
    assert.deepEqual(report.unknown, { diseases: ['grumbling knee'], drugs: ['absentin', 'novostatin'] });
  });

  it('reports shares, intervals and F1, and does not depend on the order of the two', async () => {
    const triples = [triple('examplitis', 'firstamab', 'otherol'), triple('examplitis', 'otherol', 'firstamab', 3), triple('untreatable syndrome', 'papertin', 'otherol', 4)];
    const report = await run(triples);
    assert.deepEqual([report.accuracy.value, report.accuracyAnswered.value, report.abstained.value], [1 / 3, 1 / 2, 1 / 3]);
    assert.equal(report.f1, 2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3));
    assert.match(selectionText(report), /Accuracy over all {8}33\.3 % \(1 of 3; 95 % interval 6\.\d to 79\.\d\)[\s\S]*line 3 {2}wrong[\s\S]*line 4 {2}abstained/);
    for (const seed of [2, 3, 4, 5]) { assert.deepEqual((await run(triples, { seed })).perTriple, report.perTriple); }
  });
});
