import * as vscode from 'vscode';
import { defaultEndpoint } from '../endpoint/endpointSettings';
import { engineView } from '../endpoint/engineView';
import type { EndpointFeature } from '../endpoint/endpointFeature';
import { commands } from '../ids';
import { readSettings } from '../settings';

/** One status bar item: the engine in use and, for an endpoint, its state. A click chooses the engine. */
export class EngineStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('kedrec.engine', vscode.StatusBarAlignment.Right, 90);
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly endpoint: EndpointFeature) {
    this.item.name = 'KEDRec Engine';
    this.item.command = commands.chooseEngine;
    this.subscriptions = [
      this.item,
      endpoint.onDidChange(() => this.update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.update()),
      vscode.workspace.onDidChangeConfiguration(event => { if (event.affectsConfiguration('kedrec')) { this.update(); } }),
    ];
    this.update();
    this.item.show();
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  private update(): void {
    const settings = readSettings(vscode.window.activeTextEditor?.document.uri);
    const { label } = engineView(settings);
    const { endpoint } = settings;
    const { state, detail } = this.endpoint.stateOf(endpoint.name);
    const name = endpoint.name === defaultEndpoint ? 'endpoint' : endpoint.name;
    if (settings.engine === 'evidence') {
      this.item.text = '$(library) KEDRec: evidence';
      this.item.accessibilityInformation = { label: 'KEDRec engine: evidence engine' };
    } else {
      const icon = { unknown: 'server', checking: 'sync~spin', ready: 'pass', problem: 'warning' }[state];
      this.item.text = `$(${icon}) KEDRec: ${name}`;
      this.item.accessibilityInformation = { label: `KEDRec engine: ${name === 'endpoint' ? name : `endpoint ${name}`}, ${state}` };
    }
    this.item.tooltip = settings.engine === 'evidence' ? `${label}\nClick to choose the engine` : `${label}\n${detail}\nClick to choose the engine`;
  }
}
