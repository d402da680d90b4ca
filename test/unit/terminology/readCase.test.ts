import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readCase } from '../../../src/core/terminology/read-case';
import { Terminology } from '../../../src/core/terminology/terminology';
import { KNOWLEDGE } from './fixture';

// All sentences and notes are synthetic.
const terminology = new Terminology(KNOWLEDGE);
/** Concepts of a text as `slug:assertion`, allergies as `slug:allergy`, in alphabetical order. */
function read(text: string): string {
  const { diseases, drugs, allergies } = readCase(text, terminology);
  return [...diseases, ...drugs, ...allergies].map(({ id, assertion }) => `${id}:${assertion}`).sort().join(' ');
}

function check(rows: readonly (readonly [string, string])[]): void {
  for (const [text, expected] of rows) it(JSON.stringify(text), () => assert.equal(read(text), expected));
}

describe('readCase: negation', () => check([
  ['No history of asthma.', 'asthma:negated'],
  ['He denies gout.', 'gout:negated'],
  ['Malaria was ruled out.', 'malaria:negated'],
  ['We ruled out malaria.', 'malaria:negated'],
  ['Negative for tuberculosis.', 'tuberculosis:negated'],
  ['Fever without pneumonia.', 'fever:present pneumonia:negated'],
  ['There is no evidence of pneumonia.', 'pneumonia:negated'],
  ['No fever, gout or asthma.', 'asthma:negated fever:negated gout:negated'],
  ['No fever, chills, or previous pneumonia.', 'fever:negated pneumonia:negated'],
  ['No fever but asthma is worse.', 'asthma:present fever:negated'],
  ['No fever, however he has asthma.', 'asthma:present fever:negated'],
  ['No fever, he has gout.', 'fever:negated gout:present'],
  ['He denies fever and has gout.', 'fever:negated gout:present'],
  ['No fever who presented with gout.', 'fever:negated gout:present'],
  ['She does not have asthma.', 'asthma:negated'],
  ["He doesn't have gout.", 'gout:negated'],
  ['He is not diabetic.', 'diabetes-mellitus:negated'],
  ['HIV negative.', 'hiv-infection:negated'],
  ['HIV-negative man with malaria.', 'hiv-infection:negated malaria:present'],
  ['HIV and hepatitis B tests were negative.', 'hepatitis-b:negated hiv-infection:negated'],
  ['TB: negative', 'tuberculosis:negated'],
  ['A non-asthmatic man with gout.', 'asthma:negated gout:present'],
  ['In this man with gout, malaria was excluded.', 'gout:present malaria:negated'],
  ['He neither had fever nor gout.', 'fever:negated gout:negated'],
  ['Fever was absent.', 'fever:negated'],
  ['He denied a history of asthma, gout, or epilepsy.', 'asthma:negated epilepsy:negated gout:negated'],
]));

describe('readCase: not a negation', () => check([
  ['No increase in fever.', 'fever:present'],
  ['Not only asthma but gout.', 'asthma:present gout:present'],
  ['Gram-negative pneumonia.', 'pneumonia:present'],
  ['There was no improvement of pneumonia.', 'pneumonia:present'],
  ['Hypertension is not well controlled on lisinopril.', 'hypertension:present lisinopril:present'],
  ["Gout did not respond to allopurinol.", 'allopurinol:historical gout:present'],
]));

describe('readCase: history', () => check([
  ['History of hypertension.', 'hypertension:present'],
  ['h/o asthma and gout', 'asthma:present gout:present'],
  ['PMH: hypertension, T2DM', 'hypertension:present type-2-diabetes-mellitus:present'],
  ['PAST MEDICAL HISTORY\nHypertension\nPneumonia', 'hypertension:present pneumonia:historical'],
  ['History of pneumonia.', 'pneumonia:historical'],
  ['A history of breast cancer.', 'breast-cancer:historical'],
  ['s/p MI', 'myocardial-infarction:historical'],
  ['Prior stroke, hypertension.', 'hypertension:present stroke:historical'],
  ['Asthma in childhood.', 'asthma:historical'],
  ['Depression, resolved.', 'major-depressive-disorder:historical'],
  ['He had depression in 2005.', 'major-depressive-disorder:historical'],
  ['Diagnosed with hypertension 10 years ago.', 'hypertension:present'],
  ['A 4 day history of fever.', 'fever:present'],
  ['A previously healthy man with malaria.', 'malaria:present'],
  ['History of hypertension presenting with pneumonia.', 'hypertension:present pneumonia:present'],
  ['PAST SURGICAL HISTORY\nMastectomy for breast cancer', 'breast-cancer:historical'],
]));

describe('readCase: family', () => check([
  ['Mother had breast cancer.', 'breast-cancer:family'],
  ['Family history of gout and asthma.', 'asthma:family gout:family'],
  ['Gout in his father.', 'gout:family'],
  ['Family History: hypertension, stroke', 'hypertension:family stroke:family'],
  ['FAMILY HISTORY\nMother: breast cancer\nFather: gout\nPLAN\nTreat asthma.', 'asthma:present breast-cancer:family gout:family'],
  ['No family history of breast cancer.', 'breast-cancer:negated'],
  ['His mother reports fever.', 'fever:present'],
  ['He was brought in by his mother with malaria.', 'malaria:present'],
  ['A 40-year-old mother of two with gout.', 'gout:present'],
  ['Her father had gout but the patient has asthma.', 'asthma:present gout:family'],
]));

