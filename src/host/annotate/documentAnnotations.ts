import * as vscode from 'vscode';
import { anchorOf, findAnchor, withPlainLineBreaks } from '../../core/dataset/anchors';
import type { Annotation } from '../../core/dataset/annotationTypes';
import { follow } from '../../core/dataset/follow';
import type { Span } from '../../core/text/span';
import { toPlainOffset, toRange } from '../recommend/caseTarget';

/** An annotation of an open document and where its case stands now. */
export interface PlacedAnnotation {
  readonly annotation: Annotation;
  /** In document offsets; undefined when the text is gone. */
  readonly span: Span | undefined;
  /** The case was edited after it was annotated. */
  readonly edited: boolean;
}

/** The annotations of one open document. Follows edits in memory; says on save which anchors changed. */
export class DocumentAnnotations {
  private placed: PlacedAnnotation[] = [];

  constructor(readonly document: vscode.TextDocument) {}

  get all(): readonly PlacedAnnotation[] { return this.placed; }

  /** Takes over annotations read from a sidecar, finding each one's text. */
  load(annotations: readonly Annotation[]): void {
    const plain = withPlainLineBreaks(this.document.getText());
    this.placed = annotations.map(annotation => this.locate(annotation, plain));
  }

  put(annotation: Annotation, span: Span): void {
    this.placed = [...this.placed.filter(other => other.annotation.id !== annotation.id), { annotation, span, edited: false }];
  }

  /** The same annotation with other reviews. */
  replace(annotation: Annotation): void {
    this.placed = this.placed.map(placed => (placed.annotation.id === annotation.id ? { ...placed, annotation } : placed));
  }

  remove(id: string): void { this.placed = this.placed.filter(placed => placed.annotation.id !== id); }

  find(id: string): PlacedAnnotation | undefined { return this.placed.find(placed => placed.annotation.id === id); }

  rangeOf(placed: PlacedAnnotation): vscode.Range | undefined {
    return placed.span && new vscode.Range(this.document.positionAt(placed.span.start), this.document.positionAt(placed.span.end));
  }

  /** The innermost annotation at a position. */
  at(position: vscode.Position): PlacedAnnotation | undefined {
    const offset = this.document.offsetAt(position);
    return this.placed
      .filter(({ span }) => span && span.start <= offset && offset <= span.end)
      .sort((a, b) => (a.span!.end - a.span!.start) - (b.span!.end - b.span!.start) || b.annotation.at.localeCompare(a.annotation.at))[0];
  }

  /** Follows edits; true when something moved or went. */
  applyChanges(changes: readonly vscode.TextDocumentContentChangeEvent[]): boolean {
    if (this.placed.length === 0) { return false; }
    // VS Code gives the changes of one event from the end of the document to its start, each in offsets of the text before the event.
    const ordered = [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset);
    // What is gone or edited may come back with any change.
    let changed = this.placed.some(placed => !placed.span || placed.edited);
    this.placed = this.placed.map(placed => {
      if (!placed.span) { return placed; }
      let { span } = placed;
      let edited = placed.edited;
      for (const change of ordered) {
        const next = follow(span, { start: change.rangeOffset, length: change.rangeLength, inserted: change.text.length });
        changed ||= next.span !== span;
        span = next.span;
        edited ||= next.touched;
      }
      return { ...placed, span: span.end > span.start ? span : undefined, edited };
    });
    return changed;
  }

  /** Looks again for what is gone or edited: an undo brings a text back. True when something was found. */
  reattach(): boolean {
    if (this.placed.every(placed => placed.span && !placed.edited)) { return false; }
    const plain = withPlainLineBreaks(this.document.getText());
    let found = false;
    this.placed = this.placed.map(placed => {
      if (placed.span && !placed.edited) { return placed; }
      const again = this.locate(placed.annotation, plain);
      if (!again.span) { return placed; }
      found = true;
      return again;
    });
    return found;
  }

  /** Anchors that differ from what was last kept, as they are now. */
  movedAnchors(): readonly { readonly id: string; readonly annotation: Annotation }[] {
    if (this.placed.length === 0) { return []; }
    const plain = withPlainLineBreaks(this.document.getText());
    const moved: { id: string; annotation: Annotation }[] = [];
    this.placed = this.placed.map(placed => {
      const range = this.rangeOf(placed);
      if (!range) { return placed; }
      const plainSpan = { start: toPlainOffset(this.document, range.start), end: toPlainOffset(this.document, range.end) };
      const anchor = anchorOf(plain, plainSpan, placed.annotation.anchor.record);
      if (anchor.start === placed.annotation.anchor.start && anchor.sha256 === placed.annotation.anchor.sha256) { return placed; }
      const annotation = { ...placed.annotation, anchor, edited: placed.edited };
      moved.push({ id: annotation.id, annotation });
      return { ...placed, annotation };
    });
    return moved;
  }

  private locate(annotation: Annotation, plain: string): PlacedAnnotation {
    const found = findAnchor(plain, annotation.anchor);
    if (!found) { return { annotation, span: undefined, edited: false }; }
    const range = toRange(this.document, found);
    return { annotation, span: { start: this.document.offsetAt(range.start), end: this.document.offsetAt(range.end) }, edited: annotation.edited === true };
  }
}
