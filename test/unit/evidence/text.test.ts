import assert from 'node:assert/strict';
import { findDefinitions, missingForms } from '../../../src/core/evidence/abbreviations';
import { Analyzer, createPipeline, indexedParts, wordTexts } from '../../../src/core/evidence/analysis';
import { Uint32List } from '../../../src/core/evidence/bytes';
import { lunr } from '../../../src/core/evidence/lunrInternals';
import { memoryEvidenceStore } from '../../../src/core/evidence/memory';
import { PLAN_LIMITS, planQuery } from '../../../src/core/evidence/plan';
import type { TermStatistics } from '../../../src/core/evidence/plan';
import { snippet } from '../../../src/core/evidence/snippet';
import { WordTable } from '../../../src/core/evidence/wordTable';
import { randomNumbers } from './support';

describe('what is indexed of a word', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['IL-6', ['il', '6', 'il6']],
    ['IL6', ['il', '6', 'il6']],
    ['5-FU', ['5', 'fu', '5fu']],
    ['SGLT2', ['sglt', '2', 'sglt2']],
    ['CYP3A4', ['cyp', '3', 'a', '4', 'cyp3a4']],
    ['α-synuclein', ['alpha', 'synuclein', 'alphasynuclein']],
    ['TNFα', ['tnf', 'alpha', 'tnfalpha']],
    ['double-blind', ['double', 'blind', 'doubleblind']],
    ['Crohn’s', ['crohn']],
    ['Sjögren', ['sjogren']],
    ['καρκίνος', ['καρκινος']],
    ['2010-2015', ['2010', '2015']],
  ];
  for (const [word, parts] of cases) it(`${word}: ${parts.join(', ')}`, () => assert.deepEqual(indexedParts(word), parts));

  it('goes through Lunr’s stop words and stemmer', () => {
    assert.deepEqual(new Analyzer().termsOf('The treatments of Crohn’s patients with IL-6 inhibitors.'), ['treatment', 'crohn', 'patient', 'il', '6', 'il6', 'inhibitor']);
  });
});

