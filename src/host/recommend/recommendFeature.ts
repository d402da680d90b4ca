import * as vscode from 'vscode';
import { EngineError, type Recommendation } from '../../core/engine/types';
import { EvidenceIndexError } from '../../core/evidence/errors';
import { KnowledgeError } from '../../core/knowledge/errors';
import type { RecommendationResult } from '../../core/recommend/types';
import type { CaseView, EngineView, PanelAction, PanelState } from '../../shared/panelProtocol';
import type { AnnotationService } from '../annotate/annotationService';
import type { CaseDecorations } from '../annotate/decorations';
import { engineView } from '../endpoint/engineView';
import { commands, setContextKey } from '../ids';
import { errorLabel } from '../log';
import type { RationaleView } from '../panel/rationaleView';
import type { Privacy, Sending } from '../privacy/privacy';
import type { Services } from '../services';
import { readSettings, type Settings } from '../settings';
import { baseName, findCase, isCase, placeOf, type CaseTarget } from './caseTarget';

/** Characters of a case that the panel shows; the whole is read. */
export const shownCaseLength = 20_000;

/** Runs "Recommend Drugs for Selection": one case at a time, the latest wins. */
export class RecommendFeature implements vscode.Disposable {
  private running: AbortController | undefined;
  private last: CaseTarget | undefined;
  private readonly finished = new vscode.EventEmitter<{ readonly annotationId: string }>();
  /** A case was annotated. */
  readonly onDidAnnotate = this.finished.event;

  constructor(
    private readonly services: Services, private readonly annotations: AnnotationService, private readonly decorations: CaseDecorations,
    private readonly view: RationaleView, private readonly privacy: Privacy,
  ) {}

  /** Asks for the case under the cursor. Resolves to the annotation's id, or undefined when there was none. */
  async recommend(): Promise<string | undefined> {
    const found = findCase(vscode.window.activeTextEditor, this.services.mappings);
    if (!isCase(found)) {
      // Not awaited: the command is over, whether or not the message is ever answered.
      void vscode.window.showWarningMessage(found.message, ...(found.actions.includes('samples') ? ['Open Sample Workspace'] : [])).then(choice => {
        if (choice) { void vscode.commands.executeCommand(commands.openSamples); }
      });
      return undefined;
    }
    return this.run(found);
  }

  /** Asks again for the last case, from its text as it is now. */
  async retry(): Promise<string | undefined> {
    if (!this.last) { return this.recommend(); }
    const { document, range } = this.last;
    const editor = await vscode.window.showTextDocument(document, { preserveFocus: true });
    if (this.last.taken === 'selection') { editor.selection = new vscode.Selection(range.start, range.end); } else { editor.selection = new vscode.Selection(range.start, range.start); }
    const found = findCase(editor, this.services.mappings);
    return isCase(found) ? this.run(found) : undefined;
  }

  cancel(): void { this.running?.abort(); }

  /** The case that the panel's current state is about. */
  get target(): CaseTarget | undefined { return this.last; }

  dispose(): void {
    this.running?.abort();
    this.finished.dispose();
  }

  private async run(target: CaseTarget): Promise<string | undefined> {
    const settings = readSettings(target.document.uri);
    const sending = await this.privacy.prepareSending(settings, { cases: [{ text: target.text, disease: target.record?.disease }] });
    if (!sending) { return undefined; }
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.last = target;
    this.annotations.ask(target);
    const engine = engineView(settings);
    const caseView = viewOf(target);
    const state: { kind: 'working'; engine: EngineView; case: CaseView; status: string; recommendations: readonly Recommendation[] } = {
      kind: 'working', engine, case: caseView, status: 'Reading the case', recommendations: [],
    };
    setContextKey('kedrec:working', true);
    this.decorations.showWorking(target.document, target.range);
    this.view.show(state);
    await this.view.reveal(false);
    const started = Date.now();
    try {
      const result = await vscode.window.withProgress({ location: { viewId: 'kedrec.rationale' } }, () => this.ask(target, settings, sending, controller.signal, change => {
        Object.assign(state, change);
        if (!controller.signal.aborted) { this.view.show({ ...state }); }
      }));
      controller.signal.throwIfAborted();
      this.services.log.info(`recommendation by ${result.engine} in ${Date.now() - started} ms: ${result.recommendations.length} candidates${result.nothing ? `, nothing (${result.nothing.code})` : ''}`);
      return await this.finish(target, result, engine, caseView);
    } catch (error) {
      if (this.running === controller) { this.fail(error, controller.signal, state); }
      return undefined;
    } finally {
      if (this.running === controller) {
        this.running = undefined;
        setContextKey('kedrec:working', false);
        this.decorations.showWorking(undefined);
      }
    }
  }

