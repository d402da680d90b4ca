import * as vscode from 'vscode';
import type { EndpointCheck } from '../../core/engine/endpoint/checkEndpoint';
import { EngineError } from '../../core/engine/types';
import { commands } from '../ids';
import { errorLabel } from '../log';
import { secretName, type Services } from '../services';
import { readSettings } from '../settings';

export type EndpointState = 'unknown' | 'checking' | 'ready' | 'problem';

/** Commands around the endpoint: its key, its check, the choice of engine. */
export class EndpointFeature implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private current: { state: EndpointState; detail: string } = { state: 'unknown', detail: 'not checked yet' };
  private readonly subscription: vscode.Disposable;
  /** The state of the endpoint changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services) {
    this.subscription = vscode.workspace.onDidChangeConfiguration(event => { if (event.affectsConfiguration('kedrec.endpoint')) { this.set('unknown', 'not checked yet'); } });
  }

  get state(): { readonly state: EndpointState; readonly detail: string } { return this.current; }

  async setApiKey(): Promise<void> {
    const { baseUrl } = readSettings().endpoint;
    if (!await this.hasAddress(baseUrl)) { return; }
    const { host } = new URL(baseUrl);
    const key = await vscode.window.showInputBox({
      title: `API key for ${host}`, password: true, ignoreFocusOut: true, prompt: 'Kept in VS Code\u2019s secret storage and sent to this host only.',
      validateInput: value => (/[^\x21-\x7e]/.test(value.trim()) ? 'A key has no spaces or special characters.' : undefined),
    });
    if (key === undefined) { return; }
    if (key.trim() === '') { void vscode.window.showInformationMessage('No key was entered; nothing changed. To remove a key: KEDRec: Remove Endpoint API Key.'); return; }
    await this.services.secrets.store(secretName(baseUrl), key.trim());
    this.set('unknown', 'not checked yet');
    void vscode.window.showInformationMessage(`The key for ${host} is kept.`, 'Check Endpoint').then(choice => { if (choice) { void this.check(); } });
  }

  async clearApiKey(): Promise<void> {
    const { baseUrl } = readSettings().endpoint;
    if (!await this.hasAddress(baseUrl)) { return; }
    await this.services.secrets.delete(secretName(baseUrl));
    void vscode.window.showInformationMessage(`The key for ${new URL(baseUrl).host} was removed.`);
  }

  /** Tries the endpoint and says what it can do. Sends a made-up example, never a case. */
  async check(): Promise<EndpointCheck | undefined> {
    const settings = readSettings();
    if (!await this.hasAddress(settings.endpoint.baseUrl)) { return undefined; }
    const { host } = new URL(settings.endpoint.baseUrl);
    this.set('checking', 'checking');
    try {
      const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Checking ${host}`, cancellable: true }, async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        const endpoint = await this.services.endpoint();
        return endpoint.checkEndpoint(await this.services.endpointConfig(settings), controller.signal);
      });
      this.report(host, result);
      return result;
    } catch (error) {
      if (EngineError.is(error, 'cancelled')) { this.set('unknown', 'check cancelled'); return undefined; }
      this.services.log.error(`endpoint check failed: ${errorLabel(error)}`);
      const message = EngineError.is(error) ? `${error.message} ${error.advice}` : 'The check failed inside the extension. Show the log and report it.';
      this.set('problem', message);
      void this.offer(vscode.window.showErrorMessage(message, 'Endpoint Settings', 'Set API Key', 'Show Log'));
      return undefined;
    }
  }

  async chooseEngine(): Promise<void> {
    const settings = readSettings();
    const items: (vscode.QuickPickItem & { run: () => Thenable<unknown> })[] = [
      { label: '$(library) Evidence engine', description: settings.engine === 'evidence' ? 'in use' : '', detail: 'Built in: ranks by knowledge graph and evidence and quotes passages. No language model, no network.', run: () => this.use('evidence') },
      { label: '$(server) Endpoint', description: settings.engine === 'endpoint' ? 'in use' : '', detail: settings.endpoint.baseUrl ? `${settings.endpoint.model || 'first model listed'} at ${settings.endpoint.baseUrl}` : 'An OpenAI-compatible server. No address set yet.', run: () => this.useEndpoint() },
      { label: '$(pulse) Check endpoint', run: () => this.check() },
      { label: '$(key) Set endpoint API key', run: () => this.setApiKey() },
      { label: '$(gear) Endpoint settings', run: () => vscode.commands.executeCommand('workbench.action.openSettings', 'kedrec.endpoint') },
    ];
    const choice = await vscode.window.showQuickPick(items, { title: 'KEDRec: Engine', placeHolder: 'What turns a case and its evidence into a recommendation' });
    await choice?.run();
  }

  dispose(): void {
    this.changed.dispose();
    this.subscription.dispose();
  }

  private async useEndpoint(): Promise<void> {
    const config = vscode.workspace.getConfiguration('kedrec');
    if (readSettings().endpoint.baseUrl === '') {
      const address = await vscode.window.showInputBox({ title: 'Address of the endpoint', placeHolder: 'http://localhost:8000/v1', ignoreFocusOut: true, validateInput: value => (isAddress(value) ? undefined : 'An http or https address, such as http://localhost:8000/v1') });
      if (!address) { return; }
      await config.update('endpoint.baseUrl', address.trim(), vscode.ConfigurationTarget.Global);
    }
    await this.use('endpoint');
    await this.check();
  }

  private async use(engine: 'evidence' | 'endpoint'): Promise<void> {
    await vscode.workspace.getConfiguration('kedrec').update('engine', engine, vscode.ConfigurationTarget.Global);
    if (readSettings().engine !== engine) { void vscode.window.showWarningMessage('This workspace sets kedrec.engine itself; that setting wins here.'); }
  }

  private report(host: string, check: EndpointCheck): void {
    const milliseconds = (value: number | undefined, what: string) => (value === undefined ? undefined : `${what} ${Math.round(value)} ms`);
    const parts = [
      check.serverKind, check.model ? `model ${check.model}${check.servedModel && check.servedModel !== check.model ? ` (answers as ${check.servedModel})` : ''}` : 'no model',
      milliseconds(check.latencyMs, 'latency'), milliseconds(check.firstTokenMs, 'first words'), check.tokensPerSecond ? `${Math.round(check.tokensPerSecond)} tokens/s` : undefined,
      check.structuredOutput === 'none' ? 'no structured output (answers are checked all the same)' : `structured output: ${check.structuredOutput}`, check.streaming ? 'streaming' : 'no streaming',
    ].filter(Boolean).join(' \u00b7 ');
    this.services.log.info(`endpoint check: ${check.reachable ? 'reachable' : 'not reachable'}, ${check.models.length} models, structured output ${check.structuredOutput}, streaming ${check.streaming}, ${check.problems.length} problems`);
    const problem = check.problems[0];
    if (!check.reachable || (problem && !check.model)) {
      const text = problem ? `${problem.message} ${problem.advice}` : `${host} did not answer.`;
      this.set('problem', text);
      void this.offer(vscode.window.showErrorMessage(text, 'Endpoint Settings', 'Set API Key', 'Show Log'));
      return;
    }
    this.set(problem ? 'problem' : 'ready', parts);
    const text = `${host} is reachable: ${parts}.${problem ? ` ${problem.message} ${problem.advice}` : ''}`;
    void this.offer(problem ? vscode.window.showWarningMessage(text, 'Endpoint Settings', 'Show Log') : vscode.window.showInformationMessage(text));
  }

  private async offer(choice: Thenable<string | undefined>): Promise<void> {
    const chosen = await choice;
    if (chosen === 'Endpoint Settings') { await vscode.commands.executeCommand('workbench.action.openSettings', 'kedrec.endpoint'); }
    if (chosen === 'Set API Key') { await vscode.commands.executeCommand(commands.setApiKey); }
    if (chosen === 'Show Log') { this.services.log.show(); }
  }

  private async hasAddress(baseUrl: string): Promise<boolean> {
    if (isAddress(baseUrl)) { return true; }
    const message = baseUrl === '' ? 'No endpoint is set. Enter the address of an OpenAI-compatible server in kedrec.endpoint.baseUrl.' : 'The address in kedrec.endpoint.baseUrl is not an http or https address.';
    if (await vscode.window.showWarningMessage(message, 'Open Settings')) { await vscode.commands.executeCommand('workbench.action.openSettings', 'kedrec.endpoint.baseUrl'); }
    return false;
  }

  private set(state: EndpointState, detail: string): void {
    this.current = { state, detail };
    this.changed.fire();
  }
}

function isAddress(text: string): boolean {
  try { return /^https?:$/.test(new URL(text.trim()).protocol); } catch { return false; }
}
