import * as vscode from 'vscode';
import { EngineError, type Engine, type EngineRequest } from '../../core/engine/types';
import type { PromptPreview } from '../../core/engine/prompts/preview';
import { findCase, isCase, type CaseTarget } from '../recommend/caseTarget';
import type { Privacy } from '../privacy/privacy';
import type { Services } from '../services';
import { readSettings, type Settings } from '../settings';
import { promptText } from './promptText';

/** Scheme of read-only documents with a prompt. */
export const promptScheme = 'kedrec-prompt';

/** "Show Prompt": the messages for the current case, word for word, in a read-only document that is kept in memory only. Sends nothing. */
export class PromptFeature implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(promptScheme, this);
  private text = '';
  /** Each prompt is a document of its own: an open one would go on showing the case before. */
  private shown = 0;

  constructor(private readonly services: Services, private readonly privacy: Pick<Privacy, 'shownRequest'>, private readonly lastCase: () => CaseTarget | undefined) {}

  provideTextDocumentContent({ query }: vscode.Uri): string { return query === String(this.shown) ? this.text : 'Run KEDRec: Show Prompt again.\n'; }

  /** Opens the prompt of the case under the cursor; where there is none, of the case that was asked about last. */
  async show(): Promise<vscode.TextEditor | undefined> {
    const found = findCase(vscode.window.activeTextEditor, this.services.mappings);
    const target = isCase(found) ? found : this.lastCase();
    if (!target) {
      void vscode.window.showWarningMessage(isCase(found) ? '' : found.message);
      return undefined;
    }
    const settings = readSettings(target.document.uri);
    try {
      const preview = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Writing the prompt' }, () => this.preview(target, settings));
      if (!preview) { return undefined; }
      this.text = promptText(preview, this.services.sent, settings);
    } catch (error) {
      if (!EngineError.is(error)) { throw error; }
      void vscode.window.showErrorMessage(`${error.message} ${error.advice}`, 'Open Settings').then(choice => {
        if (choice) { void vscode.commands.executeCommand('workbench.action.openSettings', 'kedrec.prompt'); }
      });
      return undefined;
    }
    const uri = vscode.Uri.from({ scheme: promptScheme, path: '/KEDRec Prompt.md', query: String(++this.shown) });
    return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.text = '';
  }

  private async preview(target: CaseTarget, settings: Settings): Promise<PromptPreview | undefined> {
    const { recommend } = await import('../../core/recommend/pipeline');
    let request: EngineRequest | undefined;
    // The pipeline runs up to the engine, which only keeps what it was asked.
    const listener: Engine = { id: 'endpoint', recommend: async asked => { request = asked; return { drafts: [], warnings: [] }; } };
    const { record, text } = target;
    const result = await recommend(
      { text, disease: record?.disease, candidates: record?.candidates },
      { knowledge: await this.services.knowledge(), evidence: this.services.evidence(), engine: () => listener, kedrecVersion: this.services.version },
      { condition: settings.condition, maxCandidates: settings.maxRecommendations, passagesPerCandidate: settings.passagesPerCandidate }, () => undefined, new AbortController().signal,
    );
    if (!request) {
      void vscode.window.showInformationMessage(`No prompt would be sent for this case. ${result.nothing?.reason ?? ''}`.trim());
      return undefined;
    }
    const { endpoint } = settings;
    // Without an address the prompt is the same; it only goes nowhere.
    const shown = endpoint.kind === 'openai' && endpoint.baseUrl === '' ? { ...settings, endpoint: { ...endpoint, baseUrl: 'http://localhost:8000/v1' } } : settings;
    // What another machine would get, also while nothing is sent to it.
    return (await this.services.modelEngine(shown)).preview(await this.privacy.shownRequest({ ...shown, engine: 'endpoint' }, request));
  }
}
