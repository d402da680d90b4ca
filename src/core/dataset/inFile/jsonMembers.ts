import { parseTree, type Node } from 'jsonc-parser';
import { InFileError, type TextEdit } from './edits';
import { valueFields, type RecordValues } from './recordValues';

interface Member { readonly name: string; readonly start: number; readonly end: number; readonly colon: string }

/** Edits that put the annotation at the end of a JSON object, in the object's own style; one that is there is replaced. Nothing else changes. */
export function annotateObject(text: string, values: RecordValues, prefix: string): TextEdit[] {
  const members = membersOf(text);
  const last = members.at(-1);
  if (!last) { throw new InFileError('the record has no fields'); }
  const own = ownFrom(members, prefix);
  const foreign = members.slice(0, own).find(({ name }) => valueFields.some(field => name === prefix + field));
  if (foreign) { throw new InFileError(`the record has a field "${foreign.name}" of its own; choose another prefix (setting kedrec.annotations.fieldPrefix)`); }
  const before = own < members.length ? members[own]! : last;
  const previous = members[members.indexOf(before) - 1];
  const lead = text.slice(previous ? previous.end : text.indexOf('{') + 1, before.start).replace(/^[^,]*,/, '').replace(/[^\s]/g, '');
  const added = written(values).map(([field, value]) => `${JSON.stringify(prefix + field)}${last.colon}${value(last.colon.length > 1)}`).join(`,${lead}`);
  return own < members.length
    ? [{ span: { start: members[own]!.start, end: last.end }, newText: added }]
    : [{ span: { start: last.end, end: last.end }, newText: `,${lead}${added}` }];
}

/** Edits that take the annotation out of a JSON object again. */
export function stripObject(text: string, prefix: string): TextEdit[] {
  if (!text.includes(prefix)) { return []; }
  const members = membersOf(text);
  const own = ownFrom(members, prefix);
  return own === members.length || own === 0 ? [] : [{ span: { start: members[own - 1]!.end, end: members.at(-1)!.end }, newText: '' }];
}

/** Number of the first of the last members that are an annotation; their count when they are none. */
function ownFrom(members: readonly Member[], prefix: string): number {
  const from = members.length - valueFields.length;
  return from > 0 && valueFields.every((field, i) => members[from + i]!.name === prefix + field) ? from : members.length;
}

function membersOf(text: string): Member[] {
  const root = parseTree(text, [], { disallowComments: true });
  if (root?.type !== 'object') { throw new InFileError('the record is not a JSON object'); }
  return (root.children ?? []).map(({ offset, length, children }: Node) => {
    const [key, value] = children as [Node, Node];
    return { name: key.value as string, start: offset, end: offset + length, colon: text.slice(key.offset + key.length, value.offset) };
  });
}

function written(values: RecordValues): [string, (spaced: boolean) => string][] {
  return valueFields.map(field => [field, (spaced: boolean) => {
    if (field === 'confidence') { return String(Number(values.confidence.toFixed(4))); }
    if (field !== 'citations') { return JSON.stringify(values[field]); }
    return `[${values.citations.split('; ').filter(id => id !== '').map(id => JSON.stringify(id)).join(spaced ? ', ' : ',')}]`;
  }]);
}
