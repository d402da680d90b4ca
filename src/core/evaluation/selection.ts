import { createEvidenceEngine } from '../engine/evidenceEngine';
import type { BackgroundCondition, Decision, Recommendation } from '../engine/types';
import type { EvidenceStore } from '../evidence/types';
import { givenDrugs } from '../recommend/candidates';
import type { KnowledgeBase } from '../recommend/knowledgeBase';
import { recommend } from '../recommend/pipeline';
import { seededRandom, shareOf, type Share } from './statistics';
import type { Triple } from './triples';
import { withoutGraph } from './withoutGraph';

export interface SelectionOptions {
  /** The knowledge graph's edges count; false: evidence alone, with the terminology. */
  readonly graph: boolean;
  /** Where background may come from; `none` leaves the graph alone. */
  readonly condition: BackgroundCondition;
  /** Of the order in which the two drugs are given. */
  readonly seed: number;
  readonly passagesPerCandidate: number;
}

export interface SelectionJudgement {
  readonly drug: string;
  readonly decision: Decision;
  readonly confidence: number;
  /** Documents quoted for it, and against it or for harm. */
  readonly for: readonly string[];
  readonly against: readonly string[];
}

export interface SelectionOutcome {
  readonly line: number;
  readonly disease: string;
  readonly relevant: SelectionJudgement;
  readonly irrelevant: SelectionJudgement;
  readonly outcome: 'correct' | 'wrong' | 'abstained';
}

export interface SelectionReport {
  readonly schema: 'kedrec.evaluation.selection/1';
  readonly graph: boolean;
  readonly condition: BackgroundCondition;
  readonly seed: number;
  readonly knowledgeVersion: string;
  readonly indexes: readonly string[];
  readonly triples: number;
  /** Correct among all; an abstention is not correct. */
  readonly accuracy: Share;
  /** Correct among those on which it did not abstain. */
  readonly accuracyAnswered: Share;
  readonly abstained: Share;
  /** Of the drug selected: precision is correct among answered, recall correct among all. Null without any answer. */
  readonly f1: number | null;
  /** Names that the terminology does not hold, which were judged by evidence alone. */
  readonly unknown: { readonly diseases: readonly string[]; readonly drugs: readonly string[] };
  readonly perTriple: readonly SelectionOutcome[];
}

const orderOf: Readonly<Record<Decision, number>> = { recommend: 0, consider: 1, 'insufficient-evidence': 2, avoid: 3 };

/**
 * Asks the evidence engine, for each triple, which of two drugs is for the disease, through the same pipeline that answers a case.
 * Correct: the relevant drug stands above the other, by decision and then by confidence. It abstains when neither decision favours a drug or both are equal.
 */
export async function evaluateSelection(
  triples: readonly Triple[], knowledge: KnowledgeBase, evidence: EvidenceStore, options: SelectionOptions, signal: AbortSignal, progress: (done: number) => void = () => undefined,
): Promise<SelectionReport> {
  const random = seededRandom(options.seed);
  const used = options.graph ? knowledge : withoutGraph(knowledge);
  const perTriple: SelectionOutcome[] = [];
  for (const triple of triples) {
    const candidates = random() < 0.5 ? [triple.relevant, triple.irrelevant] : [triple.irrelevant, triple.relevant];
    const context = { knowledge: used, evidence, engine: createEvidenceEngine, kedrecVersion: '' };
    // Names no concept: the disease given apart from it is the whole question.
    const result = await recommend({ text: 'Which of the two fits better?', disease: triple.disease, candidates }, context, { condition: options.condition, maxCandidates: 2, passagesPerCandidate: options.passagesPerCandidate }, () => undefined, signal);
    perTriple.push(outcomeOf(triple, result.recommendations, used));
    progress(perTriple.length);
  }
  const count = (outcome: SelectionOutcome['outcome']) => perTriple.filter(entry => entry.outcome === outcome).length;
  const [correct, answered] = [count('correct'), triples.length - count('abstained')];
  const unknown = (kind: 'disease' | 'drug', names: readonly string[]) => [...new Set(names)].filter(name => !knowledge.terminology.lookup(name, kind)).sort();
  return {
    schema: 'kedrec.evaluation.selection/1', graph: options.graph, condition: options.condition, seed: options.seed, knowledgeVersion: knowledge.graph.version,
    indexes: options.condition === 'none' ? [] : (await evidence.info()).map(({ name, version }) => `${name}@${version}`), triples: triples.length,
    accuracy: shareOf(correct, triples.length), accuracyAnswered: shareOf(correct, answered), abstained: shareOf(count('abstained'), triples.length),
    // precision c/a and recall c/n: their harmonic mean
    f1: answered === 0 ? null : (2 * correct) / (answered + triples.length),
    unknown: { diseases: unknown('disease', triples.map(({ disease }) => disease)), drugs: unknown('drug', triples.flatMap(({ relevant, irrelevant }) => [relevant, irrelevant])) },
    perTriple,
  };
}

function outcomeOf({ disease, relevant, irrelevant, line }: Triple, recommendations: readonly Recommendation[], knowledge: KnowledgeBase): SelectionOutcome {
  const [wanted, other] = [relevant, irrelevant].map(name => judgementOf(name, recommendations, knowledge)) as [SelectionJudgement, SelectionJudgement];
  return { line, disease, relevant: wanted, irrelevant: other, outcome: compareJudgements(wanted, other) };
}

/** Which of two drugs the engine put first; `correct` when it is the first one given here. */
export function compareJudgements(wanted: Pick<SelectionJudgement, 'decision' | 'confidence'>, other: Pick<SelectionJudgement, 'decision' | 'confidence'>): SelectionOutcome['outcome'] {
  const favoured = [wanted, other].some(({ decision }) => decision === 'recommend' || decision === 'consider');
  const byDecision = orderOf[other.decision] - orderOf[wanted.decision];
  if (byDecision !== 0) { return byDecision > 0 ? 'correct' : 'wrong'; }
  const difference = wanted.confidence - other.confidence;
  return !favoured || difference === 0 ? 'abstained' : difference > 0 ? 'correct' : 'wrong';
}

function judgementOf(name: string, recommendations: readonly Recommendation[], knowledge: KnowledgeBase): SelectionJudgement {
  const id = givenDrugs([name], knowledge)[0]?.id;
  const found = recommendations.find(({ drug }) => drug.id === id);
  if (!found) { return { drug: name, decision: 'insufficient-evidence', confidence: 0, for: [], against: [] }; }
  const cited = (wanted: (stance: string) => boolean) => [...new Set(found.rationale.claims.filter(({ stance }) => wanted(stance)).flatMap(({ citations }) => citations.map(({ documentId }) => documentId)))];
  return { drug: name, decision: found.decision, confidence: found.confidence, for: cited(stance => stance === 'for'), against: cited(stance => stance !== 'for') };
}
