import assert from 'node:assert/strict';
import { causes, speaksOfUse } from '../../../src/core/engine/stance';
import { testimony } from '../../../src/core/engine/testimony';
import type { BackgroundPassage, Candidate } from '../../../src/core/engine/types';
import { questionNames } from '../../../src/core/recommend/names';
import { knowledge } from '../recommend/fixture';

const names = questionNames(knowledge);
const candidate: Candidate = { drug: { id: 'papertin', name: 'papertin' }, origins: [], indications: [], safety: [] };

/** What a passage without tags says of papertin in examplitis. */
function said(text: string, more: { readonly section?: string; readonly title?: string; readonly design?: string } = {}) {
  const passage: BackgroundPassage = {
    label: 'E1', drugIds: ['papertin'], score: 1, topics: { drugs: ['papertin'], diseaseCloseness: 1 },
    passage: { id: 'PMID:1#1', documentId: 'PMID:1', text, section: more.section }, header: { id: 'PMID:1', source: 'literature', title: more.title ?? 'Synthetic', design: more.design },
  };
  return testimony(passage, candidate, new Set(['examplitis']), names);
}

describe('testimony of texts that nobody has tagged', () => {
  it('is read from the sentence that names drug, disease and a result', () => {
    const witness = said('Papertin is white. Papertin improved examplitis. Papertin improved mood.');
    assert.equal(witness?.stance, 'for');
    assert.equal(witness.sentence, 'Papertin improved examplitis.');
    assert.equal(said('Papertin did not improve examplitis.')?.stance, 'against');
  });

  it('counts use less than a result, and a mere mention less than use', () => {
    const weights = ['Papertin improved examplitis.', 'Patients with examplitis were treated with papertin.', 'Papertin and examplitis are studied here.'].map(text => said(text)?.weight ?? 0);
    assert.ok(weights[0]! > weights[1]! && weights[1]! > weights[2]! && weights[2]! > 0, weights.join());
    assert.equal(said('Papertin is a white powder. Examplitis is common.'), undefined);
  });

  it('counts a randomised trial more, and a disease named elsewhere in the passage less', () => {
    assert.ok(said('In a randomised trial papertin improved examplitis.')!.weight > said('Papertin improved examplitis.')!.weight);
    assert.ok(said('Papertin lowered pain. Examplitis is common.')!.weight < said('Papertin lowered pain in examplitis.')!.weight);
  });

  it('takes what a drug brings on as harm', () => {
    assert.equal(said('Papertin-induced examplitis was seen in two men.')?.stance, 'safety');
    assert.equal(said('Examplitis caused by papertin responded to rest.')?.stance, 'safety');
  });

  it('takes the methods of a study for use, never for a result', () => {
    assert.ok(said('Papertin was given to improve examplitis.', { section: 'METHODS' })!.weight <= said('Patients with examplitis received papertin.')!.weight);
    assert.equal(said('Papertin did not improve examplitis.', { section: 'BACKGROUND' }), undefined);
  });
});

describe('words of cause and of use', () => {
  const cause: readonly [string, boolean][] = [
    ['Papertin-induced examplitis', true], ['Papertin caused examplitis', true], ['examplitis due to papertin', true], ['side effects of papertin', true], ['Papertin reduced examplitis', false], ['patients with examplitis on papertin', false],
  ];
  for (const [sentence, expected] of cause) { it(`${expected ? 'cause' : 'no cause'}: ${sentence}`, () => assert.equal(causes(sentence, sentence.slice(sentence.search(/papertin/i))), expected)); }

  it('use', () => {
    assert.ok(speaksOfUse('She was treated with papertin.'));
    assert.ok(speaksOfUse('Papertin is indicated in examplitis.'));
    assert.ok(!speaksOfUse('Papertin binds a receptor.'));
  });
});
