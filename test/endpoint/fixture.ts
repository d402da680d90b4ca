import type { CaseConcept } from '../../src/core/terminology/types';
import type { BackgroundPassage, Candidate, EngineRequest, SafetyFlag } from '../../src/core/engine/types';
import type { EndpointConfig } from '../../src/core/engine/endpoint/config';

/** Everything in here is synthetic: cases, passages and their numbers are made up for tests. */
export const caseText = 'Synthetic note. 61-year-old with type 2 diabetes, HbA1c 8.4%. Allergic to sulfonamides. Zanzibar-Quokka marker.';

export function concept(kind: CaseConcept['kind'], id: string, name: string, assertion: CaseConcept['assertion'] = 'present'): CaseConcept {
  return { kind, id, name, assertion, mentions: [] };
}

export function candidate(id: string, safety: readonly SafetyFlag[] = []): Candidate {
  return { drug: { id, name: id.replace(/-/g, ' ') }, origins: [{ kind: 'graph', detail: 'indicated for type 2 diabetes' }], indications: [], safety };
}

export function passage(label: string, document: string, text: string, options: Partial<BackgroundPassage> & { title?: string } = {}): BackgroundPassage {
  const { title = 'A synthetic study', ...rest } = options;
  return {
    label, score: 1, drugIds: [],
    header: { id: document, source: 'literature', title, url: `https://example.org/${document}` },
    passage: { id: `${document}#1`, documentId: document, text },
    ...rest,
  };
}

export const avoidFlag: SafetyFlag = { kind: 'allergy', level: 'avoid', reason: 'The case records an allergy to sulfonamides.' };

/** A request with three candidates and three passages. */
export function makeRequest(change: Partial<EngineRequest> = {}): EngineRequest {
  return {
    caseText,
    reading: {
      diseases: [concept('disease', 'type-2-diabetes', 'type 2 diabetes')], drugs: [], allergies: [concept('drug-class', 'sulfonamides', 'sulfonamides', 'allergy')],
      sentences: [], textLength: caseText.length,
    },
    candidates: [candidate('metformin'), candidate('glipizide', [avoidFlag]), candidate('empagliflozin')],
    background: {
      condition: 'both', omitted: 0,
      passages: [
        passage('E1', 'TEST:1', 'Synthetic: adults with type 2 diabetes were enrolled. Metformin lowered HbA1c by 1.1% compared with placebo. Nausea was common.', { drugIds: ['metformin'], score: 3 }),
        passage('E2', 'TEST:2', 'Synthetic: in type 2 diabetes empagliflozin did not reduce stroke. Metformin was the background drug.', { drugIds: ['empagliflozin', 'metformin'], score: 2 }),
        passage('E3', 'TEST:3', 'Synthetic: glipizide raised the rate of hypoglycaemia in type 2 diabetes.', { drugIds: ['glipizide'], score: 1 }),
      ],
    },
    ...change,
  };
}

/** Patience for tests: short, and long enough for a busy machine. */
export function makeConfig(baseUrl: string, change: Partial<EndpointConfig> = {}): EndpointConfig {
  return {
    baseUrl, model: 'scripted-model', apiKey: 'sk-secret-key-for-tests',
    timeouts: { connectMs: 2000, firstTokenMs: 5000, idleMs: 5000 },
    retry: { maxRetries: 2, baseMs: 5, maxWaitMs: 500 },
    ...change,
  };
}
