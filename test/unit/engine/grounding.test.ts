import assert from 'node:assert/strict';
import { createGrounder, groundDrafts } from '../../../src/core/engine/grounding/groundDrafts';
import type { NameLookup } from '../../../src/core/engine/grounding/names';
import type { Claim, DraftRecommendation, EngineRequest, Grounding } from '../../../src/core/engine/types';
import { avoidFlag, candidate, concept, makeRequest, passage } from '../../endpoint/fixture';

/** Names as the terminology gives them. */
const names: NameLookup = {
  drugNames: (id) => ({
    metformin: ['metformin', 'Glucophage', 'biguanide', 'biguanides'], glipizide: ['glipizide', 'sulfonylurea'],
    empagliflozin: ['empagliflozin', 'Jardiance', 'SGLT2 inhibitor'], interferon: ['interferon beta', 'IFN'],
  }[id] ?? []),
  diseaseNames: (id) => ({ 'type-2-diabetes': ['type 2 diabetes', 'type 2 diabetes mellitus', 'T2DM', 'diabetes mellitus'], 'heart-failure': ['heart failure', 'HF'], 'multiple-sclerosis': ['multiple sclerosis', 'MS'] }[id] ?? []),
};

/** A synthetic passage; numbers and findings are made up. */
const text = 'Synthetic: adults with type 2 diabetes took metformin or placebo for 24 weeks. Metformin lowered HbA1c by 1.1% (95% CI 0.9-1.3) compared with placebo. '
  + 'It did not change blood pressure. All-cause mortality was reduced (hazard ratio 0.74). Of 1,205 participants two stopped treatment because of nausea.';

function request(passages = [passage('E1', 'TEST:1', text), passage('E2', 'TEST:2', 'Synthetic: empagliflozin reduced hospitalisation in heart failure.')]): EngineRequest {
  return makeRequest({
    reading: { ...makeRequest().reading, diseases: [concept('disease', 'type-2-diabetes', 'type 2 diabetes'), concept('disease', 'heart-failure', 'heart failure')] },
    background: { condition: 'both', omitted: 0, passages },
  });
}

function claimOf(claim: string, citations: readonly string[] = ['E1'], drugId = 'metformin', from = request()): Claim {
  const draft: DraftRecommendation = { drugId, drugName: drugId, decision: 'consider', confidence: 0.5, summary: 'Synthetic.', claims: [{ text: claim, stance: 'for', citations }] };
  const found = groundDrafts([draft], from, names).find((recommendation) => recommendation.drug.id === drugId)?.rationale.claims[0];
  assert.ok(found);
  return found;
}

function expectGrounding(claim: Claim, grounding: Grounding, reason?: RegExp): void {
  assert.equal(claim.grounding, grounding, claim.groundingReasons.join(' '));
  assert.equal(claim.groundingReasons.length === 0, grounding === 'supported');
  if (reason) {
    assert.match(claim.groundingReasons.join(' '), reason);
  }
}

