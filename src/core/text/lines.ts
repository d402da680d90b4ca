import type { Span } from './span';

/** Marker that begins an item of a list: "- ", "* ", "• ", "1. ", "2) ", "(3) ". */
export const BULLET = /^[ \t]*(?:[-*•·‣▪◦–—+>]+[ \t]*(?=\S)|\(?\d{1,2}[.)][ \t]+)/;

/** Lines of a text without their line breaks; empty lines included. */
export function splitLines(text: string): Span[] {
  const lines: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\n|\r|\u2028|\u2029/g)) {
    lines.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: text.length });
  return lines;
}

const GOES_ON = /(?:[,;&/(-]|\b(?:and|or|of|the|a|an|with|for|to|in|on|by|from|at|is|was|were|are|as|that|which|who|no|not|without|her|his|their))$/i;

/** Whether the line break between two lines only wraps a sentence, so that both belong together. */
export function isWrapped(line: string, next: string): boolean {
  const current = line.trimEnd();
  const following = next.trimStart();
  if (current.trim() === '' || following === '' || BULLET.test(next)) return false;
  if (/[.!?:]["')\]]*$/.test(current)) return false;
  if (GOES_ON.test(current) && current.trim().length > 12) return true;
  // Long lines are paragraphs set to a width; short lines are items of a list.
  if (/^[\p{Ll}(]/u.test(following)) return current.length >= 40;
  return current.length >= 60 && !/^[^:]{2,40}:/.test(following);
}
