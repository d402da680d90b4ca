import assert from 'node:assert/strict';
import { Validator, type Schema } from '@cfworker/json-schema';
import resultSchema from '../../../schemas/recommendation.schema.json';
import { createEvidenceEngine } from '../../../src/core/engine/evidenceEngine';
import { EngineError, type Engine, type EngineRequest } from '../../../src/core/engine/types';
import { recommend, type CaseInput, type RecommendOptions } from '../../../src/core/recommend/pipeline';
import type { PipelineEvent, RecommendationResult } from '../../../src/core/recommend/types';
import { evidence, knowledge } from './fixture';

const run = (input: CaseInput | string, options: Partial<RecommendOptions> = {}, engine: (names: Parameters<typeof createEvidenceEngine>[0]) => Engine = createEvidenceEngine, events: PipelineEvent[] = [], signal = new AbortController().signal) =>
  recommend(typeof input === 'string' ? { text: input } : input, { knowledge, evidence: evidence(), engine, kedrecVersion: '0' }, { condition: 'both', maxCandidates: 8, passagesPerCandidate: 3, ...options }, event => events.push(event), signal);
const drugs = (result: RecommendationResult) => result.recommendations.map(({ drug, decision }) => `${drug.id}:${decision}`);
const of = (result: RecommendationResult, id: string) => { const found = result.recommendations.find(({ drug }) => drug.id === id); assert.ok(found, `${id} is missing`); return found; };

