import type { BackgroundPassage, Candidate, Claim, Decision, DraftRecommendation, EngineRequest, Recommendation } from '../types';
import { CitationIndex } from './citations';
import { ClaimGrounder } from './groundClaim';
import type { NameLookup } from './names';

/** What may be given beside the request. */
export interface GroundingOptions {
  /** Passages that may be cited although they are no background, such as profiles of the knowledge graph (`KG:slug#n`). */
  readonly morePassages?: readonly BackgroundPassage[];
}

/** Grounds answers to one request; keeps what it has found out, so that it can follow a stream. */
export interface Grounder {
  /**
   * Recommendations in the order in which they are shown. `partial` drafts are grounded as they are;
   * a finished answer gets an entry for every candidate, also for those the engine left out.
   */
  ground(drafts: readonly DraftRecommendation[], options?: { readonly partial?: boolean }): Recommendation[];
}

/** Makes a grounder for one request. */
export function createGrounder(request: EngineRequest, names: NameLookup, options: GroundingOptions = {}): Grounder {
  const grounder = new ClaimGrounder(request, names, new CitationIndex([...request.background.passages, ...(options.morePassages ?? [])]));
  const known = new Map<string, Claim>();
  const candidates = new Map(request.candidates.map((candidate) => [candidate.drug.id, candidate]));

  const groundOne = (draft: DraftRecommendation, candidate: Candidate): Recommendation => {
    const claims = draft.claims.map((claim) => {
      const key = JSON.stringify([draft.drugId, claim]);
      const grounded = known.get(key) ?? grounder.ground(claim, candidate.drug);
      known.set(key, grounded);
      return grounded;
    });
    return { ...settled(draft, candidate), drug: candidate.drug, origin: candidate.origins, safety: candidate.safety, rationale: { summary: summaryOf(draft, candidate), claims } };
  };

  return {
    ground: (drafts, { partial = false } = {}) => {
      const answered = new Set(drafts.map((draft) => draft.drugId));
      const silent = partial ? [] : request.candidates.filter((candidate) => !answered.has(candidate.drug.id)).map(noDecision);
      const all = [...drafts, ...silent].flatMap((draft) => {
        const candidate = candidates.get(draft.drugId);
        return candidate ? [groundOne(draft, candidate)] : [];
      });
      return inOrder(all);
    },
  };
}

/** Grounds a finished answer. */
export function groundDrafts(drafts: readonly DraftRecommendation[], request: EngineRequest, names: NameLookup, options: GroundingOptions = {}): Recommendation[] {
  return createGrounder(request, names, options).ground(drafts);
}

const ranks: readonly Decision[] = ['recommend', 'consider', 'insufficient-evidence', 'avoid'];

function inOrder(recommendations: readonly Recommendation[]): Recommendation[] {
  return [...recommendations].sort((a, b) => ranks.indexOf(a.decision) - ranks.indexOf(b.decision) || b.confidence - a.confidence);
}

/** A flag of level `avoid` is a rule: whatever the engine says, with confidence 1. */
function settled(draft: DraftRecommendation, candidate: Candidate): Pick<Recommendation, 'decision' | 'confidence'> {
  const overruled = draft.decision !== 'avoid' && avoidReasons(candidate).length > 0;
  return overruled ? { decision: 'avoid', confidence: 1 } : { decision: draft.decision, confidence: Math.min(1, Math.max(0, draft.confidence)) };
}

function summaryOf(draft: DraftRecommendation, candidate: Candidate): string {
  const reasons = avoidReasons(candidate);
  return reasons.length === 0 || draft.decision === 'avoid' ? draft.summary : `To be avoided here, whatever speaks for it: ${reasons.join(' ')}`;
}

function avoidReasons(candidate: Candidate): string[] {
  return candidate.safety.filter((flag) => flag.level === 'avoid').map((flag) => flag.reason);
}

function noDecision(candidate: Candidate): DraftRecommendation {
  return { drugId: candidate.drug.id, drugName: candidate.drug.name, decision: 'insufficient-evidence', confidence: 0, summary: 'The engine gave no decision for this candidate.', claims: [] };
}
