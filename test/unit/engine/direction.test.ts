import assert from 'node:assert/strict';
import { directionOf, isInsignificant, opposes } from '../../../src/core/engine/grounding/direction';
import { digitNumbers, findNumber, allNumbers } from '../../../src/core/engine/grounding/numbers';
import { contentEvidence } from '../../../src/core/engine/grounding/contentEvidence';
import { findingsOf } from '../../../src/core/engine/grounding/findings';
import { fractionsOf, holdsFraction } from '../../../src/core/engine/grounding/fractions';
import { probabilityOf } from '../../../src/core/engine/grounding/scorecard';
import { claimWords, rankSentences, sentencesOf } from '../../../src/core/engine/grounding/sentenceMatch';
import { oppositeModel } from '../../../src/core/engine/grounding/weights';

/** All sentences are made up. */
describe('direction of a finding', () => {
  const kinds = (text: string): string => Object.entries(directionOf(text)).filter(([, value]) => value === true).map(([name]) => name).sort().join(' ');
  const readings: readonly [string, string][] = [
    ['The drug lowered mortality.', 'benefit down'],
    ['The drug increased survival.', 'benefit up'],
    ['The drug increased bleeding.', 'harm up'],
    ['The drug improved symptoms.', 'benefit'],
    ['The drug did not lower mortality.', 'none'],
    ['There was no significant difference in mortality.', 'none'],
    ['Rates were similar in both groups.', 'none'],
    ['Mortality was lower (p = 0.41).', 'none'],
    ['Mortality was lower (p < 0.001).', 'benefit down'],
    ['It was more effective than placebo.', 'benefit'],
    ['It was less effective than the comparator drug.', 'harm'],
    ['Greater reductions in pain were seen.', 'benefit down'],
    ['Symptoms worsened in the placebo group.', ''],
    ['Adults took the drug for 24 weeks.', ''],
    ['The drug brought blood pressure down.', 'benefit down'],
    ['The drug gave a longer time to relapse.', 'benefit down'],
    ['Patients relapsed sooner on the drug.', 'harm up'],
    ['The drug kept tumours from progressing for longer.', 'benefit down'],
    ['Patients fared worse on the drug.', 'harm'],
    ['The drug came out ahead of its comparator.', 'benefit'],
    ['An effect on mortality was not shown.', 'none'],
    ['Extended-release tablets reduced pain.', 'benefit down'],
    ['Prolonged antibiotics did not improve symptoms.', 'none'],
  ];
  for (const [text, expected] of readings) {
    it(`reads "${text}"`, () => assert.equal(kinds(text), expected));
  }

  it('opposes what cannot both hold, and nothing else', () => {
    const opposed = (one: string, other: string): boolean => opposes(directionOf(one), directionOf(other));
    assert.ok(opposed('It raised mortality.', 'It lowered mortality.'));
    assert.ok(opposed('It did not lower mortality.', 'It lowered mortality.'));
    assert.ok(opposed('It lowered mortality.', 'Mortality did not differ.'));
    assert.ok(!opposed('It improved survival.', 'It lowered mortality.'));
    assert.ok(!opposed('It did not lower mortality.', 'Mortality was similar.'));
    assert.ok(!opposed('It lowered mortality.', 'Adults took it for a year.'));
    assert.ok(!opposed('It lowered pain and raised bleeding.', 'It lowered pain.'));
  });

  it('knows what is not significant', () => {
    assert.ok(isInsignificant('It was lower but did not reach statistical significance.'));
    assert.ok(isInsignificant('The change was clinically insignificant.'));
    assert.ok(!isInsignificant('A significant reduction (p = 0.04; p = 0.2 for the other).'));
  });

  it('takes sentences apart where they say different things', () => {
    const about = (sentence: string): string[] => findingsOf(sentence, [], []).map((finding) => [...finding.about].join(' '));
    assert.deepEqual(about('It lowered fever, but did not change cough; nausea rose.'), ['fever', 'cough', 'nausea']);
    assert.deepEqual(about('It gave lower clinical and bacteriological cure.').length, 1);
  });

  it('knows which drug stands on which side of a comparison', () => {
    const sides = (sentence: string): string[] => findingsOf(sentence, [], [['first drug'], ['second drug']]).map(({ sides: { treated, compared } }) => `${[...treated].join()} against ${[...compared].join()}`);
    assert.deepEqual(sides('First drug was superior to second drug.'), ['0 against 1']);
    assert.deepEqual(sides('Compared with second drug, first drug reduced pain.'), ['0 against 1']);
    assert.deepEqual(sides('Compared with placebo, first drug reduced pain.'), ['0 against ']);
    assert.deepEqual(sides('Over a 26-week period first drug reduced pain.'), ['0 against ']);
  });
});

