import assert from 'node:assert/strict';
import { Analyzer, indexedParts } from '../../../src/core/evidence/analysis';
import { PLAN_LIMITS, planQuery } from '../../../src/core/evidence/plan';
import type { TermStatistics } from '../../../src/core/evidence/plan';
import { snippet } from '../../../src/core/evidence/snippet';

describe('what is indexed of a word', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['IL-6', ['il', '6', 'il6']],
    ['IL6', ['il', '6', 'il6']],
    ['5-FU', ['5', 'fu', '5fu']],
    ['SGLT2', ['sglt', '2', 'sglt2']],
    ['CYP3A4', ['cyp', '3', 'a', '4', 'cyp3a4']],
    ['α-synuclein', ['alpha', 'synuclein']],
    ['TNFα', ['tnf', 'alpha']],
    ['double-blind', ['double', 'blind']],
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

  it('keeps every known term of a short text, by how often it comes', () => {
    const plan = planQuery({ text: 'asthma asthma cough and unknownword' }, statistics({ asthma: 900, cough: 3 }), analyzer);
    assert.deepEqual(plan, [{ term: 'asthma', boost: 2 }, { term: 'cough', boost: 1 }]);
  });

  it('drops common terms of a long text and keeps the ones that tell most', () => {
    const words = letters(60);
    const frequencies = Object.fromEntries(words.map((word, i) => [word, i < 10 ? 500 : 10 + i]));
    const plan = planQuery({ text: words.join(' ') }, statistics(frequencies), analyzer);
    assert.deepEqual(plan.map(entry => entry.term), words.slice(10, 10 + PLAN_LIMITS.terms));
  });

  it('keeps the words of a small index', () => {
    const words = letters(40);
    const plan = planQuery({ text: words.join(' ') }, statistics(Object.fromEntries(words.map(word => [word, 15])), 30), analyzer);
    assert.equal(plan.length, PLAN_LIMITS.terms);
  });

  it('always keeps known focus terms and adds their boost', () => {
    const words = letters(60);
    const frequencies = { ...Object.fromEntries(words.map(word => [word, 5])), diabet: 600 };
    const plan = planQuery({ text: `${words.join(' ')} diabetes`, focus: [{ text: 'diabetes mellitus', boost: 3 }, { text: words[0]!, boost: 2 }] }, statistics(frequencies), analyzer);
    assert.deepEqual(plan.find(entry => entry.term === 'diabet'), { term: 'diabet', boost: 3 });
    assert.deepEqual(plan.find(entry => entry.term === words[0]), { term: words[0]!, boost: 3 });
    assert.equal(plan.length, PLAN_LIMITS.terms + 1);
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