describe('grounding of a claim', () => {
  it('supports what a sentence says, and marks that sentence', () => {
    const claim = claimOf('In type 2 diabetes metformin lowered HbA1c by 1.1% compared with placebo.');
    expectGrounding(claim, 'supported');
    const [citation] = claim.citations;
    assert.ok(citation?.quoteSpan);
    assert.equal(citation.quote, 'Metformin lowered HbA1c by 1.1% (95% CI 0.9-1.3) compared with placebo.');
    assert.equal(text.slice(citation.quoteSpan.start, citation.quoteSpan.end), citation.quote);
    assert.deepEqual([citation.documentId, citation.passageId, citation.retrieved, citation.url], ['TEST:1', 'TEST:1#1', true, 'https://example.org/TEST:1']);
  });

  it('resolves labels, passage ids and document ids', () => {
    for (const written of ['E1', 'e1', '[E1]', 'TEST:1#1', 'TEST:1', 'test:1']) {
      assert.equal(claimOf('Metformin lowered HbA1c by 1.1% in type 2 diabetes.', [written]).citations[0]?.passageId, 'TEST:1#1', written);
    }
  });

  it('shows a citation of something that was not retrieved', () => {
    const claim = claimOf('Metformin lowered HbA1c by 1.1%.', ['E9']);
    expectGrounding(claim, 'unsupported', /E9 is not among the retrieved passages/);
    assert.deepEqual(claim.citations, [{ documentId: 'E9', quote: '', retrieved: false }]);
    expectGrounding(claimOf('Metformin lowered HbA1c by 1.1% compared with placebo.', ['E1', 'PMID:0']), 'weak', /PMID:0 is not among/);
  });

  it('marks a claim without citation', () => expectGrounding(claimOf('Metformin works.', []), 'uncited', /No passage/));

  it('needs the drug in the passage or its title, under any of its names', () => {
    expectGrounding(claimOf('Empagliflozin lowered HbA1c by 1.1% compared with placebo in type 2 diabetes.', ['E1'], 'empagliflozin'), 'unsupported', /does not mention empagliflozin/);
    const titled = [passage('E1', 'TEST:1', 'Synthetic: the drug lowered HbA1c by 1.1% in type 2 diabetes.', { title: 'Glucophage, a synthetic trial' })];
    expectGrounding(claimOf('Metformin lowered HbA1c by 1.1% in type 2 diabetes.', ['E1'], 'metformin', request(titled)), 'supported');
    const byClass = [passage('E1', 'TEST:1', 'Synthetic: biguanides lowered HbA1c by 1.1% in type 2 diabetes.')];
    expectGrounding(claimOf('Metformin lowered HbA1c by 1.1% in type 2 diabetes.', ['E1'], 'metformin', request(byClass)), 'supported');
  });

  it('notices another drug put into the claim', () => {
    expectGrounding(claimOf('Empagliflozin lowered HbA1c by 1.1% compared with placebo in type 2 diabetes.'), 'unsupported', /does not mention empagliflozin/);
  });

  it('tells a drug from its class where the claim names the drug', () => {
    const classPassage = [passage('E1', 'TEST:1', 'Synthetic: in type 2 diabetes biguanides lowered HbA1c.')];
    const knowing: NameLookup = { ...names, mentioned: (raw) => ({ drugs: new Set(/metformin/i.test(raw) ? ['metformin'] : []), diseases: new Set() }) };
    const about = (claim: string): Claim | undefined => groundDrafts([{ drugId: 'metformin', drugName: 'metformin', decision: 'consider', confidence: 0.5, summary: 'Synthetic.', claims: [{ text: claim, stance: 'for', citations: ['E1'] }] }],
      request(classPassage), knowing).find((recommendation) => recommendation.drug.id === 'metformin')?.rationale.claims[0];
    assert.match(about('Metformin lowered HbA1c in type 2 diabetes.')?.groundingReasons.join(' ') ?? '', /class/);
    assert.equal(about('Biguanides lowered HbA1c in type 2 diabetes.')?.grounding, 'supported');
  });

  it('needs the disease that the claim names, or one of the case', () => {
    expectGrounding(claimOf('In heart failure metformin lowered HbA1c by 1.1% compared with placebo.'), 'unsupported', /does not mention heart failure/);
    const elsewhere = [passage('E1', 'TEST:1', 'Synthetic: metformin reduced hirsutism in polycystic ovary syndrome.')];
    expectGrounding(claimOf('Metformin reduced hirsutism.', ['E1'], 'metformin', request(elsewhere)), 'weak', /does not mention type 2 diabetes or heart failure/);
    const tagged = [passage('E1', 'TEST:1', 'Synthetic: metformin reduced mortality.')].map((item) => ({ ...item, header: { ...item.header, diseases: ['type-2-diabetes'] } }));
    expectGrounding(claimOf('In type 2 diabetes metformin reduced mortality.', ['E1'], 'metformin', request(tagged)), 'supported');
  });

  it('needs the numbers of the claim', () => {
    for (const wrong of ['1.7%', '11%', '1.15%']) {
      expectGrounding(claimOf(`Metformin lowered HbA1c by ${wrong} compared with placebo in type 2 diabetes.`), 'unsupported', /number/);
    }
    for (const right of ['Metformin lowered HbA1c by 1.1 percent over 24 weeks in type 2 diabetes.', 'Metformin: 2 of 1205 participants with type 2 diabetes stopped treatment because of nausea.',
      'Metformin: all-cause mortality was reduced, hazard ratio 0·74, in type 2 diabetes.']) {
      expectGrounding(claimOf(right), 'supported');
    }
    expectGrounding(claimOf('Metformin reduced all-cause mortality by 26% in type 2 diabetes.'), 'weak', /follows from a ratio/);
  });

  it('takes no digits of names for numbers, and knows the patient\'s own', () => {
    expectGrounding(claimOf('Metformin lowered HbA1c in T2DM.'), 'supported');
    expectGrounding(claimOf('For this patient with HbA1c of 8.4%, metformin lowered HbA1c by 1.1% in type 2 diabetes.'), 'supported');
  });

  it('compares directions', () => {
    for (const wrong of ['Metformin raised HbA1c by 1.1% compared with placebo in type 2 diabetes.', 'Metformin did not lower HbA1c compared with placebo in type 2 diabetes.',
      'Metformin increased all-cause mortality in type 2 diabetes.', 'Metformin changed blood pressure for the worse in type 2 diabetes: it raised blood pressure.',
      'There was no difference in all-cause mortality with metformin in type 2 diabetes.']) {
      expectGrounding(claimOf(wrong), 'unsupported', /direction/i);
    }
    for (const right of ['Metformin reduced all-cause mortality in type 2 diabetes.', 'Metformin had no effect on blood pressure in type 2 diabetes.', 'Metformin improved HbA1c compared with placebo in type 2 diabetes.']) {
      expectGrounding(claimOf(right), 'supported');
    }
  });

  it('reads the clause that a claim is about', () => {
    const mixed = [passage('E1', 'TEST:1', 'Synthetic: in type 2 diabetes metformin lowered LDL cholesterol but did not reduce stroke.')];
    const about = (claim: string): Claim => claimOf(claim, ['E1'], 'metformin', request(mixed));
    expectGrounding(about('Metformin lowered LDL cholesterol in type 2 diabetes.'), 'supported');
    expectGrounding(about('Metformin did not reduce stroke in type 2 diabetes.'), 'supported');
    expectGrounding(about('Metformin reduced stroke in type 2 diabetes.'), 'unsupported', /direction/i);
    const denied = about('Metformin did not lower LDL cholesterol in type 2 diabetes.');
    assert.match(denied.groundingReasons.join(' '), /direction.*no effect where the passage sees one/i);
    assert.notEqual(denied.grounding, 'supported');
  });

  it('is not content with a passage about the same drug and disease that says something else', () => {
    const claim = claimOf('Metformin prevents retinal vein occlusion and restores peripheral nerve conduction in type 2 diabetes.');
    assert.ok(['weak', 'unsupported'].includes(claim.grounding));
  });

  it('supports a quotation as it is', () => {
    const claim = claimOf('It did not change blood pressure.');
    expectGrounding(claim, 'supported');
    assert.equal(claim.citations[0]?.quote, 'It did not change blood pressure.');
  });

  it('reads short capitals as they are written', () => {
    const from = { ...request([passage('E1', 'TEST:1', 'Synthetic: interferon beta slowed decline over 24 ms in a model.')]), candidates: [candidate('interferon')],
      reading: { ...makeRequest().reading, diseases: [concept('disease', 'multiple-sclerosis', 'multiple sclerosis')] } };
    expectGrounding(claimOf('Interferon slowed decline in a model.', ['E1'], 'interferon', from), 'weak', /multiple sclerosis/);
  });
});

