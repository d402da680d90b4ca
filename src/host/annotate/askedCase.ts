import type * as vscode from 'vscode';
import { anchorOfText, withPlainLineBreaks } from '../../core/dataset/anchors';
import type { Anchor } from '../../core/dataset/annotationTypes';
import { follow } from '../../core/dataset/follow';
import type { Span } from '../../core/text/span';
import { toRange, type CaseTarget } from '../recommend/caseTarget';
import { plainChanges } from './plainChanges';

/** A case that is being asked about, followed while the answer is on its way: a model may take minutes, and people go on typing. */
export class AskedCase {
  private span: Span;
  private touched = false;
  private readonly asked: Anchor;

  constructor(readonly target: CaseTarget) {
    const record = target.record && { index: target.record.index, ...(target.record.id === undefined ? {} : { id: target.record.id }) };
    this.span = target.span;
    this.asked = anchorOfText(withPlainLineBreaks(target.document.getText(target.range)), target.span.start, record);
  }

  changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.target.document) { return; }
    for (const change of plainChanges(document, contentChanges)) {
      const next = follow(this.span, change);
      this.span = next.span;
      this.touched ||= next.touched;
    }
  }

  /** Anchor of the text that was asked about, where it stands now, and the anchor of what became of it where it was edited meanwhile. */
  get now(): { readonly anchor: Anchor; readonly span: Span; readonly edited?: Anchor } {
    const { span, asked } = this;
    const anchor = { ...asked, start: span.start };
    if (!this.touched || span.end <= span.start) { return { anchor, span }; }
    const { document } = this.target;
    const edited = anchorOfText(withPlainLineBreaks(document.getText(toRange(document, span))), span.start, asked.record);
    return edited.sha256 === asked.sha256 ? { anchor, span } : { anchor, span, edited };
  }

  /** The whole case was deleted. */
  get isGone(): boolean { return this.span.end <= this.span.start; }
}
