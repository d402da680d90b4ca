import type { Span } from '../text/span';
import { Analyzer, wordsOf } from './analysis';

/** Part of a passage, with the words that a query matched. */
export interface Snippet {
  readonly text: string;
  /** In `text`. */
  readonly marks: readonly Span[];
}

const analyzer = new Analyzer();

/** The part of a text, at most about `length` characters and cut between words, that holds most of a query's terms. */
export function snippet(text: string, query: string, length = 240): Snippet {
  const wanted = new Set(analyzer.termsOf(query));
  const matches = wordsOf(text)
    .map(({ text: word, start, end }) => ({ start, end, terms: analyzer.terms(word).filter(term => wanted.has(term)) }))
    .filter(match => match.terms.length > 0);
  const window = bestWindow(text, matches, length);
  const prefix = window.start > 0 ? '…' : '';
  const suffix = window.end < text.length ? '…' : '';
  const shift = prefix.length - window.start;
  const marks = matches
    .filter(match => match.start >= window.start && match.end <= window.end)
    .map(match => ({ start: match.start + shift, end: match.end + shift }));
  return { text: prefix + text.slice(window.start, window.end) + suffix, marks };
}

function bestWindow(text: string, matches: readonly (Span & { readonly terms: readonly string[] })[], length: number): Span {
  if (text.length <= length) return { start: 0, end: text.length };
  let best = { start: 0, worth: 0 };
  matches.forEach((first, i) => {
    const inside = matches.slice(i).filter(match => match.end <= first.start + length);
    const worth = new Set(inside.flatMap(match => match.terms)).size;
    if (worth > best.worth) best = { start: first.start, worth };
  });
  // Begin at the sentence where it is near, else with a few words before the first match.
  const sentence = text.slice(0, best.start).search(/[^.?!]*$/);
  const start = best.start - sentence <= length / 3 ? sentence : best.start - Math.floor(length / 6);
  return wholeWords(text, Math.max(0, start), length);
}

function wholeWords(text: string, from: number, length: number): Span {
  let start = from;
  if (start > 0 && /\S/.test(text[start - 1]!)) {
    const space = text.slice(start).search(/\s/);
    start = space >= 0 && space < 40 ? start + space : start;
  }
  while (start < text.length && /\s/.test(text[start]!)) start++;
  let end = Math.min(text.length, start + length);
  if (end < text.length) {
    const space = text.slice(start, end).search(/\s\S*$/);
    if (space > length / 2) end = start + space;
  }
  return { start, end };
}
