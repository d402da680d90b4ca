import { createHash } from 'node:crypto';
import type { Anchor } from './annotationTypes';
import type { Span } from '../text/span';

const base = 16777619;

/** Every line break as one `\n`: the form in which anchors count. */
export function withPlainLineBreaks(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Anchor of a span of a text that has plain line breaks. */
export function anchorOf(text: string, span: Span, record?: Anchor['record']): Anchor {
  return anchorOfText(text.slice(span.start, span.end), span.start, record);
}

/** Where the anchored text stands in a text with plain line breaks: at its old place, else at the nearest other place; undefined when it is gone. */
export function findAnchor(text: string, anchor: Anchor): Span | undefined {
  const at = (start: number) => isAt(text, anchor, start);
  if (anchor.length === 0 || anchor.length > text.length) { return undefined; }
  if (at(anchor.start)) { return { start: anchor.start, end: anchor.start + anchor.length }; }
  let best: number | undefined;
  for (const start of rollingMatches(text, anchor.length, anchor.rolling)) {
    if ((best === undefined || Math.abs(start - anchor.start) < Math.abs(best - anchor.start)) && at(start)) { best = start; }
  }
  return best === undefined ? undefined : { start: best, end: best + anchor.length };
}

/** Whether the anchored text stands at an offset. */
export function isAt(text: string, anchor: Anchor, start: number): boolean {
  return start >= 0 && start + anchor.length <= text.length && sha256(text.slice(start, start + anchor.length)) === anchor.sha256;
}

/** Whether a text is the anchored one. */
export function isText(text: string, anchor: Pick<Anchor, 'length' | 'sha256'>): boolean { return text.length === anchor.length && sha256(text) === anchor.sha256; }

/** Anchor of a text that stands at `start`, both with plain line breaks. */
export function anchorOfText(text: string, start: number, record?: Anchor['record']): Anchor {
  return { start, length: text.length, sha256: sha256(text), rolling: polynomialHash(text), ...(record ? { record } : {}) };
}

function sha256(text: string): string { return createHash('sha256').update(text, 'utf8').digest('hex'); }

/** h = h * 16777619 + code unit, modulo 2^32 (unsigned). */
function polynomialHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) { hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0; }
  return hash >>> 0;
}

/** Start offsets whose window of `length` has the given polynomial hash: one pass (Rabin-Karp). */
function* rollingMatches(text: string, length: number, wanted: number): Generator<number> {
  let leaving = 1;
  for (let i = 1; i < length; i++) { leaving = Math.imul(leaving, base); }
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    if (i >= length) { hash = (hash - Math.imul(text.charCodeAt(i - length), leaving)) | 0; }
    hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0;
    if (i >= length - 1 && hash >>> 0 === wanted) { yield i - length + 1; }
  }
}
