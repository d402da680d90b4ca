// What it takes to ground one labelled claim by itself.
import { CitationIndex } from '../../src/core/engine/grounding/citations';
import { ClaimGrounder } from '../../src/core/engine/grounding/groundClaim';
import type { DraftClaim, EngineRequest } from '../../src/core/engine/types';
import type { KnowledgeBase } from '../../src/core/recommend/knowledgeBase';
import { questionNames } from '../../src/core/recommend/names';
import type { LabelledClaim } from './groundingSets';

/** A grounder for the one passage that the claim cites, and the claim as an engine would draft it. */
export function grounderFor({ document, passage, drug, disease, text }: LabelledClaim, knowledge: KnowledgeBase): { grounder: ClaimGrounder; draft: DraftClaim } {
  const known = disease ? knowledge.graph.disease(disease) : undefined;
  const cited = { label: 'E1', score: 1, drugIds: [], header: document, passage: document.passages[passage]! };
  const request: EngineRequest = {
    caseText: '', candidates: [{ drug, origins: [], indications: [], safety: [] }], background: { condition: 'both', omitted: 0, passages: [cited] },
    reading: { diseases: known ? [{ kind: 'disease', id: disease!, name: known.name, assertion: 'present', mentions: [] }] : [], drugs: [], allergies: [], sentences: [], textLength: 0 },
  };
  const names = questionNames(knowledge, knowledge.graph.drug(drug.id) ? [] : [{ kind: 'drug', id: drug.id, name: drug.name }]);
  return { grounder: new ClaimGrounder(request, names, new CitationIndex([cited])), draft: { text, stance: 'for', citations: ['E1'] } };
}
