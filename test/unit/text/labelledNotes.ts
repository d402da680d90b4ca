import { readFileSync } from 'node:fs';
import type { IdentifierClass } from '../../../src/core/text/deidentify/types';

/** An identifier that a person marked. */
export interface Label { readonly start: number; readonly end: number; readonly class: IdentifierClass }

/** A synthetic note with its marks taken out. */
export interface LabelledNote { readonly id: string; readonly text: string; readonly labels: readonly Label[] }

/** Notes of `test/data/deidentification`, identifiers marked as {{class|text}}. */
export function readLabelledNotes(split: 'tuning' | 'tuning2' | 'tuning3' | 'heldout'): LabelledNote[] {
  const source = readFileSync(`test/data/deidentification/${split}.txt`, 'utf8').replace(/^#.*\n/, '');
  return source.split(/^(?==== )/m).filter((part) => part.startsWith('=== ')).map((part) => {
    const [heading, ...lines] = part.split('\n');
    const labels: Label[] = [];
    let text = '';
    let at = 0;
    const marked = lines.join('\n').trimEnd();
    for (const match of marked.matchAll(/\{\{([a-z]+)\|([^}]*)\}\}/g)) {
      text += marked.slice(at, match.index);
      labels.push({ start: text.length, end: text.length + match[2]!.length, class: match[1] as IdentifierClass });
      text += match[2]!;
      at = match.index + match[0].length;
    }
    return { id: heading!.slice(4), text: text + marked.slice(at), labels };
  });
}
