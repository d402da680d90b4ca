/** An abbreviation that a document explains. */
export interface Definition {
  readonly short: string;
  readonly long: string;
}

const PARENTHESIS = /\(([^()]{2,80})\)/g;
const MOST_WORDS_SHORT = 2;
const LONGEST_SHORT = 10;

/**
 * The abbreviations that a text explains, as "long form (SF)" or "SF (long form)": Schwartz and Hearst, A simple algorithm for identifying abbreviation
 * definitions in biomedical text (PSB 2003).
 */
export function findDefinitions(text: string): Definition[] {
  const found = new Map<string, Definition>();
  if (!text.includes('(')) return [];
  for (const match of text.matchAll(PARENTHESIS)) {
    const before = text.slice(Math.max(0, match.index - 300), match.index).replace(/^[\s\S]*[.;:!?()]\s/, '').trimEnd();
    const inside = match[1]!.split(/[;,] /)[0]!.trim();
    const definition = isShortForm(inside) ? longBefore(inside, before) : shortBefore(inside, before);
    if (definition !== undefined && !found.has(definition.short)) found.set(definition.short, definition);
  }
  return [...found.values()];
}

function isShortForm(text: string): boolean {
  return text.length >= 2 && text.length <= LONGEST_SHORT && text.split(/\s+/).length <= MOST_WORDS_SHORT && /^[\p{L}\p{N}]/u.test(text) && /\p{Lu}/u.test(text) && !/^(?:Fig|Table|Ref)/.test(text);
}

const GREEK = 'αβγδεζηθικλμνξοπρστυφχψω';
const INITIALS = 'abgdezhtiklmnxoprstupcpo';

/** First letter of a Greek letter's name ("TNF-α" stands for "tumor necrosis factor alpha"); others as they are. */
function latin(letter: string): string {
  const place = GREEK.indexOf(letter);
  return place < 0 ? letter : INITIALS[place]!;
}

/** "heart failure (HF)". */
function longBefore(short: string, before: string): Definition | undefined {
  const most = Math.min(short.length + 5, short.length * 2);
  const candidate = before.split(/\s+/).slice(-most).join(' ');
  return definitionOf(short, candidate);
}

/** "HF (heart failure)": the word before the parenthesis is the short form, and all that is inside the long one. */
function shortBefore(inside: string, before: string): Definition | undefined {
  const short = /\S+$/.exec(before)?.[0] ?? '';
  if (!isShortForm(short) || inside.split(/\s+/).length < 2) return undefined;
  const definition = definitionOf(short, inside);
  return definition?.long === inside ? definition : undefined;
}

/** Matches the short form's letters and digits from the right; its first must begin a word. */
function definitionOf(short: string, candidate: string): Definition | undefined {
  const lower = candidate.toLowerCase().replace(/[α-ω]/g, latin);
  if (lower.length !== candidate.length) return undefined;
  let at = candidate.length;
  for (let i = short.length - 1; i >= 0; i--) {
    const letter = latin(short[i]!.toLowerCase());
    if (!/[\p{L}\p{N}]/u.test(letter)) continue;
    do at--; while (at >= 0 && (lower[at] !== letter || (i === 0 && at > 0 && /[\p{L}\p{N}]/u.test(lower[at - 1]!))));
    if (at < 0) return undefined;
  }
  const long = candidate.slice(candidate.lastIndexOf(' ', at) + 1);
  const isName = long.length > short.length && long.split(/\s+/).length <= Math.min(short.length + 5, short.length * 2) && !long.split(/[\s-]+/).includes(short);
  return isName ? { short, long } : undefined;
}

/** What else to index of a passage: for each abbreviation that its document explains, the form that the passage does not hold where it holds the other. */
export function missingForms(passage: string, definitions: readonly Definition[]): string[] {
  if (definitions.length === 0) return [];
  const lower = passage.toLowerCase();
  return definitions.flatMap(({ short, long }) => {
    const hasShort = holdsWord(passage, short);
    const hasLong = lower.includes(long.toLowerCase());
    return hasShort === hasLong ? [] : [hasShort ? long : short];
  });
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ') && !/[\p{L}\p{N}]/u.test((text[at + word.length] ?? ' ').replace('s', ' '))) return true;
  }
  return false;
}
