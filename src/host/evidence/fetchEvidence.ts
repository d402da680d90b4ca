import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LiveSourceError } from '../../core/evidence/live/errors';
import type { IndexOrigin } from '../../core/evidence/live/origin';
import { SERVICE_IDS, type LiveQuestion, type ServiceId } from '../../core/evidence/live/types';
import { originText } from '../../shared/originText';
import { commands } from '../ids';
import { errorLabel } from '../log';
import type { Services } from '../services';
import { BuildFailedError, runBuild, type BuildReport } from './buildProcess';
import { askQuestion } from './fetchQuestion';
import { liveOptions, readFetchSettings } from './fetchSettings';
import { chooseSources } from './fetchSources';

/** What is fetched, and whether saved answers count. */
export interface FetchPlan {
  readonly question: LiveQuestion;
  readonly sources: readonly ServiceId[];
  /** Only saved answers, whatever their age. */
  readonly offline?: boolean;
  /** Saved answers do not count. */
  readonly refresh?: boolean;
  /** Index file to replace; one named by the question when absent. */
  readonly file?: string;
}

/** What "Fetch Evidence..." made. */
export interface FetchedIndex {
  readonly file: string;
  readonly report: BuildReport;
  readonly origin: IndexOrigin;
}

/** "Fetch Evidence...": asks, says what goes where, fetches, builds, and puts the index on the workspace's list. Undefined when it was cancelled or failed; the user has been told then. */
export async function fetchEvidence(services: Services, memory: vscode.Memento, given?: FetchPlan): Promise<FetchedIndex | undefined> {
  let question: LiveQuestion | undefined;
  try {
    question = given?.question ?? await askQuestion(services);
    if (!question || !given?.offline && !await maySend(question, given?.sources ?? SERVICE_IDS, memory)) { return undefined; }
    const chosen = given ?? await chooseSources(services, question);
    return chosen && await fetchPlan(services, memory, { ...chosen, question });
  } catch (error) {
    if (question && isUnreachable(error)) { void offerWays(services, memory, given ?? { question, sources: SERVICE_IDS }, error); } else { tellFailure(services, error); }
    return undefined;
  }
}

/** Fetches an index again, as it was asked for. */
export async function refreshIndex(services: Services, memory: vscode.Memento, file: string, origin: IndexOrigin): Promise<FetchedIndex | undefined> {
  const question = { disease: origin.disease, ...(origin.drug === undefined ? {} : { drug: origin.drug }) };
  return fetchEvidence(services, memory, { question, sources: SERVICE_IDS.filter(id => origin.sources.includes(id)), refresh: true, file });
}

/** Before the first request the user is told which names go to which hosts. Asked once for the same hosts in a workspace, if the user wants so. */
async function maySend({ disease, drug }: LiveQuestion, sources: readonly ServiceId[], memory: vscode.Memento): Promise<boolean> {
  const { hostOf, liveServices } = await import('../../core/evidence/live/fetchEvidence');
  const all = liveServices();
  const { baseUrls } = readFetchSettings();
  const hosts = sources.map(id => hostOf(all[id], baseUrls));
  const keys = hosts.map(host => `kedrec.mayAsk.${host}`);
  if (keys.every(key => memory.get<boolean>(key))) { return true; }
  const names = drug === undefined ? `the name "${disease}"` : `the names "${disease}" and "${drug}"`;
  const choice = await vscode.window.showWarningMessage(
    `Send ${names} to ${sources.map(id => all[id].name).join(', ')}?`,
    { modal: true, detail: `Only names of diseases and drugs are sent, never text of a case. They go to ${[...new Set(hosts)].join(', ')}, which can log them together with your address.` },
    'Send in This Workspace', 'Send Once',
  );
  if (choice === 'Send in This Workspace') { for (const key of keys) { await memory.update(key, true); } }
  return choice !== undefined;
}

