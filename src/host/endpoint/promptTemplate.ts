import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { parseTemplate, readUserTemplate } from '../../core/engine/prompts/parseTemplate';
import type { PromptTemplate } from '../../core/engine/prompts/template';
import { EngineError } from '../../core/engine/types';

/** Where the prompt of `kedrec.prompt.template` may stand, in the order in which it is looked for. */
export function templatePaths(setting: string): readonly string[] {
  if (isAbsolute(setting)) { return [setting]; }
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => join(uri.fsPath, setting));
}

/** Reads the user's own prompt. Rejects with EngineError `not-configured` that names file, line and column. */
export async function loadUserTemplate(setting: string): Promise<PromptTemplate> {
  const advice = 'Correct kedrec.prompt.template, or empty it to use the prompt that comes with KEDRec.';
  if (!isAbsolute(setting) && !vscode.workspace.isTrusted) {
    throw new EngineError('not-configured', `The prompt ${setting} belongs to a folder that is not trusted.`, `Trust the folder (Workspaces: Manage Workspace Trust). ${advice}`);
  }
  for (const path of templatePaths(setting)) {
    let source: string;
    try { source = await readFile(path, 'utf8'); } catch { continue; }
    return readUserTemplate(path, source);
  }
  throw new EngineError('not-configured', `The prompt ${setting} cannot be read.`, `It is looked for ${isAbsolute(setting) ? 'there' : 'in the folders of the workspace'}. ${advice}`);
}

/** Shows what is wrong with the user's own prompt where it is wrong, while it is written. */
export class PromptProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('kedrec-prompt');
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly setting: () => string) {
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument(document => this.look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.look(document)),
      vscode.workspace.onDidCloseTextDocument(document => this.collection.delete(document.uri)),
      vscode.workspace.onDidChangeConfiguration(event => { if (event.affectsConfiguration('kedrec.prompt')) { this.lookAtAll(); } }),
    ];
    this.lookAtAll();
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  private lookAtAll(): void {
    this.collection.clear();
    for (const document of vscode.workspace.textDocuments) { this.look(document); }
  }

  private look(document: vscode.TextDocument): void {
    const setting = this.setting();
    if (setting === '' || document.uri.scheme !== 'file' || !templatePaths(setting).includes(document.uri.fsPath)) { return; }
    this.collection.set(document.uri, parseTemplate(document.getText()).problems.map(({ line, column, length, message }) => {
      const start = new vscode.Position(line - 1, column - 1);
      const problem = new vscode.Diagnostic(new vscode.Range(start, start.translate(0, Math.max(1, length))), message, vscode.DiagnosticSeverity.Error);
      problem.source = 'KEDRec';
      return problem;
    }));
  }
}
