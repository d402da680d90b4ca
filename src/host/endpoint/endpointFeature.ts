import * as vscode from 'vscode';
import type { EndpointCheck } from '../../core/engine/endpoint/checkEndpoint';
import { EngineError } from '../../core/engine/types';
import { commands } from '../ids';
import { errorLabel } from '../log';
import { secretName, type Services } from '../services';
import { readSettings } from '../settings';
import { addEndpoint } from './addEndpoint';
import { isAddress, type EndpointSettings } from './endpointSettings';
import { endpointDetail, showSwitcher } from './switcher';
import { TrustedCertificates } from './trustedCertificates';
import { selectModel } from './vscodeModel';

export type EndpointState = 'unknown' | 'checking' | 'ready' | 'problem';

interface KnownState { readonly state: EndpointState; readonly detail: string }
const unknown: KnownState = { state: 'unknown', detail: 'not checked yet' };

/** Commands around the endpoints: which is in use, their keys, their check. */
export class EndpointFeature implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly states = new Map<string, KnownState>();
  private readonly subscription: vscode.Disposable;
  /** The state of an endpoint changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services, private readonly memory: vscode.Memento) {
    this.subscription = vscode.workspace.onDidChangeConfiguration(event => {
      // A change of what is in use says nothing about the endpoints themselves.
      const others = ['baseUrl', 'model', 'headers', 'caFile', 'allowSelfSigned', 'contextTokens'].some(key => event.affectsConfiguration(`kedrec.endpoint.${key}`));
      if (others || event.affectsConfiguration('kedrec.endpoints')) { this.states.clear(); }
      if (event.affectsConfiguration('kedrec.endpoint')) { this.changed.fire(); }
    });
  }

  /** Of the endpoint in use. */
  get state(): KnownState { return this.stateOf(readSettings().endpoint.name); }

  stateOf(name: string): KnownState { return this.states.get(name) ?? unknown; }

  async setApiKey(): Promise<void> {
    const { baseUrl, kind } = readSettings().endpoint;
    if (kind === 'vscode-lm') { void vscode.window.showInformationMessage('A language model of VS Code needs no key here: sign in to the extension that brings it.'); return; }
    if (!await this.hasAddress(baseUrl)) { return; }
    const { host } = new URL(baseUrl);
    const key = await vscode.window.showInputBox({
      title: `API key for ${host}`, password: true, ignoreFocusOut: true, prompt: 'Kept in VS Code\u2019s secret storage and sent to this host only.',
      validateInput: value => (/[^\x21-\x7e]/.test(value.trim()) ? 'A key has no spaces or special characters.' : undefined),
    });
    if (key === undefined) { return; }
    if (key.trim() === '') { void vscode.window.showInformationMessage('No key was entered; nothing changed. To remove a key: KEDRec: Remove Endpoint API Key.'); return; }
    await this.services.secrets.store(secretName(baseUrl), key.trim());
    this.states.clear();
    this.changed.fire();
    void vscode.window.showInformationMessage(`The key for ${host} is kept.`, 'Check Endpoint').then(choice => { if (choice) { void this.check(); } });
  }

  async clearApiKey(): Promise<void> {
    const { baseUrl } = readSettings().endpoint;
    if (!await this.hasAddress(baseUrl)) { return; }
    await this.services.secrets.delete(secretName(baseUrl));
    void vscode.window.showInformationMessage(`The key for ${new URL(baseUrl).host} was removed.`);
  }

  /** Tries an endpoint (the one in use unless named) and says what it can do. Sends a made-up example, never a case. */
  async check(name?: string): Promise<EndpointCheck | undefined> {
    const settings = readSettings();
    const endpoint = settings.endpoints.find(candidate => candidate.name === name) ?? settings.endpoint;
    if (endpoint.kind === 'vscode-lm') { await this.checkModel(endpoint); return undefined; }
    if (!await this.hasAddress(endpoint.baseUrl)) { return undefined; }
    const { host } = new URL(endpoint.baseUrl);
    this.set(endpoint, 'checking', 'checking');
    try {
      const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Checking ${host}`, cancellable: true }, async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        const client = await this.services.endpoint();
        const config = await this.services.endpointConfig({ ...settings, endpoint });
        const first = await client.checkEndpoint(config, controller.signal);
        // Refused although one is trusted: the server shows another certificate now.
        if (first.reachable || config.pinned === undefined) { return first; }
        await new TrustedCertificates(this.memory).review(endpoint, config);
        return client.checkEndpoint(await this.services.endpointConfig({ ...settings, endpoint }), controller.signal);
      });
      this.report(endpoint, host, result);
      return result;
    } catch (error) {
      if (EngineError.is(error, 'cancelled')) { this.set(endpoint, 'unknown', 'check cancelled'); return undefined; }
      this.fail(endpoint, error);
      return undefined;
    }
  }

  /** The choice of engine and endpoint. */
  chooseEngine(): void { showSwitcher(this, this.services, readSettings()); }

  /** Asks for a new endpoint step by step, uses it and checks it. */
  async add(): Promise<void> {
    const name = await addEndpoint(this.services, readSettings().endpoints, this.memory);
    if (name === undefined) { return; }
    await this.activate(name);
    await this.check(name);
  }

  /** Takes a named endpoint out of the user's settings, its key with it where no other endpoint is at that host. */
  async remove(endpoint: EndpointSettings): Promise<void> {
    const config = vscode.workspace.getConfiguration('kedrec');
    const entries = Object.entries(config.inspect<Record<string, unknown>>('endpoints')?.globalValue ?? {});
    if (!entries.some(([name]) => name === endpoint.name)) {
      void vscode.window.showWarningMessage(`The endpoint "${endpoint.name}" stands in the settings of this workspace: remove it there, under kedrec.endpoints.`);
      return;
    }
    const sure = await vscode.window.showWarningMessage(`Remove the endpoint "${endpoint.name}"?`, { modal: true, detail: `${endpointDetail(endpoint, this.services)}\nRecommendations that it gave are kept.` }, 'Remove');
    if (!sure) { return; }
    await config.update('endpoints', Object.fromEntries(entries.filter(([name]) => name !== endpoint.name)), vscode.ConfigurationTarget.Global);
    if (endpoint.kind === 'openai' && isAddress(endpoint.baseUrl) && !readSettings().endpoints.some(other => isAddress(other.baseUrl) && secretName(other.baseUrl) === secretName(endpoint.baseUrl))) {
      await this.services.secrets.delete(secretName(endpoint.baseUrl));
    }
    void vscode.window.showInformationMessage(`The endpoint "${endpoint.name}" was removed.`);
  }

  /** Uses an endpoint, and checks it where that has not been done yet. */
  async useEndpoint(endpoint: EndpointSettings): Promise<void> {
    await this.activate(endpoint.name);
    if (this.stateOf(endpoint.name).state === 'unknown') { await this.check(endpoint.name); }
  }

  async use(engine: 'evidence' | 'endpoint'): Promise<void> {
    await vscode.workspace.getConfiguration('kedrec').update('engine', engine, vscode.ConfigurationTarget.Global);
    if (readSettings().engine !== engine) { void vscode.window.showWarningMessage('This workspace sets kedrec.engine itself; that setting wins here.'); }
  }

  dispose(): void {
    this.changed.dispose();
    this.subscription.dispose();
  }

  private async activate(name: string): Promise<void> {
    await vscode.workspace.getConfiguration('kedrec').update('endpoint.active', name, vscode.ConfigurationTarget.Global);
    if (readSettings().endpoint.name !== name) { void vscode.window.showWarningMessage('This workspace sets kedrec.endpoint.active itself; that setting wins here.'); }
    await this.use('endpoint');
  }

  /** Whether a language model of VS Code is there. Sends nothing: VS Code asks the user at the first question. */
  private async checkModel(endpoint: EndpointSettings): Promise<void> {
    try {
      const model = await selectModel(endpoint.model);
      const detail = `${model.name} (${model.id}) \u00b7 prompts of up to ${model.maxPromptTokens.toLocaleString('en')} tokens \u00b7 no structured output (answers are checked all the same)`;
      this.set(endpoint, 'ready', detail);
      void vscode.window.showInformationMessage(`VS Code has the language model ${detail}.`);
    } catch (error) {
      this.fail(endpoint, error);
    }
  }

  private fail(endpoint: EndpointSettings, error: unknown): void {
    this.services.log.error(`endpoint check failed: ${errorLabel(error)}`);
    const message = EngineError.is(error) ? `${error.message} ${error.advice}` : 'The check failed inside the extension. Show the log and report it.';
    this.set(endpoint, 'problem', message);
    void this.offer(vscode.window.showErrorMessage(message, 'Endpoint Settings', 'Set API Key', 'Show Log'));
  }

  private report(endpoint: EndpointSettings, host: string, check: EndpointCheck): void {
    const milliseconds = (value: number | undefined, what: string) => (value === undefined ? undefined : `${what} ${Math.round(value)} ms`);
    const parts = [
      check.serverKind, check.model ? `model ${check.model}${check.servedModel && check.servedModel !== check.model ? ` (answers as ${check.servedModel})` : ''}` : 'no model',
      milliseconds(check.latencyMs, 'latency'), milliseconds(check.firstTokenMs, 'first words'), check.tokensPerSecond ? `${Math.round(check.tokensPerSecond)} tokens/s` : undefined,
      check.contextTokens ? `context ${check.contextTokens.toLocaleString('en')} tokens` : undefined,
      check.structuredOutput === 'none' ? 'no structured output (answers are checked all the same)' : `structured output: ${check.structuredOutput}`, check.streaming ? 'streaming' : 'no streaming',
    ].filter(Boolean).join(' \u00b7 ');
    this.services.log.info(`endpoint check: ${check.reachable ? 'reachable' : 'not reachable'}, ${check.models.length} models, structured output ${check.structuredOutput}, streaming ${check.streaming}, ${check.problems.length} problems`);
    const problem = check.problems[0];
    if (!check.reachable || (problem && !check.model)) {
      const text = problem ? `${problem.message} ${problem.advice}` : `${host} did not answer.`;
      this.set(endpoint, 'problem', text);
      void this.offer(vscode.window.showErrorMessage(text, 'Endpoint Settings', 'Set API Key', 'Show Log'));
      return;
    }
    this.set(endpoint, problem ? 'problem' : 'ready', parts);
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

  private set({ name }: EndpointSettings, state: EndpointState, detail: string): void {
    this.states.set(name, { state, detail });
    this.changed.fire();
  }
}
