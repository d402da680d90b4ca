import * as vscode from 'vscode';
import type { EvidenceDocument } from '../../core/evidence/types';
import { evidenceScheme } from '../ids';
import type { Services } from '../services';
import { describeDocument } from './describe';

/** Read-only Markdown documents that show an evidence entry with the link to its trial or paper. */
export class EvidenceDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(evidenceScheme, this);

  constructor(private readonly services: Services) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const id = uri.query;
    const document = await this.services.document(id);
    return document ? render(document) : `# ${id}\n\nNo evidence index holds this document any more.\n`;
  }

  /** Opens an entry and selects a passage of it. */
  async open(id: string, passageId?: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: evidenceScheme, path: `/${id.replace(/[^\w.-]/g, '_')}.md`, query: id });
    const shown = await vscode.workspace.openTextDocument(uri);
    const passage = (await this.services.document(id))?.passages.find(candidate => candidate.id === passageId);
    const at = passage ? shown.getText().indexOf(passage.text) : -1;
    const range = at >= 0 && passage ? new vscode.Range(shown.positionAt(at), shown.positionAt(at + passage.text.length)) : undefined;
    await vscode.window.showTextDocument(shown, { preview: true, ...(range ? { selection: range } : {}) });
  }

  dispose(): void { this.registration.dispose(); }
}

function render(document: EvidenceDocument): string {
  const facts = Object.entries(document.facts ?? {}).map(([name, value]) => `- ${name}: ${value}`);
  return [
    `# ${document.title}`, '',
    [document.id, describeDocument(document)].filter(Boolean).join(' \u00b7 '), '',
    ...(document.url ? [`Source: <${document.url}>`, ''] : []),
    ...(document.notice ? [`> ${document.notice}`, ''] : []),
    ...document.passages.flatMap(({ section, text }) => [...(section ? [`## ${section}`, ''] : []), text, '']),
    ...(facts.length > 0 ? ['## Facts', '', ...facts, ''] : []),
    ...(document.licence ? [`Licence of this text: ${document.licence}`, ''] : []),
  ].join('\n');
}
