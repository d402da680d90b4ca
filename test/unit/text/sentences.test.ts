import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { splitSentences } from '../../../src/core/text/sentences';

// All sentences are synthetic.
const split = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('splitSentences', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['plain sentences', 'He has asthma. She does not.', ['He has asthma.', 'She does not.']],
    ['titles and Latin abbreviations', 'Dr. Gray saw him, e.g. Monday vs. Friday. He left.', ['Dr. Gray saw him, e.g. Monday vs. Friday.', 'He left.']],
    ['decimals', 'Creatinine was 1.8 mg/dl. Potassium 4.2.', ['Creatinine was 1.8 mg/dl.', 'Potassium 4.2.']],
    ['statistics', 'Mortality fell (p<0.05. The effect lasted).', ['Mortality fell (p<0.05.', 'The effect lasted).']],
    ['units before lower case', 'Took 5 mg. twice daily. Then stopped.', ['Took 5 mg. twice daily.', 'Then stopped.']],
    ['units at the end', 'Took 5 mg. The rash came.', ['Took 5 mg.', 'The rash came.']],
    ['initials and species', 'J. Brown grew S. aureus. It was treated.', ['J. Brown grew S. aureus.', 'It was treated.']],
    ['letters that end a sentence', 'She had hepatitis B. She was treated.', ['She had hepatitis B.', 'She was treated.']],
    ['bullets', 'Plan:\n- aspirin\n- statin', ['Plan:', '- aspirin', '- statin']],
    ['numbered lists', '1. Hypertension\n2. Gout', ['1. Hypertension', '2. Gout']],
    ['headings with content', 'PMH: asthma\nMeds: none', ['PMH: asthma', 'Meds: none']],
    ['wrapped lines', 'The patient was seen because of a cough that had lasted for\nthree weeks. He left.', ['The patient was seen because of a cough that had lasted for\nthree weeks.', 'He left.']],
    ['lists without bullets', 'Hypertension\nGout\nAsthma', ['Hypertension', 'Gout', 'Asthma']],
    ['blank lines', 'no fever\n\nno cough', ['no fever', 'no cough']],
    ['Windows line ends', 'One line.\r\nTwo lines.', ['One line.', 'Two lines.']],
    ['tokenised notes', 'he has gout . he denies pain .', ['he has gout .', 'he denies pain .']],
    ['a forgotten space', 'There was oedema.The legs were warm.', ['There was oedema.', 'The legs were warm.']],
    ['questions', 'Why now? He fell.', ['Why now?', 'He fell.']],
    ['nothing', ' \n\t ', []],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(split(text), expected));

  it('covers every character that is not white space, in order', () => {
    const text = 'A: b. C?\n\n• d\n(e) f... "G." H; 3.5 i.e. j';
    const spans = splitSentences(text);
    for (let index = 1; index < spans.length; index++) assert.ok(spans[index]!.start >= spans[index - 1]!.end);
    assert.equal(spans.map(({ start, end }) => text.slice(start, end)).join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
  });

  it('cuts text without any full stop', () => {
    const spans = splitSentences('word '.repeat(2000));
    assert.ok(spans.length > 5 && spans.every(({ start, end }) => end - start <= 1000));
  });
});
