import assert from 'node:assert/strict';
import { hardlySaid } from '../../../src/core/engine/grounding/checks';
import type { Claim, Recommendation } from '../../../src/core/engine/types';
import { holdBackUnsupported } from '../../../src/core/recommend/heldBack';

const claim = (grounding: Claim['grounding'], groundingReasons: readonly string[] = [], retrieved = true): Claim =>
  ({ text: 'Synthetic claim.', stance: 'for', grounding, groundingReasons, citations: [{ documentId: 'S:1', quote: '', retrieved }] });
const speaks = (id: string, claims: readonly Claim[], decision: Recommendation['decision'] = 'recommend'): Recommendation =>
  ({ drug: { id, name: id }, decision, confidence: 0.8, rationale: { summary: 'Synthetic.', claims }, origins: [], safety: [] } as unknown as Recommendation);

describe('holding back what no passage bears out', () => {
  const decisions = (recommendations: readonly Recommendation[]) => holdBackUnsupported(recommendations).recommendations.map(({ drug, decision }) => `${drug.id} ${decision}`);

  it('keeps a claim that its passage says, in full or in part', () => {
    assert.deepEqual(decisions([speaks('a', [claim('supported')]), speaks('b', [claim('weak', ['E1 does not mention b.'])], 'consider')]), ['a recommend', 'b consider']);
  });

  it('holds back where none says it, though a cited passage is about the drug', () => {
    assert.deepEqual(decisions([speaks('a', [claim('weak', ['E1 does not mention a.', hardlySaid])]), speaks('b', [claim('supported')])]), ['b recommend', 'a insufficient-evidence']);
    assert.deepEqual(decisions([speaks('a', [claim('supported', [], false)])]), ['a insufficient-evidence']);
  });

  it('leaves what speaks against a drug alone, and stays above it', () => {
    assert.deepEqual(decisions([speaks('a', []), speaks('b', [], 'avoid')]), ['a insufficient-evidence', 'b avoid']);
  });
});
