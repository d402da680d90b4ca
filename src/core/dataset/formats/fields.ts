import { fieldNames, roleOf, type FieldRole } from './fieldNames';
import type { DatasetRecord, RecordMapping } from '../recordTypes';

export type Fields = Readonly<Record<string, unknown>>;

/** What a record says, apart from where it stands. */
export type RecordContent = Pick<DatasetRecord, 'id' | 'caseText' | 'disease' | 'candidates' | 'label' | 'rationale'>;

/** Why a record is no case; `problem` follows "the record at line N". */
export interface ContentProblem {
  readonly problem: string;
  readonly field?: string;
  readonly code?: 'no-case-text';
}

/** What the fields of a record hold: by the mapping, else by their names. */
export function readContent(fields: Fields, mapping?: RecordMapping): RecordContent | ContentProblem {
  const best: Partial<Record<FieldRole, { value: unknown; rank: number }>> = {};
  let wrongType: { name: string; rank: number } | undefined;
  for (const name in fields) {
    const role = roleOf(name);
    if (!role) { continue; }
    const value = fields[name];
    if (value === null || value === undefined || value === '') { continue; }
    if (role.role === 'caseText' && typeof value !== 'string') {
      if (!wrongType || role.rank < wrongType.rank) { wrongType = { name, rank: role.rank }; }
      continue;
    }
    if (role.role === 'caseText' && (value as string).trim() === '') { continue; }
    const other = best[role.role];
    if (!other || role.rank < other.rank) { best[role.role] = { value, rank: role.rank }; }
  }
  const disease = nameOf(mapping?.disease === undefined ? best.disease?.value : valueAt(fields, mapping.disease));
  let caseText = best.caseText?.value as string | undefined;
  if (mapping?.caseText !== undefined) {
    const mapped = mappedText(fields, mapping.caseText);
    if (typeof mapped === 'object') { return mapped; }
    caseText = mapped;
  } else if (caseText === undefined && wrongType) {
    return { problem: `has a field "${wrongType.name}" that is not text`, field: wrongType.name };
  }
  caseText ??= disease === undefined ? undefined : `Disease: ${disease}.`;
  if (caseText === undefined) {
    const expected = [...fieldNames.caseText.slice(0, 4), 'disease'].join(', ');
    return { code: 'no-case-text', problem: mapping?.caseText === undefined ? `has no case text; expected a field such as ${expected}, or map the fields` : `has nothing in the field "${[mapping.caseText].flat().join(', ')}" that is mapped as case text` };
  }
  const relevant = namesOf(best.relevant?.value);
  const negative = namesOf(best.negative?.value);
  const given = namesOf(mapping?.candidates === undefined ? best.candidates?.value : valueAt(fields, mapping.candidates));
  // In the order of their names, so that the place says nothing about which is relevant.
  const candidates = given ?? (relevant && negative && mapping?.candidates === undefined ? [...new Set([...relevant, ...negative])].sort((a, b) => a.localeCompare(b, 'en')) : undefined);
  const label = namesOf(mapping?.label === undefined ? best.label?.value ?? best.relevant?.value : valueAt(fields, mapping.label));
  const rationale = textOf(mapping?.rationale === undefined ? best.rationale?.value : valueAt(fields, mapping.rationale));
  const id = idOf(mapping?.id === undefined ? best.id?.value : valueAt(fields, mapping.id));
  return {
    caseText, ...(id === undefined ? {} : { id }), ...(disease === undefined ? {} : { disease }), ...(candidates ? { candidates } : {}), ...(label ? { label } : {}),
    ...(rationale === undefined ? {} : { rationale }),
  };
}

/** Whether an object holds a case by its field names. */
export function looksLikeRecord(fields: Fields, mapping?: RecordMapping): boolean {
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields) && !('problem' in readContent(fields, mapping));
}

/** Value under a field name, or under a path with dots into nested objects and lists (`patient.notes.0.text`). */
export function valueAt(fields: Fields, path: string): unknown {
  if (path in fields) { return fields[path]; }
  let value: unknown = fields;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) { return undefined; }
    value = (value as Fields)[key];
  }
  return value;
}

function mappedText(fields: Fields, mapped: string | readonly string[]): string | undefined | ContentProblem {
  const parts: string[] = [];
  for (const name of [mapped].flat()) {
    const value = valueAt(fields, name as string);
    if (value === undefined || value === null || value === '') { continue; }
    if (Array.isArray(value) && value.every(item => typeof item === 'string')) { parts.push(value.join('\n')); continue; }
    if (typeof value !== 'string') { return { problem: `has a field "${String(name)}" that is not text`, field: String(name) }; }
    parts.push(value);
  }
  const text = parts.join('\n\n');
  return text.trim() === '' ? undefined : text;
}

function textOf(value: unknown): string | undefined { return typeof value === 'string' && value.trim() !== '' ? value : undefined; }

/** A name, or the first of a list, as a text or as an object with `name`. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') { return textOf(value); }
  return namesOf(value)?.[0];
}

/** A list of names or of objects with `name`, one such object, or a text that separates names by `;` or `|`. */
function namesOf(value: unknown): readonly string[] | undefined {
  const parts = Array.isArray(value) ? value.map(one) : typeof value === 'string' ? value.split(/[;|]/) : [one(value)];
  // A number is a position or a class, not a name.
  const names = parts.map(part => part.trim()).filter(part => /\p{L}/u.test(part));
  return names.length > 0 ? names : undefined;
}

function one(value: unknown): string {
  if (typeof value === 'string') { return value; }
  const { name, drug } = (typeof value === 'object' && value !== null ? value : {}) as { name?: unknown; drug?: unknown };
  return typeof name === 'string' ? name : typeof drug === 'string' ? drug : '';
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
