import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationService } from '../../src/host/annotate/annotationService';
import type { RationaleView } from '../../src/host/panel/rationaleView';
import type { AnnotateMany } from '../../src/host/review/annotateMany';
import type { Services } from '../../src/host/services';
import type { PanelState } from '../../src/shared/panelProtocol';

export const workspace = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;

/** What the extension hands out for tests: its annotations and its panel. */
export async function extension(): Promise<{ readonly annotations: AnnotationService; readonly view: RationaleView; readonly services: Services; readonly many: AnnotateMany }> {
  const found = vscode.extensions.getExtension<{ annotations: AnnotationService; view: RationaleView; services: Services; many: AnnotateMany }>('kedrec.kedrec');
  assert.ok(found, 'the extension is not installed');
  return found.activate();
}

/** Waits until a condition holds; fails with its text after `ms`. */
export async function until<T>(condition: () => T | Promise<T>, what: string, ms = 20_000): Promise<NonNullable<T>> {
  for (const end = Date.now() + ms; ;) {
    const value = await condition();
    if (value) { return value as NonNullable<T>; }
    if (Date.now() > end) { throw new Error(`waited ${ms} ms for: ${what}`); }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

let folders = 0;

/** A file of its own in a fresh folder of the workspace. */
export function writeFile(name: string, content: string | Uint8Array): string {
  const file = join(mkdtempSync(join(workspace(), `t${folders++}-`)), name);
  writeFileSync(file, content);
  return file;
}

export async function open(file: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file), { preview: false });
}

/** Puts the cursor at the first place where the text stands. */
export function cursorAt(editor: vscode.TextEditor, text: string): void {
  const at = editor.document.getText().indexOf(text);
  assert.ok(at >= 0, 'the text is not in the document');
  const position = editor.document.positionAt(at);
  editor.selection = new vscode.Selection(position, position);
}

/** Runs the command on the open editor and waits for the panel to be in a state of that kind. */
export async function recommend<K extends PanelState['kind']>(kind: K): Promise<Extract<PanelState, { kind: K }>> {
  const { view } = await extension();
  await vscode.commands.executeCommand('kedrec.recommend.selection');
  return until(() => (view.current.kind === kind ? view.current as Extract<PanelState, { kind: K }> : undefined), `panel state ${kind}, it is ${view.current.kind}`);
}

export async function setting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('kedrec').update(name, value, vscode.ConfigurationTarget.Global);
}

export const goutNote = 'Synthetic note.\n\nSynthetic: Zebediah has an acute flare of gout. Allergies: penicillin.\n\nPlan: see again.\n';
