import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { parseFromPanel, type FromPanel, type PanelState, type ToPanel } from '../../shared/panelProtocol';
import { views } from '../ids';

/** The side panel. Shows whole snapshots of the state; a panel that was hidden or reloaded gets the latest one when it says it is ready. */
export class RationaleView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private state: PanelState;
  private readonly received = new vscode.EventEmitter<FromPanel>();
  private readonly registration: vscode.Disposable;
  readonly onDidReceive = this.received.event;

  constructor(private readonly extensionUri: vscode.Uri, initial: PanelState) {
    this.state = initial;
    this.registration = vscode.window.registerWebviewViewProvider(views.rationale, this);
  }

  get current(): PanelState { return this.state; }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const root = vscode.Uri.joinPath(this.extensionUri, 'dist', 'webview');
    view.webview.options = { enableScripts: true, localResourceRoots: [root] };
    view.webview.onDidReceiveMessage((data: unknown) => {
      const message = parseFromPanel(data);
      if (!message) { return; }
      if (message.type === 'ready') { this.post({ type: 'state', state: this.state }); }
      this.received.fire(message);
    });
    view.onDidDispose(() => { this.view = undefined; });
    view.onDidChangeVisibility(() => { if (view.visible) { this.post({ type: 'state', state: this.state }); } });
    view.webview.html = page(view.webview, root);
  }

  show(state: PanelState): void {
    this.state = state;
    this.post({ type: 'state', state });
  }

  post(message: ToPanel): void { void this.view?.webview.postMessage(message); }

  /** Brings the panel into sight. Keyboard focus stays where it is unless asked for. */
  async reveal(takeFocus: boolean): Promise<void> {
    if (this.view && !takeFocus) { this.view.show(true); return; }
    await vscode.commands.executeCommand(`${views.rationale}.focus`);
    if (!takeFocus) { await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup'); }
  }

  dispose(): void {
    this.registration.dispose();
    this.received.dispose();
  }
}

function page(webview: vscode.Webview, root: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  // The toolkit adds one empty style element and fills it through the style sheet API: only the hash of an empty style is allowed, no inline style.
  const emptyStyle = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;
  const policy = `default-src 'none'; style-src ${webview.cspSource} ${emptyStyle}; font-src ${webview.cspSource}; script-src 'nonce-${nonce}';`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>KEDRec rationale</title>
<link rel="stylesheet" href="${file('codicon.css')}">
<link rel="stylesheet" href="${file('panel.css')}">
</head>
<body>
<main id="root"></main>
<div id="live" role="status" aria-live="polite"></div>
<script nonce="${nonce}" type="module" src="${file('panel.js')}"></script>
</body>
</html>`;
}
