import { findAnchor, isAt } from './anchors';
import type { Anchor } from './annotationTypes';
import type { Span } from '../text/span';

/**
 * Finds many anchors in one text with plain line breaks. Fast where they are given in file order: what stands before a text usually moved with it, so
 * the shift of the last one found is tried first; then whole lines of the anchor's length; a search through the whole text comes last.
 */
export class Locator {
  private shift = 0;
  private lines: Map<number, number[]> | undefined;

  constructor(private readonly text: string) {}

  /** Without a search through the text: at its old place, where its neighbours went, or as whole lines of its length. */
  findFast(anchor: Anchor): Span | undefined {
    for (const start of this.shift === 0 ? [anchor.start] : [anchor.start + this.shift, anchor.start]) {
      if (isAt(this.text, anchor, start)) { return this.found(anchor, start); }
    }
    let best: number | undefined;
    for (const start of this.linesOf(anchor.length)) {
      if ((best === undefined || this.distance(anchor, start) < this.distance(anchor, best)) && isAt(this.text, anchor, start)) { best = start; }
    }
    return best === undefined ? undefined : this.found(anchor, best);
  }

  /** With a search through the whole text when nothing else helps. */
  find(anchor: Anchor): Span | undefined { return this.findFast(anchor) ?? findAnchor(this.text, anchor); }

  private found(anchor: Anchor, start: number): Span {
    this.shift = start - anchor.start;
    return { start, end: start + anchor.length };
  }

  private distance(anchor: Anchor, start: number): number { return Math.abs(start - anchor.start - this.shift); }

  private linesOf(length: number): readonly number[] {
    if (!this.lines) {
      this.lines = new Map();
      for (let start = 0; start <= this.text.length;) {
        const found = this.text.indexOf('\n', start);
        const end = found < 0 ? this.text.length : found;
        const same = this.lines.get(end - start);
        if (same) { same.push(start); } else { this.lines.set(end - start, [start]); }
        start = end + 1;
      }
    }
    return this.lines.get(length) ?? [];
  }
}
