// Labelled claims for the grounding benchmark: true ones, and false ones of known kinds. Third-party texts are read at run time and never kept.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import type { EvidenceDocument } from '../../src/core/evidence/types';
import type { KnowledgeBase } from '../../src/core/recommend/knowledgeBase';
import { splitSentences } from '../../src/core/text/sentences';
import { bioasqDocuments, pubmedqaDocuments, readData, scifactDocuments, testData } from './realTexts';

export const kinds = ['true', 'drug-swapped', 'disease-swapped', 'number-changed', 'direction-flipped', 'citation-moved', 'moved-same-drug'] as const;
export type ClaimKind = (typeof kinds)[number];

/** One claim with the passage that it cites and whether that passage bears it out. */
export interface LabelledClaim {
  readonly set: 'authored' | 'abstracts' | 'evidence-inference';
  readonly kind: ClaimKind;
  readonly text: string;
  /** What is cited. */
  readonly document: EvidenceDocument;
  readonly passage: number;
  /** The drug whose recommendation holds the claim. */
  readonly drug: { readonly id: string; readonly name: string };
  /** Disease of the case, where one is named. */
  readonly disease?: string;
  /** Id of the document that the claim was written about. */
  readonly about: string;
  /** Claims about one document are all in one half; those of a later file are a half of their own. */
  readonly half: 'dev' | 'dev2' | 'test' | 'b-dev' | 'b-test';
}

const hash = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);
/** Half of the documents for tuning, a quarter looked at once and then tuned on, too, a quarter kept aside. */
const halfOf = (id: string): LabelledClaim['half'] => (hash(`half ${id}`) % 2 === 0 ? 'dev' : hash(`quarter ${id}`) % 2 === 0 ? 'dev2' : 'test');
const pick = <T>(list: readonly T[], seed: string): T => list[hash(seed) % list.length]!;

/** Claims written by hand about passages of the bundled evidence, without sight of the code that checks them. */
export function authoredClaims(bundle: readonly EvidenceDocument[], knowledge: KnowledgeBase): LabelledClaim[] {
  const byId = new Map(bundle.map(document => [document.id, document]));
  const folder = join(import.meta.dirname, '../data/grounding');
  return readdirSync(folder).filter(file => file.endsWith('.jsonl')).flatMap(file => readFileSync(join(folder, file), 'utf8').split('\n').filter(line => line.trim() !== '').map((line, index): LabelledClaim => {
    const { kind, text, cites, about, drug, disease } = JSON.parse(line) as { kind: ClaimKind; text: string; cites: string; about: string; drug: string; disease?: string };
    const document = byId.get(cites);
    if (!document || !kinds.includes(kind)) { throw new Error(`${file} line ${index + 1}: ${!document ? `no document ${cites}` : `no kind ${kind}`} in the bundle`); }
    // A drug swapped in may be none of the graph, or be written as a synonym.
    const known = knowledge.graph.drug(drug) ?? knowledge.graph.drug(knowledge.terminology.find(drug.replace(/-/g, ' ')).find(found => found.kind === 'drug')?.conceptId ?? '');
    return { set: 'authored', kind, text, document, passage: 0, drug: { id: known?.id ?? drug, name: known?.name ?? drug.replace(/-/g, ' ') }, disease, about, half: (/^claims-(b-dev|b-test)\.jsonl$/.exec(file)?.[1] as LabelledClaim['half'] | undefined) ?? halfOf(about) };
  }));
}

interface Found { readonly document: EvidenceDocument; readonly passage: number; readonly sentence: string; readonly drug: { id: string; name: string; written: string }; readonly disease?: { id: string; written: string } }

