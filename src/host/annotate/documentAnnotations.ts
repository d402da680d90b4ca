import type * as vscode from 'vscode';
import { anchorOfText, isText, withPlainLineBreaks } from '../../core/dataset/anchors';
import type { Anchor } from '../../core/dataset/annotationTypes';
import { Locator } from '../../core/dataset/locator';
import { SpanFollower } from '../../core/dataset/spanFollower';
import type { AnnotationSummary } from '../../core/dataset/summary';
import type { Span } from '../../core/text/span';
import { toPlainOffset, toRange } from '../recommend/caseTarget';
import { plainChanges } from './plainChanges';
import { standingOf } from './standing';

/** An annotation of an open document and where its case stands now. */
export interface PlacedAnnotation {
  readonly annotation: AnnotationSummary;
  /** Counted with plain line breaks; undefined when the text is gone. */
  readonly span: Span | undefined;
  /** The case was edited after it was annotated. */
  readonly edited: boolean;
}

interface Entry {
  summary: AnnotationSummary;
  /** SHA-256 of each text that counts as the one that the recommendation was made for. */
  originals: readonly string[];
  edited: boolean;
}

/** Characters that one pass may search through for texts that are not where they were. */
const searchBudget = 60_000_000;
const sliceMs = 8;
const keepLocatorMs = 5000;

