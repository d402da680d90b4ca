import type { ConceptIds, Disease, Drug, DrugClass, KnowledgeData } from '../../../src/core/terminology/types';

type Names = { readonly synonyms?: readonly string[]; readonly abbreviations?: readonly string[] };

export function disease(id: string, name: string, more: Names & Partial<Disease> = {}): Disease {
  return { id, name, synonyms: [], abbreviations: [], broader: [], kind: 'disease', ids: {}, ...more };
}

export function drugClass(id: string, name: string, more: Names & Partial<DrugClass> = {}): DrugClass {
  return { id, name, synonyms: [], abbreviations: [], crossReactive: [], partOf: [], ...more };
}

export function drug(id: string, name: string, classes: readonly string[], more: Names & Partial<Drug> & { readonly ids?: ConceptIds } = {}): Drug {
  return { id, name, synonyms: [], abbreviations: [], brands: [], classes, targets: [], ids: {}, indications: [], contraindications: [], interactions: [], ...more };
}

/** A small terminology for tests: real names and relations, far from complete. */
export const KNOWLEDGE: KnowledgeData = {
  version: 'test',
  diseases: [
    disease('diabetes-mellitus', 'diabetes mellitus', { synonyms: ['diabetes'], abbreviations: ['DM'] }),
    disease('type-2-diabetes-mellitus', 'type 2 diabetes mellitus', { synonyms: ['type 2 diabetes', 'diabetes mellitus, type 2'], abbreviations: ['T2DM'], broader: ['diabetes-mellitus'] }),
    disease('type-1-diabetes-mellitus', 'type 1 diabetes mellitus', { synonyms: ['type 1 diabetes'], abbreviations: ['T1DM'], broader: ['diabetes-mellitus'] }),
    disease('heart-failure', 'heart failure', { synonyms: ['congestive heart failure', 'cardiac failure'], abbreviations: ['CHF', 'HF'] }),
    disease('heart-failure-with-reduced-ejection-fraction', 'heart failure with reduced ejection fraction', { abbreviations: ['HFrEF'], broader: ['heart-failure'] }),
    disease('hypertension', 'hypertension', { synonyms: ['high blood pressure'], abbreviations: ['HTN'] }),
    disease('asthma', 'asthma'), disease('gout', 'gout'), disease('epilepsy', 'epilepsy'), disease('psoriasis', 'psoriasis'),
    disease('pneumonia', 'pneumonia'), disease('malaria', 'malaria'), disease('tuberculosis', 'tuberculosis', { abbreviations: ['TB'] }),
    disease('hiv-infection', 'HIV infection', { synonyms: ['human immunodeficiency virus infection'], abbreviations: ['HIV'] }),
    disease('hepatitis-b', 'hepatitis B'), disease('influenza', 'influenza', { synonyms: ['flu'] }),
    disease('breast-cancer', 'breast cancer'), disease('stroke', 'stroke', { kind: 'condition' }), disease('myocardial-infarction', 'myocardial infarction', { abbreviations: ['MI'] }),
    disease('anemia', 'anemia'), disease('alzheimer-disease', "Alzheimer's disease"), disease('non-small-cell-lung-cancer', 'non-small cell lung cancer', { abbreviations: ['NSCLC'] }),
    disease('rheumatoid-arthritis', 'rheumatoid arthritis', { abbreviations: ['RA'] }), disease('multiple-sclerosis', 'multiple sclerosis', { abbreviations: ['MS'] }),
    disease('major-depressive-disorder', 'major depressive disorder', { synonyms: ['depression'] }), disease('peptic-ulcer', 'peptic ulcer'),
    disease('fever', 'fever', { kind: 'finding' }), disease('pregnancy', 'pregnancy', { kind: 'condition' }), disease('breastfeeding', 'breastfeeding', { kind: 'condition' }),
    disease('angioedema', 'angioedema', { kind: 'condition' }), disease('anaphylaxis', 'anaphylaxis', { kind: 'condition' }), disease('hyperkalemia', 'hyperkalemia', { kind: 'condition' }),
    disease('renal-impairment', 'renal impairment', { kind: 'condition' }), disease('severe-renal-impairment', 'severe renal impairment', { kind: 'condition', broader: ['renal-impairment'] }),
  ],
  classes: [
    drugClass('beta-lactams', 'beta-lactam', { synonyms: ['β-lactam antibiotic'] }),
    drugClass('penicillins', 'penicillin', { sharedAllergy: true, crossReactive: ['cephalosporins'], partOf: ['beta-lactams'] }),
    drugClass('cephalosporins', 'cephalosporin', { partOf: ['beta-lactams'] }),
    drugClass('sulfonamides', 'sulfonamide antibiotic', { synonyms: ['sulfa'] }),
    drugClass('ace-inhibitors', 'ACE inhibitor', { synonyms: ['angiotensin-converting-enzyme inhibitor'] }),
    drugClass('biguanides', 'biguanide'), drugClass('macrolides', 'macrolide'), drugClass('statins', 'statin'), drugClass('insulins', 'insulins'), drugClass('beta-blockers', 'beta blocker'),
    drugClass('potassium-supplements', 'potassium supplement'), drugClass('antimalarials', 'antimalarial'), drugClass('retinoids', 'retinoid'),
  ],
  drugs: [
    drug('metformin', 'metformin', ['biguanides'], {
      brands: ['Glucophage'], mechanism: 'Lowers glucose production in the liver.', ids: { drugbank: 'DB00331' },
      indications: [{ disease: 'type-2-diabetes-mellitus', line: 'first', role: 'disease-modifying' }],
      contraindications: [{ condition: 'severe-renal-impairment', level: 'contraindicated', reason: 'It accumulates and can cause lactic acidosis.' }, { condition: 'heart-failure', level: 'caution' }],
    }),
    drug('insulin', 'insulin', ['insulins'], { indications: [{ disease: 'diabetes-mellitus', line: 'later' }] }),
    drug('amoxicillin', 'amoxicillin', ['penicillins'], { indications: [{ disease: 'pneumonia' }] }),
    drug('ampicillin', 'ampicillin', ['penicillins'], { indications: [{ disease: 'pneumonia' }] }),
    drug('cefuroxime', 'cefuroxime', ['cephalosporins'], { indications: [{ disease: 'pneumonia' }] }),
    drug('clarithromycin', 'clarithromycin', ['macrolides'], { indications: [{ disease: 'pneumonia' }], interactions: [{ with: 'statins', level: 'avoid', effect: 'More myopathy when combined.' }] }),
    drug('simvastatin', 'simvastatin', ['statins'], { brands: ['Zocor'] }),
    drug('lisinopril', 'lisinopril', ['ace-inhibitors'], {
      brands: ['Zestril'], targets: ['ACE'], indications: [{ disease: 'hypertension' }, { disease: 'heart-failure' }],
      contraindications: [{ condition: 'pregnancy', level: 'contraindicated' }, { condition: 'angioedema', level: 'contraindicated' }], interactions: [{ with: 'potassium-supplements', level: 'caution', effect: 'Raises potassium.' }],
    }),
    drug('ramipril', 'ramipril', ['ace-inhibitors'], { targets: ['ACE'], indications: [{ disease: 'hypertension' }] }),
    drug('acetaminophen', 'acetaminophen', [], { synonyms: ['paracetamol'], brands: ['Tylenol'], indications: [{ disease: 'fever', role: 'symptomatic' }] }),
    drug('potassium-chloride', 'potassium chloride', ['potassium-supplements'], { synonyms: ['potassium'] }),
    drug('fluorouracil', 'fluorouracil', [], { abbreviations: ['5-FU'], indications: [{ disease: 'breast-cancer' }] }),
    drug('tretinoin', 'tretinoin', ['retinoids'], { brands: ['Retin-A'] }),
    drug('allopurinol', 'allopurinol', [], { indications: [{ disease: 'gout', role: 'preventive', note: 'Not for the acute attack.' }] }),
    drug('chloroquine', 'chloroquine', ['antimalarials'], { indications: [{ disease: 'malaria' }] }),
    drug('sulfasalazine', 'sulfasalazine', [], { synonyms: ['sulphasalazine'], indications: [{ disease: 'rheumatoid-arthritis' }] }),
  ],
};
