import { basename } from 'node:path';
import * as vscode from 'vscode';
import { errorLabel } from '../log';
import type { Services } from '../services';

/** "KEDRec: Join Tables into Dataset...": a folder of MIMIC or eICU tables becomes a JSON Lines dataset. Resolves to its file, or undefined. */
export async function joinTables(services: Services, folder?: vscode.Uri, target?: vscode.Uri): Promise<vscode.Uri | undefined> {
  const from = folder ?? (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: 'Join Tables', title: 'Folder with MIMIC or eICU tables (CSV, also .gz)' }))?.[0];
  if (!from) { return undefined; }
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${basename(from.fsPath)}.jsonl`;
  const to = target ?? await vscode.window.showSaveDialog({ title: 'Save Dataset', filters: { 'JSON Lines': ['jsonl'] }, ...(workspace ? { defaultUri: vscode.Uri.joinPath(workspace, name) } : {}) });
  if (!to) { return undefined; }
  if (from.scheme !== 'file' || to.scheme !== 'file') {
    void vscode.window.showErrorMessage('Tables are joined on disk. Choose a local folder and a local file.');
    return undefined;
  }
  try {
    const { joinTables: run } = await import('../../core/dataset/join/joinTables');
    const summary = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Joining tables', cancellable: true }, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      let before = 0;
      return run(from.fsPath, to.fsPath, {
        signal: controller.signal,
        onProgress: ({ table, rows, share }) => { progress.report({ message: `${table}: ${rows.toLocaleString('en')} rows`, increment: 100 * (share - before) }); before = share; },
      });
    });
    const broken = summary.broken.reduce((sum, { count }) => sum + count, 0);
    services.log.info(`tables joined: ${summary.records} records, ${summary.withoutCase} stays without a case, ${broken} broken rows, ${summary.orphans} rows without a stay`);
    void vscode.window.showInformationMessage(`${counted(summary.records, 'record')} of ${summary.schema} joined by ${summary.key}${summary.withoutCase > 0 ? `; ${counted(summary.withoutCase, 'stay')} without a diagnosis left out` : ''}${broken > 0 ? `; ${counted(broken, 'broken row')} skipped` : ''}.`, 'Open').then(choice => {
      if (choice) { void vscode.window.showTextDocument(to); }
    });
    return to;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') { void vscode.window.showInformationMessage('Joining was cancelled. No file was written.'); return undefined; }
    services.log.error(`tables could not be joined: ${errorLabel(error)}`);
    const { code, path } = error as NodeJS.ErrnoException;
    void vscode.window.showErrorMessage(code === 'ENOSPC' ? 'The tables were not joined: the disk is full. Joining needs about as much free space as the tables take.' : code ? `The tables were not joined: ${path ?? to.fsPath} cannot be used (${code}).` : `The tables were not joined: ${error instanceof Error ? error.message : 'unknown failure'}.`);
    return undefined;
  }
}

function counted(count: number, what: string): string { return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`; }
