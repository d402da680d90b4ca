import type * as vscode from 'vscode';
import type { Span } from '../../core/text/span';
import { toRange } from '../recommend/caseTarget';
import type { PlacedAnnotation } from './documentAnnotations';

/** Range of a span of a case's text (plain line breaks) in its document; undefined when the case is gone. */
export function placementRange(document: vscode.TextDocument, placed: PlacedAnnotation, span: Span): vscode.Range | undefined {
  if (!placed.span) { return undefined; }
  const { start } = placed.span;
  return toRange(document, { start: start + span.start, end: start + span.end });
}
