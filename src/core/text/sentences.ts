import { BULLET, isWrapped, splitLines } from './lines';
import type { Span } from './span';

/** Words that end in a full stop without ending a sentence, whatever follows. */
const TITLES = new Set(['dr', 'drs', 'mr', 'mrs', 'ms', 'prof', 'st', 'vs', 'eg', 'ie', 'e.g', 'i.e', 'cf', 'fig', 'figs', 'ref', 'refs', 'eq', 'no', 'nos', 'viz', 'al', 'approx', 'ca', 'resp', 'incl',
  'esp', 'sect', 'ch', 'vol', 'pp', 'dept', 'univ', 'jr', 'sr', 'op', 'wt', 'ht', 'neg', 'pos', 'dx', 'pt', 'pts', 'sp', 'spp', 'subsp', 'var']);
/** Abbreviations that may end a sentence: no break before a lower-case word or a number. */
const MAYBE = new Set(['mg', 'ml', 'kg', 'mcg', 'min', 'max', 'hr', 'hrs', 'h', 'wk', 'wks', 'mo', 'mos', 'yr', 'yrs', 'sec', 'b.i.d', 't.i.d', 'q.i.d', 'q.d', 'p.o', 'p.r.n', 'i.v', 'i.m', 's.c', 'a.m', 'p.m',
  'etc', 'inc', 'ltd', 'co', 'corp', 'u.s', 'u.k', 'jan', 'feb', 'mar', 'apr', 'jun', 'jul', 'aug', 'sep', 'sept', 'oct', 'nov', 'dec', 'bid', 'tid', 'qid', 'qd', 'po', 'prn', 'iv', 'im', 'sc']);

const STOP = /[.!?…]+["'”’)\]]*(?:\[[\d,;\s–-]+\])?/g;
const NO_MORE_THAN = 1000;

/**
 * Sentences of a clinical note or an abstract, trimmed, in order, never overlapping, with exact offsets.
 * Headings with their content, bullets and lines of a list count as sentences of their own; wrapped lines are joined.
 */
export function splitSentences(text: string): Span[] {
  const sentences: Span[] = [];
  for (const block of splitBlocks(text)) {
    let start = block.start;
    for (const end of breaks(text, block)) {
      pushTrimmed(text, start, end, sentences);
      start = end;
    }
    pushTrimmed(text, start, block.end, sentences);
  }
  return sentences;
}

/** Runs of lines in which a line break means nothing. */
function splitBlocks(text: string): Span[] {
  const lines = splitLines(text);
  const blocks: Span[] = [];
  let start: number | undefined;
  lines.forEach((line, index) => {
    const content = text.slice(line.start, line.end);
    if (content.trim() === '') { start = undefined; return; }
    start ??= line.start;
    const next = lines[index + 1];
    if (next !== undefined && isWrapped(content, text.slice(next.start, next.end))) return;
    blocks.push({ start, end: line.end });
    start = undefined;
  });
  return blocks;
}

function breaks(text: string, block: Span): number[] {
  const ends: number[] = [];
  const content = text.slice(block.start, block.end);
  // "1. Aspirin": the number belongs to its item.
  const bullet = BULLET.exec(content)?.[0].length ?? 0;
  let previous = 0;
  for (const match of content.matchAll(STOP)) {
    const after = match.index + match[0].length;
    if (after <= bullet || after >= content.length) continue;
    if (endsSentence(content, match.index, after) && content.slice(previous, after).trim().length > 1) {
      ends.push(block.start + after);
      previous = after;
    }
  }
  return limitLength(text, block, ends);
}

function endsSentence(content: string, stop: number, after: number): boolean {
  const rest = content.slice(after, after + 60);
  const before = content.slice(Math.max(0, stop - 30), stop);
  const mark = content[stop]!;
  if (!/^\s/.test(rest)) {
    // "oedema.The": a space was forgotten. Not "e.g.The" nor "3.5" nor "www.who.int".
    return mark === '.' && /\p{Ll}{3,}[)\]]?$/u.test(before) && /^\p{Lu}\p{Ll}+\b/u.test(rest) && !/\S*(?:www|http|@)\S*$/.test(before);
  }
  const next = rest.trimStart();
  if (mark !== '.') return !/^\p{Ll}/u.test(next) || /\s$/.test(before) || mark === '?';
  // Tokenised notes (" . he denies") set the full stop apart.
  if (/\s$/.test(before) && before.trim() !== '') return true;
  const word = /([\p{L}][\p{L}.]*)$/u.exec(before)?.[1]?.toLowerCase();
  const lower = /^\p{Ll}/u.test(next);
  if (word !== undefined) {
    if (TITLES.has(word)) return word === 'no' || word === 'al' || word === 'pos' || word === 'neg' || word === 'pt' ? !lower && !/^[\d(]/.test(next) : false;
    // Initials ("J. Smith", "S. aureus"); vitamin and group letters end sentences ("hepatitis B. She").
    if (word.length === 1 && !lower) return !/^\p{Lu}$/u.test(before.trimEnd().slice(-1)) || /\b(?:hepatitis|vitamin|type|group|influenza|grade|class|stage|case|patient|arm|factor)\s\p{L}$/iu.test(before);
    if (MAYBE.has(word) || word.length === 1 || word.includes('.')) return !lower && !/^\d/.test(next);
  }
  if (lower) return word !== undefined && word.length >= 4 && /\p{Ll}$/u.test(before) && /^\p{Ll}{2,}/u.test(next) && looksLowerCase(content);
  return /^["'“‘([]*[\p{Lu}\d]|^["'“‘([]|^[-–•*#≥≤<>~+]/u.test(next) || /[)\]\d%]$/.test(before) || /^\P{L}/u.test(next);
}

/** Notes dictated without capitals: there a lower-case word may begin a sentence. */
function looksLowerCase(content: string): boolean {
  return !/[.!?]\s+\p{Lu}/u.test(content);
}

/** Text without any full stop (a table, a dump) is cut at line breaks or spaces so that no sentence grows beyond bounds. */
function limitLength(text: string, block: Span, ends: readonly number[]): number[] {
  const all: number[] = [];
  let start = block.start;
  for (const end of [...ends, block.end]) {
    while (end - start > NO_MORE_THAN) {
      const space = text.lastIndexOf(' ', start + NO_MORE_THAN);
      start = space > start ? space : start + NO_MORE_THAN;
      all.push(start);
    }
    all.push(end);
    start = end;
  }
  all.pop();
  return all;
}

function pushTrimmed(text: string, from: number, to: number, into: Span[]): void {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text[start]!)) start++;
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  if (end > start) into.push({ start, end });
}
