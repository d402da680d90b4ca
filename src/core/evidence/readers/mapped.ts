import { makeDocument } from './documents';
import { yearIn } from './dates';
import type { FieldMapping } from './types';
import type { EvidenceDocument, EvidenceSource } from '../types';

const SOURCES: readonly EvidenceSource[] = ['trials', 'literature', 'labels', 'knowledge-graph'];
const NAMES: Readonly<Record<keyof FieldMapping, readonly string[]>> = {
  id: ['_id', 'id', 'docid', 'documentid', 'corpusid', 'pmid', 'nctid', 'nctnumber', 'pmcid', 'doi', 'setid', 'uid'],
  title: ['title', 'brieftitle', 'studytitle', 'articletitle', 'officialtitle', 'name', 'question'],
  text: ['text', 'abstract', 'abstracttext', 'body', 'content', 'contents', 'passage', 'passages', 'summary', 'briefsummary', 'description', 'contexts', 'criteria'],
  year: ['year', 'pubyear', 'publicationyear', 'date', 'pubdate', 'publicationdate', 'startdate'],
  url: ['url', 'link', 'uri', 'studyurl'],
  source: ['source', 'evidencesource'],
};

/** A mapping by the usual names of columns; undefined where there is no id or no text among them. */
export function guessMapping(columns: readonly string[]): FieldMapping | undefined {
  const plain = columns.map(column => column.toLowerCase().replace(/[\s.-]|(?<!^)_/g, ''));
  const find = (field: keyof FieldMapping): string | undefined => {
    const name = NAMES[field].find(candidate => plain.includes(candidate));
    return name === undefined ? undefined : columns[plain.indexOf(name)];
  };
  const [id, text] = [find('id'), find('text')];
  if (id === undefined || text === undefined) return undefined;
  return { id, text, ...Object.fromEntries((['title', 'year', 'url', 'source'] as const).map(field => [field, find(field)]).filter(([, name]) => name !== undefined)) };
}

/** A mapping given by a user, checked. Throws Error that names the faulty member. */
export function checkedMapping(value: unknown): FieldMapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('A mapping is a JSON object such as {"id":"pmid","title":"title","text":"abstract"}.');
  for (const [key, name] of Object.entries(value)) {
    if (!(key in NAMES)) throw new Error(`The mapping has an unknown member "${key}". Known are id, title, text, year, url and source.`);
    const valid = typeof name === 'string' || key === 'text' && Array.isArray(name) && name.length > 0 && name.every(item => typeof item === 'string');
    if (!valid) throw new Error(`The mapping's "${key}" must be the name of a column or key${key === 'text' ? ', or a list of names' : ''}.`);
  }
  if (!('text' in value)) throw new Error('The mapping must name the "text".');
  return value as FieldMapping;
}

/** A document by a mapping. `fallbackId` is its id without a column for it. Throws Error with the reason where id or text is empty. */
export function mappedDocument(get: (name: string) => unknown, mapping: FieldMapping, fallbackId: string): EvidenceDocument {
  const one = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : get(name);
    return typeof value === 'string' ? value.trim() || undefined : typeof value === 'number' ? String(value) : undefined;
  };
  const written = mapping.id === undefined ? fallbackId : one(mapping.id);
  if (written === undefined) throw new Error(`"${mapping.id}" (the id) is empty`);
  const id = /^\d{1,8}$/.test(written) && /pmid|pubmed/i.test(mapping.id ?? '') ? `PMID:${written}` : written.replace(/^PMID:?\s*(?=\d)/i, 'PMID:');
  const fields = typeof mapping.text === 'string' ? [mapping.text] : mapping.text;
  const sections = fields.map(name => ({ ...(fields.length > 1 ? { label: name } : {}), paragraphs: textsOf(get(name)) }));
  if (sections.every(({ paragraphs }) => paragraphs.length === 0)) throw new Error(`"${fields.join('", "')}" (the text) is empty`);
  const source = sourceOf(mapping.source, one(mapping.source), id);
  return makeDocument({ id, source, title: one(mapping.title) ?? id, url: one(mapping.url) ?? addressOf(id), year: yearIn(one(mapping.year)) }, sections);
}

function textsOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.filter((item): item is string => typeof item === 'string' && item.trim() !== '');
}

function sourceOf(name: string | undefined, value: string | undefined, id: string): EvidenceSource {
  const told = SOURCES.find(source => source === value?.toLowerCase()) ?? SOURCES.find(source => source === name);
  return told ?? (/^NCT\d{8}$/.test(id) ? 'trials' : 'literature');
}

function addressOf(id: string): string | undefined {
  if (/^NCT\d{8}$/.test(id)) return `https://clinicaltrials.gov/study/${id}`;
  if (/^PMID:\d+$/.test(id)) return `https://pubmed.ncbi.nlm.nih.gov/${id.slice(5)}/`;
  if (/^PMC\d+$/.test(id)) return `https://pmc.ncbi.nlm.nih.gov/articles/${id}/`;
  return /^10\.\d{4,9}\/\S+$/.test(id) ? `https://doi.org/${id}` : undefined;
}
