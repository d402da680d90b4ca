import type { Finding, IdentifierClass } from './types';

/** Headings of columns that hold nothing but identifiers. */
const COLUMNS: readonly (readonly [IdentifierClass, RegExp])[] = [
  ['age', /^age\b.{0,12}$/i],
  ['name', /^(?:(?:patient|first|last|full|given|family|sur|middle|contact|doctor|provider)?[ _-]?names?|[fl]name|last|first|surname|patient|provider|physician|doctor|surname|contact)$/i],
  ['place', /^(?:city|town|place|address|street|hospital|county|location|residence|site|zip(?:[ _-]?code)?|post(?:al)?[ _-]?code|postcode|suburb)$/i],
  ['phone', /^(?:phone|telephone|tel|mobile|cell)$/i],
  ['record', /^(?:mrn|record|patient[ _-]?id|subject[ _-]?id|encounter)$/i],
];
const OVER_89 = /^(?:9\d|1[0-2]\d)$/;

/** Cells of tables whose first line names their columns ("name;age;city"). */
export function findTableCells(text: string): Finding[] {
  const found: Finding[] = [];
  let columns: (IdentifierClass | undefined)[] = [];
  let separator = '';
  let at = 0;
  for (const line of text.split('\n')) {
    const used = [';', '|', '\t', ','].find((candidate) => line.split(candidate).length > 2);
    const cells = used === undefined || line.length > 4000 ? [] : line.split(used);
    const kinds = cells.map((cell) => COLUMNS.find(([, heading]) => heading.test(bare(cell)))?.[0]);
    if (kinds.filter((kind) => kind !== undefined).length >= 2) {
      [columns, separator] = [kinds, used!];
    } else if (columns.length > 0 && used === separator && cells.length >= columns.length) {
      let start = at;
      cells.forEach((cell, index) => {
        const kind = columns[index];
        const value = bare(cell);
        if (kind && value !== '' && (kind === 'age' ? OVER_89.test(value) : /[\p{L}\p{N}]{2}/u.test(value) && value.length < 80)) {
          const from = start + cell.indexOf(value);
          found.push({ start: from, end: from + value.length, class: kind, weight: 83 });
        }
        start += cell.length + 1;
      });
    } else if (cells.length === 0) {
      columns = [];
    }
    at += line.length + 1;
  }
  return found;
}

function bare(cell: string): string {
  return cell.trim().replace(/^"|"$/g, '').trim();
}