/** A sentence as somebody would retell it: without its opening words and what stands in parentheses, where no finding is lost. */
function retold(sentence: string): string {
  return sentence.replace(/^(?:however|moreover|furthermore|in addition|additionally|interestingly|in conclusion|overall|thus|therefore|finally|in contrast|we (?:found|observed|showed|report) that|(?:our|these|the) (?:results|data|findings) (?:show|showed|suggest|suggested|indicate|indicated) that|results|conclusions?|background|methods|objectives?)[,:]?\s+/i, '')
    .replace(/\s*\((?![^)]*\d)[^)]*\)/g, '').replace(/\bwas found to be\b/, 'was').replace(/\bas well as\b/, 'and').replace(/^./, first => first.toUpperCase()).trim();
}

function sentencesAboutDrugs(documents: readonly EvidenceDocument[], { terminology, graph }: KnowledgeBase): Found[] {
  return documents.flatMap(document => document.passages.flatMap((passage, index) => splitSentences(passage.text).flatMap((span): Found[] => {
    const sentence = passage.text.slice(span.start, span.end);
    if (sentence.length < 60 || sentence.length > 400 || /\?\s*$/.test(sentence)) { return []; }
    const found = terminology.find(sentence);
    const drug = found.find(({ kind }) => kind === 'drug');
    const disease = found.find(({ kind }) => kind === 'disease');
    if (!drug || !graph.drug(drug.conceptId)) { return []; }
    const written = (match: { span: { start: number; end: number } }) => sentence.slice(match.span.start, match.span.end);
    return [{ document, passage: index, sentence, drug: { id: drug.conceptId, name: graph.drug(drug.conceptId)!.name, written: written(drug) }, disease: disease && { id: disease.conceptId, written: written(disease) } }];
  })));
}

const aNumber = /(?<![\p{L}\p{N}.,·-])(\d{1,4}(?:\.\d+)?)(?=\s?%|\s(?:mg|patients|weeks|months|days|years|h|hours)\b|[\s,;)])/gu;

/** The sentence with one of its numbers changed to another of the same form that the passage does not hold. */
function withChangedNumber(text: string, passage: string, seed: string): string | undefined {
  const numbers = [...text.matchAll(aNumber)].filter(({ 1: digits }) => !/^(?:19|20)\d\d$/.test(digits!));
  if (numbers.length === 0) { return undefined; }
  const chosen = pick(numbers, seed);
  const digits = chosen[1]!;
  const decimals = digits.split('.')[1]?.length ?? 0;
  for (const factor of [1.4, 0.7, 1.9, 0.45, 2.6]) {
    const changed = (Number(digits) * factor + (decimals === 0 ? 1 : 0)).toFixed(decimals);
    if (changed !== digits && !passage.includes(changed)) { return text.slice(0, chosen.index) + changed + text.slice(chosen.index + digits.length); }
  }
  return undefined;
}

