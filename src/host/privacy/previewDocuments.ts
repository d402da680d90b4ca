import * as vscode from 'vscode';

/** Scheme of the two sides of the diff. They are kept in memory only. */
export const privacyScheme = 'kedrec-privacy';

/** Shows a case beside what would be sent of it, in the diff editor. */
export class PreviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(privacyScheme, this);
  private count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string { return this.texts.get(uri.toString()) ?? ''; }

  /** Opens the diff; the returned function closes it and forgets the texts. */
  async open(original: string, changed: string, title: string): Promise<() => Promise<void>> {
    const id = String(++this.count);
    const sides = [['case', original], ['sent', changed]].map(([name, text]) => {
      const uri = vscode.Uri.from({ scheme: privacyScheme, path: `/${id}/${name}.txt` });
      this.texts.set(uri.toString(), text!);
      return uri;
    });
    const [left, right] = sides as [vscode.Uri, vscode.Uri];
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true, preserveFocus: true } satisfies vscode.TextDocumentShowOptions);
    return async () => {
      const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === right.toString());
      if (tabs.length > 0) { await vscode.window.tabGroups.close(tabs, true); }
      for (const uri of sides) { this.texts.delete(uri.toString()); }
    };
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }
}
