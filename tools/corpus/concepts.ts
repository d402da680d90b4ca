import type { ConceptIds, Contraindication, Disease, Drug, DrugClass, Indication, Interaction } from '../../src/core/terminology/types';
import type { Entry } from './entry';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const ID_SHAPES: Readonly<Record<string, RegExp>> = {
  mesh: /^[CD]\d{6,9}$/, doid: /^\d+$/, mondo: /^(MONDO:)?\d{7}$/, icd10: /^[A-Z]\d{2}(\.\w+)?(-[A-Z]\d{2}(\.\w+)?)?$/, drugbank: /^DB\d{5}$/, rxnorm: /^\d+$/,
};
const ATC = /^[A-Z]\d{2}[A-Z]{1,2}(\d{2})?$/;
const LINES = ['first', 'later', 'adjunct'] as const;
const ROLES = ['disease-modifying', 'symptomatic', 'preventive', 'curative'] as const;

function slug(entry: Entry, field: string): string | undefined {
  const value = entry.text(field, true);
  if (value !== undefined && !SLUG.test(value)) entry.report('error', field, `"${value}" is no slug (lower-case words joined by hyphens)`);
  return value;
}

function readIds(entry: Entry): ConceptIds {
  const source = entry.entry('ids');
  if (source === undefined) return {};
  const ids: Record<string, string | readonly string[]> = {};
  for (const [key, shape] of Object.entries(ID_SHAPES)) {
    const value = source.text(key);
    if (value === undefined) continue;
    if (shape.test(value)) ids[key] = value;
    else source.report('error', key, `"${value}" does not look like an id of ${key}`);
  }
  const atc = source.texts('atc');
  atc.filter((code) => !ATC.test(code)).forEach((code) => source.report('error', 'atc', `"${code}" does not look like an ATC code`));
  if (atc.length > 0) ids['atc'] = atc;
  source.finish();
  return ids;
}

function names(entry: Entry): { id: string; name: string; synonyms: string[]; abbreviations: string[] } | undefined {
  const id = slug(entry, 'id');
  const name = entry.text('name', true);
  const synonyms = entry.texts('synonyms');
  const abbreviations = entry.texts('abbreviations');
  return id === undefined || name === undefined ? undefined : { id, name, synonyms, abbreviations };
}

/** The disease an entry describes, or undefined when it has no id or name (reported). */
export function readDisease(entry: Entry): Disease | undefined {
  const base = names(entry);
  const broader = entry.texts('broader');
  const kind = entry.choice('kind', ['disease', 'condition', 'finding'] as const, true);
  const area = entry.text('area');
  const ids = readIds(entry);
  entry.finish();
  return base && { ...base, kind: kind ?? 'disease', ...(area === undefined ? {} : { area }), broader, ids };
}

/** The drug class an entry describes, or undefined when it has no id or name (reported). */
export function readClass(entry: Entry): DrugClass | undefined {
  const base = names(entry);
  const crossReactive = entry.texts('crossReactive');
  const partOf = entry.texts('partOf');
  const sharedAllergy = entry.flag('sharedAllergy');
  entry.finish();
  return base && { ...base, crossReactive, partOf, ...(sharedAllergy ? { sharedAllergy } : {}) };
}

function readIndication(entry: Entry): Indication | undefined {
  const disease = slug(entry, 'disease');
  const line = entry.choice('line', LINES);
  const role = entry.choice('role', ROLES);
  const note = entry.text('note');
  entry.finish();
  return disease === undefined ? undefined : { disease, ...(line && { line }), ...(role && { role }), ...(note && { note }) };
}

function readContraindication(entry: Entry): Contraindication | undefined {
  const condition = slug(entry, 'condition');
  const level = entry.choice('level', ['contraindicated', 'caution'] as const, true);
  const reason = entry.text('reason');
  entry.finish();
  return condition === undefined || level === undefined ? undefined : { condition, level, ...(reason && { reason }) };
}

function readInteraction(entry: Entry): Interaction | undefined {
  const other = slug(entry, 'with');
  const level = entry.choice('level', ['avoid', 'caution'] as const, true);
  const effect = entry.text('effect');
  entry.finish();
  return other === undefined || level === undefined ? undefined : { with: other, level, ...(effect && { effect }) };
}

function present<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** The drug an entry describes, or undefined when it has no id or name (reported). */
export function readDrug(entry: Entry): Drug | undefined {
  const base = names(entry);
  const brands = entry.texts('brands');
  const classes = entry.texts('classes');
  const mechanism = entry.text('mechanism');
  const targets = entry.texts('targets');
  const ids = readIds(entry);
  const indications = entry.entries('indications').map(readIndication).filter(present);
  const contraindications = entry.entries('contraindications').map(readContraindication).filter(present);
  const interactions = entry.entries('interactions').map(readInteraction).filter(present);
  entry.finish();
  return base && { ...base, brands, classes, ...(mechanism === undefined ? {} : { mechanism }), targets, ids, indications, contraindications, interactions };
}