/** The annotations of one open document. Follows edits in memory, with one short pass over numbers for each change; says on save which anchors changed. */
export class DocumentAnnotations {
  private readonly entries: (Entry | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly follower = new SpanFollower();
  private locator: { readonly version: number; readonly locator: Locator; readonly length: number; timer: NodeJS.Timeout } | undefined;
  private placedCache: readonly PlacedAnnotation[] | undefined;
  private standingCache: readonly number[] | undefined;

  constructor(readonly document: vscode.TextDocument) {}

  get size(): number { return this.numbers.size; }

  /** Every annotation, superseded and detached ones too, in the order in which they came. */
  get all(): readonly PlacedAnnotation[] {
    this.placedCache ??= [...this.numbers.values()].map(number => this.placed(number));
    return this.placedCache;
  }

  /** Those that speak for their place, in file order: the newest of a place, a failure only where nothing else stands. Detached ones are left out. */
  get standing(): readonly PlacedAnnotation[] { return this.standingNumbers().map(number => this.placed(number)); }

  /** Adds an annotation at a known place, or takes a newer state of a known one. */
  put(summary: AnnotationSummary, originals: readonly string[], span: Span | undefined): void {
    const known = this.numbers.get(summary.id);
    if (known === undefined) {
      this.numbers.set(summary.id, this.follower.add(span));
      this.entries.push({ summary, originals, edited: summary.edited === true });
    } else {
      const entry = this.entries[known]!;
      const more = originals.length > entry.originals.length;
      entry.summary = summary;
      entry.originals = originals;
      // What was written into the record itself is no edit of its case.
      if (more) { this.verifyOne(known); }
      if (!this.follower.isTouched(known)) { entry.edited = summary.edited === true; }
    }
    this.forget(known === undefined);
  }

  /** Adds an annotation where its text stands; false when it was not found by a quick look. */
  locate(summary: AnnotationSummary, originals: readonly string[], thorough: boolean): boolean {
    const { locator, length } = this.fresh();
    const quick = locator.findFast(summary.anchor);
    const span = quick ?? (thorough && length <= searchBudget ? locator.find(summary.anchor) : undefined);
    if (!span && !thorough) { return false; }
    this.put(summary, originals, span);
    return true;
  }

  remove(id: string): void {
    const number = this.numbers.get(id);
    if (number === undefined) { return; }
    this.numbers.delete(id);
    this.entries[number] = undefined;
    this.follower.set(number, { start: 0, end: 0 });
    this.forget(true);
  }

  has(id: string): boolean { return this.numbers.has(id); }

  find(id: string): PlacedAnnotation | undefined {
    const number = this.numbers.get(id);
    return number === undefined ? undefined : this.placed(number);
  }

  rangeOf({ span }: Pick<PlacedAnnotation, 'span'>): vscode.Range | undefined { return span && toRange(this.document, span); }

  /** Line on which an annotation starts, from 0; undefined for a detached one. */
  lineOf({ span }: Pick<PlacedAnnotation, 'span'>): number | undefined { return span && toRange(this.document, { start: span.start, end: span.start }).start.line; }

  /** The innermost annotation at a position, the newest of its place. */
  at(position: vscode.Position): PlacedAnnotation | undefined {
    const found = this.follower.at(toPlainOffset(this.document, position)).flatMap(number => (this.entries[number] ? [this.placed(number)] : []));
    return standingOf(found).sort((a, b) => (a.span!.end - a.span!.start) - (b.span!.end - b.span!.start))[0];
  }

  /** Those that speak for their place and share something with a range. */
  within(range: vscode.Range): readonly PlacedAnnotation[] {
    const found = this.follower.within(toPlainOffset(this.document, range.start), toPlainOffset(this.document, range.end));
    return standingOf(found.flatMap(number => (this.entries[number] ? [this.placed(number)] : [])));
  }

  /** Follows edits. `text`: an annotated text was changed, went or came back; `moved`: at most places shifted. */
  applyChanges(changes: readonly vscode.TextDocumentContentChangeEvent[]): 'text' | 'moved' {
    if (this.numbers.size === 0) { return 'moved'; }
    let struck = false;
    for (const change of plainChanges(this.document, changes)) {
      struck = this.follower.apply(change) || struck;
      this.takeBack(change.start, change.text);
    }
    this.placedCache = undefined;
    if (struck) { this.standingCache = undefined; }
    return struck ? 'text' : 'moved';
  }

  /** Shortest text among those that are gone; undefined when none is. */
  get shortestGone(): number | undefined {
    if (this.follower.goneCount === 0) { return undefined; }
    return this.follower.unsettled().reduce((least, number) => (this.follower.isGone(number) && this.entries[number] ? Math.min(least, this.entries[number].summary.anchor.length) : least), Infinity);
  }

  /** Looks whether changed texts in a range are what they were: an undo brings a text back. True when one is. */
  verify(range: vscode.Range): boolean {
    const numbers = this.follower.within(toPlainOffset(this.document, range.start), toPlainOffset(this.document, range.end)).filter(number => this.follower.isTouched(number));
    return numbers.map(number => this.verifyOne(number)).includes(true);
  }

  /** Looks through the whole text for what is gone, in slices between which others get their turn. True when something was found. */
  async relocate(): Promise<boolean> {
    let found = false;
    let budget = searchBudget;
    let started = performance.now();
    for (const number of this.follower.unsettled()) {
      const entry = this.entries[number];
      if (!entry) { continue; }
      if (!this.follower.isGone(number)) { found = this.verifyOne(number) || found; continue; }
      const { locator, length } = this.fresh();
      const span = locator.findFast(entry.summary.anchor) ?? ((budget -= length) > 0 ? locator.find(entry.summary.anchor) : undefined);
      if (span) {
        this.follower.set(number, span);
        entry.edited = entry.summary.edited === true;
        this.forget(true);
        found = true;
      }
      if (performance.now() - started > sliceMs) {
        await new Promise(resolve => setImmediate(resolve));
        started = performance.now();
      }
    }
    return found;
  }

  /** Anchors that differ from what was last kept, as they are now; of those that only shifted at most `mostShifted`, as they are found without. */
  movedAnchors(mostShifted: number): readonly { readonly id: string; readonly anchor: Anchor; readonly edited?: boolean }[] {
    const moved: { id: string; anchor: Anchor; edited?: boolean }[] = [];
    const shifted: { id: string; anchor: Anchor }[] = [];
    for (const [id, number] of this.numbers) {
      const entry = this.entries[number]!;
      const span = this.follower.span(number);
      if (!span) { continue; }
      const { anchor } = entry.summary;
      if (!this.follower.isTouched(number)) {
        if (span.start !== anchor.start && shifted.length <= mostShifted) { shifted.push({ id, anchor: { ...anchor, start: span.start } }); }
        continue;
      }
      const now = anchorOfText(withPlainLineBreaks(this.document.getText(toRange(this.document, span))), span.start, anchor.record);
      this.follower.set(number, span);
      entry.edited = !entry.originals.includes(now.sha256);
      if (now.start !== anchor.start || now.sha256 !== anchor.sha256) { moved.push({ id, anchor: now, ...(entry.edited || entry.summary.edited ? { edited: entry.edited } : {}) }); }
    }
    return shifted.length > mostShifted ? moved : [...moved, ...shifted];
  }

  dispose(): void { this.dropLocator(); }

  private placed(number: number): PlacedAnnotation {
    const { summary, edited } = this.entries[number]!;
    return { annotation: summary, span: this.follower.span(number), edited: edited || this.follower.isTouched(number) };
  }

  private standingNumbers(): readonly number[] {
    if (!this.standingCache) {
      const placed = new Map([...this.numbers.values()].map(number => [this.placed(number), number]));
      this.standingCache = standingOf([...placed.keys()].filter(({ span }) => span)).map(one => placed.get(one)!);
    }
    return this.standingCache;
  }

  /** What a change took away comes back with a change that puts as much text in: an undo, or a paste of what was cut. */
  private takeBack(start: number, inserted: string): void {
    if (inserted.length === 0 || this.follower.goneCount === 0) { return; }
    for (const [number, { removed, before }] of this.follower.cutTexts()) {
      const entry = this.entries[number];
      if (!entry || removed !== inserted.length) { continue; }
      const { anchor } = entry.summary;
      if (!isText(inserted.slice(before, before + anchor.length), anchor)) { continue; }
      this.follower.set(number, { start: start + before, end: start + before + anchor.length });
      entry.edited = entry.summary.edited === true;
      this.forget(true);
    }
  }

  private verifyOne(number: number): boolean {
    const entry = this.entries[number];
    const span = this.follower.span(number);
    if (!entry || !span || !this.follower.isTouched(number)) { return false; }
    const { anchor } = entry.summary;
    for (const candidate of [span, { start: span.start, end: span.start + anchor.length }, { start: Math.max(0, span.end - anchor.length), end: span.end }]) {
      const text = withPlainLineBreaks(this.document.getText(toRange(this.document, candidate)));
      const same = isText(text, anchor);
      if (!same && !entry.originals.some(sha256 => isText(text, { length: text.length, sha256 }))) { continue; }
      this.follower.set(number, candidate);
      entry.edited = same && entry.summary.edited === true;
      this.forget(true);
      return true;
    }
    return false;
  }

  private fresh(): { readonly locator: Locator; readonly length: number } {
    const { version } = this.document;
    if (this.locator?.version !== version) {
      this.dropLocator();
      const plain = withPlainLineBreaks(this.document.getText());
      // Kept for a while, as annotations come in groups; not for long, as it holds the whole text.
      this.locator = { version, length: plain.length, locator: new Locator(plain), timer: setTimeout(() => this.dropLocator(), keepLocatorMs) };
    } else { this.locator.timer.refresh(); }
    return this.locator;
  }

  private dropLocator(): void {
    clearTimeout(this.locator?.timer);
    this.locator = undefined;
  }

  private forget(order: boolean): void {
    this.placedCache = undefined;
    if (order) { this.standingCache = undefined; }
  }
}
