import * as vscode from 'vscode';
import { noteBlock } from '../../shared/noteBlock';
import { datasetFormat } from '../../core/dataset/records';
import { readSettings } from '../settings';
import { standingReview } from '../../core/dataset/reviewState';
import type { AnnotationService } from './annotationService';
import { changeText } from './changeText';
import { provenanceLine, verdictLabel } from '../../shared/labels';

/** Writes the recommendation at the cursor's case (or the one named) below the case, as one edit and so one undo. */
export async function insertRecommendation(annotations: AnnotationService, id?: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const named = typeof id === 'string' ? annotations.find(id) : undefined;
  const owner = named?.owner ?? (editor && annotations.of(editor.document));
  const placed = named?.placed ?? (editor && owner?.at(editor.selection.active)) ?? owner?.all.find(candidate => candidate.span);
  if (!owner || !placed) {
    void vscode.window.showInformationMessage('There is no recommendation in this file yet. Run KEDRec: Recommend Drugs for Selection first.');
    return;
  }
  const range = owner.rangeOf(placed);
  if (!range) {
    void vscode.window.showWarningMessage('The annotated text is no longer in the file, so there is no place to insert its recommendation.');
    return;
  }
  const { document } = owner;
  if (datasetFormat(document.fileName, document.languageId)) {
    void vscode.window.showWarningMessage('A readable block would break the records of a dataset file. The recommendation is kept beside the file and in the panel.');
    return;
  }
  const result = await annotations.detail(placed.annotation.id).catch((error: unknown) => { void vscode.window.showErrorMessage(error instanceof Error ? error.message : 'The recommendation could not be read.'); });
  if (!result) { return; }
  const { reviewer } = readSettings(document.uri);
  const reviews = new Map([...placed.annotation.reviews].flatMap(([drug, list]) => {
    const review = standingReview(list, reviewer);
    return review ? [[drug, `${verdictLabel[review.verdict]} by ${review.reviewer}`] as const] : [];
  }));
  const crlf = document.eol === vscode.EndOfLine.CRLF;
  const lineBreak = crlf ? '\r\n' : '\n';
  const block = noteBlock(result, reviews, provenanceLine(result.provenance), { markdown: document.languageId === 'markdown', lineBreak });
  const line = document.lineAt(range.end.line);
  const outcome = await changeText(document, [vscode.TextEdit.insert(line.range.end, `${lineBreak}${lineBreak}${block}`)]);
  if (outcome !== 'changed') {
    void vscode.window.showErrorMessage(outcome === 'read-only' ? 'The file is read-only: nothing was inserted.' : 'Nothing was inserted: the file changed meanwhile. Try again.');
    return;
  }
  const shown = await vscode.window.showTextDocument(document, { preserveFocus: false, viewColumn: editor?.viewColumn });
  shown.revealRange(new vscode.Range(range.end, range.end.translate(8)), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