describe('readCase: hypothetical', () => check([
  ['Return if fever develops.', 'fever:hypothetical'],
  ['If fever develops, take paracetamol.', 'acetaminophen:present fever:hypothetical'],
  ['Risk of stroke was discussed.', 'stroke:hypothetical'],
  ['CT to rule out pneumonia.', 'pneumonia:hypothetical'],
  ['r/o malaria', 'malaria:hypothetical'],
  ['Screening for tuberculosis.', 'tuberculosis:hypothetical'],
  ['Malaria cannot be ruled out.', 'malaria:hypothetical'],
  ['Differential diagnosis: malaria, pneumonia', 'malaria:hypothetical pneumonia:hypothetical'],
]));

describe('readCase: allergies and intolerance', () => check([
  ['Allergic to penicillin and sulfa.', 'penicillins:allergy sulfonamides:allergy'],
  ['Allergies: penicillin, sulfa', 'penicillins:allergy sulfonamides:allergy'],
  ['ALLERGIES\n\nPenicillin.\n\nPLAN\n\nGive clarithromycin.', 'clarithromycin:present penicillins:allergy'],
  ['Allergies: penicillin (anaphylaxis)', 'anaphylaxis:historical penicillins:allergy'],
  ['Penicillin allergy.', 'penicillins:allergy'],
  ['A penicillin-allergic man with pneumonia.', 'penicillins:allergy pneumonia:present'],
  ['NKDA. Takes metformin.', 'metformin:present'],
  ['No known drug allergies, on metformin.', 'metformin:present'],
  ['No allergy to penicillin.', 'penicillins:negated'],
  ['Allergies: none. Meds: amoxicillin', 'amoxicillin:present'],
  ['Intolerance to metformin.', 'metformin:allergy'],
  ['He did not tolerate metformin.', 'metformin:allergy'],
  ['Anaphylaxis to amoxicillin.', 'amoxicillin:allergy anaphylaxis:present'],
  ['Rash with amoxicillin.', 'amoxicillin:allergy'],
  ['Angioedema on lisinopril.', 'angioedema:present lisinopril:allergy'],
  ['Allopurinol caused a rash.', 'allopurinol:allergy'],
  ['Allergic to penicillin, takes metformin.', 'metformin:present penicillins:allergy'],
  ['Allergies: penicillin, but has tolerated cephalosporins.', 'cephalosporins:present penicillins:allergy'],
  ['Mother is allergic to penicillin.', 'penicillins:family'],
  ['Allergies: penicillin\nShe takes amoxicillin.', 'amoxicillin:present penicillins:allergy'],
  ['Allergic asthma treated with amoxicillin.', 'amoxicillin:present asthma:present'],
]));

describe('readCase: drugs', () => check([
  ['Medications: metformin, Zestril', 'lisinopril:present metformin:present'],
  ['Metformin was stopped.', 'metformin:historical'],
  ['Previously treated with allopurinol.', 'allopurinol:historical'],
  ['He is not taking metformin.', 'metformin:negated'],
  ['No response to allopurinol.', 'allopurinol:historical'],
  ['He was switched from metformin to insulin.', 'insulin:present metformin:historical'],
  ['Antibiotic prophylaxis with amoxicillin.', 'amoxicillin:present'],
]));

describe('readCase: conditions stated without their name', () => check([
  ['G2P1 at 20 weeks with asthma.', 'asthma:present pregnancy:present'],
  ['A pregnant woman.', 'pregnancy:present'],
  ['She is not pregnant.', 'pregnancy:negated'],
  ['The boy was born at 36 weeks of gestation.', ''],
  ['She is lactating.', 'breastfeeding:present'],
  ['eGFR 22', 'severe-renal-impairment:present'],
  ['eGFR of 75, eGFR > 60, eGFR 25-40', ''],
  ['K 6.1', 'hyperkalemia:present'],
  ['K 4.1, vitamin K 6.1', ''],
]));

describe('readCase: one reading of a whole note', () => {
  it('lets a present mention beat a negated one and keeps every mention', () => {
    const concept = readCase('No asthma at first. Now asthma.', terminology).diseases[0]!;
    assert.equal(concept.assertion, 'present');
    assert.deepEqual(concept.mentions.map(({ assertion }) => assertion), ['negated', 'present']);
  });

  it('takes the specific disease for the wider one', () => {
    const { diseases } = readCase('Heart failure with reduced ejection fraction. The heart failure is stable. No diabetes.', terminology);
    assert.deepEqual(diseases.map(({ id, assertion, mentions }) => [id, assertion, mentions.length]), [['heart-failure-with-reduced-ejection-fraction', 'present', 2], ['diabetes-mellitus', 'negated', 1]]);
  });

  it('puts present diseases first, then by first mention', () => {
    assert.deepEqual(readCase('No malaria. Gout. Mother had asthma. Epilepsy.', terminology).diseases.map(({ id }) => id), ['gout', 'epilepsy', 'malaria', 'asthma']);
  });

  it('gives exact spans', () => {
    const text = 'A man – 58 – with “gout”\r\nand T2DM.';
    const { diseases, sentences, textLength } = readCase(text, terminology);
    assert.deepEqual(diseases.flatMap(({ mentions }) => mentions).map(({ span }) => text.slice(span.start, span.end)), ['gout', 'T2DM']);
    assert.equal(textLength, text.length);
    assert.ok(sentences.length > 0);
  });

  it('reads empty and strange text', () => {
    for (const text of ['', ' \n', '\u0000\uFFFD'.repeat(50), '💊'.repeat(500), '('.repeat(5000), 'no '.repeat(3000), 'a'.repeat(100_000)]) assert.deepEqual(readCase(text, terminology).diseases, []);
  });
});
