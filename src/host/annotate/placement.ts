import * as vscode from 'vscode';
import type { Span } from '../../core/text/span';
import type { PlacedAnnotation } from './documentAnnotations';

/** Range of a span of a case's text (plain line breaks) in its document; undefined when the case is gone. */
export function placementRange(document: vscode.TextDocument, placed: PlacedAnnotation, span: Span): vscode.Range | undefined {
  if (!placed.span) { return undefined; }
  const { start } = placed.span;
  const at = document.eol === vscode.EndOfLine.LF ? (offset: number) => start + offset : acrossBreaks(document.getText(), start);
  return new vscode.Range(document.positionAt(at(span.start)), document.positionAt(at(span.end)));
}

/** Document offset of an offset that counts each CRLF as one. */
function acrossBreaks(text: string, from: number): (offset: number) => number {
  return offset => {
    let at = from;
    for (let plain = 0; plain < offset; plain++, at++) { if (text[at] === '\r' && text[at + 1] === '\n') { at++; } }
    return at;
  };
}
