import * as vscode from 'vscode';
import { parseBaseUrl } from '../../core/engine/endpoint/baseUrl';
import { capabilityKey } from '../../core/engine/endpoint/capability';
import { commands } from '../ids';
import type { Services } from '../services';
import type { Settings } from '../settings';
import type { EndpointFeature, EndpointState } from './endpointFeature';
import { defaultEndpoint, hostOf, type EndpointSettings } from './endpointSettings';

interface Item extends vscode.QuickPickItem {
  readonly run?: () => unknown;
  readonly endpoint?: EndpointSettings;
}

const icons: Readonly<Record<EndpointState, string>> = { unknown: 'server', checking: 'sync~spin', ready: 'pass', problem: 'warning' };
const stateWords: Readonly<Record<EndpointState, string>> = { unknown: 'not checked yet', checking: 'checking', ready: 'ready', problem: 'has a problem' };
const checkButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('pulse'), tooltip: 'Check' };
const removeButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Remove' };

/** The choice of engine: the evidence engine, each endpoint with its model, state and what it was found to do, and what can be done with them. */
export function showSwitcher(feature: EndpointFeature, services: Services, settings: Settings): void {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = 'KEDRec: Engine';
  pick.placeholder = 'What turns a case and its evidence into a recommendation';
  pick.matchOnDescription = pick.matchOnDetail = true;
  pick.items = switcherItems(feature, services, settings);
  pick.activeItems = pick.items.filter(item => (settings.engine === 'evidence' ? item.label.startsWith('$(library)') : item.endpoint?.name === settings.endpoint.name));
  pick.onDidAccept(() => {
    const [chosen] = pick.selectedItems;
    pick.hide();
    void chosen?.run?.();
  });
  pick.onDidTriggerItemButton(({ item, button }) => {
    pick.hide();
    if (item.endpoint) { void (button === removeButton ? feature.remove(item.endpoint) : feature.check(item.endpoint.name)); }
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

/** The rows of the choice. */
export function switcherItems(feature: EndpointFeature, services: Services, settings: Settings): readonly Item[] {
  const inUse = (used: boolean) => (used ? 'in use' : undefined);
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const run = (command: string, ...args: unknown[]) => () => vscode.commands.executeCommand(command, ...args);
  const untrusted: readonly Item[] = vscode.workspace.isTrusted ? [] : [{
    label: '$(shield) This folder is not trusted', description: 'manage trust...', detail: 'Its settings of engine, endpoint, prompt and privacy are ignored: it cannot send a case anywhere.', run: run('workbench.trust.manage'),
  }];
  return [
    ...untrusted,
    { label: '$(library) Evidence engine', description: inUse(settings.engine === 'evidence'), detail: 'Built in: ranks by knowledge graph and evidence and quotes passages. No language model, no network.', run: () => feature.use('evidence') },
    separator('Endpoints'),
    ...settings.endpoints.filter(({ kind, baseUrl }) => kind === 'vscode-lm' || baseUrl !== '').map((endpoint): Item => {
      const { state } = feature.stateOf(endpoint.name);
      return {
        label: `$(${icons[state]}) ${endpoint.name === defaultEndpoint ? 'Endpoint' : endpoint.name}`,
        description: [inUse(settings.engine === 'endpoint' && settings.endpoint.name === endpoint.name), stateWords[state]].filter(Boolean).join(' \u00b7 '),
        detail: endpointDetail(endpoint, services), endpoint, run: () => feature.useEndpoint(endpoint), buttons: endpoint.name === defaultEndpoint ? [checkButton] : [checkButton, removeButton],
      };
    }),
    { label: '$(add) Add an endpoint...', detail: 'An OpenAI-compatible server, or a language model of VS Code, step by step.', run: () => feature.add() },
    separator('Actions'),
    { label: '$(pulse) Check endpoint', run: () => feature.check() },
    { label: '$(key) Set endpoint API key', run: () => feature.setApiKey() },
    { label: '$(comment-discussion) Show prompt', run: run(commands.showPrompt) },
    { label: '$(gear) Endpoint settings', run: run('workbench.action.openSettings', 'kedrec.endpoint') },
  ];
}

/** "llama3 at localhost:8000 · vLLM · structured output: json_schema · context 8,192 tokens". */
export function endpointDetail(endpoint: EndpointSettings, services: Services): string {
  const known = endpoint.kind === 'openai' ? services.capabilities.get(capabilityKey(shownAddress(endpoint.baseUrl), endpoint.model || undefined)) : undefined;
  const model = endpoint.model || known?.model;
  const answersAs = known?.servedModel && known.servedModel !== model ? ` (answers as ${known.servedModel})` : '';
  const context = endpoint.contextTokens ?? known?.contextTokens;
  return [
    `${model ?? (endpoint.kind === 'openai' ? 'first model listed' : 'first language model')}${answersAs} at ${hostOf(endpoint)}`, known?.serverKind,
    known?.structuredOutput ? (known.structuredOutput === 'none' ? 'no structured output' : `structured output: ${known.structuredOutput}`) : undefined,
    context ? `context ${context.toLocaleString('en')} tokens` : undefined,
    endpoint.allowSelfSigned ? 'certificate trusted by choice' : undefined,
  ].filter(Boolean).join(' \u00b7 ');
}

/** As the client names an address in its memory. */
function shownAddress(baseUrl: string): string {
  try { return parseBaseUrl(baseUrl).shown; } catch { return baseUrl; }
}