describe('grounding of an answer', () => {
  const draft = (drugId: string, decision: DraftRecommendation['decision'], confidence: number): DraftRecommendation => ({ drugId, drugName: drugId, decision, confidence, summary: `Synthetic ${drugId}.`, claims: [] });

  it('orders by decision and confidence, and adds candidates without a decision', () => {
    const from = { ...request(), candidates: ['a', 'b', 'c', 'd', 'e'].map((id) => candidate(id)) };
    const drafts = [draft('a', 'avoid', 0.9), draft('b', 'consider', 0.4), draft('c', 'consider', 0.6), draft('d', 'recommend', 0.2)];
    const grounded = groundDrafts(drafts, from, names);
    assert.deepEqual(grounded.map((recommendation) => recommendation.drug.id), ['d', 'c', 'b', 'e', 'a']);
    assert.equal(grounded[3]?.decision, 'insufficient-evidence');
    assert.match(grounded[3]?.rationale.summary ?? '', /no decision/);
  });

  it('lets a safety flag overrule the engine', () => {
    const from = { ...request(), candidates: [candidate('metformin'), candidate('glipizide', [avoidFlag])] };
    const [first, second] = groundDrafts([draft('glipizide', 'recommend', 0.99), draft('metformin', 'consider', 0.1)], from, names);
    assert.equal(first?.drug.id, 'metformin');
    assert.equal(second?.decision, 'avoid');
    assert.match(second?.rationale.summary ?? '', /allergy to sulfonamides/);
    assert.deepEqual(second?.safety, [avoidFlag]);
  });

  it('follows a stream without adding candidates', () => {
    const grounder = createGrounder(request(), names);
    assert.equal(grounder.ground([draft('metformin', 'recommend', 0.5)], { partial: true }).length, 1);
    assert.equal(grounder.ground([draft('metformin', 'recommend', 0.5)]).length, 3);
  });

  it('knows passages given beside the background', () => {
    const profile = passage('K1', 'KG:glipizide', 'Synthetic profile: contraindicated in sulfonamide allergy.');
    const claim = { text: 'Contraindicated in sulfonamide allergy.', stance: 'safety' as const, citations: ['KG:glipizide#1'] };
    const found = groundDrafts([{ ...draft('glipizide', 'avoid', 1), claims: [claim] }], request(), names, { morePassages: [profile] });
    assert.equal(found.find((entry) => entry.drug.id === 'glipizide')?.rationale.claims[0]?.grounding, 'supported');
  });

  it('drops a draft that is about no candidate', () => {
    assert.ok(groundDrafts([draft('unobtainium', 'recommend', 1)], request(), names).every((entry) => entry.drug.id !== 'unobtainium'));
  });
});
