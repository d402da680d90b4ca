import type { Background, BackgroundCondition, BackgroundPassage, Candidate } from '../engine/types';
import { isGraveNotice } from '../evidence/readers/notices';
import type { EvidenceHit, EvidenceStore } from '../evidence/types';
import { indicationPassageId } from '../knowledge/profile';
import type { KnowledgeBase } from './knowledgeBase';
import { backgroundSources } from './candidates';
import type { QuestionNames } from './names';
import { topicsOf, type DiseaseScope } from './relevance';

const searched = 60;
const mostOtherNames = 6;
const mostOtherDrugNames = 3;

/**
 * Retrieves background: the same number of passages for every candidate, so that volume does not give the answer away. Passages about drug and
 * disease come first; where there are too few, passages about the drug alone, then about the disease alone fill the number up.
 */
export async function retrieveBackground(
  candidates: readonly Candidate[], scope: DiseaseScope, condition: BackgroundCondition, perCandidate: number, evidence: EvidenceStore, names: QuestionNames, signal: AbortSignal,
): Promise<Background> {
  const sources = backgroundSources(condition);
  if (sources.length === 0) { return { condition, passages: [], omitted: 0 }; }
  const diseases = scope.targets.map(({ name }) => name).join(', ');
  const chosen = new Map<string, { hit: EvidenceHit; drugIds: string[] }>();
  for (const { drug } of candidates) {
    const [name = drug.name, ...others] = names.drugNames(drug.id);
    const focus = [{ text: name, boost: 4 }, ...others.slice(0, mostOtherDrugNames).map(text => ({ text, boost: 1.5 })), ...scope.targets.flatMap(({ id, name, weight }) => [{ text: name, boost: 2 * weight }, ...otherNames(names.diseaseNames(id), name).map(text => ({ text, boost: 0.7 * weight }))])];
    const hits = await evidence.search({ text: `${drug.name} ${diseases}`, focus, sources, limit: searched }, signal);
    const best = hits
      .map((hit, rank) => ({ hit, rank, value: relevance(hit, drug.id, scope, names) }))
      .sort((a, b) => b.value - a.value || a.rank - b.rank);
    for (const hit of spread(best.map(entry => entry.hit), perCandidate)) {
      const entry: { hit: EvidenceHit; drugIds: string[] } = chosen.get(hit.passage.id) ?? { hit, drugIds: [] };
      entry.drugIds.push(drug.id);
      chosen.set(hit.passage.id, entry);
    }
  }
  const passages = [...chosen.values()].map(({ hit, drugIds }, index): BackgroundPassage => {
    const topics = topicsOf(hit, names);
    return { label: `E${index + 1}`, passage: hit.passage, header: hit.header, drugIds, score: hit.score, topics: { drugs: [...topics.drugs], diseaseCloseness: scope.ofAny(topics.diseases) } };
  });
  return { condition, passages, omitted: 0 };
}

/** Names under which texts speak of a disease besides its own; each only once, as its words would otherwise outweigh the drug's. */
function otherNames(all: readonly string[], name: string): string[] {
  return [...new Set(all)].filter(other => other !== name).slice(0, mostOtherNames);
}

/** 2 to 3 about drug and disease, 1 about the drug, up to 1 about the disease; a retracted document never comes before another. */
function relevance(hit: EvidenceHit, drugId: string, scope: DiseaseScope, names: QuestionNames): number {
  const topics = topicsOf(hit, names);
  const drug = topics.drugs.has(drugId);
  const disease = scope.ofAny(topics.diseases);
  // Of a document's passages those that state a result speak for or against; how the study was made does not.
  const result = /^(?:finding|results?|conclusions?|outcomes?)/i.test(hit.passage.section ?? '') ? 0.5 : 0;
  return (drug && disease > 0 ? 2 + disease : drug ? 1 : 0.5 * disease) + result - (isGraveNotice(hit.header.notice) ? 3 : 0);
}

/** The first hits, at most two passages of one document while there are others. */
function spread(hits: readonly EvidenceHit[], count: number): EvidenceHit[] {
  const taken: EvidenceHit[] = [];
  const later: EvidenceHit[] = [];
  for (const hit of hits) {
    const same = taken.filter(other => other.header.id === hit.header.id).length;
    if (same >= (count > 2 ? 1 : 2)) { later.push(hit); } else { taken.push(hit); }
    if (taken.length === count) { return taken; }
  }
  return [...taken, ...later].slice(0, count);
}

/** Statements of the graph that a rationale may cite: what each candidate is for here, and what the case says against it. */
export function graphPassages(candidates: readonly Candidate[], { graph }: KnowledgeBase): readonly BackgroundPassage[] {
  const found = new Map<string, BackgroundPassage>();
  for (const { drug, indications, safety } of candidates) {
    const known = graph.drug(drug.id);
    const wanted = [...(known ? indications.map(indication => indicationPassageId(known, indication)) : []), ...safety.flatMap(({ passageId }) => passageId ?? [])];
    for (const id of wanted) {
      // An interaction may be stated by the profile of the other drug.
      const profile = graph.profile(id.slice(0, id.indexOf('#')));
      const passage = profile?.passages.find(candidate => candidate.id === id);
      if (!profile || !passage) { continue; }
      const before = found.get(id);
      const { passages: _, ...header } = profile;
      found.set(id, { label: before?.label ?? `G${found.size + 1}`, passage, header, drugIds: [...(before?.drugIds ?? []), drug.id], score: 1, topics: { drugs: [drug.id], diseaseCloseness: 1 } });
    }
  }
  return [...found.values()];
}