/** Claims out of abstracts of SciFact, PubMedQA and BioASQ: a sentence retold, and what would make it false. One sentence a document. */
export function abstractClaims(knowledge: KnowledgeBase, most: number): LabelledClaim[] {
  const documents = [...pubmedqaDocuments(), ...scifactDocuments(), ...bioasqDocuments()];
  const perDocument = new Map<string, Found>();
  for (const found of sentencesAboutDrugs(documents, knowledge)) {
    const before = perDocument.get(found.document.id);
    if (!before || hash(found.sentence) < hash(before.sentence)) { perDocument.set(found.document.id, found); }
  }
  const chosen = [...perDocument.values()].sort((a, b) => hash(a.document.id) - hash(b.document.id)).slice(0, most);
  const drugs = [...new Map(chosen.map(({ drug }) => [drug.id, drug])).values()];
  const diseases = chosen.flatMap(({ disease }) => (disease ? [disease] : []));
  return chosen.flatMap((found): LabelledClaim[] => {
    const { document, passage, drug, disease } = found;
    const text = retold(found.sentence);
    const passageText = document.passages[passage]!.text;
    const named = knowledge.terminology.find(`${document.title} ${passageText}`);
    const base = { set: 'abstracts' as const, document, passage, drug, disease: disease?.id, about: document.id, half: halfOf(document.id) };
    const claims: LabelledClaim[] = [{ ...base, kind: 'true', text }];
    const number = withChangedNumber(text, passageText, document.id);
    if (number) { claims.push({ ...base, kind: 'number-changed', text: number }); }
    const otherDrug = pick(drugs.filter(({ id }) => !named.some(({ conceptId }) => conceptId === id)), `drug ${document.id}`);
    claims.push({ ...base, kind: 'drug-swapped', text: text.replaceAll(drug.written, otherDrug.name), drug: { id: otherDrug.id, name: otherDrug.name } });
    if (disease) {
      const near = new Set([disease.id, ...knowledge.graph.broader(disease.id).keys(), ...knowledge.graph.narrower(disease.id).keys()]);
      const otherDisease = pick(diseases.filter(({ id }) => !near.has(id) && !named.some(({ conceptId }) => conceptId === id || near.has(conceptId) && conceptId === id)), `disease ${document.id}`);
      claims.push({ ...base, kind: 'disease-swapped', text: text.replaceAll(disease.written, otherDisease.written) });
    }
    const others = chosen.filter(other => other.document.id !== document.id && other.drug.id !== drug.id);
    const sameDrug = chosen.filter(other => other.document.id !== document.id && other.drug.id === drug.id);
    const moved = pick(others, `moved ${document.id}`);
    claims.push({ ...base, kind: 'citation-moved', text, document: moved.document, passage: moved.passage });
    if (sameDrug.length > 0) {
      const near = pick(sameDrug, `same ${document.id}`);
      claims.push({ ...base, kind: 'moved-same-drug', text, document: near.document, passage: near.passage });
    }
    return claims;
  });
}

/** Claims in fixed wording out of the judged findings of Evidence Inference, against the passage in which annotators found them. */
export function evidenceInferenceClaims(): LabelledClaim[] {
  const table = (file: string) => Papa.parse<Record<string, string>>(readData(`evidence-inference/${file}`), { header: true, skipEmptyLines: true }).data;
  const prompts = new Map(table('prompts_merged.csv').map(row => [row.PromptID!, row]));
  const seen = new Set<string>();
  return table('v2_annotations.csv').flatMap((row): LabelledClaim[] => {
    const prompt = prompts.get(row.PromptID!);
    const label = row.Label!;
    if (row['Valid Label'] !== 'True' || row['Valid Reasoning'] !== 'True' || !prompt || seen.has(row.PromptID!) || !/^(?:significantly (?:in|de)creased|no significant difference)$/.test(label)) { return []; }
    if (!row.Annotations || row.Annotations.length < 30 || !existsSync(join(testData, 'evidence-inference/nxml'))) { return []; }
    seen.add(row.PromptID!);
    const clean = (cell = '') => cell.replace(/&nbsp;/g, ' ').replace(/\s+/g, ' ').replace(/[\s.,;]+$/, '').trim();
    const [outcome, intervention, comparator] = [clean(prompt.Outcome), clean(prompt.Intervention), clean(prompt.Comparator)];
    const sentence = (finding: string) => (finding === 'no significant difference' ? `${intervention} made no significant difference to ${outcome} compared with ${comparator}.` : `${intervention} ${finding} ${outcome} compared with ${comparator}.`);
    const other = label === 'significantly increased' ? 'significantly decreased' : label === 'significantly decreased' ? 'significantly increased' : pick(['significantly increased', 'significantly decreased'], row.PromptID!);
    const id = `PMC${row.PMCID}`;
    const document: EvidenceDocument = { id, source: 'literature', title: `${intervention} compared with ${comparator}`, passages: [{ id: `${id}#1`, documentId: id, text: row.Annotations }] };
    const base = { set: 'evidence-inference' as const, document, passage: 0, drug: { id: 'the-intervention', name: intervention }, about: id, half: halfOf(id) };
    return [{ ...base, kind: 'true', text: sentence(label) }, { ...base, kind: 'direction-flipped', text: sentence(other) }];
  });
}
