import type { Span } from '../span';
import { ambiguousNames, givenNames, surnames } from './nameLists';
import { words, type Word } from './nameWords';
import { afterEponym, eponyms, notNames } from './notNames';
import { regions } from './placeLists';
import type { Finding } from './types';
import { isEveryday } from './vocabulary';

/** Names of people and places that no list holds and no word around them tells: written as a name, and no word of English or medicine. */
export function findUnknownNames(text: string, guarded: readonly Span[]): Finding[] {
  const all = words(text);
  const found: Finding[] = [];
  const add = (span: Span, weight: number): void => { if (!guarded.some(guard => guard.start < span.end && span.start < guard.end)) { found.push({ start: span.start, end: span.end, class: 'name', weight }); } };
  const shouted = shoutedLines(text);
  all.forEach((word, index) => {
    const caps = word.text === word.text.toUpperCase();
    const written = caps ? word.text.length > 4 && !word.text.includes('-') && shouted(word.start) : asNamesAre.test(word.text);
    if (!written || !isUnknown(text, word)) { return; }
    // "Charity Crump": an everyday word beside one that is none
    const first = beside(text, all[index - 1], word) ? all[index - 1]! : word;
    const next = all[index + 1];
    const ends = next !== undefined && text.slice(word.end, next.start) === ' ' && /^\p{Lu}\p{Ll}{2}/u.test(next.text) && /^(?:[,;)\n]|\s*$| \()/.test(text.slice(next.end, next.end + 2));
    const last = next && (ends || beside(text, word, next)) ? next : word;
    add({ start: first.start, end: last.end }, 43);
    if (first !== word || last !== word) { add(word, 42); }
  });
  for (const { pattern, weight, only } of AFTER) {
    for (const match of text.matchAll(pattern)) {
      const value = match.groups!['v']!;
      const start = match.index + match[0].lastIndexOf(value);
      if (unknownParts(value, only) && !/(?:coli|aureus|eae|oma|itis|sis)$/.test(value)) { add({ start, end: start + value.length }, weight); }
    }
  }
  return found;
}

