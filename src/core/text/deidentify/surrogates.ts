import { dateKey, isBirthDate, yearOf } from './dates';
import { notNames } from './notNames';
import { placeholders, type Finding, type IdentifierClass, type Replacement, type RestoreOptions } from './types';

const TAGS: Record<IdentifierClass, string> = {
  name: 'NAME', place: 'PLACE', date: 'DATE', age: 'AGE', phone: 'PHONE', fax: 'FAX', email: 'EMAIL', ssn: 'SSN', record: 'RECORD', account: 'ACCOUNT', licence: 'LICENCE', vehicle: 'VEHICLE', device: 'DEVICE', url: 'URL', ip: 'IP',
};
const ALL = Object.values(TAGS).join('|');
/** A surrogate as models write it: other brackets, case or joint; the letter of the spelling and the year may be gone. */
const WRITTEN = new RegExp(`(?:(?<open>[[({<⟦【])[ ]?|(?<![\\p{L}\\p{N}]))(?<tag>${ALL}|LICENSE)(?<joint>[ _‐‑–-])(?<number>\\d{1,4})(?<letter>[a-z]{0,2})(?![\\p{L}\\p{N}])(?:,?[ ](?:\\d{4}|90[ ]?\\+)(?!\\d))?(?:[ ]?(?<close>[\\])}>⟧】]))?`, 'giu');
/** Anything in a text that could come to be read as one. */
const LOOSE = new RegExp(`(${ALL}|LICENSE)[ _‐‑–-](\\d{1,4})`, 'giu');
/** The beginning of one at the end of a text. */
const CUT = new RegExp(`(?:[[({<⟦【] ?[A-Za-z]{0,8}(?:[ _‐‑–-]\\d{0,4}[a-z]{0,2}(?:,? [\\d+ ]{0,5})?)?|(?<![\\p{L}\\p{N}])(?:${ALL})[_‐‑–-]\\d{0,4}[a-z]{0,2})$`, 'iu');

interface Entity { readonly number: number; readonly forms: string[]; readonly keys: Set<string> }

/** Gives out surrogates: the same entity has the same number throughout, each spelling of it its own letter, so that every one can be put back exactly. */
export class SurrogateBook {
  private readonly entities = new Map<IdentifierClass, Entity[]>();
  private readonly originals = new Map<string, string>();
  private readonly reserved = new Set<string>();

  /** Numbers that stand in this text already are never given out. */
  reserve(text: string): void {
    for (const [, tag, number] of text.matchAll(LOOSE)) { this.reserved.add(`${tagOf(tag!)}-${Number(number)}`); }
  }

  /** The surrogate of a finding. */
  of(finding: Finding, text: string): string {
    const written = text.slice(finding.start, finding.end);
    const entity = this.entityOf(finding.class, written);
    let form = entity.forms.indexOf(written);
    if (form < 0) { form = entity.forms.push(written) - 1; }
    const name = `${TAGS[finding.class]}-${entity.number}`;
    const key = `${name}${letters(form)}`;
    this.originals.set(key, written);
    if (finding.class === 'age') { return `[${key} 90+]`; }
    // The year of a birth would tell an age over 89.
    const year = finding.class === 'date' && !isBirthDate(text, finding.start) ? yearOf(written) : undefined;
    return `[${key}${year ? ` ${year}` : ''}]`;
  }

  restore(text: string, options: RestoreOptions = {}): string {
    const whole = options.partial ? text.replace(CUT, '') : text;
    return whole.replace(WRITTEN, (match: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Record<string, string | undefined>;
      const name = `${tagOf(groups['tag']!)}-${Number(groups['number'])}`;
      const original = this.originals.get(`${name}${groups['letter']!.toLowerCase()}`) ?? this.originals.get(name);
      // A bare word with a space ("date 1") is a word, not a surrogate.
      if (original === undefined || (groups['joint'] === ' ' && !(groups['open'] && groups['close']))) { return match; }
      return `${groups['open'] && !groups['close'] ? groups['open'] : ''}${original}${groups['close'] && !groups['open'] ? groups['close'] : ''}`;
    });
  }

  private entityOf(kind: IdentifierClass, written: string): Entity {
    const all = this.entities.get(kind) ?? [];
    this.entities.set(kind, all);
    const keys = keysOf(kind, written);
    const same = all.find((entity) => kind === 'name' ? isSameName(entity.keys, keys) : keys.some((key) => entity.keys.has(key)));
    if (same) {
      for (const key of keys) { same.keys.add(key); }
      return same;
    }
    let number = all.length > 0 ? all.at(-1)!.number + 1 : 1;
    while (this.reserved.has(`${TAGS[kind]}-${number}`)) { number++; }
    const entity = { number, forms: [], keys: new Set(keys) };
    all.push(entity);
    return entity;
  }
}

function tagOf(tag: string): string { return tag.toUpperCase() === 'LICENSE' ? 'LICENCE' : tag.toUpperCase(); }

function letters(form: number): string {
  if (form === 0) { return ''; }
  return form < 26 ? String.fromCharCode(97 + form) : String.fromCharCode(96 + Math.floor(form / 26)) + String.fromCharCode(97 + (form % 26));
}

function keysOf(kind: IdentifierClass, written: string): string[] {
  if (kind === 'date') { return [dateKey(written)]; }
  if (kind === 'name') {
    const parts = written.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').split(/[^\p{L}]+/u).filter((part) => part.length > 1 && !notNames.has(part));
    return parts.length > 0 ? parts : [written.toLowerCase()];
  }
  if (kind === 'place' || kind === 'email' || kind === 'url' || kind === 'age') { return [written.toLowerCase()]; }
  return [written.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()];
}

/** "Smith" and "John Smith" are one person; "Mary Smith" and "John Smith" are two. */
function isSameName(known: ReadonlySet<string>, keys: readonly string[]): boolean {
  return keys.every((key) => known.has(key)) || [...known].every((key) => keys.includes(key));
}

/** A text with the findings replaced; they are in order of place and do not overlap. */
export function replaceAll(text: string, findings: readonly Finding[], book: SurrogateBook): { readonly text: string; readonly replacements: readonly Replacement[] } {
  let out = '';
  let at = 0;
  const replacements = findings.map((finding): Replacement => {
    const surrogate = book.of(finding, text);
    out += text.slice(at, finding.start) + surrogate;
    at = finding.end;
    return { span: { start: finding.start, end: finding.end }, class: finding.class, surrogate };
  });
  return { text: out + text.slice(at), replacements };
}

/** Places where a text holds placeholders already. */
export function findPlaceholders(text: string): { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(placeholders)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
