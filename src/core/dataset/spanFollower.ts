import type { Span } from '../text/span';
import { follow, type TextChange } from './follow';

/** Where a text was when a change took it away, so that an undo can be recognised. */
export interface Cut {
  /** Length of what the change removed, and how far into it the text began. */
  readonly removed: number;
  readonly before: number;
}

const touched = 1;
const gone = 2;

/**
 * Thousands of spans that follow edits of one text: a change is one pass over two arrays of numbers, without allocation.
 * Offsets count every line break as one. Spans are named by their number, in the order in which they were added.
 */
export class SpanFollower {
  private starts = new Int32Array(64);
  private ends = new Int32Array(64);
  private flags = new Uint8Array(64);
  private readonly cuts = new Map<number, Cut>();
  private count = 0;

  private lost = 0;

  get size(): number { return this.count; }
  get goneCount(): number { return this.lost; }

  /** Adds a span, `undefined` for a text that is not there. Returns its number. */
  add(span: Span | undefined): number {
    if (this.count === this.starts.length) { this.grow(); }
    this.place(this.count, span, true);
    return this.count++;
  }

  /** Puts a span where it was found; `undefined`: nowhere. */
  set(index: number, span: Span | undefined): void { this.place(index, span, false); }

  span(index: number): Span | undefined { return this.isGone(index) ? undefined : { start: this.starts[index]!, end: this.ends[index]! }; }
  start(index: number): number { return this.starts[index]!; }
  isGone(index: number): boolean { return (this.flags[index]! & gone) !== 0; }
  /** The text inside was changed since it was placed. */
  isTouched(index: number): boolean { return (this.flags[index]! & touched) !== 0; }
  /** Those that a change took away, by number. */
  cutTexts(): readonly (readonly [number, Cut])[] { return [...this.cuts]; }

  /** Follows one change. Returns true when a span's text was changed or taken away, or something that is gone may be back: not for a mere shift. */
  apply(change: TextChange): boolean {
    const { start, length, inserted } = change;
    const end = start + length;
    const shift = inserted - length;
    const { starts, ends, flags, count } = this;
    let struck = false;
    for (let i = 0; i < count; i++) {
      if (starts[i]! >= end) { starts[i]! += shift; ends[i]! += shift; } else if (ends[i]! > start) {
        const before = starts[i]!;
        const { span } = follow({ start: before, end: ends[i]! }, change);
        starts[i] = span.start;
        ends[i] = span.end;
        if ((flags[i]! & gone) !== 0) { continue; }
        struck = true;
        flags[i]! |= touched;
        if (span.end <= span.start) { this.lose(i, { removed: length, before: before - start }); }
      }
    }
    return struck || (inserted > 0 && this.lost > 0);
  }

  /** Numbers of the spans that hold an offset, edges included. */
  at(offset: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.count; i++) { if (this.starts[i]! <= offset && offset <= this.ends[i]! && !this.isGone(i)) { found.push(i); } }
    return found;
  }

  /** Numbers of the spans that share something with [from, to]. */
  within(from: number, to: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.count; i++) { if (this.starts[i]! <= to && this.ends[i]! >= from && !this.isGone(i)) { found.push(i); } }
    return found;
  }

  /** Numbers of the spans that are gone or changed. */
  unsettled(): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.count; i++) { if (this.flags[i] !== 0) { found.push(i); } }
    return found;
  }

  private place(index: number, span: Span | undefined, fresh: boolean): void {
    if (!fresh && this.isGone(index)) { this.lost--; }
    this.cuts.delete(index);
    this.starts[index] = span?.start ?? 0;
    this.ends[index] = span?.end ?? 0;
    this.flags[index] = span ? 0 : gone;
    if (!span) { this.lost++; }
  }

  private lose(index: number, cut: Cut): void {
    this.flags[index]! |= gone;
    this.lost++;
    this.cuts.set(index, cut);
  }

  private grow(): void {
    const bigger = <A extends Int32Array | Uint8Array>(old: A, made: A): A => { made.set(old); return made; };
    this.starts = bigger(this.starts, new Int32Array(this.count * 2));
    this.ends = bigger(this.ends, new Int32Array(this.count * 2));
    this.flags = bigger(this.flags, new Uint8Array(this.count * 2));
  }
}