async function fetchPlan(services: Services, memory: vscode.Memento, plan: FetchPlan): Promise<FetchedIndex | undefined> {
  const { question, sources } = plan;
  const name = question.drug === undefined ? question.disease : `${question.disease}, ${question.drug}`;
  const file = plan.file ?? join(services.indexFolder, fileName(question));
  const settings = readFetchSettings();
  const started = Date.now();
  const controller = new AbortController();
  const { options, dispose } = await liveOptions(services, { ...settings, cacheDays: plan.refresh ? 0 : settings.cacheDays }, controller.signal);
  try {
    const made = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Fetching evidence: ${name}`, cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => controller.abort());
      const { fetchEvidence: fetchLive } = await import('../../core/evidence/live/fetchEvidence');
      const counts = new Map<string, string>();
      const fetched = await fetchLive({ question, sources, max: settings.maxRecords }, {
        ...options, ...(plan.offline ? { offline: true } : {}),
        onWait: (service, ms, reason) => {
          options.onWait?.(service, ms, reason);
          progress.report({ message: `${service} is asked again in ${Math.ceil(ms / 1000)} s` });
        },
        onProgress: ({ name: service, received, expected }) => {
          counts.set(service, `${service} ${received}${expected === undefined ? '' : ` of ${expected}`}`);
          progress.report({ message: [...counts.values()].join(', ') });
        },
      });
      if (fetched.files.length === 0) { return undefined; }
      await mkdir(services.indexFolder, { recursive: true });
      const order = { inputs: fetched.files, output: file, name, origin: fetched.origin };
      return { ...fetched, report: await runBuild(services.commandLine, order, message => progress.report({ message }), controller.signal) };
    });
    if (!made) {
      void vscode.window.showInformationMessage(`Nothing was found about ${name}. Try the full name of the disease, or ask without a drug.`);
      return undefined;
    }
    await services.indexes.add({ name: `${name} (fetched)`, path: file });
    services.log.info(`evidence fetched in ${Date.now() - started} ms: ${JSON.stringify(made.received)}, ${made.report.documents} documents, ${made.report.skipped} skipped, ${made.problems.length} sources failed`);
    void offerDetails(file, made.report, made.origin, name, made.problems);
    return { file, report: made.report, origin: made.origin };
  } catch (error) {
    if (isUnreachable(error) && !plan.offline) { void offerWays(services, memory, plan, error); } else { tellFailure(services, error); }
    return undefined;
  } finally { dispose(); }
}

async function offerDetails(file: string, report: BuildReport, origin: IndexOrigin, name: string, problems: readonly LiveSourceError[]): Promise<void> {
  const text = `Evidence on ${name}: ${report.documents.toLocaleString('en')} documents, ${report.passages.toLocaleString('en')} passages${report.skipped > 0 ? `; ${report.skipped} records could not be used` : ''}. Search and recommendations use it from now on.`;
  const show = 'Show What Was Asked';
  const choice = problems.length === 0
    ? await vscode.window.showInformationMessage(text, show)
    : await vscode.window.showWarningMessage(`${text} Not complete: ${problems.map(({ message }) => message).join(' ')}`, show);
  if (choice === show) { await showOrigin(file, report, origin); }
}

/** What was asked and what could not be used, as a text document. */
export async function showOrigin(file: string, report: BuildReport | undefined, origin: IndexOrigin): Promise<void> {
  const skipped = report && report.problems.length > 0 ? ['Not used:', ...report.problems.map(problem => `  ${problem}`), ''] : [];
  const content = [originText(file, origin), ...skipped].join('\n');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'plaintext', content }));
}

function isUnreachable(error: unknown): error is LiveSourceError {
  return error instanceof Error && error.name === 'LiveSourceError' && ['network', 'timeout', 'redirect'].includes((error as LiveSourceError).reason);
}

/** No network: what can be done. */
async function offerWays(services: Services, memory: vscode.Memento, plan: FetchPlan, error: LiveSourceError): Promise<void> {
  services.log.warn(`evidence not fetched: ${errorLabel(error)}`);
  const [cache, again, proxy] = ['Use Saved Answers', 'Try Again', 'Open Proxy Settings'];
  const choice = await vscode.window.showErrorMessage(`No evidence was fetched. ${error.message}`, cache, again, proxy);
  if (choice === cache) { await fetchEvidence(services, memory, { ...plan, offline: true }); }
  if (choice === again) { await fetchEvidence(services, memory, plan); }
  if (choice === proxy) { await vscode.commands.executeCommand('workbench.action.openSettings', 'http.proxy'); }
}

function tellFailure(services: Services, error: unknown): void {
  if (error instanceof Error && error.name === 'AbortError') {
    void vscode.window.showInformationMessage('Fetching was cancelled. No index was written; what had come stays saved, so that the next time is shorter.');
    return;
  }
  services.log.error(`evidence not fetched: ${errorLabel(error)}`);
  if (error instanceof BuildFailedError || error instanceof Error && error.name === 'LiveSourceError') {
    void vscode.window.showErrorMessage(`No evidence was fetched. ${error.message}`);
    return;
  }
  const { code, path } = error as NodeJS.ErrnoException;
  void vscode.window.showErrorMessage(`No evidence was fetched: ${code === 'ENOSPC' ? 'the disk is full' : `${path ?? 'a file'} cannot be used (${code ?? errorLabel(error)})`}.`, 'Show Log').then(choice => { if (choice) { void vscode.commands.executeCommand(commands.showLog); } });
}

/** The same question gives the same file. */
function fileName({ disease, drug }: LiveQuestion): string {
  const slug = [disease, drug ?? ''].join(' ').normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60);
  const mark = createHash('sha256').update(JSON.stringify([disease.toLowerCase(), drug?.toLowerCase() ?? null])).digest('hex').slice(0, 6);
  return `fetched-${slug || 'evidence'}-${mark}.kdx`;
}