describe('query plan', () => {
  const analyzer = new Analyzer();
  const statistics = (frequencies: Record<string, number>, passageCount = 1000): TermStatistics => ({ passageCount, frequency: term => frequencies[term] ?? 0 });
  const letters = (count: number): string[] => Array.from({ length: count }, (_, i) => `term${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}x`);

  const close = (actual: number | undefined, expected: number): void => assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-9, `${actual}, not ${expected}`);

  it('keeps every known term of a short text, by how often it comes and a little by rarity', () => {
    const plan = planQuery({ text: 'asthma asthma cough and unknownword' }, statistics({ asthma: 900, cough: 3 }), analyzer);
    const [asthma, cough] = [900, 3].map(frequency => Math.log(1 + 1000 / frequency) ** PLAN_LIMITS.shortRarity) as [number, number];
    assert.deepEqual(plan.map(({ term }) => term), ['asthma', 'cough']);
    close(plan[0]?.boost, (2 * asthma) / ((asthma + cough) / 2));
    close(plan[1]?.boost, cough / ((asthma + cough) / 2));
  });

  it('lets a divided word meet the undivided one, its whole for less than its parts', () => {
    const plan = planQuery({ text: 'pro-inflammatory IL-6' }, statistics({ pro: 5, inflammatori: 5, proinflammatori: 5, il: 5, '6': 5, il6: 5 }), analyzer);
    assert.deepEqual(plan.map(({ term }) => term), ['pro', 'inflammatori', 'proinflammatori', 'il', '6', 'il6']);
    plan.forEach(({ term, boost }) => close(boost, term === 'proinflammatori' ? PLAN_LIMITS.joined : 1));
    assert.deepEqual(planQuery({ text: 'proinflammatory' }, statistics({ proinflammatori: 5 }), analyzer), [{ term: 'proinflammatori', boost: 1 }]);
  });

  it('drops common terms of a long text and keeps the ones that tell most', () => {
    const words = letters(80);
    const frequencies = Object.fromEntries(words.map((word, i) => [word, i < 10 ? 500 : 10 + i]));
    const plan = planQuery({ text: words.join(' ') }, statistics(frequencies), analyzer);
    assert.deepEqual(plan.map(entry => entry.term), words.slice(10, 10 + PLAN_LIMITS.longTerms));
    close(plan.reduce((sum, { boost }) => sum + boost, 0) / plan.length, 1);
    assert.ok(plan[0]!.boost > plan[plan.length - 1]!.boost);
  });

  it('keeps the words of a small index', () => {
    const words = letters(60);
    const plan = planQuery({ text: words.join(' ') }, statistics(Object.fromEntries(words.map(word => [word, 15])), 30), analyzer);
    assert.equal(plan.length, PLAN_LIMITS.longTerms);
  });

  it('always keeps known focus terms and adds their boost', () => {
    const words = letters(70);
    const frequencies = { ...Object.fromEntries(words.map(word => [word, 5])), diabet: 600 };
    const plan = planQuery({ text: `${words.join(' ')} diabetes`, focus: [{ text: 'diabetes mellitus', boost: 3 }, { text: words[0]!, boost: 2 }] }, statistics(frequencies), analyzer);
    assert.deepEqual(plan.find(entry => entry.term === 'diabet'), { term: 'diabet', boost: 3 });
    close(plan.find(entry => entry.term === words[0])?.boost, 3);
    assert.equal(plan.length, PLAN_LIMITS.longTerms + 1);
  });

  it('adds terms of related names where the text does not have them, common ones of a long text included', () => {
    const plan = planQuery({ text: 'heart failure', related: [{ text: 'cardiac failure', boost: 0.2 }, { text: 'HF', boost: 0.2 }] }, statistics({ heart: 9, failur: 9, cardiac: 9 }), analyzer);
    assert.deepEqual(plan.map(({ term }) => term), ['heart', 'failur', 'cardiac']);
    close(plan[0]?.boost, 1);
    close(plan[2]?.boost, 0.2);
  });
});

describe('abbreviations', () => {
  const cases: readonly [string, readonly (readonly [string, string])[]][] = [
    ['Patients with heart failure (HF) and chronic kidney disease (CKD; n = 5).', [['HF', 'heart failure'], ['CKD', 'chronic kidney disease']]],
    ['HF (heart failure) is common.', [['HF', 'heart failure']]],
    ['tumor necrosis factor-alpha (TNF-α)', [['TNF-α', 'tumor necrosis factor-alpha']]],
    ['a sodium-glucose cotransporter-2 (SGLT2) inhibitor', [['SGLT2', 'sodium-glucose cotransporter-2']]],
    ['see (Figure 1), (n=12), (P<0.001), (95% CI), ((nested)) and ( ).', []],
  ];
  for (const [text, expected] of cases) it(text, () => assert.deepEqual(findDefinitions(text).map(({ short, long }) => [short, long]), expected));

  it('bring to a passage the form that it does not hold', () => {
    const definitions = findDefinitions('heart failure (HF)');
    assert.deepEqual(missingForms('The HF group', definitions), ['heart failure']);
    assert.deepEqual(missingForms('In Heart failure, too', definitions), ['HF']);
    assert.deepEqual(missingForms('heart failure (HF)', definitions), []);
    assert.deepEqual(missingForms('HFpEF', definitions), []);
  });

  it('find a passage by the long form that another passage explains', async () => {
    const texts = ['Angiotensin receptor-neprilysin inhibitor (ARNI) was compared with placebo.', 'ARNI lowered mortality.', 'Nothing else.'];
    const store = memoryEvidenceStore([{ id: 'A', source: 'trials', title: '', passages: texts.map((text, i) => ({ id: `A#${i + 1}`, documentId: 'A', text })) }]);
    const hits = await store.search({ text: 'neprilysin mortality', limit: 3 });
    assert.equal(hits[0]?.passage.id, 'A#2');
    assert.equal(hits[0]?.passage.text, texts[1]);
  });
});