  private async ask(target: CaseTarget, settings: Settings, sending: Sending, signal: AbortSignal, update: (change: Partial<{ status: string; case: CaseView; recommendations: readonly Recommendation[] }>) => void): Promise<RecommendationResult> {
    const { recommend } = await import('../../core/recommend/pipeline');
    const [knowledge, engine] = await Promise.all([this.services.knowledge(), this.services.engine(settings)]);
    const { record } = target;
    return recommend(
      { text: target.text, disease: record?.disease, candidates: record?.candidates },
      { knowledge, evidence: this.services.evidence(), engine: sending.engine(engine), kedrecVersion: this.services.version },
      { condition: settings.condition, maxCandidates: settings.maxRecommendations, passagesPerCandidate: settings.passagesPerCandidate },
      event => {
        switch (event.type) {
          case 'status': update({ status: event.message }); break;
          case 'understood': update({ case: { ...viewOf(target), understood: event.case } }); break;
          case 'candidates': update({ status: `Comparing ${event.count} candidates` }); break;
          case 'recommendations': update({ recommendations: event.recommendations }); break;
        }
      },
      signal,
    );
  }

  private async finish(target: CaseTarget, result: RecommendationResult, engine: EngineView, caseView: CaseView): Promise<string | undefined> {
    if (result.nothing && result.recommendations.length === 0) {
      this.view.show({ kind: 'nothing', engine, case: { ...caseView, understood: result.case }, reason: result.nothing.reason, advice: result.nothing.advice, warnings: result.warnings });
      return undefined;
    }
    const annotation = await this.annotations.annotate(target, result);
    this.finished.fire({ annotationId: annotation.id });
    return annotation.id;
  }

  private fail(error: unknown, signal: AbortSignal, working: { engine: EngineView; case: CaseView; recommendations: readonly Recommendation[] }): void {
    const { engine, case: caseView, recommendations: partial } = working;
    if (signal.aborted || EngineError.is(error, 'cancelled')) {
      this.services.log.info('recommendation cancelled');
      this.view.show({ kind: 'error', engine, case: caseView, message: 'Cancelled.', advice: 'Nothing was kept. What had arrived is shown below, if anything.', partial, actions: ['retry'] });
      return;
    }
    this.services.log.error(`recommendation failed: ${errorLabel(error)}`);
    if (EngineError.is(error)) { this.services.log.keepRawAnswer(error.rawAnswer); }
    this.view.show({ kind: 'error', engine, case: caseView, ...describeFailure(error), partial });
  }
}

/** Message, advice and next steps for a failure, without text of the case. */
export function describeFailure(error: unknown): Pick<PanelState & { kind: 'error' }, 'message' | 'advice' | 'actions'> {
  if (EngineError.is(error)) {
    const actions: PanelAction[] = ['retry'];
    if (['unauthorized'].includes(error.reason)) { actions.push('setApiKey'); }
    if (['not-configured', 'unreachable', 'timeout', 'not-found', 'not-an-api', 'redirected', 'bad-request', 'context-too-long'].includes(error.reason)) { actions.push('openSettings'); }
    actions.push('checkEndpoint', 'useEvidenceEngine', 'showLog');
    return { message: error.message, advice: error.advice, actions };
  }
  if (error instanceof EvidenceIndexError || error instanceof KnowledgeError) {
    return { message: error.message, advice: 'Is it an index of your own: remove or rebuild it with KEDRec: Manage Evidence Indexes. Else: Reinstall the extension, or in a checkout run npm run build.', actions: ['retry', 'showLog'] };
  }
  return { message: `Something went wrong in the extension (${errorLabel(error)}).`, advice: 'Try again. If it stays, show the log and report the error; the log holds no text of your case.', actions: ['retry', 'showLog'] };
}

/** The case as the panel shows it. */
export function viewOf(target: CaseTarget): CaseView {
  const { document, range, record, text } = target;
  return { location: { file: baseName(document), place: placeOf(range, record) }, text: text.slice(0, shownCaseLength), truncated: text.length > shownCaseLength };
}
