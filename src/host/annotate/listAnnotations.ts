import * as vscode from 'vscode';
import type { PanelFeature } from '../panel/panelFeature';
import type { AnnotationService } from './annotationService';
import { shortSummary } from './annotationsTree';

/** "Go to Annotation in File": a list to choose from by keyboard. */
export async function listAnnotations(annotations: AnnotationService, panel: PanelFeature): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const owner = editor && annotations.of(editor.document);
  if (!editor || !owner || owner.size === 0) {
    void vscode.window.showInformationMessage('Nothing in this file is annotated yet.');
    return;
  }
  const items = owner.all.map(placed => {
    const range = owner.rangeOf(placed);
    return { label: placed.annotation.about || 'Case', description: range ? `line ${range.start.line + 1}` : 'detached', detail: placed.annotation.failure?.message ?? shortSummary(placed.annotation.recommendations), id: placed.annotation.id, range };
  });
  const choice = await vscode.window.showQuickPick(items, { title: 'KEDRec: Go to Annotation in File', matchOnDetail: true });
  if (!choice) { return; }
  if (choice.range) {
    editor.selection = new vscode.Selection(choice.range.start, choice.range.start);
    editor.revealRange(choice.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
  await panel.open(choice.id, true);
}

/** Removes an annotation after a question: the sidecar keeps its history. */
export async function removeAnnotation(annotations: AnnotationService, target: unknown): Promise<void> {
  const id = annotationId(target);
  const found = id === undefined ? undefined : annotations.find(id);
  if (!id || !found) { return; }
  const name = found.placed.annotation.about || 'this case';
  const choice = await vscode.window.showWarningMessage(`Remove the annotation for ${name}?`, { modal: true, detail: 'It disappears from the file and the panel. Its events stay in the sidecar file.' }, 'Remove');
  if (choice) { await annotations.remove(id); }
}

/** The id in an argument of a command: the id itself, or an item of the tree. */
export function annotationId(target: unknown): string | undefined {
  if (typeof target === 'string') { return target; }
  const annotation = (target as { annotation?: { id?: unknown } } | undefined)?.annotation;
  return typeof annotation?.id === 'string' ? annotation.id : undefined;
}
