import * as vscode from 'vscode';

const firstNote = 'cardiology-heart-failure.md';

/** Opens a note of the samples: the one in this workspace when it is the sample workspace, else a copy in a folder that the user chooses. */
export async function openSamples(extensionUri: vscode.Uri): Promise<void> {
  const here = (await vscode.workspace.findFiles(`**/${firstNote}`, '**/node_modules/**', 1))[0];
  if (here) {
    await vscode.window.showTextDocument(here);
    return;
  }
  const chosen = await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: 'Copy Samples Here', title: 'Folder for a copy of the KEDRec samples' });
  const parent = chosen?.[0];
  if (!parent) { return; }
  const target = vscode.Uri.joinPath(parent, 'kedrec-samples');
  try {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'samples'), target, { overwrite: false });
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError && error.code === 'FileExists')) {
      void vscode.window.showErrorMessage('The samples could not be copied there. Choose a folder that you may write to.');
      return;
    }
  }
  await vscode.commands.executeCommand('vscode.openFolder', target, { forceNewWindow: vscode.workspace.workspaceFolders !== undefined });
}
