import { factsOf, listed, makeDocument } from './documents';
import type { Section } from './documents';
import { yearIn } from './dates';
import type { EvidenceDocument } from '../types';

/** A drug label of the FDA. */
export interface LabelRecord {
  readonly setId: string;
  readonly brands: readonly string[];
  readonly generics: readonly string[];
  readonly manufacturer?: string;
  readonly type?: string;
  readonly routes: readonly string[];
  /** ISO date. */
  readonly effective?: string;
  readonly labelVersion?: string;
  readonly sections: readonly Section[];
}

/** The evidence document of a label. Throws Error with the reason for a label without names or text. */
export function labelDocument(label: LabelRecord): EvidenceDocument {
  const [brand, generic] = [listed(label.brands, 3), listed(label.generics, 6)];
  if (brand === undefined && generic === undefined) throw new Error('the label names no drug');
  if (label.sections.every(({ paragraphs }) => paragraphs.every(text => (text ?? '').trim() === ''))) throw new Error('the label holds names only, no text');
  const name = brand === undefined || generic === undefined || brand.toLowerCase() === generic.toLowerCase() ? brand ?? generic : `${brand} (${generic})`;
  return makeDocument({
    id: `SPL:${label.setId}`,
    source: 'labels',
    title: `${name}: prescribing information`,
    url: `https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=${label.setId}`,
    year: yearIn(label.effective),
    design: 'drug label',
    facts: factsOf({
      brands: brand, generic, manufacturer: label.manufacturer, type: label.type, routes: listed(label.routes), effective: label.effective, version: label.labelVersion,
    }),
    licence: 'FDA labelling text (public)',
  }, label.sections);
}
