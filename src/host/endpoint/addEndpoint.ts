import * as vscode from 'vscode';
import { defaultTimeouts, type EndpointConfig } from '../../core/engine/endpoint/config';
import { EngineError } from '../../core/engine/types';
import { secretName, type Services } from '../services';
import { connectionConfig } from './endpointConfig';
import { defaultEndpoint, isAddress, type EndpointSettings } from './endpointSettings';
import { modelName } from './vscodeModel';

/** What the steps found out; the key goes to the secret storage, never into settings. */
interface Draft {
  kind: 'openai' | 'vscode-lm';
  name: string;
  baseUrl: string;
  key: string;
  model: string;
}

type Outcome = 'next' | 'back' | 'cancel';
type Step = (draft: Draft, place: { readonly step: number; readonly totalSteps: number }) => Promise<Outcome>;

/** Asks for a new endpoint step by step, with a way back at each, and writes it into the user's settings. Resolves to its name, or undefined when cancelled. */
export async function addEndpoint(services: Services, existing: readonly EndpointSettings[], memory: vscode.Memento): Promise<string | undefined> {
  const draft: Draft = { kind: 'openai', name: '', baseUrl: '', key: '', model: '' };
  const taken = new Set([defaultEndpoint, ...existing.map(({ name }) => name)]);
  const steps = (): readonly Step[] => (draft.kind === 'openai' ? [kindStep, addressStep, keyStep, serverModelStep(services, memory), nameStep(taken)] : [kindStep, editorModelStep, nameStep(taken)]);
  for (let at = 0; at < steps().length;) {
    const outcome = await steps()[at]!(draft, { step: at + 1, totalSteps: steps().length });
    if (outcome === 'cancel' || (outcome === 'back' && at === 0)) { return undefined; }
    at += outcome === 'back' ? -1 : 1;
  }
  if (draft.key !== '') { await services.secrets.store(secretName(draft.baseUrl), draft.key); }
  const config = vscode.workspace.getConfiguration('kedrec');
  const before = config.inspect<Record<string, unknown>>('endpoints')?.globalValue ?? {};
  const entry = draft.kind === 'openai' ? { baseUrl: draft.baseUrl, ...(draft.model ? { model: draft.model } : {}) } : { kind: draft.kind, ...(draft.model ? { model: draft.model } : {}) };
  await config.update('endpoints', { ...before, [draft.name]: entry }, vscode.ConfigurationTarget.Global);
  return draft.name;
}

const title = 'KEDRec: Add an Endpoint';

const kindStep: Step = async (draft, place) => choose(place, 'What is asked', [
  { label: '$(server) OpenAI-compatible server', detail: 'vLLM, llama.cpp, Ollama, LM Studio, SGLang, TGI, a gateway, OpenAI or Azure.', value: 'openai' },
  { label: '$(vscode) Language model of VS Code', detail: 'A model that another extension brings. VS Code asks you before it is first used.', value: 'vscode-lm' },
], value => { draft.kind = value as Draft['kind']; });

const addressStep: Step = async (draft, place) => input(place, {
  value: draft.baseUrl, placeholder: 'http://localhost:8000/v1', prompt: 'Address of the server', check: value => (isAddress(value) ? undefined : 'An http or https address, such as http://localhost:8000/v1'),
}, value => { draft.baseUrl = value; });

const keyStep: Step = async (draft, place) => input(place, {
  value: draft.key, password: true, prompt: `API key for ${new URL(draft.baseUrl).host}; empty if it needs none. Kept in VS Code\u2019s secret storage.`,
  check: value => (/[^\x21-\x7e]/.test(value) ? 'A key has no spaces or special characters.' : undefined),
}, value => { draft.key = value; });

