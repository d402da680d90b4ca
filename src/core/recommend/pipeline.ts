import type { BackgroundCondition, Engine, EngineRequest, Recommendation } from '../engine/types';
import { EngineError } from '../engine/types';
import type { EvidenceStore } from '../evidence/types';
import { createGrounder } from '../engine/grounding/groundDrafts';
import { readCase } from '../terminology/read-case';
import type { CaseConcept, CaseReading } from '../terminology/types';
import { graphPassages, retrieveBackground } from './background';
import { findCandidates, givenDrugs, type ScoredCandidate } from './candidates';
import type { KnowledgeBase } from './knowledgeBase';
import { maxCaseLength } from './limits';
import { questionNames, slugOf, type QuestionNames } from './names';
import { targetDiseases, type TargetDisease } from './question';
import { DiseaseScope } from './relevance';
import type { NothingCode, PipelineEvent, RecommendationResult, ResultConcept } from './types';

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
  const { knowledge, evidence } = context;
  const now = context.now ?? (() => new Date());
  const started = now();
  const warnings: string[] = [];
  stopIfCancelled(signal);
  if (input.text.length > maxCaseLength) { throw new RangeError(`A case can have ${maxCaseLength} characters at most; this one has ${input.text.length}.`); }
  report({ type: 'status', message: 'Reading the case' });
  const { reading, extra } = understand(input, knowledge);
  const shownCase = caseOf(reading, knowledge);
  report({ type: 'understood', case: shownCase });

  const given = input.candidates && input.candidates.length > 0 ? givenDrugs(input.candidates, knowledge) : undefined;
  const unknownDrugs = (given ?? []).filter(({ id }) => !knowledge.graph.drug(id)).map(({ id, name }) => ({ kind: 'drug' as const, id, name }));
  if (unknownDrugs.length > 0) { warnings.push(`Not in the terminology, judged by evidence alone: ${unknownDrugs.map(({ name }) => name).join(', ')}.`); }
  const names = questionNames(knowledge, [...extra, ...unknownDrugs]);
  const engine = context.engine(names);
  const finish = (recommendations: readonly Recommendation[], nothing: RecommendationResult['nothing'], indexes: readonly string[], answer?: { model?: string; promptVersion?: string; usage?: RecommendationResult['provenance']['usage'] }): RecommendationResult => ({
    schema: 'kedrec.recommendation/1', engine: engine.id, case: shownCase, recommendations, ...(nothing ? { nothing } : {}), warnings,
    provenance: {
      engine: engine.id, languageModel: engine.id === 'endpoint' && answer !== undefined, ...(answer?.model ? { model: answer.model } : {}), ...(answer?.promptVersion ? { promptVersion: answer.promptVersion } : {}), condition: options.condition,
      knowledgeVersion: knowledge.graph.version, indexes, kedrecVersion: context.kedrecVersion, createdAt: started.toISOString(), durationMs: now().getTime() - started.getTime(), ...(answer?.usage ? { usage: answer.usage } : {}),
    },
  });
  const nothing = (code: NothingCode, reason: string, advice: string) => finish([], { code, reason, advice }, []);

  if (input.text.trim() === '') { return nothing('empty-case', 'The case has no text.', 'Select the text that describes the case.'); }
  const targets = targetDiseases(input.text, reading, knowledge);
  if (targets.length === 0) { return nothing('no-disease', ...noDisease(reading)); }
  const scope = new DiseaseScope(targets, knowledge);

  report({ type: 'status', message: `Looking for drugs for ${targets.map(({ name }) => name).join(', ')}` });
  const found = await findCandidates(scope, reading, given, knowledge, evidence, names, { condition: options.condition, most: options.maxCandidates }, signal);
  stopIfCancelled(signal);
  if (found.length === 0) {
    return nothing('no-candidate', `Neither the knowledge graph nor the evidence names a drug for ${targets.map(({ name }) => name).join(', ')}.`, 'Name candidate drugs in the record, or search the evidence with other words.');
  }
  report({ type: 'candidates', count: found.length });
  const candidates = found.map(({ candidate }) => candidate);
  const background = await retrieveBackground(candidates, scope, options.condition, options.passagesPerCandidate, evidence, names, signal);
  const indexes = (await evidence.info()).map(({ name, version }) => `${name}@${version}`);
  stopIfCancelled(signal);

  const request: EngineRequest = { caseText: input.text, reading, candidates, background, graphPassages: graphPassages(candidates, knowledge) };
  const grounder = createGrounder(request, names, { morePassages: request.graphPassages });
  report({ type: 'status', message: engine.id === 'evidence' ? `Weighing ${candidates.length} candidates` : `Asking the model about ${candidates.length} candidates` });
  const answer = await engine.recommend(request, event => {
    if (event.type === 'status') { report(event); } else { report({ type: 'recommendations', recommendations: withDiseases(grounder.ground(event.drafts, { partial: true }), found, targets) }); }
  }, signal);
  stopIfCancelled(signal);
  warnings.push(...answer.warnings);
  const recommendations = withDiseases(grounder.ground(answer.drafts), found, targets);
  const usable = recommendations.some(({ decision }) => decision === 'recommend' || decision === 'consider');
  return finish(recommendations, usable ? undefined : {
    code: 'no-support', reason: `None of the ${recommendations.length} candidates is supported for ${targets.map(({ name }) => name).join(', ')}.`, advice: 'Read below why, or name other candidates in the record.',
  }, indexes, answer);
}

