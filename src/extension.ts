import * as vscode from 'vscode';
import { AnnotationService } from './host/annotate/annotationService';
import { AnnotationsTree } from './host/annotate/annotationsTree';
import { CaseDecorations } from './host/annotate/decorations';
import { registerHover } from './host/annotate/hover';
import { insertRecommendation } from './host/annotate/insert';
import { listAnnotations, removeAnnotation } from './host/annotate/listAnnotations';
import { EndpointFeature } from './host/endpoint/endpointFeature';
import { engineView } from './host/endpoint/engineView';
import { buildIndex } from './host/evidence/buildIndex';
import { EvidenceDocuments } from './host/evidence/evidenceDocuments';
import { manageIndexes } from './host/evidence/manageIndexes';
import { searchEvidence } from './host/evidence/searchEvidence';
import { commands } from './host/ids';
import { Log } from './host/log';
import { PanelFeature } from './host/panel/panelFeature';
import { RationaleView } from './host/panel/rationaleView';
import { RecommendFeature } from './host/recommend/recommendFeature';
import { openSamples } from './host/samples/openSamples';
import { Services } from './host/services';
import { readSettings } from './host/settings';
import { EngineStatus } from './host/status/statusBar';

/** Builds the services, registers the features, and returns: nothing here waits for disk or network. */
export function activate(context: vscode.ExtensionContext): { readonly annotations: AnnotationService; readonly view: RationaleView; readonly services: Services } {
  const started = performance.now();
  const log = new Log();
  const services = new Services(context, log);
  const annotations = new AnnotationService(log);
  const decorations = new CaseDecorations(annotations);
  const view = new RationaleView(context.extensionUri, { kind: 'empty', engine: engineView(readSettings()) });
  const recommend = new RecommendFeature(services, annotations, decorations, view, context.workspaceState);
  const panel = new PanelFeature(services, annotations, recommend, view);
  const documents = new EvidenceDocuments(services);
  const endpoint = new EndpointFeature(services);
  context.subscriptions.push(log, services, annotations, decorations, view, recommend, panel, documents, endpoint, new EngineStatus(endpoint), new AnnotationsTree(annotations), registerHover(annotations));

  const register = (id: string, run: (...args: unknown[]) => unknown) => context.subscriptions.push(vscode.commands.registerCommand(id, run));
  register(commands.recommend, () => recommend.recommend());
  register(commands.cancel, () => recommend.cancel());
  register(commands.insert, id => insertRecommendation(annotations, id));
  register(commands.openAnnotation, target => panel.openTarget(target));
  register(commands.listAnnotations, () => listAnnotations(annotations, panel));
  register(commands.removeAnnotation, target => removeAnnotation(annotations, target));
  register(commands.searchEvidence, () => searchEvidence(services, documents));
  register(commands.buildIndex, (uris, target) => buildIndex(services, context.workspaceState, uris as vscode.Uri[] | undefined, target as vscode.Uri | undefined));
  register(commands.manageIndexes, () => manageIndexes(services));
  register(commands.chooseEngine, () => endpoint.chooseEngine());
  register(commands.checkEndpoint, () => endpoint.check());
  register(commands.setApiKey, () => endpoint.setApiKey());
  register(commands.clearApiKey, () => endpoint.clearApiKey());
  register(commands.showLog, () => log.show());
  register(commands.rawAnswer, () => log.writeRawAnswer());
  register(commands.openSamples, () => openSamples(context.extensionUri));
  register(commands.openWalkthrough, () => vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false));

  annotations.start();
  log.info(`KEDRec ${services.version} activated in ${(performance.now() - started).toFixed(1)} ms`);
  return { annotations, view, services };
}
