import { testimony, type EvidenceEngineNames, type Stance, type Witness } from './testimony';
import { EngineError, type Candidate, type Decision, type DraftClaim, type DraftRecommendation, type Engine, type EngineRequest } from './types';

const mostFor = 3;
const mostAgainst = 2;
/** Testimony for a drug from which evidence alone makes it one to consider. */
const consideredFrom = 0.1;
/** Support of the graph from which a drug for a related disease is one to consider, whatever lowers its score. */
const relatedFrom = 0.1;
/** Testimony against a drug from which evidence alone rules it out: one randomised trial that an author has read and tagged, or two that nobody has. */
const avoidedFrom = 0.5;

/**
 * The embedded engine: no model, no network. Ranks candidates by what the knowledge graph and the retrieved passages say, and lets the passages
 * speak for themselves: every claim is a sentence quoted from the passage that it cites.
 */
export function createEvidenceEngine(names: EvidenceEngineNames): Engine {
  return {
    id: 'evidence',
    async recommend(request, report, signal) {
      const drafts: DraftRecommendation[] = [];
      const diseases = new Set(request.reading.diseases.filter(({ assertion }) => assertion === 'present').flatMap(({ id }) => names.nearDiseases(id)));
      for (const candidate of request.candidates) {
        if (signal.aborted) { throw new EngineError('cancelled', 'The recommendation was cancelled.', 'Run it again when you like.'); }
        drafts.push(judge(candidate, request, diseases, names));
        report({ type: 'drafts', drafts: [...drafts] });
        // Gives way after each drug, so that the host stays responsive and a cancel gets through.
        await new Promise(resolve => setImmediate(resolve));
      }
      return { drafts, warnings: [] };
    },
  };
}

function judge(candidate: Candidate, request: EngineRequest, diseases: ReadonlySet<string>, names: EvidenceEngineNames): DraftRecommendation {
  const { drug, safety } = candidate;
  const witnesses = request.background.passages.flatMap(passage => testimony(passage, candidate, diseases, names) ?? []);
  const graph = candidate.graph?.support ?? 0;
  const pro = saturate(witnesses, 'for');
  const contra = saturate(witnesses, 'against');
  const barred = safety.filter(({ level }) => level === 'avoid');
  const cautions = safety.filter(({ level }) => level === 'caution');
  const duplicate = cautions.some(({ kind }) => kind === 'duplicate') && !candidate.origins.some(({ kind }) => kind === 'record');
  const supported = clamp(0.6 * graph + 0.4 * pro - 0.45 * contra - 0.08 * cautions.filter(({ kind }) => kind !== 'duplicate').length);
  // A drug for a comorbidity is a weaker answer than an equally supported one for the disease asked about.
  const score = supported * Math.sqrt(candidate.focus === undefined || candidate.focus === 0 ? 1 : candidate.focus);
  // What is for a special case of the disease is for this one only perhaps.
  const perhaps = duplicate || candidate.graph?.relation === 'narrower';
  const decision = decide(score, graph, pro, contra, barred.length > 0, perhaps);
  const confidence = decision === 'avoid' ? (barred.length > 0 ? 0.9 : clamp(contra - 0.5 * pro)) : score;
  return { drugId: drug.id, drugName: drug.name, decision, confidence: Math.round(confidence * 100) / 100, summary: summarise(candidate, decision, witnesses), claims: claimsOf(candidate, witnesses, request) };
}

function decide(score: number, graph: number, pro: number, contra: number, barred: boolean, perhaps: boolean): Decision {
  if (barred || (contra > avoidedFrom && contra > pro && graph === 0)) { return 'avoid'; }
  if (graph === 0 && pro === 0) { return 'insufficient-evidence'; }
  if (score >= 0.5 && contra <= pro + 0.3 && (graph >= 0.5 || pro >= 0.75)) { return perhaps ? 'consider' : 'recommend'; }
  // An indication for a related disease is enough to be considered; by evidence alone one passage that reports a benefit is, if no more speaks against it.
  return score >= 0.2 || (graph >= relatedFrom && contra <= pro) || (graph === 0 && pro >= consideredFrom && pro > contra) ? 'consider' : 'insufficient-evidence';
}

