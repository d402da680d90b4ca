import type { BackgroundCondition, Candidate, CandidateOrigin, DrugRef } from '../engine/types';
import type { EvidenceHit, EvidenceSource, EvidenceStore } from '../evidence/types';
import type { DrugEdge } from '../knowledge/graph';
import type { CaseReading, Indication } from '../terminology/types';
import type { KnowledgeBase } from './knowledgeBase';
import { slugOf, type QuestionNames } from './names';
import type { TargetDisease } from './question';
import { topicsOf, type DiseaseScope } from './relevance';

const sourcesOf: Readonly<Record<BackgroundCondition, readonly EvidenceSource[]>> = {
  none: [], trials: ['trials'], literature: ['literature'], both: ['trials', 'literature', 'labels'],
};

/** Sources from which background may come under a condition. */
export function backgroundSources(condition: BackgroundCondition): readonly EvidenceSource[] { return sourcesOf[condition]; }

/** How much an indication supports a drug: 1 for the first line of exactly this disease; less where a note restricts who gets it. */
export function indicationSupport({ line, role, note }: Indication, relation: DrugEdge['relation'], distance: number): number {
  const byLine = line === undefined ? 0.8 : { first: 1, later: 0.65, adjunct: 0.5 }[line];
  const byRole = role === 'symptomatic' ? 0.85 : role === 'preventive' ? 0.8 : 1;
  return byLine * byRole * (note ? 0.85 : 1) * (relation === 'exact' ? 1 : (relation === 'broader' ? 0.6 : 0.5) ** distance);
}

/** Candidates shown although the case rules them out: why a usual drug is missing matters to the reader. */
const mostBarred = 3;

interface Draft { drug: DrugRef; origins: CandidateOrigin[]; indications: Indication[]; graph: number; best?: Candidate['graph']; evidence: number; focus: number; diseases: Map<string, string> }

/** A candidate with the diseases of the question that it is for. */
export interface ScoredCandidate {
  readonly candidate: Candidate;
  readonly diseases: readonly { readonly id: string; readonly name: string }[];
}

export interface CandidateOptions {
  readonly condition: BackgroundCondition;
  readonly most: number;
}

/** Candidates given by a record, exactly those and in its order; names that the terminology does not hold become drugs of this question only. */
export function givenDrugs(names: readonly string[], { terminology }: KnowledgeBase): readonly DrugRef[] {
  const seen = new Set<string>();
  return names.flatMap(name => {
    const found = terminology.lookup(name, 'drug');
    const drug = found ? { id: found.id, name: terminology.nameOf('drug', found.id) } : { id: slugOf(name), name: name.trim() };
    return seen.has(drug.id) ? [] : (seen.add(drug.id), [drug]);
  });
}

/** Finds the drugs to compare: those that the record gives, else those that graph and evidence name for the diseases of the case. */
export async function findCandidates(
  scope: DiseaseScope, reading: CaseReading, given: readonly DrugRef[] | undefined, knowledge: KnowledgeBase, evidence: EvidenceStore, names: QuestionNames, options: CandidateOptions, signal: AbortSignal,
): Promise<readonly ScoredCandidate[]> {
  const drafts = new Map<string, Draft>();
  const draftOf = (drug: DrugRef): Draft | undefined => {
    let draft = drafts.get(drug.id);
    if (!draft && !given) { drafts.set(drug.id, draft = { drug, origins: [], indications: [], graph: 0, evidence: 0, focus: 0, diseases: new Map() }); }
    return draft;
  };
  for (const drug of given ?? []) { drafts.set(drug.id, { drug, origins: [{ kind: 'record', detail: 'named by the record as a candidate' }], indications: [], graph: 0, evidence: 0, focus: 0, diseases: new Map() }); }
  addGraph(scope, knowledge, draftOf);
  const sources = backgroundSources(options.condition);
  if (sources.length > 0) { await addEvidence(scope, knowledge, evidence, names, sources, draftOf, signal); }

  const ranked = [...drafts.values()].map(draft => ({ draft, safety: knowledge.graph.safetyFlags(draft.drug.id, reading), score: 0.65 * draft.graph + 0.35 * (1 - Math.exp(-0.6 * draft.evidence)) }));
  if (!given) { ranked.sort((a, b) => b.score - a.score || a.draft.drug.name.localeCompare(b.draft.drug.name)); }
  const barred = ({ safety }: (typeof ranked)[number]) => safety.some(({ level }) => level === 'avoid');
  // Drugs that the case rules out are shown, but do not take the place of those that it does not.
  const chosen = given ? ranked : [...ranked.filter(entry => !barred(entry)).slice(0, options.most), ...ranked.filter(barred).slice(0, mostBarred)];
  return chosen.map(({ draft, safety }) => ({
    candidate: { drug: draft.drug, origins: dedupe(draft.origins), indications: draft.indications, safety, focus: draft.focus, ...(draft.best ? { graph: draft.best } : {}) },
    diseases: [...draft.diseases].map(([id, name]) => ({ id, name })),
  }));
}

