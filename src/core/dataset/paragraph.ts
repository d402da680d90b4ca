import type { Span } from '../text/span';

/** The paragraph around an offset: the lines up to the next blank ones, without surrounding white space; undefined on a blank line. */
export function paragraphAt(text: string, offset: number): Span | undefined {
  const lineStart = (at: number) => text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = (at: number) => { const end = text.indexOf('\n', at); return end < 0 ? text.length : end; };
  const blank = (start: number, end: number) => text.slice(start, end).trim() === '';
  let start = lineStart(offset);
  let end = lineEnd(offset);
  if (blank(start, end)) { return undefined; }
  while (start > 0) {
    const previous = lineStart(start - 1);
    if (blank(previous, start - 1)) { break; }
    start = previous;
  }
  while (end < text.length) {
    const next = lineEnd(end + 1);
    if (blank(end + 1, next)) { break; }
    end = next;
  }
  return trimSpan(text, { start, end });
}

/** A span without the white space at its ends; undefined when nothing is left. */
export function trimSpan(text: string, span: Span): Span | undefined {
  let { start, end } = span;
  while (start < end && /\s/.test(text[start] ?? '')) { start++; }
  while (end > start && /\s/.test(text[end - 1] ?? '')) { end--; }
  return start < end ? { start, end } : undefined;
}
