import type { DatasetFormat, RecordMapping } from '../recordTypes';
import { valueFields } from '../inFile/recordValues';
import { cellsOf, delimiterOf } from './csvRow';
import type { Fields } from './fields';
import { roleOf } from './fieldNames';
import { JsonCutter } from './jsonCutter';
import { JsonProbe } from './jsonShape';
import { LineCutter } from './lineCutter';
import type { Piece } from './types';

// The start of a text is enough to know its fields.
const headLength = 1 << 20;
const recordsSeen = 20;

/** Names of the fields of a text's first records, nested ones as paths with dots; empty for formats without fields. Never their values, nor the fields that KEDRec wrote. */
export function fieldList(text: string, format: DatasetFormat): readonly string[] {
  if (format === 'csv') {
    const header = text.replace(/^\uFEFF?\s*/, '').split(/\r\n|\n|\r/, 1)[0] ?? '';
    return withoutOurs(cellsOf(header, delimiterOf(header)).map(({ value }) => value.trim()).filter(name => name !== ''));
  }
  if (format !== 'json' && format !== 'jsonl') { return []; }
  const head = text.slice(0, headLength);
  const pieces: Piece[] = [];
  let cutter: LineCutter | JsonCutter = new LineCutter();
  if (format === 'json') {
    const probe = new JsonProbe();
    probe.push(text);
    cutter = new JsonCutter(probe.shape()?.shape ?? { kind: 'array' });
  }
  cutter.push(head, piece => { if (pieces.length < recordsSeen) { pieces.push(piece); } });
  if (text.length <= headLength) { cutter.end(piece => pieces.push(piece)); }
  const names = new Set<string>();
  for (const piece of pieces.slice(0, recordsSeen)) {
    try { collect(JSON.parse(piece.text), '', names, 0); } catch { /* a broken record names no field */ }
  }
  return withoutOurs([...names]);
}

/** Without the block of fields that KEDRec writes: a file has the same fields before and after. */
function withoutOurs(names: readonly string[]): readonly string[] {
  const at = names.findIndex((name, i) => name.endsWith(valueFields[0]) && valueFields.every((field, j) => names[i + j] === name.slice(0, -valueFields[0].length) + field));
  return at < 0 || names.length === valueFields.length ? names : [...names.slice(0, at), ...withoutOurs(names.slice(at + valueFields.length))];
}

/** What tells files with the same fields: the mapping made for one is used for all. */
export function fieldSignature(names: readonly string[]): string { return JSON.stringify([...names].sort()); }

/** Which fields are recognised by their names alone. */
export function recognised(names: readonly string[]): RecordMapping {
  const best: Record<string, { name: string; rank: number }> = {};
  for (const name of names) {
    const role = roleOf(name);
    if (role && (!best[role.role] || role.rank < best[role.role]!.rank)) { best[role.role] = { name, rank: role.rank }; }
  }
  const { caseText, disease, candidates, label, relevant, rationale, id } = best;
  const labelled = label ?? relevant;
  return {
    ...(caseText ? { caseText: caseText.name } : {}), ...(disease ? { disease: disease.name } : {}), ...(candidates ? { candidates: candidates.name } : {}),
    ...(labelled ? { label: labelled.name } : {}), ...(rationale ? { rationale: rationale.name } : {}), ...(id ? { id: id.name } : {}),
  };
}

function collect(value: unknown, prefix: string, names: Set<string>, depth: number): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return; }
  for (const [key, inner] of Object.entries(value as Fields)) {
    const name = prefix + key;
    if (names.size >= 200) { return; }
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && depth < 3) { collect(inner, `${name}.`, names, depth + 1); } else { names.add(name); }
  }
}
