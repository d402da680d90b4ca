import * as vscode from 'vscode';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { paragraphAt, trimSpan } from '../../core/dataset/paragraph';
import { datasetFormat, recordAt, RecordError, type DatasetRecord } from '../../core/dataset/records';
import type { Span } from '../../core/text/span';
import { maxCaseLength } from '../../core/recommend/limits';
import type { DatasetMappings } from '../dataset/mappings';

/** The case that a command is about: what was taken from which file, and how. */
export interface CaseTarget {
  readonly document: vscode.TextDocument;
  /** In the document with plain line breaks. */
  readonly span: Span;
  readonly range: vscode.Range;
  /** What the question is asked about: the span's text, or the case text of its record. */
  readonly text: string;
  readonly record?: DatasetRecord;
  readonly taken: 'selection' | 'paragraph' | 'record';
}

/** Why there is no case; `advice` says what to do. */
export interface NoCase {
  readonly message: string;
  readonly actions: readonly ('samples')[];
}

/** The selection; with none, the record or the paragraph under the cursor. Never the whole file silently. */
export function findCase(editor: vscode.TextEditor | undefined, mappings?: DatasetMappings): CaseTarget | NoCase {
  if (!editor) {
    return { message: 'Open a case note or a dataset first (files above 50 MB cannot be opened for extensions by VS Code). Then select the text of a case.', actions: ['samples'] };
  }
  const { document, selection } = editor;
  const text = withPlainLineBreaks(document.getText());
  if (text.trim() === '') { return { message: 'This file is empty. Write or open a case note, then select the text of a case.', actions: ['samples'] }; }
  if (looksBinary(text)) { return { message: 'This file is not text (it holds NUL bytes). Open a case note or a dataset in plain text, Markdown, JSON Lines or CSV.', actions: [] }; }
  const plainOffset = (position: vscode.Position) => toPlainOffset(document, position);
  const selected = selection.isEmpty ? undefined : trimSpan(text, { start: plainOffset(selection.start), end: plainOffset(selection.end) });
  if (selected) { return checked({ document, span: selected, text: text.slice(selected.start, selected.end), taken: 'selection', range: toRange(document, selected) }); }

  const cursor = plainOffset(selection.active);
  const format = mappings ? mappings.formatOf(document, text) : datasetFormat(document.fileName, document.languageId, text);
  if (format) {
    try {
      const record = recordAt(text, cursor, format, mappings?.of(document, text));
      if (!record) { return { message: 'The cursor is not on a record. Put it into a record, or select the text of a case.', actions: [] }; }
      return checked({ document, span: record.span, text: record.caseText, record, taken: 'record', range: toRange(document, record.span) });
    } catch (error) {
      if (error instanceof RecordError) { return { message: `${baseName(document)}: ${error.message}.`, actions: [] }; }
      throw error;
    }
  }
  const paragraph = paragraphAt(text, cursor);
  if (!paragraph) { return { message: 'The cursor is on an empty line. Put it into the paragraph that describes the case, or select the text.', actions: [] }; }
  return checked({ document, span: paragraph, text: text.slice(paragraph.start, paragraph.end), taken: 'paragraph', range: toRange(document, paragraph) });
}

export function isCase(found: CaseTarget | NoCase): found is CaseTarget { return 'document' in found; }

/** "heart-failure.md" without its folder. */
export function baseName(document: vscode.TextDocument): string {
  return document.uri.path.split('/').pop() || document.fileName;
}

/** "lines 3-12", "record 4 (line 9)". */
export function placeOf(range: vscode.Range, record?: DatasetRecord): string {
  const from = range.start.line + 1;
  const to = range.end.line + 1;
  if (record) { return `record ${record.id ?? record.index + 1}, line ${from}`; }
  return from === to ? `line ${from}` : `lines ${from}\u2013${to}`;
}

/** Offset of a position counted with plain line breaks. */
export function toPlainOffset(document: vscode.TextDocument, position: vscode.Position): number {
  return document.offsetAt(position) - (document.eol === vscode.EndOfLine.CRLF ? position.line : 0);
}

/** Range of a span counted with plain line breaks. */
export function toRange(document: vscode.TextDocument, span: Span): vscode.Range {
  if (document.eol === vscode.EndOfLine.LF) { return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end)); }
  return new vscode.Range(plainPosition(document, span.start), plainPosition(document, span.end));
}

function plainPosition(document: vscode.TextDocument, offset: number): vscode.Position {
  let low = 0;
  let high = document.lineCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (document.offsetAt(new vscode.Position(middle, 0)) - middle <= offset) { low = middle; } else { high = middle - 1; }
  }
  return new vscode.Position(low, offset - (document.offsetAt(new vscode.Position(low, 0)) - low));
}

function checked(target: CaseTarget): CaseTarget | NoCase {
  if (target.text.length <= maxCaseLength) { return target; }
  const size = target.text.length.toLocaleString('en');
  return { message: `The ${target.taken} has ${size} characters; a case can have ${maxCaseLength.toLocaleString('en')}. Select only the part that describes the case.`, actions: [] };
}

function looksBinary(text: string): boolean { return text.slice(0, 20_000).includes('\u0000'); }
