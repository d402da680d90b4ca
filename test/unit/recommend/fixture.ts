import type { EvidenceDocument } from '../../../src/core/evidence/types';
import { memoryEvidenceStore } from '../../../src/core/evidence/memory';
import { openKnowledge } from '../../../src/core/recommend/knowledgeBase';
import type { Disease, Drug, DrugClass } from '../../../src/core/terminology/types';

// Every name here is invented: the tests are about the way of the data, not about medicine.
const disease = (id: string, name: string, more: Partial<Disease> = {}): Disease => ({ id, name, synonyms: [], abbreviations: [], kind: 'disease', broader: [], ids: {}, ...more });
const drug = (id: string, more: Partial<Drug> = {}): Drug => ({
  id, name: id, synonyms: [], abbreviations: [], brands: [], classes: [], targets: [], ids: {}, indications: [], contraindications: [], interactions: [], ...more,
});
const drugClass = (id: string, name: string): DrugClass => ({ id, name, synonyms: [], abbreviations: [], crossReactive: [], partOf: [] });

export const knowledge = openKnowledge(JSON.stringify({
  version: 'fixture',
  diseases: [
    disease('examplitis', 'examplitis', { broader: ['general-itis'] }), disease('general-itis', 'general itis'), disease('sampleosis', 'sampleosis'), disease('fragile-state', 'fragile state', { kind: 'condition' }),
    disease('untreatable-syndrome', 'untreatable syndrome'),
  ],
  classes: [drugClass('alphas', 'alpha agent')],
  drugs: [
    drug('firstamab', { indications: [{ disease: 'examplitis', line: 'first' }] }),
    drug('laterinib', { indications: [{ disease: 'examplitis', line: 'later' }], contraindications: [{ condition: 'fragile-state', level: 'contraindicated', reason: 'It makes the state worse.' }] }),
    drug('broadicin', { classes: ['alphas'], indications: [{ disease: 'general-itis' }] }),
    drug('otherol', { indications: [{ disease: 'sampleosis', line: 'first' }] }),
    drug('papertin'),
  ],
}));

const paper = (n: number, text: string, more: Partial<EvidenceDocument> = {}): EvidenceDocument => ({
  id: `PMID:${n}`, source: 'literature', title: `Synthetic paper ${n}`, passages: [{ id: `PMID:${n}#1`, documentId: `PMID:${n}`, section: 'Finding', text }], ...more,
});

export const documents: readonly EvidenceDocument[] = [
  paper(1, 'Firstamab reduced relapses of examplitis.', { design: 'randomised trial', direction: 'for', drugs: ['firstamab'], diseases: ['examplitis'] }),
  paper(2, 'Laterinib did not improve examplitis.', { design: 'randomised trial', direction: 'against', drugs: ['laterinib'], diseases: ['examplitis'] }),
  paper(3, 'Papertin improved remission in examplitis compared with firstamab.', { design: 'meta-analysis' }),
  paper(4, 'Otherol lowered the risk of sampleosis.', { direction: 'for', drugs: ['otherol'], diseases: ['sampleosis'], design: 'cohort study' }),
  { ...paper(5, 'Firstamab trial in examplitis, completed.'), id: 'NCT00000005', source: 'trials', passages: [{ id: 'NCT00000005#1', documentId: 'NCT00000005', section: 'Finding', text: 'Firstamab improved examplitis.' }] },
  paper(6, 'Strangeol prevented examplitis in every patient.', { design: 'case series' }),
  paper(7, 'Papertin was harmful in examplitis.', { notice: 'Retracted 2020.' }),
];

export const evidence = () => memoryEvidenceStore(documents);