describe('words of a build', () => {
  const odd = ["don't", "x's5", "IL-6", 'il6', 'a--b', "-a'-b", "'s", "Crohn's-like", "rock'n'roll", 'TNFα-mediated', 'naïve x', 'β2-agonist’s', '5‐FU', 'a'.repeat(100), '癌症 治疗', '', '\ud800x y', 'CYP3A4*1/IL-6+TNF-α:', 'ﬁbrosis', '²H x² 10³'];

  it('are those that the analyzer finds, in any order and any number of times', () => {
    const analyzer = new Analyzer();
    const numbers = new Map<string, number>();
    const numberOf = (term: string): number => numbers.get(term) ?? numbers.set(term, numbers.size).size - 1;
    const table = new WordTable(word => analyzer.analyse(word).map(numberOf));
    const random = randomNumbers(77);
    for (let i = 0; i < 400; i++) {
      const words = Array.from({ length: Math.floor(random() * 30) }, () => (random() < 0.4 ? odd[Math.floor(random() * odd.length)]! : `w${Math.floor(random() * 40_000).toString(26)}`));
      const text = words.join([' ', ', ', '; ', '-', "'"][Math.floor(random() * 5)]);
      const terms = new Uint32List();
      table.read(text, terms);
      const names = [...numbers.keys()];
      assert.deepEqual(Array.from(terms.finish(), number => names[number]), analyzer.termsOf(text), JSON.stringify(text));
    }
  });

  it('go through the pipeline that Lunr is given', () => {
    const analyzer = new Analyzer();
    const pipeline = createPipeline();
    for (const word of [...odd.flatMap(wordTexts), 'treatments', 'THE', 'Studies']) assert.deepEqual(analyzer.analyse(word), pipeline.run([new lunr.Token(word, {})]).map(String), word);
  });
});

describe('snippet', () => {
  const long = `${'Filler words come first here. '.repeat(20)}Metformin lowered HbA1c. It was well tolerated by patients. ${'More filler follows after that. '.repeat(20)}`;

  it('is the whole of a short text, with what matched marked', () => {
    const { text, marks } = snippet('Metformin lowered HbA1c.', 'metformin hba1c');
    assert.equal(text, 'Metformin lowered HbA1c.');
    assert.deepEqual(marks.map(mark => text.slice(mark.start, mark.end)), ['Metformin', 'HbA1c']);
  });

  it('is the part of a long text that matches most, cut between words', () => {
    const { text, marks } = snippet(long, 'patients on metformin: HbA1c?', 120);
    assert.ok(text.startsWith('…Metformin lowered HbA1c.'), text);
    assert.ok(text.endsWith('…') && text.length <= 130);
    assert.deepEqual(marks.map(mark => text.slice(mark.start, mark.end)), ['Metformin', 'HbA1c', 'patients']);
  });

  it('is the beginning where nothing matches', () => {
    const { text, marks } = snippet(long, 'zzz', 60);
    assert.ok(text.startsWith('Filler words'));
    assert.deepEqual(marks, []);
  });

  it('never throws or loses its marks', () => {
    for (const text of ['', ' ', '😀'.repeat(300), 'x'.repeat(5000), 'cancer '.repeat(3000), '\n\n\n', 'ΑΒΓ-1 '.repeat(200)]) {
      for (const query of ['', ':~^*', 'cancer', '😀', 'αβγ 1']) {
        const { text: shown, marks } = snippet(text, query, 100);
        assert.ok(shown.length <= 150);
        for (const { start, end } of marks) assert.ok(start >= 0 && start < end && end <= shown.length);
      }
    }
  });
});