function serverModelStep(services: Services, memory: vscode.Memento): Step {
  return async (draft, place) => {
    let models: readonly { readonly id: string; readonly contextTokens?: number }[] = [];
    let problem = '';
    try {
      const { host } = new URL(draft.baseUrl);
      models = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Asking ${host} for its models`, cancellable: true }, async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        const settings = { name: draft.name, kind: 'openai', baseUrl: draft.baseUrl, model: '', headers: {}, connectTimeout: 20, firstTokenTimeout: 60, idleTimeout: 60, maxTokens: 3000, caFile: vscode.workspace.getConfiguration('kedrec').get('endpoint.caFile', ''), allowSelfSigned: false } as const;
        const config: EndpointConfig = {
          ...await connectionConfig(settings, memory), baseUrl: draft.baseUrl, timeouts: { ...defaultTimeouts, connectMs: 10_000, firstTokenMs: 20_000 },
          apiKey: draft.key || await services.secrets.get(secretName(draft.baseUrl)),
        };
        return (await services.endpoint()).listModels(config, controller.signal);
      });
    } catch (error) {
      problem = EngineError.is(error) ? error.message : 'The models could not be listed.';
    }
    if (models.length === 0) {
      return input(place, { value: draft.model, prompt: `${problem || 'The server lists no model.'} Name the model, or leave it empty for the first that the server lists.`, check: () => undefined }, value => { draft.model = value; });
    }
    return choose(place, 'Model', [
      { label: '$(list-ordered) The first that the server lists', detail: 'Also after the server has been started with another model.', value: '' },
      ...models.map(({ id, contextTokens }) => ({ label: id, description: contextTokens ? `context ${contextTokens.toLocaleString('en')} tokens` : undefined, value: id })),
    ], value => { draft.model = value; });
  };
}

const editorModelStep: Step = async (draft, place) => {
  const models = await vscode.lm.selectChatModels().then(found => found, () => []);
  if (models.length === 0) {
    void vscode.window.showWarningMessage('VS Code has no language model. Install an extension that brings one, such as GitHub Copilot, and sign in there; then add the endpoint again.');
    return 'back';
  }
  return choose(place, 'Model', models.map(model => ({ label: model.name, description: modelName(model), detail: `prompts of up to ${model.maxInputTokens.toLocaleString('en')} tokens`, value: modelName(model) })), value => { draft.model = value; });
};

function nameStep(taken: ReadonlySet<string>): Step {
  return (draft, place) => input(place, {
    value: draft.name || suggestion(draft, taken), prompt: 'Name, such as student, teacher or baseline',
    check: value => (taken.has(value) ? `There is an endpoint "${value}" already.` : /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u.test(value) ? undefined : 'One to 40 letters, digits, spaces, dots or dashes.'),
  }, value => { draft.name = value; });
}

function suggestion({ model, baseUrl }: Draft, taken: ReadonlySet<string>): string {
  const from = (model.split(/[/:]/).filter(part => part !== '').pop() ?? '') || (isAddress(baseUrl) ? new URL(baseUrl).hostname : 'endpoint');
  const name = from.replace(/[^\p{L}\p{N} ._-]/gu, '-').slice(0, 36);
  return [name, ...[2, 3, 4, 5, 6, 7, 8, 9].map(number => `${name} ${number}`)].find(candidate => !taken.has(candidate)) ?? '';
}

function choose(place: { step: number; totalSteps: number }, placeholder: string, items: readonly (vscode.QuickPickItem & { value: string })[], take: (value: string) => void): Promise<Outcome> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { value: string }>();
  Object.assign(pick, { title, placeholder, items, ignoreFocusOut: true, ...place });
  return until(pick, () => {
    const [chosen] = pick.selectedItems;
    if (chosen) { take(chosen.value); }
    return chosen !== undefined;
  });
}

function input(
  place: { step: number; totalSteps: number }, options: { value: string; prompt: string; placeholder?: string; password?: boolean; check: (value: string) => string | undefined }, take: (value: string) => void,
): Promise<Outcome> {
  const box = vscode.window.createInputBox();
  const { check, ...shown } = options;
  Object.assign(box, { title, ignoreFocusOut: true, ...place, ...shown });
  box.onDidChangeValue(() => { box.validationMessage = undefined; });
  return until(box, () => {
    const value = box.value.trim();
    box.validationMessage = check(value);
    if (box.validationMessage === undefined) { take(value); }
    return box.validationMessage === undefined;
  });
}

function until(box: vscode.QuickInput & { buttons: readonly vscode.QuickInputButton[]; readonly onDidAccept: vscode.Event<void>; readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton> }, accept: () => boolean): Promise<Outcome> {
  return new Promise(resolve => {
    let outcome: Outcome = 'cancel';
    const end = (with_: Outcome): void => { outcome = with_; box.hide(); };
    box.buttons = (box.step ?? 1) > 1 ? [vscode.QuickInputButtons.Back] : [];
    box.onDidAccept(() => { if (accept()) { end('next'); } });
    box.onDidTriggerButton(button => { if (button === vscode.QuickInputButtons.Back) { end('back'); } });
    box.onDidHide(() => { box.dispose(); resolve(outcome); });
    box.show();
  });
}