const PERSON = 'wife|husband|spouse|partner|mother|father|mom|mum|dad|brother|sister|son|daughter|aunt|uncle|cousin|niece|nephew|granddaughter|grandson|girlfriend|boyfriend|gf|bf|dtr|dau|friend|neighbou?r|toddler|baby|coach|boss|teacher|carer|caregiver|aide|nanny|roommate|interpreter|rn|lpn|cna|nurse|medic|emt|np|pa-c|pharmacist|physio|midwife|receptionist|guarantor|resident|mr|mrs|ms|miss|dr';
/** Lower-case names after a word for a person, at the head of a hasty note, after an initial, and at the end of a message. */
const AFTER: readonly { readonly pattern: RegExp; readonly weight: number; readonly only?: 'last' | 'none' }[] = [
  { weight: 58, only: 'last', pattern: /(?<![\p{L}])(?:mr|mrs|ms|dr)\.? (?<v>\p{Ll}[\p{Ll}'’-]{1,20} \p{Ll}[\p{Ll}'’-]{2,20})(?![\p{L}\p{N}])/gu },
  { weight: 58, only: 'none', pattern: /(?<=\b(?:initials|[Dd]ictated|typed|scribed|by|tr)[: ]\s?)(?<v>(?:\p{Lu}\.){2,3}|\p{Lu}{2,3}(?=\/typed)|(?<=initials )\p{Lu}{2,3}|(?<=typed )\p{Ll}{2,3})(?![\p{L}\p{N}])/gu },
  { weight: 54, pattern: /(?<=(?<!\p{L})w )(?<v>\p{Ll}[\p{Ll}'’-]{3,20})(?![\p{L}\p{N}/])/gu },
  { weight: 56, pattern: new RegExp(`(?<![\\p{L}])(?:${PERSON})\\.? \\(?(?<v>\\p{Ll}[\\p{Ll}'’-]{2,20}(?: \\p{Ll}[\\p{Ll}'’-]{2,20})?)(?![\\p{L}\\p{N}])`, 'gu') },
  { weight: 55, pattern: new RegExp(`(?<![\\p{L}])(?:${PERSON})\\.? \\(?(?<v>\\p{Ll}[\\p{Ll}'’-]{2,20})(?![\\p{L}\\p{N}])`, 'gu') },
  { weight: 56, pattern: /(?<![\p{L}])(?:pt|patient|pics of|hx of|re:?|for|of|name:?) (?<v>\p{Ll}[\p{Ll}'’-]{2,20} \p{Ll}[\p{Ll}'’-]{2,24})(?=,? \(?(?:\d{1,3}\b|m\b|f\b|mrn|dob))/gu },
  { weight: 56, pattern: /(?<=^|\n)(?<v>\p{Ll}[\p{Ll}'’-]{1,20}, \p{Ll}[\p{Ll}'’-]{1,20})(?= \d{1,3} ?[mf]\b)/gu },
  { weight: 54, pattern: /(?<=\b(?:thx|thanks|ta|cheers|regards|best|bw),?\s{1,2})(?<v>\p{Ll}[\p{Ll}'’-]{2,20})(?=\s*(?:\n|$))/gu },
  { weight: 54, pattern: /(?<=\b(?:hi|hey|hello|dear|read by|seen by|signed by|dictated by|called|paged|ring|spoke to|spoke with|spoke w) )(?<v>\p{Ll}[\p{Ll}'’-]{2,20})(?![\p{L}\p{N}])/gu },
  { weight: 56, pattern: /(?<![\p{L}\p{N}.])(?<v>\p{Ll}\. ?\p{Ll}[\p{Ll}'’-]{3,20})(?![\p{L}\p{N}])(?!\.\p{L})/gu },
  { weight: 56, pattern: /(?<=\bdr\.? )(?<v>\p{Ll} \p{Ll}[\p{Ll}'’-]{3,20})(?![\p{L}\p{N}])/gu },
  { weight: 57, pattern: /(?<![\p{L}\p{N}./])(?<v>(?:\p{Lu}\.[ -]?){1,3}(?:van |von |de |la |der |den |O['’])*\p{Lu}\p{L}[\p{L}'’-]{1,24})(?![\p{L}\p{N}])/gu },
];

/** "Achterberg", "McNulty", "O'Dea", "Leblanc-Osei"; not "NmU", "LVADs", "TGF-beta". */
const asNamesAre = /^(?:(?:Mc|Mac|O['’]|D['’]|L['’]|De|Di|Du|La|Le|Van|Fitz|Al-|El-)?\p{Lu}[\p{Ll}\p{M}]+(?:['’]\p{Ll}+)?)(?:[-‐](?:Mc|O['’])?\p{Lu}[\p{Ll}\p{M}]+){0,2}$/u;
/** Endings of the words that open clinical sentences. */
const SENTENCE_WORD = /(?:al|ic|ous|ion|ions|ary|ory|ive|oid|ide|ol|um|us|is|ed|ing|ly|ated|ine|in|able|ible|ness|ment|ism|ity)$/;

/** Whether the parts of what stands after a cue are no words; particles and initials do not count. */
function unknownParts(value: string, only: 'last' | 'none' | undefined): boolean {
  const parts = value.split(/[\s.,]+/).filter(part => part.replace(/[^\p{L}]/gu, '').length > 1 && !/^(?:van|von|de|la|der|den|te|al|el)$/i.test(part));
  return only === 'none' || parts.length > 0 && (only === 'last' ? parts.slice(-1) : parts).every(part => !isEveryday(part) || givenNames.has(part) && !ambiguousNames.has(part));
}

/** No word, no unit, no eponym; not the beginning of a code or of a dose. */
function isUnknown(text: string, word: Word): boolean {
  const lower = word.text.toLowerCase();
  const plain = lower.normalize('NFD').replace(/\p{M}/gu, '');
  const after = text.slice(word.end, word.end + 40);
  const opens = /(?:^|[.!?:;•*-]\s{0,2}|\n\s*)$/.test(text.slice(Math.max(0, word.start - 4), word.start));
  return word.text.length > 2 && !(opens && SENTENCE_WORD.test(lower) && /^[ ,]\s?\p{Ll}|^\s*\n|^\.\s/u.test(after)) && !isEveryday(plain) && !isRegion(text, word) && !plain.split('-').some(part => eponyms.has(part)) && !afterEponym.test(after)
    && !/^[\p{N}*]|^-\p{N}|^\s?\[DATE|^\s?[:=]|^,? (?:XL|XR|SR|ER|CR|LA)?\s?\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|ug|g\b|ml|units?|iu|puffs?|tabs?|%|\/)/iu.test(after) && !/[\p{N}-]$/u.test(text.slice(Math.max(0, word.start - 1), word.start));
}

/** A state or country, also as the second word of its name. */
function isRegion(text: string, word: Word): boolean {
  const lower = word.text.toLowerCase();
  const before = /(\p{L}+) $/u.exec(text.slice(Math.max(0, word.start - 14), word.start))?.[1]?.toLowerCase();
  return regions.has(lower) || before !== undefined && regions.has(`${before} ${lower}`);
}

/** Whether two words stand side by side as the parts of one name do. */
function beside(text: string, left: Word | undefined, right: Word | undefined): boolean {
  if (!left || !right || !/^ (?:(?:van|von|de|del|la|al|el|bin|te) )?$/u.test(text.slice(left.end, right.start))) { return false; }
  const caps = left.text === left.text.toUpperCase() && right.text === right.text.toUpperCase();
  return [left, right].every(({ text: part }) => {
    const lower = part.toLowerCase();
    return (caps || /^\p{Lu}\p{Ll}/u.test(part)) && part.length > 1 && (!notNames.has(lower) || ambiguousNames.has(lower)) && !regions.has(lower) && (!isEveryday(part) || ambiguousNames.has(lower) || givenNames.has(lower) || surnames.has(lower) || !/(?:^|[.!?:]\s|\n\s*)$/.test(text.slice(Math.max(0, left.start - 3), left.start)));
  });
}

/** Lines that are all capitals: there a word in capitals is as good as one that begins with a capital. Asked in the order of the text. */
function shoutedLines(text: string): (at: number) => boolean {
  let end = -1;
  let value = false;
  return (at) => {
    while (at > end) {
      const start = end + 1;
      const next = text.indexOf('\n', start);
      end = next === -1 ? text.length : next;
      if (at > end) { continue; }
      const line = text.slice(start, Math.min(end, start + 2000));
      const upper = line.match(/\p{Lu}/gu)?.length ?? 0;
      value = upper > 7 && upper > 3 * (line.match(/\p{Ll}/gu)?.length ?? 0);
    }
    return value;
  };
}