function addGraph(scope: DiseaseScope, { graph }: KnowledgeBase, draftOf: (drug: DrugRef) => Draft | undefined): void {
  for (const target of scope.targets) {
    for (const { drug, indication, relation, distance } of graph.drugsFor(target.id, { includeNarrower: true })) {
      const draft = draftOf({ id: drug.id, name: drug.name });
      if (!draft) { continue; }
      const line = indication.line === undefined ? '' : `, ${indication.line === 'adjunct' ? 'as an adjunct' : `${indication.line} line`}`;
      draft.origins.push({ kind: 'graph', detail: `used for ${graph.nameOf(indication.disease)}${line}`, documentId: `KG:${drug.id}` });
      draft.indications.push(indication);
      const support = indicationSupport(indication, relation, distance);
      if (support > (draft.best?.support ?? 0)) { draft.best = { support, relation, disease: graph.nameOf(indication.disease) }; }
      draft.graph = Math.max(draft.graph, target.weight * support);
      draft.diseases.set(target.id, target.name);
      draft.focus = Math.max(draft.focus, target.weight);
    }
  }
}

async function addEvidence(
  scope: DiseaseScope, { graph, terminology }: KnowledgeBase, evidence: EvidenceStore, names: QuestionNames, sources: readonly EvidenceSource[], draftOf: (drug: DrugRef) => Draft | undefined, signal: AbortSignal,
): Promise<void> {
  for (const target of scope.targets) {
    const hits = await evidence.search({ text: target.name, focus: names.diseaseNames(target.id).slice(0, 6).map(text => ({ text, boost: 1 })), sources, limit: 80 }, signal);
    for (const hit of hits) {
      const topics = topicsOf(hit, names);
      const closeness = scope.ofAny(topics.diseases, target.id);
      if (closeness === 0) { continue; }
      const tagged = hit.header.drugs && hit.header.drugs.length > 0 ? hit.header.drugs : undefined;
      for (const id of tagged ?? topics.drugs) { note(hit, id, target, closeness); }
    }
  }
  function note(hit: EvidenceHit, id: string, target: TargetDisease, closeness: number): void {
    // What only harmed or failed is no reason to propose a drug.
    const worth = { for: 1, mixed: 0.4, safety: 0, against: 0 }[hit.header.direction ?? 'mixed'];
    if (worth === 0) { return; }
    const drug = graph.drug(id);
    const draft = draftOf({ id, name: drug?.name ?? terminology.nameOf('drug', id) });
    if (!draft) { return; }
    draft.evidence += closeness * worth;
    draft.diseases.set(target.id, target.name);
    draft.focus = Math.max(draft.focus, target.weight);
    if (draft.origins.filter(({ kind }) => kind === 'evidence').length < 3) { draft.origins.push({ kind: 'evidence', detail: `named in ${hit.header.id} about ${target.name}`, documentId: hit.header.id }); }
  }
}

function dedupe(origins: readonly CandidateOrigin[]): CandidateOrigin[] {
  const seen = new Set<string>();
  return origins.filter(({ kind, detail }) => !seen.has(`${kind} ${detail}`) && seen.add(`${kind} ${detail}`));
}
