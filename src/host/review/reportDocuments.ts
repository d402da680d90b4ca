import * as vscode from 'vscode';
import { commands, reportScheme } from '../ids';

/** A line of a report: its text, and where "(go)" leads. */
export interface ReportLine {
  readonly text: string;
  /** The part of the text that is a link; the whole text when absent. */
  readonly link?: { readonly part: string; readonly target: ReportTarget };
}

/** A place in a dataset file: by the annotation that stands there, by line from 1, or by offset with plain line breaks. */
export interface ReportTarget {
  readonly uri: string;
  readonly annotationId?: string;
  readonly line?: number;
  readonly start?: number;
}

/** Read-only reports in the editor whose lines lead to records. Nothing is kept on disk. */
export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly reports = new Map<string, readonly ReportLine[]>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(reportScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: reportScheme }, this),
      vscode.workspace.onDidCloseTextDocument(document => { if (document.uri.scheme === reportScheme) { this.reports.delete(document.uri.toString()); } }),
    ];
  }

  /** Shows a report under a name such as "Skipped and failed records of notes.jsonl". */
  async show(name: string, lines: readonly ReportLine[]): Promise<vscode.TextDocument> {
    const uri = vscode.Uri.from({ scheme: reportScheme, path: `/${name.replace(/[\\/]/g, ' ')}.md` });
    this.reports.set(uri.toString(), lines);
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    return document;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const lines = this.reports.get(uri.toString());
    return lines ? `${lines.map(({ text }) => text).join('\n')}\n` : 'This report was closed. Run the command again.\n';
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    return (this.reports.get(document.uri.toString()) ?? []).flatMap(({ text, link }, line) => {
      const start = link ? text.indexOf(link.part) : -1;
      if (!link || start < 0 || line >= document.lineCount) { return []; }
      const found = new vscode.DocumentLink(new vscode.Range(line, start, line, start + link.part.length), vscode.Uri.parse(`command:${commands.queueOpen}?${encodeURIComponent(JSON.stringify([link.target]))}`));
      found.tooltip = 'Go to the record';
      return [found];
    });
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }
}
