import type { BackgroundCondition, Engine, EngineAnswer, EngineRequest, Recommendation } from '../engine/types';
import type { EvidenceStore } from '../evidence/types';
import { createGrounder } from '../engine/grounding/groundDrafts';
import { graphPassages } from './background';
import type { ScoredCandidate } from './candidates';
import { holdBackUnsupported } from './heldBack';
import type { KnowledgeBase } from './knowledgeBase';
import type { QuestionNames } from './names';
import { retrieveFor, stopIfCancelled, understandCase, type Nothing, type Retrieved, type UnderstoodCase } from './prepare';
import type { TargetDisease } from './question';
import type { PipelineEvent, RecommendationResult } from './types';

/** What is asked. */
export interface CaseInput {
  readonly text: string;
  /** Disease that a record names apart from its text. */
  readonly disease?: string;
  /** Drugs that a record gives: exactly these are compared. */
  readonly candidates?: readonly string[];
}

/** What the pipeline works with. */
export interface RecommendContext {
  readonly knowledge: KnowledgeBase;
  readonly evidence: EvidenceStore;
  /** Makes the engine for a question; the names are those of its drugs and diseases. */
  readonly engine: (names: QuestionNames) => Engine;
  readonly kedrecVersion: string;
  readonly now?: () => Date;
}

export interface RecommendOptions {
  readonly condition: BackgroundCondition;
  readonly maxCandidates: number;
  readonly passagesPerCandidate: number;
}

/**
 * Case -> candidates -> background -> engine -> grounded recommendation. Resolves to a result also when nothing can be recommended (`nothing` says
 * why); rejects with EngineError, EvidenceIndexError or KnowledgeError when something failed or was cancelled.
 */
export async function recommend(input: CaseInput, context: RecommendContext, options: RecommendOptions, report: (event: PipelineEvent) => void, signal: AbortSignal): Promise<RecommendationResult> {
  const started = (context.now ?? (() => new Date()))();
  stopIfCancelled(signal);
  report({ type: 'status', message: 'Reading the case' });
  const understood = understandCase(input, context.knowledge);
  report({ type: 'understood', case: understood.shown });
  const retrieved = await retrieveFor(understood, context.knowledge, context.evidence, options, report, signal);
  return 'nothing' in retrieved ? nothingFor(understood, retrieved.nothing, context, options, started) : await answerWith(understood, retrieved, context, options, report, signal, started);
}

/** The request that an engine gets. */
export function requestFor({ input, reading }: UnderstoodCase, { found, background }: Retrieved, knowledge: KnowledgeBase): EngineRequest {
  const candidates = found.map(({ candidate }) => candidate);
  return { caseText: input.text, reading, candidates, background, graphPassages: graphPassages(candidates, knowledge) };
}

/** The second half of `recommend`: asks the engine about what was retrieved, and grounds its answer. */
export async function answerWith(
  understood: UnderstoodCase, retrieved: Retrieved, context: RecommendContext, options: RecommendOptions, report: (event: PipelineEvent) => void, signal: AbortSignal, started: Date,
): Promise<RecommendationResult> {
  const { names, targets } = understood;
  const { found } = retrieved;
  const engine = context.engine(names);
  const request = requestFor(understood, retrieved, context.knowledge);
  const grounder = createGrounder(request, names, { morePassages: request.graphPassages });
  report({ type: 'status', message: engine.id === 'evidence' ? `Weighing ${found.length} candidates` : `Asking the model about ${found.length} candidates` });
  const answer = await engine.recommend(request, event => {
    if (event.type === 'status') { report(event); } else { report({ type: 'recommendations', recommendations: withDiseases(grounder.ground(event.drafts, { partial: true }), found, targets) }); }
  }, signal);
  stopIfCancelled(signal);
  const grounded = withDiseases(grounder.ground(answer.drafts), found, targets);
  // Without background (the paper's condition "none") a model has nothing to cite: its word is all there is, and its claims say that they cite nothing.
  const holdsBack = engine.id === 'endpoint' && request.background.condition !== 'none';
  const { recommendations, warnings } = holdsBack ? holdBackUnsupported(grounded) : { recommendations: grounded, warnings: [] };
  const usable = recommendations.some(({ decision }) => decision === 'recommend' || decision === 'consider');
  return resultOf(understood, engine, context, options, started, {
    recommendations, indexes: retrieved.indexes, answer: { ...answer, warnings: [...answer.warnings, ...warnings] },
    ...(usable ? {} : {
      nothing: { code: 'no-support', reason: `None of the ${recommendations.length} candidates is supported for ${targets.map(({ name }) => name).join(', ')}.`, advice: 'Read below why, or name other candidates in the record.' },
    }),
  });
}

/** The result of a case about which nothing can be asked. */
export function nothingFor(understood: UnderstoodCase, nothing: Nothing, context: RecommendContext, options: RecommendOptions, started: Date): RecommendationResult {
  return resultOf(understood, context.engine(understood.names), context, options, started, { recommendations: [], indexes: [], nothing });
}

interface Outcome {
  readonly recommendations: readonly Recommendation[];
  readonly indexes: readonly string[];
  readonly nothing?: Nothing;
  readonly answer?: EngineAnswer;
}

function resultOf({ shown, warnings }: UnderstoodCase, engine: Engine, { knowledge, kedrecVersion, now = () => new Date() }: RecommendContext, { condition }: RecommendOptions, started: Date, { recommendations, indexes, nothing, answer }: Outcome): RecommendationResult {
  return {
    schema: 'kedrec.recommendation/1', engine: engine.id, case: shown, recommendations, ...(nothing ? { nothing } : {}), warnings: [...warnings, ...(answer?.warnings ?? [])],
    provenance: {
      engine: engine.id, languageModel: engine.id === 'endpoint' && answer !== undefined, ...(answer?.model ? { model: answer.model } : {}), ...(answer?.promptVersion ? { promptVersion: answer.promptVersion } : {}),
      ...(answer?.promptSeed === undefined ? {} : { promptSeed: answer.promptSeed }), condition, knowledgeVersion: knowledge.graph.version, indexes, kedrecVersion, createdAt: started.toISOString(),
      durationMs: now().getTime() - started.getTime(), ...(answer?.usage ? { usage: answer.usage } : {}), ...(answer?.leftOut ? { leftOut: answer.leftOut } : {}),
    },
  };
}

function withDiseases(recommendations: readonly Recommendation[], found: readonly ScoredCandidate[], targets: readonly TargetDisease[]): readonly Recommendation[] {
  const diseasesOf = new Map(found.map(({ candidate, diseases }) => [candidate.drug.id, diseases]));
  const order = new Map(targets.map(({ id }, index) => [id, index]));
  return recommendations.map(recommendation => {
    const diseases = [...(diseasesOf.get(recommendation.drug.id) ?? [])].sort((a, b) => (order.get(a.id) ?? 9) - (order.get(b.id) ?? 9));
    return diseases.length > 0 ? { ...recommendation, for: diseases } : recommendation;
  });
}
