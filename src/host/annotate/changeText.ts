import * as vscode from 'vscode';

const waitMs = 1000;
const lookMs = 50;

/** `refused`: VS Code did not take the edit, as the text changed meanwhile or the document is gone. */
export type ChangeOutcome = 'changed' | 'read-only' | 'refused';

/**
 * Changes a document as one step; when it cannot be changed, it stays as it was. VS Code carries an extension's edits out on read-only documents,
 * too, but in memory alone: not marked as changed, never saved, and out of the user's undo. Such an edit is taken back here.
 */
export async function changeText(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): Promise<ChangeOutcome> {
  const before = document.getText();
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, [...edits]);
  if (!await vscode.workspace.applyEdit(edit)) { return 'refused'; }
  if (document.getText() === before || await countsAsChanged(document)) { return 'changed'; }
  await takeBack(document, before);
  return 'read-only';
}

/** Marked as changed, or saved already. What cannot be compared with its file counts, too. */
async function countsAsChanged(document: vscode.TextDocument): Promise<boolean> {
  for (const end = Date.now() + waitMs; Date.now() < end; await new Promise(resolve => setTimeout(resolve, lookMs))) { if (document.isDirty || document.isClosed) { return true; } }
  try {
    const saved = new TextDecoder('utf-8', { fatal: true }).decode(await vscode.workspace.fs.readFile(document.uri));
    return document.isDirty || saved === document.getText();
  } catch { return true; }
}

/** Only what differs is put back, so that annotations elsewhere in the text stay where they are. */
async function takeBack(document: vscode.TextDocument, before: string): Promise<void> {
  const now = document.getText();
  const shorter = Math.min(before.length, now.length);
  let start = 0;
  while (start < shorter && before[start] === now[start]) { start++; }
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === now[now.length - 1 - same]) { same++; }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(now.length - same)), before.slice(start, before.length - same));
  await vscode.workspace.applyEdit(edit);
}
