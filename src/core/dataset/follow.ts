import type { Span } from '../text/span';

/** One replacement in a text: `length` code units from `start` become `inserted` code units. */
export interface TextChange {
  readonly start: number;
  readonly length: number;
  readonly inserted: number;
}

export interface FollowedSpan {
  readonly span: Span;
  /** The text inside was changed. */
  readonly touched: boolean;
}

/** Where a span stands after a change. Text typed at its edges stays outside; a change that swallows it leaves an empty span. */
export function follow(span: Span, change: TextChange): FollowedSpan {
  const changeEnd = change.start + change.length;
  const shift = change.inserted - change.length;
  if (changeEnd <= span.start) { return { span: { start: span.start + shift, end: span.end + shift }, touched: false }; }
  if (change.start >= span.end) { return { span, touched: false }; }
  if (change.start <= span.start && changeEnd >= span.end) { return { span: { start: change.start, end: change.start }, touched: true }; }
  if (change.start < span.start) { return { span: { start: change.start + change.inserted, end: span.end + shift }, touched: true }; }
  if (changeEnd > span.end) { return { span: { start: span.start, end: change.start }, touched: true }; }
  return { span: { start: span.start, end: span.end + shift }, touched: true };
}