describe('numbers of a claim', () => {
  const values = (text: string): number[] => digitNumbers(text).map((number) => number.value);

  it('are read in any spelling', () => {
    assert.deepEqual(values('1,205 people, 26%, 0·74 and 5mg over 12-week courses'), [1205, 26, 0.74, 5, 12]);
    assert.deepEqual(allNumbers('two of phase III').map((number) => number.value), [2, 3]);
  });

  it('are not taken from names', () => assert.deepEqual(values('HbA1c, IL-6, CD20, SGLT2, COX-2, B12'), []));

  it('are found as stated, rounded, or as following from a ratio', () => {
    const [wanted] = digitNumbers('26%');
    assert.ok(wanted);
    assert.equal(findNumber(wanted, allNumbers('by 26 percent')), 'stated');
    assert.equal(findNumber(wanted, allNumbers('by 26.3%')), 'stated');
    assert.equal(findNumber(wanted, allNumbers('hazard ratio 0.74')), 'derived');
    assert.equal(findNumber(wanted, allNumbers('by 31%, or 2.6')), 'absent');
  });
});

describe('findings of a passage', () => {
  const contradicted = (claim: string, passage: string): boolean => {
    const words = claimWords(claim, []);
    const evidence = contentEvidence(claim, words, { diseases: [], drugs: [] }, rankSentences(words, sentencesOf(passage)));
    assert.ok(evidence);
    return probabilityOf(oppositeModel, evidence.opposite) >= oppositeModel.weak;
  };
  it('reads "A but not B" as no effect on B', () => {
    assert.equal(contradicted('It lowered cholesterol.', 'It lowered cholesterol but not mortality.'), false);
    assert.equal(contradicted('It lowered mortality.', 'It lowered cholesterol but not mortality.'), true);
    assert.equal(contradicted('It did not lower mortality.', 'It lowered cholesterol but not mortality.'), false);
  });
  it('compares findings by their outcome, and by their people only where the outcome is the same', () => {
    const passage = 'It lowered stroke in patients with stable angina. It increased bleeding.';
    assert.equal(contradicted('Bleeding was rarer in patients with stable angina.', passage), true);
    assert.equal(contradicted('Stroke was rarer in patients with stable angina.', passage), false);
  });
});

describe('fractions of a claim', () => {
  const holds = (claim: string, passage: string): boolean => fractionsOf(claim).every((fraction) => holdsFraction(fraction, fractionsOf(passage), allNumbers(passage)));
  it('are found in words, as percentages, ratios and pairs of numbers', () => {
    assert.equal(holds('Risk fell by half.', 'It halved the risk.'), true);
    assert.equal(holds('Risk fell by a third.', 'Risk fell by 34%.'), true);
    assert.equal(holds('Risk fell by a third.', 'The hazard ratio was 0.66.'), true);
    assert.equal(holds('Risk doubled.', 'It was 12% and 6%.'), true);
  });
  it('are missed where the passage says another', () => {
    assert.equal(holds('Risk fell by two thirds.', 'Risk fell by a third.'), false);
    assert.equal(holds('Risk quadrupled.', 'Risk doubled.'), false);
  });
  it('are told from ordinals and dosing', () => {
    assert.deepEqual(fractionsOf('After the third dose, taken twice daily, of a drug with a long half-life in a double-blind trial.'), []);
  });
});
