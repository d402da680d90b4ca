import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ConceptFinder } from '../../../src/core/terminology/finder';
import { disease, drug, KNOWLEDGE } from './fixture';

// All sentences are synthetic.
const finder = new ConceptFinder(KNOWLEDGE);
const find = (text: string): string[] => finder.find(text).map(({ conceptId, span }) => `${conceptId}=${text.slice(span.start, span.end)}`);

describe('ConceptFinder', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['names, whatever the case', 'ASTHMA and Gout', ['asthma=ASTHMA', 'gout=Gout']],
    ['brands and synonyms', 'Tylenol is paracetamol; Glucophage', ['acetaminophen=Tylenol', 'acetaminophen=paracetamol', 'metformin=Glucophage']],
    ['the longest match', 'heart failure with reduced ejection fraction', ['heart-failure-with-reduced-ejection-fraction=heart failure with reduced ejection fraction']],
    ['plurals', 'statins, beta blockers and penicillins', ['statins=statins', 'beta-blockers=beta blockers', 'penicillins=penicillins']],
    ['hyphens and spaces', 'beta-blocker, betablocker, non small-cell lung cancer', ['beta-blockers=beta-blocker', 'beta-blockers=betablocker', 'non-small-cell-lung-cancer=non small-cell lung cancer']],
    ['Greek letters', 'β-blocker and a beta lactam', ['beta-blockers=β-blocker', 'beta-lactams=beta lactam']],
    ['British spelling', 'anaemia, sulphasalazine', ['anemia=anaemia', 'sulfasalazine=sulphasalazine']],
    ['possessives', 'Alzheimer disease, Alzheimer’s disease, Alzheimers disease', ['alzheimer-disease=Alzheimer disease', 'alzheimer-disease=Alzheimer’s disease', 'alzheimer-disease=Alzheimers disease']],
    ['Roman numerals', 'type II diabetes, type I diabetes', ['type-2-diabetes-mellitus=type II diabetes', 'type-1-diabetes-mellitus=type I diabetes']],
    ['line breaks inside a name', 'heart\nfailure', ['heart-failure=heart\nfailure']],
    ['not over a blank line or a list', 'heart\n\nfailure; heart, failure', []],
    ['inverted names with their comma', 'diabetes mellitus, type 2', ['type-2-diabetes-mellitus=diabetes mellitus, type 2']],
    ['abbreviations in their case', 'T2DM and CHF, not chf or hf', ['type-2-diabetes-mellitus=T2DM', 'heart-failure=CHF']],
    ['abbreviations with a hyphen', '5-FU and 5FU', ['fluorouracil=5-FU', 'fluorouracil=5FU']],
    ['abbreviations only as words', 'MIRACLE, AMI, MI5', []],
    ['not inside words', 'goutiness, asthmagen, Parasthma', []],
    ['not a brand with a letter joined', 'the retina was pale; Retin-A cream', ['tretinoin=Retin-A']],
    ['not two words that together spell a name', 'gou t; met formin; a zestril', ['lisinopril=zestril']],
    ['a hyphen in a name', 'met-formin', ['metformin=met-formin']],
    ['another drug behind an abbreviation', 'Dextromethorphan (DM) overdose; DM again', []],
    ['another disease behind a modifier', 'portal hypertension, pulmonary hypertension, diabetes insipidus, ST depression, heat stroke, stroke volume', []],
    ['prefixes that make another word', 'anti-malaria, pre-diabetes, anti-TB drugs', []],
    ['laboratory values are no drugs', 'potassium 4.1 mmol/L, serum potassium normal, insulin resistance, low potassium', []],
    ['the same words as drugs', 'He takes insulin and oral potassium.', ['insulin=insulin', 'potassium-chloride=potassium']],
    ['vaccines and look-alikes are no disease', 'influenza vaccine, flu-like symptoms, hepatitis B vaccination', []],
    ['room air', 'SpO2 98% on RA', []],
    ['an abbreviation that the text supports', 'RA on methotrexate with swollen joints', ['rheumatoid-arthritis=RA']],
    ['an abbreviation that the text defines otherwise', 'mitral stenosis (MS) with sclerosis; MS was severe', []],
    ['an abbreviation that the text defines as ours', 'multiple sclerosis (MS); MS was stable', ['multiple-sclerosis=multiple sclerosis', 'multiple-sclerosis=MS', 'multiple-sclerosis=MS']],
    ['adjectives of patients', 'an asthmatic, hypertensive patient', ['asthma=asthmatic', 'hypertension=hypertensive']],
    ['nothing', '', []],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(find(text), expected));

  it('never matches everyday words, whatever an author listed', () => {
    const careless = new ConceptFinder({ version: 'x', diseases: [disease('x', 'xeroderma', { synonyms: ['as', 'all'], abbreviations: ['I', 'at'] })], classes: [], drugs: [drug('y', 'yttrium', [], { brands: ['Today'] })] });
    assert.deepEqual(careless.find('Today I saw all of it as it was at home.'), []);
  });

  it('knows cancers by their place, in either order, and no other tumour by it', () => {
    const data = { version: 'x', classes: [], drugs: [], diseases: [disease('pancreatic-cancer', 'pancreatic cancer'), disease('lung-cancer', 'lung cancer'), disease('non-small-cell-lung-cancer', 'non-small cell lung cancer'), disease('colorectal-cancer', 'colorectal cancer')] };
    const finds = (text: string): string[] => new ConceptFinder(data).find(text).map(({ conceptId, span }) => `${conceptId}=${text.slice(span.start, span.end)}`);
    assert.deepEqual(finds('a moderately differentiated adenocarcinoma of the head of the pancreas'), ['pancreatic-cancer=adenocarcinoma of the head of the pancreas']);
    assert.deepEqual(finds('pancreatic carcinomas; squamous cell carcinoma of the left lung'), ['pancreatic-cancer=pancreatic carcinomas', 'non-small-cell-lung-cancer=squamous cell carcinoma of the left lung']);
    assert.deepEqual(finds('caecal adenocarcinoma, cancer of the colon and rectum'), ['colorectal-cancer=caecal adenocarcinoma', 'colorectal-cancer=cancer of the colon and rectum']);
    // The stomach's cancer is not in this terminology; an adenoma is no cancer.
    assert.deepEqual(finds('carcinoma of the stomach, pancreatic adenoma, lung metastases'), []);
  });

  it('lets a text write a name with or without the space that one of its spellings has', () => {
    const gallstones = new ConceptFinder({ version: 'x', classes: [], drugs: [], diseases: [disease('gallstones', 'gallstones', { synonyms: ['gall stones'] })] });
    assert.deepEqual(gallstones.find('gallstones, gall stones, gall-stone').map(({ span }) => span.start), [0, 12, 25]);
  });

  it('knows Greek plurals and older spellings', () => {
    const data = { version: 'x', classes: [], drugs: [], diseases: [disease('thrombosis', 'thrombosis'), disease('vasculitis', 'vasculitis'), disease('carcinoma', 'carcinoma'), disease('leukemia', 'leukemia'), disease('overdose', 'overdose')] };
    assert.deepEqual(new ConceptFinder(data).find('thromboses, vasculitides, carcinomata, leucaemia, overdoses').map(({ conceptId }) => conceptId), ['thrombosis', 'vasculitis', 'carcinoma', 'leukemia', 'overdose']);
  });

  it('takes an ambiguous abbreviation only where the text speaks of its disease', () => {
    const data = { version: 'x', classes: [], drugs: [], diseases: [disease('bullous-pemphigoid', 'bullous pemphigoid', { abbreviations: ['BP'] }), disease('tuberculosis', 'tuberculosis')] };
    const count = (text: string): number => new ConceptFinder(data).find(text).length;
    assert.deepEqual([count('two cases of BP with tense bullae'), count('tense bullae; BP 120/80, her BP was low'), count('BP under control, HR 70')], [1, 0, 0]);
    assert.deepEqual([count('tuberculous lymphadenitis'), count('non-tuberculous mycobacteria')], [1, 0]);
  });

  it('looks up whole names', () => {
    assert.deepEqual(finder.lookup('Type-2 Diabetes'), { kind: 'disease', id: 'type-2-diabetes-mellitus' });
    assert.deepEqual(finder.lookup('zocor', 'drug'), { kind: 'drug', id: 'simvastatin' });
    assert.equal(finder.lookup('zocor', 'disease'), undefined);
    assert.equal(finder.lookup('nonsense'), undefined);
  });

  it('tells names that two concepts claim, and takes neither abbreviation without support', () => {
    const twice = new ConceptFinder({ version: 'x', diseases: [disease('a', 'alpha disease', { abbreviations: ['ZZ'] }), disease('b', 'beta disease', { abbreviations: ['ZZ'] })], classes: [], drugs: [] });
    assert.deepEqual(twice.ambiguous().map(({ key }) => key), ['ZZ']);
    assert.deepEqual(twice.find('ZZ was found').map(({ conceptId }) => conceptId), []);
    assert.deepEqual(twice.find('beta disease; ZZ was found').map(({ conceptId }) => conceptId), ['b', 'b']);
  });
});