/** 0 without testimony, towards 1 with more; one good randomised trial gives 0.55. Several passages of one document count once. */
function saturate(witnesses: readonly Witness[], stance: Stance): number {
  const byDocument = new Map<string, number>();
  for (const { stance: its, weight, header } of witnesses) { if (its === stance) { byDocument.set(header.id, Math.max(weight, byDocument.get(header.id) ?? 0)); } }
  return 1 - Math.exp(-0.8 * [...byDocument.values()].reduce((sum, weight) => sum + weight, 0));
}

function claimsOf({ drug, indications, safety }: Candidate, witnesses: readonly Witness[], request: EngineRequest): DraftClaim[] {
  const graph = request.graphPassages ?? [];
  const claims: DraftClaim[] = [];
  const quoted = new Set<string>();
  const add = (text: string, stance: Stance, passageId: string) => { if (!quoted.has(text)) { quoted.add(text); claims.push({ text, stance, citations: [passageId] }); } };
  const flagged = new Set(safety.flatMap(({ passageId }) => passageId ?? []));
  for (const { passage, drugIds } of graph) {
    if (drugIds.includes(drug.id) && flagged.has(passage.id) && passage.section !== 'Mechanism') { add(passage.text, 'safety', passage.id); }
  }
  const strongest = (stance: Stance, most: number) => onePerDocument(witnesses.filter(witness => witness.stance === stance)).slice(0, most);
  if (indications.length > 0) {
    const stated = graph.find(({ passage, drugIds }) => drugIds.includes(drug.id) && passage.section === 'Indication' && passage.documentId === `KG:${drug.id}`);
    // Whole: what follows its first sentence restricts who gets it.
    if (stated) { add(stated.passage.text, 'for', stated.passage.id); }
  }
  for (const { sentence, passageId } of strongest('for', mostFor)) { add(sentence, 'for', passageId); }
  for (const { sentence, passageId } of strongest('against', mostAgainst)) { add(sentence, 'against', passageId); }
  for (const { sentence, passageId } of strongest('safety', 1)) { add(sentence, 'safety', passageId); }
  return claims;
}

function onePerDocument(witnesses: readonly Witness[]): Witness[] {
  const seen = new Set<string>();
  return [...witnesses].sort((a, b) => b.weight - a.weight).filter(({ header }) => !seen.has(header.id) && seen.add(header.id));
}

function summarise({ indications, graph: edge, safety, origins }: Candidate, decision: Decision, witnesses: readonly Witness[]): string {
  const barred = safety.find(({ level }) => level === 'avoid');
  if (barred) { return 'Ruled out by the case; what else is known is listed for comparison.'; }
  const count = (stance: Stance) => new Set(witnesses.filter(witness => witness.stance === stance).map(({ header }) => header.id)).size;
  const [pro, contra, harm] = [count('for'), count('against'), count('safety')];
  const first = indications[0];
  const disease = !edge || edge.relation === 'exact' ? 'this disease' : `${edge.disease}, a ${edge.relation === 'broader' ? 'wider' : 'narrower'} disease`;
  const graph = first ? `The graph lists it for ${disease}${first.line ? ` (${first.line === 'adjunct' ? 'adjunct' : `${first.line} line`})` : ''}` : 'The graph does not list it for this disease';
  const parts = [pro > 0 ? `${pro} ${pro === 1 ? 'document speaks' : 'documents speak'} for it` : 'no retrieved passage speaks for it', ...(contra > 0 ? [`${contra} against`] : []), ...(harm > 0 ? [`${harm} of harm`] : [])];
  const current = safety.some(({ kind }) => kind === 'duplicate') ? ' The case already lists it.' : '';
  const asked = decision === 'insufficient-evidence' && origins.some(({ kind }) => kind === 'record') ? ' It was named by the record.' : '';
  return `${graph}; ${parts.join(', ')}.${current}${asked}`;
}

function clamp(value: number): number { return Math.min(1, Math.max(0, value)); }
