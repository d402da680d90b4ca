import assert from 'node:assert/strict';
import { noteBlock } from '../../../src/shared/noteBlock';
import type { RecommendationResult } from '../../../src/core/recommend/types';

const citation = (documentId: string, retrieved = true, passageId?: string) => ({ documentId, passageId, title: `Synthetic title ${documentId}`, url: retrieved ? `https://example.org/${documentId}` : undefined, quote: 'q', retrieved });
const claim = (text: string, documentIds: readonly string[], more = {}) => ({ text, stance: 'for' as const, citations: documentIds.map(id => citation(id)), grounding: 'supported' as const, groundingReasons: [], ...more });
const result: RecommendationResult = {
  schema: 'kedrec.recommendation/1', engine: 'evidence', case: { diseases: [], drugs: [], allergies: [], textLength: 1 }, warnings: [],
  recommendations: [
    { drug: { id: 'a', name: 'alphadrug' }, decision: 'recommend', confidence: 0.8, origin: [], safety: [], rationale: { summary: 's', claims: [claim('First\nclaim.', ['D1', 'D2']), claim('Second claim.', ['D1'])] } },
    {
      drug: { id: 'b', name: 'betadrug' }, decision: 'avoid', confidence: 0.9, origin: [],
      safety: [{ kind: 'allergy', level: 'avoid', reason: 'Reason without a passage.' }, { kind: 'contraindication', level: 'avoid', reason: 'Reason that a claim states.', passageId: 'KG:b#3' }],
      rationale: { summary: 's', claims: [claim('Stated.', [], { stance: 'safety', citations: [citation('KG:b', true, 'KG:b#3')] }), claim('Made up.', [], { citations: [citation('D9', false)], grounding: 'unsupported' })] },
    },
  ],
  provenance: { engine: 'evidence', languageModel: false, condition: 'both', knowledgeVersion: 'k', indexes: [], kedrecVersion: '0', createdAt: '2026-01-01T00:00:00.000Z', durationMs: 1 },
};

describe('noteBlock', () => {
  it('numbers each document once and names what was not retrieved', () => {
    assert.equal(noteBlock(result, new Map([['a', 'accepted by X']]), 'Provenance', { markdown: true, lineBreak: '\n' }), `### KEDRec recommendation

- **Recommend: alphadrug** (confidence 0.80), accepted by X
  - For: First claim. [1] [2]
  - For: Second claim. [1]
- **Avoid: betadrug** (confidence 0.90)
  - Safety: Reason without a passage.
  - Safety: Stated. [3]
  - For: Made up. [4] (not retrieved) (unsupported)

Sources
- [1] D1: Synthetic title D1 <https://example.org/D1>
- [2] D2: Synthetic title D2 <https://example.org/D2>
- [3] KG:b: Synthetic title KG:b <https://example.org/KG:b>
- [4] D9: Synthetic title D9

Provenance. For research only; not clinical advice.
`);
  });
  it('keeps the line breaks of the file and writes no Markdown into plain text', () => {
    const block = noteBlock(result, new Map(), 'P', { markdown: false, lineBreak: '\r\n' });
    assert.ok(!/[^\r]\n/.test(block));
    assert.ok(!block.includes('**'));
  });
});
