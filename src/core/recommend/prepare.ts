import type { Background } from '../engine/types';
import { EngineError } from '../engine/types';
import type { EvidenceStore } from '../evidence/types';
import { readCase } from '../terminology/read-case';
import type { CaseConcept, CaseReading } from '../terminology/types';
import { retrieveBackground } from './background';
import { findCandidates, givenDrugs, type ScoredCandidate } from './candidates';
import type { KnowledgeBase } from './knowledgeBase';
import { maxCaseLength } from './limits';
import { questionNames, slugOf, type QuestionNames } from './names';
import { targetDiseases, type TargetDisease } from './question';
import { DiseaseScope } from './relevance';
import type { NothingCode, PipelineEvent, RecommendationResult, ResultConcept } from './types';
import type { CaseInput, RecommendOptions } from './pipeline';

/** What a case was understood as; depends on its text and the knowledge alone. */
export interface UnderstoodCase {
  readonly input: CaseInput;
  readonly reading: CaseReading;
  readonly shown: RecommendationResult['case'];
  readonly names: QuestionNames;
  /** Diseases that drugs are asked for. */
  readonly targets: readonly TargetDisease[];
  readonly warnings: readonly string[];
}

/** What was retrieved for it. Plain data, no text of the case. */
export interface Retrieved {
  readonly found: readonly ScoredCandidate[];
  readonly background: Background;
  /** `name@version` of each index searched. */
  readonly indexes: readonly string[];
}

/** Why nothing can be asked. */
export type Nothing = NonNullable<RecommendationResult['nothing']>;

/** Reads a case. Throws RangeError for one that is too long. */
export function understandCase(input: CaseInput, knowledge: KnowledgeBase): UnderstoodCase {
  if (input.text.length > maxCaseLength) { throw new RangeError(`A case can have ${maxCaseLength} characters at most; this one has ${input.text.length}.`); }
  const { reading, extra } = understand(input, knowledge);
  const unknownDrugs = (givenOf(input, knowledge) ?? []).filter(({ id }) => !knowledge.graph.drug(id)).map(({ id, name }) => ({ kind: 'drug' as const, id, name }));
  const warnings = unknownDrugs.length > 0 ? [`Not in the terminology, judged by evidence alone: ${unknownDrugs.map(({ name }) => name).join(', ')}.`] : [];
  return { input, reading, shown: caseOf(reading, knowledge), names: questionNames(knowledge, [...extra, ...unknownDrugs]), targets: targetDiseases(input.text, reading, knowledge), warnings };
}

/** Finds candidates and background for a case, or why there is nothing to ask. Rejects with EngineError `cancelled` or EvidenceIndexError. */
export async function retrieveFor(understood: UnderstoodCase, knowledge: KnowledgeBase, evidence: EvidenceStore, options: RecommendOptions, report: (event: PipelineEvent) => void, signal: AbortSignal): Promise<Retrieved | { readonly nothing: Nothing }> {
  const { input, reading, names, targets } = understood;
  const nothing = (code: NothingCode, reason: string, advice: string) => ({ nothing: { code, reason, advice } });
  if (input.text.trim() === '') { return nothing('empty-case', 'The case has no text.', 'Select the text that describes the case.'); }
  if (targets.length === 0) { return nothing('no-disease', ...noDisease(reading)); }
  const scope = new DiseaseScope(targets, knowledge);

  report({ type: 'status', message: `Looking for drugs for ${targets.map(({ name }) => name).join(', ')}` });
  const found = await findCandidates(scope, reading, givenOf(input, knowledge), knowledge, evidence, names, { condition: options.condition, most: options.maxCandidates }, signal);
  stopIfCancelled(signal);
  if (found.length === 0) {
    return nothing('no-candidate', `Neither the knowledge graph nor the evidence names a drug for ${targets.map(({ name }) => name).join(', ')}.`, 'Name candidate drugs in the record, or search the evidence with other words.');
  }
  report({ type: 'candidates', count: found.length });
  const background = await retrieveBackground(found.map(({ candidate }) => candidate), scope, options.condition, options.passagesPerCandidate, evidence, names, signal);
  const indexes = (await evidence.info()).map(({ name, version }) => `${name}@${version}`);
  stopIfCancelled(signal);
  return { found, background, indexes };
}

function givenOf({ candidates }: CaseInput, knowledge: KnowledgeBase): ReturnType<typeof givenDrugs> | undefined { return candidates && candidates.length > 0 ? givenDrugs(candidates, knowledge) : undefined; }

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

function caseOf(reading: CaseReading, knowledge: KnowledgeBase): RecommendationResult['case'] {
  const concept = ({ kind, id, name, assertion, mentions }: CaseConcept): ResultConcept => {
    const ids = kind === 'disease' ? knowledge.graph.disease(id)?.ids : kind === 'drug' ? knowledge.graph.drug(id)?.ids : undefined;
    return { kind, id, name, assertion, ...(ids && Object.keys(ids).length > 0 ? { ids } : {}), mentions: mentions.map(mention => ({ start: mention.span.start, end: mention.span.end, assertion: mention.assertion })) };
  };
  return { diseases: reading.diseases.map(concept), drugs: reading.drugs.map(concept), allergies: reading.allergies.map(concept), textLength: reading.textLength };
}

/** Throws EngineError `cancelled` once the signal has fired. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) { throw new EngineError('cancelled', 'The recommendation was cancelled.', 'Run it again when you like.'); }
}