/** What was understood, and the concepts that only this question knows. */
function understand(input: CaseInput, { terminology }: KnowledgeBase): { readonly reading: CaseReading; readonly extra: readonly Pick<CaseConcept, 'kind' | 'id' | 'name'>[] } {
  const reading = readCase(input.text, terminology);
  const name = input.disease?.trim();
  if (!name) { return { reading, extra: [] }; }
  const known = terminology.lookup(name, 'disease');
  const concept: CaseConcept = { kind: 'disease', id: known?.id ?? slugOf(name), name: known ? terminology.nameOf('disease', known.id) : name, assertion: 'present', mentions: [] };
  // The record's own disease is the question: it stands first, also when the text names it in another way.
  return { reading: { ...reading, diseases: [concept, ...reading.diseases.filter(({ id }) => id !== concept.id)] }, extra: known ? [] : [concept] };
}

function noDisease(reading: CaseReading): [reason: string, advice: string] {
  const others = reading.diseases.filter(({ assertion }) => assertion !== 'present');
  const words = { negated: 'ruled out', historical: 'in the past', family: 'in the family', hypothetical: 'only as a possibility', allergy: 'as an allergy', present: 'present' } as const;
  const reason = others.length > 0
    ? `The case names no disease that is present now; it names ${others.slice(0, 4).map(({ name, assertion }) => `${name} (${words[assertion]})`).join(', ')}.`
    : reading.diseases.length > 0 ? `The case names ${reading.diseases.slice(0, 4).map(({ name }) => name).join(', ')}, which call for care with drugs but are no disease to recommend a drug for.` : 'No disease was found in the case.';
  return [reason, 'Include the sentence that names the disease, with its usual name or abbreviation; or add a field "disease" to the record.'];
}

function withDiseases(recommendations: readonly Recommendation[], found: readonly ScoredCandidate[], targets: readonly TargetDisease[]): readonly Recommendation[] {
  const diseasesOf = new Map(found.map(({ candidate, diseases }) => [candidate.drug.id, diseases]));
  const order = new Map(targets.map(({ id }, index) => [id, index]));
  return recommendations.map(recommendation => {
    const diseases = [...(diseasesOf.get(recommendation.drug.id) ?? [])].sort((a, b) => (order.get(a.id) ?? 9) - (order.get(b.id) ?? 9));
    return diseases.length > 0 ? { ...recommendation, for: diseases } : recommendation;
  });
}

function caseOf(reading: CaseReading, knowledge: KnowledgeBase): RecommendationResult['case'] {
  const concept = ({ kind, id, name, assertion, mentions }: CaseConcept): ResultConcept => {
    const ids = kind === 'disease' ? knowledge.graph.disease(id)?.ids : kind === 'drug' ? knowledge.graph.drug(id)?.ids : undefined;
    return { kind, id, name, assertion, ...(ids && Object.keys(ids).length > 0 ? { ids } : {}), mentions: mentions.map(mention => ({ start: mention.span.start, end: mention.span.end, assertion: mention.assertion })) };
  };
  return { diseases: reading.diseases.map(concept), drugs: reading.drugs.map(concept), allergies: reading.allergies.map(concept), textLength: reading.textLength };
}

function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) { throw new EngineError('cancelled', 'The recommendation was cancelled.', 'Run it again when you like.'); }
}
