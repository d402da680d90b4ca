import type { Span } from '../span';
import { ambiguousNames, givenNames, surnames } from './nameLists';
import { notNames } from './notNames';

/** A word of letters, with what joins names inside (hyphen, apostrophe). */
export interface Word extends Span { readonly text: string }

const WORD = /\p{L}[\p{L}\p{M}]{0,40}(?:[-'’‐]\p{L}[\p{L}\p{M}]{0,40}){0,3}/gu;

/** Words of a text, possessive endings left off. */
export function words(text: string): Word[] {
  return [...text.matchAll(WORD)].map((match) => {
    const value = match[0].replace(/['’][sS]$/u, '');
    return { text: value, start: match.index, end: match.index + value.length };
  });
}

export interface NameOptions {
  /** A name may be written in lower case ("dr. smith"). */
  readonly lower?: boolean;
  /** "Smith, John A." is one name. */
  readonly inverted?: boolean;
  /** How sure the cue is: after `title` any capitalised word but a function word is a name; after `label` an everyday word that is also a name is one. */
  readonly cue?: 'title' | 'label';
}

const TOKEN = /\p{L}[\p{L}\p{M}]{0,40}(?:[-'’‐]\p{L}[\p{L}\p{M}]{0,40}){0,3}\.?/uy;
/** "I'm", "they've"; "O'Neill" is none. */
const CONTRACTED = /^(?:i|you|we|he|she|it|they|that|there|here|what|who|how|let)['’]/;
const PROFESSION = /(?:ologist|iatrist|therapist|ician|nurse)s?$/;
const PARTICLES = new Set(['van', 'von', 'der', 'den', 'de', 'la', 'le', 'del', 'della', 'bin', 'ibn', 'al', 'el', 'da', 'dos', 'das', 'di', 'du', 'ter', 'ten', 'zu', 'af', 'av', 'die', 'y', 'e']);
const LOWER_STOP = new Set(`everyone there how i good again so nice and well it's what it the to that you your we me my is are was were be for of on in at this he she they did do does have has had not no yes up if or as an a can
could should would will just also then than when where who said says told gave give want wants wanted think thinks see saw seen come came go went order orders ordered prescribed took take takes recommended recommend suggested asked ask
here now today okay ok um uh let's lets um, like from with about after before because but get got she's he's i'm we're they're office visit appointment visits any one time times note notes every some thing anything really very going her his him them been being
ma'am sir mister miss missus folks guys all right sure please thanks thank doctor doctors nurse work works know knows period pain dose doses a lot still only out over down back off through made make look looks looked called call calls patient first last other another
sounds doing feeling dragon computer yeah yep so, regarding since until while during sort kind something`.split(/\s+/));

/** The name that begins at a place, or undefined when no name does. Never crosses a line. */
export function nameAfter(text: string, at: number, options: NameOptions): Span | undefined {
  let end = -1;
  let position = at;
  let count = 0;
  let afterParticle = false;
  const capitalsOnly = /^\p{Lu}{2}/u.test(text.slice(at, at + 2));
  for (; count < 5;) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) { break; }
    const raw = match[0];
    const token = raw.replace(/\.$/u, '').replace(/['’][sS]$/u, '');
    const lower = token.toLowerCase();
    if (CONTRACTED.test(lower) || PROFESSION.test(lower)) { break; }
    const initial = token.length === 1 && /\p{Lu}/u.test(token);
    const upper = /^\p{Lu}/u.test(token);
    const particle = PARTICLES.has(lower) && !initial;
    // "Maria White": an everyday word can be a surname, never the beginning of a name
    const surname = count > 0 && /^\p{Lu}\p{Ll}/u.test(token) && ambiguousNames.has(lower);
    if (!initial && notNames.has(lower) && !surname && !(count === 0 && isNameHere(text, position + token.length, token, options.cue))) { break; }
    if (!upper && !particle) {
      const fits = options.lower && (count === 0 || afterParticle) && token.length > 2 && !LOWER_STOP.has(lower) && !/n['’]t$|['’]/.test(lower);
      if (!fits) { break; }
      afterParticle = false;
    }
    // "Dr. Smith CT head": a short word in capitals after a written name is an abbreviation.
    if (count > 0 && !capitalsOnly && !initial && token.length > 1 && token.length < 5 && token === token.toUpperCase()) { break; }
    if (particle && !upper && !/^[ \u00a0]\p{Lu}/u.test(text.slice(position + raw.length, position + raw.length + 2)) && !/^[ ](?:van|von|der|den|de|la|del) /u.test(text.slice(position + raw.length, position + raw.length + 5)) && !options.lower) { break; }
    if (particle && !upper) { afterParticle = true; }
    count++;
    end = initial && raw.endsWith('.') ? position + raw.length : position + token.length;
    if (token.length < raw.replace(/\.$/u, '').length) { break; } // possessive: the name is over
    if (raw.endsWith('.') && !initial && token.length > 2) { break; }
    const next = position + raw.length;
    const step = /^[ \u00a0]{1,2}(?=[\p{L}])/u.exec(text.slice(next, next + 3)) ?? (initial ? /^(?=\p{Lu})/u.exec(text.slice(next, next + 1)) : null);
    if (step) { position = next + step[0].length; continue; }
    if (options.inverted && count === 1 + Number(count > 1) * (count - 1) && /^, ?\p{Lu}/u.test(text.slice(next, next + 3)) && !text.slice(at, next).includes(',')) {
      const follows = nameAfter(text, next + (text[next + 1] === ' ' ? 2 : 1), {});
      if (follows && !/^\s?:/.test(text.slice(follows.end, follows.end + 2))) { return { start: at, end: follows.end }; }
    }
    break;
  }
  // a trailing initial belongs to the name with its point
  return end > at && (text.slice(at, end).replace(/[^\p{L}]/gu, '').length > 1) ? { start: at, end } : undefined;
}

const FUNCTION_WORDS = new Set('the a an he she it they we you i his her their my our your this that these those is was are were has had have and or but on in at by to from for of with as if no not who what when where why how office visit notes note md do phd rn np pa today yesterday recommended recommends states stated said says will'.split(' '));

/** Whether an everyday word is a name after a cue: "Rev. Ward", "Father: May, asthma". */
function isNameHere(text: string, end: number, token: string, cue: NameOptions['cue']): boolean {
  const lower = token.toLowerCase();
  if (cue === undefined || !/^\p{Lu}/u.test(token)) { return false; }
  if (FUNCTION_WORDS.has(lower)) { return cue === 'title' && ambiguousNames.has(lower) && /^ \p{Lu}\p{Ll}/u.test(text.slice(end, end + 3)); }
  if (cue === 'title' && token !== token.toUpperCase()) { return true; }
  return (ambiguousNames.has(lower) || surnames.has(lower) || givenNames.has(lower)) && /^(?:[,.;)(\n]|$| \p{Lu})/u.test(text.slice(end, end + 2));
}
