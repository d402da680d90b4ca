import * as vscode from 'vscode';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import type { TextChange } from '../../core/dataset/follow';

/** A change counted with plain line breaks, and what it put in. */
export interface PlainChange extends TextChange { readonly text: string }

/** The changes of one event, to be followed in this order: each is in offsets of the text before the event, so from the document's end to its start. */
export function plainChanges(document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): readonly PlainChange[] {
  const crlf = document.eol === vscode.EndOfLine.CRLF;
  return [...changes].sort((a, b) => b.rangeOffset - a.rangeOffset).map(({ rangeOffset, rangeLength, range, text }) => {
    const inserted = withPlainLineBreaks(text);
    return { start: rangeOffset - (crlf ? range.start.line : 0), length: rangeLength - (crlf ? range.end.line - range.start.line : 0), inserted: inserted.length, text: inserted };
  });
}
