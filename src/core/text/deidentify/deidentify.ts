import type { Span } from '../span';
import { findAges } from './ages';
import { findDates } from './dates';
import { findNames } from './names';
import { ambiguousNames } from './nameLists';
import { words } from './nameWords';
import { afterEponym, notNames } from './notNames';
import { findNumbers } from './numbers';
import { findPlaces } from './places';
import { findPlaceholders, replaceAll, SurrogateBook } from './surrogates';
import { findTableCells } from './tables';
import { findUnknownNames } from './unknownNames';
import type { Deidentified, Finding, Guard, IdentifierClass, Replacement, RestoreOptions } from './types';

/** Several texts of one case under one set of surrogates: the same name is the same surrogate in all of them. */
export interface Deidentifier {
  hide(text: string): { readonly text: string; readonly replacements: readonly Replacement[] };
  restore(text: string, options?: RestoreOptions): string;
}

/** A de-identifier for one case. `texts`: all that will be hidden, so that names found in one are known in the others. */
export function createDeidentifier(texts: readonly string[], guard: Guard = () => []): Deidentifier {
  const book = new SurrogateBook();
  for (const text of texts) { book.reserve(text); }
  const first = texts.map((text) => resolve(text, findAll(text, guard(text))));
  const names = new Set(texts.flatMap((text, index) => first[index]!.filter((finding) => finding.class === 'name').flatMap((finding) => partsOf(text.slice(finding.start, finding.end)))));
  return {
    hide: (text) => {
      const guarded = guard(text);
      const found = findAll(text, guarded);
      const all = resolve(text, [...found, ...again(text, names, guarded)]);
      return replaceAll(text, joined(text, all), book);
    },
    restore: (text, options) => book.restore(text, options),
  };
}

/**
 * Replaces what tells who somebody is: the classes of HIPAA Safe Harbor (45 CFR 164.514(b)(2)) that occur in text. States, countries, years and
 * ages to 89 stay; so do placeholders of corpora that are de-identified already. Time grows with the text's length.
 */
export function deidentify(text: string, guard?: Guard): Deidentified {
  const deidentifier = createDeidentifier([text], guard);
  return { ...deidentifier.hide(text), restore: (answer, options) => deidentifier.restore(answer, options) };
}

/** How many of each class were replaced, most frequent first. */
export function countByClass(replacements: readonly Replacement[]): (readonly [IdentifierClass, number])[] {
  const counts = new Map<IdentifierClass, number>();
  for (const { class: kind } of replacements) { counts.set(kind, (counts.get(kind) ?? 0) + 1); }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function findAll(text: string, guarded: readonly Span[]): Finding[] {
  const places = findPlaces(text).filter((place) => place.weight > 65 || !guarded.some((span) => span.start <= place.start && place.end <= span.end));
  return [...findNumbers(text), ...findDates(text), ...findAges(text), ...findTableCells(text), ...places, ...findNames(text, guarded), ...findUnknownNames(text, guarded)];
}

/** The weightiest of overlapping findings, longer ones first; nothing inside a placeholder. In order of place. */
function resolve(text: string, findings: readonly Finding[]): Finding[] {
  const taken: Span[] = findPlaceholders(text);
  const grid = new Map<number, Span[]>();
  const cells = (span: Span): number[] => Array.from({ length: (span.end >> 6) - (span.start >> 6) + 1 }, (_, index) => (span.start >> 6) + index);
  const take = (span: Span): void => { for (const cell of cells(span)) { const list = grid.get(cell); if (list) { list.push(span); } else { grid.set(cell, [span]); } } };
  taken.forEach(take);
  const kept: Finding[] = [];
  for (const finding of [...findings].sort((a, b) => b.weight - a.weight || (b.end - b.start) - (a.end - a.start) || a.start - b.start)) {
    if (cells(finding).some((cell) => grid.get(cell)?.some((other) => other.start < finding.end && finding.start < other.end))) { continue; }
    take(finding);
    kept.push(finding);
  }
  return kept.sort((a, b) => a.start - b.start);
}

/** Parts of a found name that are looked for elsewhere; short ones and everyday words are not. */
function partsOf(name: string): string[] {
  return words(name).map((word) => word.text).filter((part) => part.length > 2 && !notNames.has(part.toLowerCase()) && !(ambiguousNames.has(part.toLowerCase()) && part === part.toLowerCase()));
}

/** Other mentions of names that were found. */
function again(text: string, names: ReadonlySet<string>, guarded: readonly Span[]): Finding[] {
  if (names.size === 0) { return []; }
  const lower = new Set([...names].map((name) => name.toLowerCase()));
  return words(text).flatMap((word): Finding[] => {
    const asFound = names.has(word.text) || /^\p{Lu}/u.test(word.text) && lower.has(word.text.toLowerCase());
    if (!asFound || afterEponym.test(text.slice(word.end, word.end + 40)) || guarded.some((span) => span.start <= word.start && word.end <= span.end)) { return []; }
    return [{ start: word.start, end: word.end, class: 'name', weight: 44 }];
  });
}

/** Names with only a space between them are one. */
function joined(text: string, findings: readonly Finding[]): Finding[] {
  const out: Finding[] = [];
  for (const finding of findings) {
    const last = out.at(-1);
    if (last?.class === 'name' && finding.class === 'name' && /^[ \u00a0]$/.test(text.slice(last.end, finding.start))) { out[out.length - 1] = { ...last, end: finding.end }; } else { out.push(finding); }
  }
  return out;
}
