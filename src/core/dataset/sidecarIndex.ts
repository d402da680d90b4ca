import type { AnnotationEvent, FailedEvent } from './annotationTypes';
import { EventFold } from './eventFold';
import { shapeProblem } from './eventShape';
import type { SidecarProblem } from './sidecar';
import { summaryOfFailure, summaryOfResult, type AnnotationSummary, type SummaryOfResult } from './summary';

/** An `annotated` event whose result stays in the file. */
interface LightMade extends Pick<AnnotationSummary, 'id' | 'at' | 'anchor'> {
  readonly event: 'annotated';
  readonly light: SummaryOfResult;
}

/** Where an annotation's `annotated` line stands in the sidecar, in bytes, without its line break. */
export interface LinePlace {
  readonly offset: number;
  readonly length: number;
  /** From 1. */
  readonly line: number;
}

const mostProblems = 100;
const newLine = 0x0a;

/**
 * A sidecar read in pieces and kept light: a summary and a place in the file for each annotation; results stay on disk. Lines are checked cheaply
 * here, and fully when a result is read. What is appended later is fed later; a line known already counts once.
 */
export class SidecarIndex {
  private readonly fold = new EventFold<LightMade>();
  private readonly places = new Map<string, LinePlace>();
  private readonly summaryCache = new Map<string, AnnotationSummary>();
  private readonly found: SidecarProblem[] = [];
  private rest: Buffer[] = [];
  private restLength = 0;
  private consumed = 0;
  private line = 0;
  private touched = new Set<string>();
  private problemTotal = 0;

  /** Bytes that were fed: where to read on. */
  get position(): number { return this.consumed + this.restLength; }
  /** The first 100 lines that could not be used. */
  get problems(): readonly SidecarProblem[] { return this.found; }
  get problemCount(): number { return this.problemTotal; }

  /** Takes the bytes that follow those fed before. Returns the ids that changed. */
  feed(bytes: Uint8Array): ReadonlySet<string> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(newLine); end >= 0; start = end + 1, end = buffer.indexOf(newLine, start)) {
      const piece = buffer.subarray(start, end);
      const whole = this.restLength > 0 ? Buffer.concat([...this.rest, piece]) : piece;
      this.line++;
      this.take(whole, this.consumed, true);
      this.consumed += whole.length + 1;
      this.rest = [];
      this.restLength = 0;
    }
    if (start < buffer.length) {
      // Copied: what is left of a slice must not keep the whole slice alive.
      this.rest.push(Buffer.from(buffer.subarray(start)));
      this.restLength += buffer.length - start;
    }
    return this.taken();
  }

  /** The file ends here for now: a last line without a line break counts if it is whole. It is read again with what may follow it. */
  settle(): ReadonlySet<string> {
    if (this.restLength > 0) {
      this.line++;
      this.take(Buffer.concat(this.rest), this.consumed, false);
      this.line--;
    }
    return this.taken();
  }

  /** Takes an event that is not yet in the file. False when it was known. */
  add(event: AnnotationEvent): boolean {
    const known = !this.fold.add(event.event === 'annotated' ? { event: 'annotated', id: event.id, at: event.at, anchor: event.anchor, light: summaryOfResult(event.result) } : event);
    if (!known) { this.summaryCache.delete(event.id); }
    return !known;
  }

  /** Where the annotation's line stands; undefined while it is not in the file. */
  place(id: string): LinePlace | undefined { return this.places.get(id); }

  /** SHA-256 of each text that counts as the one that the annotation was made for. */
  originalHashes(id: string): readonly string[] { return this.fold.originals(id); }

  summary(id: string): AnnotationSummary | undefined {
    const cached = this.summaryCache.get(id);
    if (cached) { return cached; }
    const folded = this.fold.get(id);
    if (!folded) { return undefined; }
    const { made, failed, anchor, edited, reviews } = folded;
    const base = made ?? failed!;
    const summary: AnnotationSummary = {
      id, at: base.at, anchor, ...(edited ? { edited } : {}), ...(made ? made.light : summaryOfFailure(failed as FailedEvent)), reviews,
    };
    this.summaryCache.set(id, summary);
    return summary;
  }

  /** All that stand, in the order in which they came. */
  summaries(): readonly AnnotationSummary[] { return [...this.fold.ids()].flatMap(id => this.summary(id) ?? []); }

  private taken(): ReadonlySet<string> {
    const { touched } = this;
    this.touched = new Set();
    return touched;
  }

  private take(bytes: Buffer, offset: number, complete: boolean): void {
    let text = bytes.toString('utf8');
    if (offset === 0 && text.startsWith('\uFEFF')) { text = text.slice(1); }
    if (text.trim() === '') { return; }
    let value: unknown;
    try { value = JSON.parse(text); } catch { this.problem(complete, { line: this.line, message: 'is not JSON; the line was skipped' }); return; }
    const problem = shapeProblem(value);
    if (problem) { this.problem(complete, { line: this.line, ...problem }); return; }
    const event = value as AnnotationEvent;
    if (event.event === 'annotated') { this.places.set(event.id, { offset, length: bytes.length, line: this.line }); }
    if (this.add(event)) { this.touched.add(event.id); }
  }

  /** A line that is still being written is no problem yet. */
  private problem(complete: boolean, problem: SidecarProblem): void {
    if (!complete) { return; }
    this.problemTotal++;
    if (this.found.length < mostProblems) { this.found.push(problem); }
  }
}