describe('recommend', () => {
  it('ranks by graph and evidence, and quotes what it cites', async () => {
    const result = await run('Synthetic: patient with examplitis.');
    assert.equal(result.recommendations[0]?.drug.id, 'firstamab');
    const first = of(result, 'firstamab');
    assert.equal(first.decision, 'recommend');
    assert.deepEqual(first.for, [{ id: 'examplitis', name: 'examplitis' }]);
    const claim = first.rationale.claims.find(({ citations }) => citations[0]?.documentId === 'PMID:1');
    assert.equal(claim?.text, 'Firstamab reduced relapses of examplitis.');
    assert.equal(claim.citations[0]?.quote, claim.text);
    assert.equal(claim.grounding, 'supported');
    assert.ok(first.rationale.claims.some(({ citations }) => citations[0]?.documentId === 'KG:firstamab'), 'the graph is cited too');
    assert.equal(result.provenance.languageModel, false);
  });

  it('follows its schema and holds no text of the case', async () => {
    const result = await run('Synthetic: Zebediah has examplitis and no sampleosis.');
    const { valid, errors } = new Validator(resultSchema as Schema, '2020-12').validate(result);
    assert.ok(valid, JSON.stringify(errors[0]));
    assert.ok(!JSON.stringify(result).includes('Zebediah'));
  });

  it('says for and against', async () => {
    const later = of(await run('Synthetic: examplitis.'), 'laterinib');
    assert.ok(later.rationale.claims.some(({ stance, text }) => stance === 'against' && text === 'Laterinib did not improve examplitis.'));
  });

  it('finds drugs that only the evidence names, and does not count the comparator', async () => {
    const result = await run('Synthetic: examplitis.');
    const papertin = of(result, 'papertin');
    assert.ok(papertin.origin.some(({ kind }) => kind === 'evidence'));
    assert.ok(papertin.rationale.claims.some(({ stance, citations }) => stance === 'for' && citations[0]?.documentId === 'PMID:3'));
    assert.ok(!of(result, 'firstamab').rationale.claims.some(({ citations }) => citations[0]?.documentId === 'PMID:3'));
    assert.ok(!JSON.stringify(papertin.rationale).includes('PMID:7'), 'a retracted paper gives no testimony');
  });

  it('takes wider indications as weaker support', async () => {
    const result = await run('Synthetic: examplitis.');
    assert.ok(of(result, 'broadicin').confidence < of(result, 'firstamab').confidence);
  });

  it('never recommends outright what is only for a special case of the disease', async () => {
    const result = await run('Synthetic: general itis.');
    assert.equal(of(result, 'firstamab').decision, 'consider');
    assert.match(of(result, 'firstamab').rationale.summary, /examplitis, a narrower disease/);
  });

  it('avoids what the case rules out, with the reason', async () => {
    const fragile = of(await run('Synthetic: examplitis in a fragile state.'), 'laterinib');
    assert.equal(fragile.decision, 'avoid');
    assert.match(fragile.safety[0]!.reason, /contraindicated in fragile state.*It makes the state worse/);
    assert.ok(fragile.rationale.claims.some(({ stance, citations }) => stance === 'safety' && citations[0]?.passageId?.startsWith('KG:laterinib#')));
    assert.equal(of(await run('Synthetic: examplitis. Allergies: firstamab.'), 'firstamab').decision, 'avoid');
  });

  it('compares exactly the candidates of a record, unknown ones by evidence alone', async () => {
    const result = await run({ text: 'Synthetic: examplitis.', candidates: ['firstamab', 'otherol', 'strangeol'] });
    assert.deepEqual(drugs(result).sort(), ['firstamab:recommend', 'otherol:insufficient-evidence', 'strangeol:insufficient-evidence'].sort().map(entry => entry.startsWith('strangeol') ? `strangeol:${of(result, 'strangeol').decision}` : entry));
    assert.ok(of(result, 'strangeol').rationale.claims.some(({ citations }) => citations[0]?.documentId === 'PMID:6'));
    assert.match(result.warnings.join(' '), /strangeol/);
  });

  it('works for a disease that only the record and the evidence know', async () => {
    const result = await run({ text: 'Synthetic case.', disease: 'relapses of examplitis' });
    assert.ok(result.recommendations.length > 0);
    assert.equal(result.case.diseases[0]?.name, 'relapses of examplitis');
  });

  it('takes background by condition, the same number for each candidate', async () => {
    const seen: EngineRequest[] = [];
    const spy = (): Engine => ({ id: 'endpoint', recommend: request => { seen.push(request); return Promise.resolve({ drafts: [], warnings: [] }); } });
    for (const condition of ['none', 'trials', 'literature', 'both'] as const) { await run('Synthetic: examplitis.', { condition, passagesPerCandidate: 2 }, spy); }
    const sources = seen.map(({ background }) => [...new Set(background.passages.map(({ header }) => header.source))].sort().join());
    assert.deepEqual(sources, ['', 'trials', 'literature', 'literature,trials']);
    const both = seen[3]!;
    for (const { drug } of both.candidates) { assert.equal(both.background.passages.filter(({ drugIds }) => drugIds.includes(drug.id)).length, 2, drug.id); }
    assert.ok(both.background.passages.every(({ passage }) => !passage.id.startsWith('KG:')), 'the graph is no background');
  });

  it('takes a model at its word only where it had nothing to cite', async () => {
    const bold = (): Engine => ({ id: 'endpoint', recommend: ({ candidates }) => Promise.resolve({ drafts: candidates.map(({ drug }) => ({ drugId: drug.id, drugName: drug.name, decision: 'recommend' as const, confidence: 0.9, summary: 'Synthetic.', claims: [] })), warnings: [] }) });
    for (const [condition, decision] of [['none', 'recommend'], ['both', 'insufficient-evidence']] as const) {
      const { recommendations } = await run('Synthetic: examplitis.', { condition }, bold);
      assert.equal(recommendations.find(({ drug }) => drug.id === 'firstamab')?.decision, decision, condition);
    }
  });

  it('gives an entry for every candidate that an engine leaves out', async () => {
    const silent = (): Engine => ({ id: 'endpoint', recommend: () => Promise.resolve({ drafts: [], warnings: ['silent'] }) });
    const result = await run({ text: 'Synthetic: examplitis.', candidates: ['firstamab', 'otherol'] }, {}, silent);
    assert.deepEqual(drugs(result), ['firstamab:insufficient-evidence', 'otherol:insufficient-evidence']);
    assert.equal(result.nothing?.code, 'no-support');
    assert.deepEqual(result.warnings, ['silent']);
  });

  it('states why nothing is recommended', async () => {
    const codes = async (text: string) => { const { nothing, recommendations } = await run(text); return [nothing?.code, recommendations.length, nothing?.reason] as const; };
    assert.deepEqual((await codes('   '))[0], 'empty-case');
    assert.deepEqual(await codes('Synthetic: feels well.'), ['no-disease', 0, 'No disease was found in the case.']);
    assert.match((await codes('Synthetic: no examplitis; mother had sampleosis.'))[2]!, /examplitis \(ruled out\), sampleosis \(in the family\)/);
    assert.match((await codes('Synthetic: patient in a fragile state.'))[2]!, /fragile state, which call for care/);
    assert.deepEqual((await codes('Synthetic: untreatable syndrome.'))[0], 'no-candidate');
  });

  it('reports what it does, the first words before the last', async () => {
    const events: PipelineEvent[] = [];
    await run('Synthetic: examplitis.', {}, createEvidenceEngine, events);
    const types = events.map(({ type }) => type);
    assert.deepEqual([...new Set(types)], ['status', 'understood', 'candidates', 'recommendations']);
    const sizes = events.flatMap(event => (event.type === 'recommendations' ? [event.recommendations.length] : []));
    assert.equal(sizes[0], 1);
    assert.ok(sizes.length > 2);
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const events: PipelineEvent[] = [];
    const running = recommend({ text: 'Synthetic: examplitis.' }, { knowledge, evidence: evidence(), engine: createEvidenceEngine, kedrecVersion: '0' }, { condition: 'both', maxCandidates: 8, passagesPerCandidate: 3 }, event => {
      events.push(event);
      if (event.type === 'recommendations') { controller.abort(); }
    }, controller.signal);
    await assert.rejects(running, (error: unknown) => EngineError.is(error, 'cancelled'));
    assert.equal(events.filter(({ type }) => type === 'recommendations').length, 1);
  });

  it('refuses a case that is too long', async () => {
    await assert.rejects(run('x'.repeat(100_001)), /100000 characters at most/);
  });
});
