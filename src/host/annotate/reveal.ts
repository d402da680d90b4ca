import * as vscode from 'vscode';
import type { AnnotationService } from './annotationService';

/** Opens the annotation's document with the cursor at the start of its case. Undefined when the text is no longer in the file. */
export async function revealAnnotation(annotations: AnnotationService, id: string, { focus = true }: { readonly focus?: boolean } = {}): Promise<vscode.TextEditor | undefined> {
  const found = annotations.find(id);
  const range = found?.owner.rangeOf(found.placed);
  if (!found || !range) {
    void vscode.window.showInformationMessage('The annotated text is no longer in the file.');
    return undefined;
  }
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document === found.owner.document);
  const editor = await vscode.window.showTextDocument(found.owner.document, { preserveFocus: !focus, viewColumn: shown?.viewColumn });
  editor.selection = new vscode.Selection(range.start, range.start);
  // Not the whole of a long record: its start.
  editor.revealRange(new vscode.Range(range.start, range.start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return editor;
}
