import * as vscode from 'vscode';
import type { AnnotationService } from '../annotate/annotationService';
import { revealAnnotation } from '../annotate/reveal';
import { toRange } from '../recommend/caseTarget';
import type { ReportTarget } from './reportDocuments';

/** Goes to a record: its annotation where that stands in the open file, else its line or offset. True when the annotation is at hand for the panel. */
export async function openPlace(annotations: AnnotationService, { uri, annotationId, line, start }: ReportTarget, focus: boolean): Promise<boolean> {
  const target = vscode.Uri.parse(uri);
  let document: vscode.TextDocument;
  try { document = await vscode.workspace.openTextDocument(target); } catch {
    // VS Code shows files above 50 MB without handing them to extensions.
    const selection = new vscode.Range((line ?? 1) - 1, 0, (line ?? 1) - 1, 0);
    try { await vscode.commands.executeCommand('vscode.open', target, { selection, preserveFocus: !focus }); } catch {
      void vscode.window.showWarningMessage(`${target.path.split('/').pop()} cannot be opened. It may have been moved or deleted.`);
    }
    return false;
  }
  await annotations.ensureLoaded(document);
  if (annotationId !== undefined && annotations.find(annotationId)?.placed.span) {
    await revealAnnotation(annotations, annotationId, { focus });
    return true;
  }
  const at = line !== undefined ? new vscode.Position(Math.min(line - 1, document.lineCount - 1), 0) : start !== undefined ? toRange(document, { start, end: start }).start : new vscode.Position(0, 0);
  const editor = await vscode.window.showTextDocument(document, { preserveFocus: !focus });
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return false;
}
