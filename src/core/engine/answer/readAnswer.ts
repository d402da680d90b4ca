import type { Candidate, Decision, DraftClaim, DraftRecommendation } from '../types';
import { answerErrors, isAnswer, type Answer } from './answerSchema';
import { extractJson } from './extractJson';
import { isRecord } from './json';
import { looksLikeAnswer, normalizeAnswer } from './normalizeAnswer';

/** What became of a finished output. */
export interface ReadAnswer {
  /** Drafts of candidates only, duplicates merged, in the order of the answer. */
  readonly drafts: readonly DraftRecommendation[];
  /** Why the answer is not valid, written for the model; empty when it is. */
  readonly errors: readonly string[];
  /** Drugs that were never a candidate, as the model wrote them. */
  readonly strangers: readonly string[];
  /** Names of candidates that the answer leaves out. */
  readonly missing: readonly string[];
  /** Names of drugs that were answered more than once. */
  readonly merged: readonly string[];
  /** The JSON value closed properly. */
  readonly complete: boolean;
}

/** Reads a whole output strictly: extracted, normalised, validated, and held against the candidates. */
export function readAnswer(output: string, candidates: readonly Candidate[]): ReadAnswer {
  const names = candidates.map((candidate) => candidate.drug.name);
  const nothing = { drafts: [], strangers: [], missing: names, merged: [], complete: false };
  const found = extractJson(output, looksLikeAnswer);
  if (!found) {
    return { ...nothing, errors: ['the answer holds no JSON object with "recommendations"'] };
  }
  if (!found.complete) {
    return { ...nothing, errors: ['the JSON is cut off or not well-formed'] };
  }
  const value = normalizeAnswer(found.value);
  if (!isAnswer(value)) {
    return { ...nothing, errors: answerErrors(value), complete: true };
  }
  return { ...matchCandidates(value, candidates), errors: [], complete: true };
}

/** Reads what has arrived so far; every draft but the last is whole. Never throws. */
export function readPartialAnswer(output: string, candidates: readonly Candidate[]): DraftRecommendation[] {
  const value = normalizeAnswer(extractJson(output, looksLikeAnswer)?.value);
  if (!isRecord(value) || !Array.isArray(value['recommendations'])) {
    return [];
  }
  const byName = candidateMap(candidates);
  const drafts = value['recommendations'].flatMap((entry: unknown): DraftRecommendation[] => {
    const candidate = isRecord(entry) && typeof entry['drug'] === 'string' ? byName.get(nameKey(entry['drug'])) : undefined;
    return candidate && isRecord(entry) ? [partialDraft(entry, candidate)] : [];
  });
  return mergeDuplicates(drafts).drafts;
}

/** How names are compared: without case, punctuation and a note in parentheses. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/\(.*?\)/g, ' ').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

function matchCandidates(answer: Answer, candidates: readonly Candidate[]): Pick<ReadAnswer, 'drafts' | 'strangers' | 'missing' | 'merged'> {
  const byName = candidateMap(candidates);
  const strangers: string[] = [];
  const drafts: DraftRecommendation[] = [];
  for (const entry of answer.recommendations) {
    const candidate = byName.get(nameKey(entry.drug));
    if (candidate) {
      const { decision, confidence, summary, claims } = entry;
      drafts.push({ drugId: candidate.drug.id, drugName: entry.drug, decision, confidence, summary, claims });
    } else {
      strangers.push(entry.drug);
    }
  }
  const answered = new Set(drafts.map((draft) => draft.drugId));
  const missing = candidates.filter((candidate) => !answered.has(candidate.drug.id)).map((candidate) => candidate.drug.name);
  return { ...mergeDuplicates(drafts), strangers: [...new Set(strangers)], missing };
}

function candidateMap(candidates: readonly Candidate[]): Map<string, Candidate> {
  const ids = candidates.map((candidate) => [nameKey(candidate.drug.id), candidate] as const);
  return new Map([...ids, ...candidates.map((candidate) => [nameKey(candidate.drug.name), candidate] as const)]);
}

const caution: readonly Decision[] = ['recommend', 'consider', 'insufficient-evidence', 'avoid'];

/** One draft per drug: all claims, the more cautious decision, the lower confidence. */
function mergeDuplicates(drafts: readonly DraftRecommendation[]): { drafts: DraftRecommendation[]; merged: string[] } {
  const byDrug = new Map<string, DraftRecommendation>();
  const merged = new Set<string>();
  for (const draft of drafts) {
    const before = byDrug.get(draft.drugId);
    if (!before) {
      byDrug.set(draft.drugId, draft);
      continue;
    }
    merged.add(before.drugName);
    const known = new Set(before.claims.map((claim) => claim.text));
    byDrug.set(draft.drugId, {
      ...before,
      decision: caution.indexOf(draft.decision) > caution.indexOf(before.decision) ? draft.decision : before.decision,
      confidence: Math.min(before.confidence, draft.confidence),
      claims: [...before.claims, ...draft.claims.filter((claim) => !known.has(claim.text))],
    });
  }
  return { drafts: [...byDrug.values()], merged: [...merged] };
}

function partialDraft(entry: Record<string, unknown>, candidate: Candidate): DraftRecommendation {
  const claims = Array.isArray(entry['claims']) ? entry['claims'].flatMap(partialClaim) : [];
  const decision = caution.find((known) => known === entry['decision']) ?? 'insufficient-evidence';
  const confidence = typeof entry['confidence'] === 'number' ? Math.min(1, Math.max(0, entry['confidence'])) : 0;
  const summary = typeof entry['summary'] === 'string' ? entry['summary'] : '';
  return { drugId: candidate.drug.id, drugName: candidate.drug.name, decision, confidence, summary, claims };
}

function partialClaim(claim: unknown): DraftClaim[] {
  if (!isRecord(claim) || typeof claim['text'] !== 'string' || claim['text'] === '') {
    return [];
  }
  const stance = claim['stance'] === 'against' || claim['stance'] === 'safety' ? claim['stance'] : 'for';
  const citations = Array.isArray(claim['citations']) ? claim['citations'].filter((label): label is string => typeof label === 'string') : [];
  return [{ text: claim['text'], stance, citations }];
}
