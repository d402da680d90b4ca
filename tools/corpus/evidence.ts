import type { EvidenceDirection, EvidenceDocument } from '../../src/core/evidence/types';
import type { Entry } from './entry';

const DESIGNS = [
  'randomised trial', 'meta-analysis', 'systematic review', 'cohort study', 'case-control study', 'single-arm trial', 'case series', 'guideline',
  'registry record', 'cross-sectional study',
] as const;
const DIRECTIONS = ['for', 'against', 'mixed', 'safety'] as const;
const EVIDENCE_ID = /^(?:PMID:[1-9]\d{0,7}|PMC[1-9]\d{3,8}|NCT\d{8})$/;
const NCT = /^NCT\d{8}$/;

/** An authored evidence entry together with the document that is made of it. */
export interface EvidenceEntry {
  readonly document: EvidenceDocument;
  readonly entry: Entry;
  readonly drugs: readonly string[];
  readonly comparators: readonly string[];
  readonly diseases: readonly string[];
  readonly nct?: string;
  readonly titleBy: 'published' | 'kedrec';
}

/** Page of a paper or trial record, by its id. */
export function evidenceUrl(id: string): string {
  if (id.startsWith('PMID:')) return `https://pubmed.ncbi.nlm.nih.gov/${id.slice(5)}/`;
  if (id.startsWith('PMC')) return `https://pmc.ncbi.nlm.nih.gov/articles/${id}/`;
  return `https://clinicaltrials.gov/study/${id}`;
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

/** The document of an entry, or undefined when a field it cannot do without is missing (reported). */
export function readEvidence(entry: Entry): EvidenceEntry | undefined {
  const id = entry.text('id', true);
  if (id !== undefined && !EVIDENCE_ID.test(id)) entry.report('error', 'id', `"${id}" is none of PMID:n, PMCn, NCTn (8 digits)`);
  const nct = entry.text('nct');
  if (nct !== undefined && !NCT.test(nct)) entry.report('error', 'nct', `"${nct}" is no ClinicalTrials.gov id (NCT and 8 digits)`);
  const title = entry.text('title', true);
  const titleBy = entry.choice('titleBy', ['published', 'kedrec'] as const) ?? 'published';
  const acronym = entry.text('acronym');
  const year = entry.integer('year', true);
  if (year !== undefined && (year < 1940 || year > new Date().getFullYear() + 1)) entry.report('error', 'year', `${year} is no year of a study`);
  const journal = entry.text('journal');
  const design = entry.choice('design', DESIGNS, true);
  const population = entry.text('population', design !== 'guideline');
  const comparison = entry.text('comparison');
  const finding = entry.text('finding', true);
  const direction: EvidenceDirection | undefined = entry.choice('direction', DIRECTIONS, true);
  const drugs = entry.texts('drugs');
  const comparators = entry.texts('comparators');
  const diseases = entry.texts('diseases');
  if (drugs.length === 0) entry.report('error', 'drugs', 'names no drug');
  if (diseases.length === 0) entry.report('error', 'diseases', 'names no disease');
  entry.finish();
  if (id === undefined || title === undefined || year === undefined || design === undefined || finding === undefined || direction === undefined) return undefined;

  const who = acronym === undefined ? sentence(design) : sentence(`${acronym}: ${design}`);
  const parts = [who, ...(population === undefined ? [] : [`Population: ${sentence(population)}`]), ...(comparison === undefined ? [] : [`Comparison: ${sentence(comparison)}`])];
  const facts: Record<string, string> = {};
  if (acronym !== undefined) facts['acronym'] = acronym;
  if (nct !== undefined) facts['nct'] = nct;
  if (population !== undefined) facts['population'] = population;
  if (comparison !== undefined) facts['comparison'] = comparison;
  if (comparators.length > 0) facts['comparators'] = comparators.join(", ");
  if (titleBy === 'kedrec') facts['titleBy'] = 'KEDRec';
  const document: EvidenceDocument = {
    id, source: id.startsWith('NCT') ? 'trials' : 'literature', title, url: evidenceUrl(id), year, ...(journal === undefined ? {} : { journal }), design, direction,
    drugs, diseases, facts, licence: 'MIT',
    passages: [
      { id: `${id}#1`, documentId: id, section: 'Finding', text: finding },
      { id: `${id}#2`, documentId: id, section: 'Design', text: parts.join(' ') },
    ],
  };
  return { document, entry, drugs, comparators, diseases, ...(nct === undefined ? {} : { nct }), titleBy };
}
