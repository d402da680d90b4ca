import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { errorLabel } from '../log';
import type { Services } from '../services';
import { problemText } from '../../shared/buildMessages';
import { BuildFailedError, runBuild, type BuildReport } from './buildProcess';
import { mappingsFor, type FieldMappings } from './fieldMapping';

/** What "Build Evidence Index..." made. */
export interface BuiltIndex {
  readonly file: string;
  readonly report: BuildReport;
}

/**
 * "Build Evidence Index...": asks for what was not given, builds, and puts the index on the workspace's list.
 * Resolves to undefined when it was cancelled or failed; the user has been told then.
 */
export async function buildIndex(services: Services, memory: vscode.Memento, uris?: readonly vscode.Uri[], target?: vscode.Uri): Promise<BuiltIndex | undefined> {
  const chosen = uris && uris.length > 0 ? uris : await chooseInputs();
  if (!chosen) { return undefined; }
  if ([...chosen, ...(target ? [target] : [])].some(({ scheme }) => scheme !== 'file')) {
    void vscode.window.showErrorMessage('An evidence index is built from files on disk and written to disk. Copy what lies elsewhere to a local folder first.');
    return undefined;
  }
  const inputs = chosen.map(({ fsPath }) => fsPath);
  try {
    for (const input of inputs) { await stat(input); }
    const storage = services.indexFolder;
    const output = target?.fsPath ?? (uris ? freeFile(storage, inputs[0]!) : await chooseOutput(storage, inputs[0]!));
    if (output === undefined) { return undefined; }
    const mappings = await mappingsFor(inputs, memory);
    if (mappings === 'cancelled') { return undefined; }
    await mkdir(dirname(output), { recursive: true });
    const name = basename(output, extname(output));
    const started = Date.now();
    const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Building evidence index', cancellable: true }, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return runBuild(services.commandLine, { inputs, output, name, mappings }, message => progress.report({ message }), controller.signal);
    });
    await services.indexes.add({ name, path: output });
    services.log.info(`evidence index built in ${Date.now() - started} ms: ${report.documents} documents, ${report.passages} passages, ${report.skipped} skipped, ${report.duplicates} duplicates`);
    void offerDetails(vscode.window.showInformationMessage(summary(name, report), 'Show Details'), inputs, output, report, mappings);
    return { file: output, report };
  } catch (error) {
    tellFailure(services, inputs, error);
    return undefined;
  }
}

function summary(name: string, { documents, passages, skipped, duplicates }: BuildReport): string {
  const count = (value: number): string => value.toLocaleString('en');
  return `Evidence index "${name}": ${count(documents)} documents, ${count(passages)} passages; ${count(skipped)} records skipped, ${count(duplicates)} duplicates merged. Search and recommendations use it from now on.`;
}

function tellFailure(services: Services, inputs: readonly string[], error: unknown): void {
  if (error instanceof Error && error.name === 'AbortError') {
    void vscode.window.showInformationMessage('The build was cancelled. No index was written.');
    return;
  }
  services.log.error(`evidence index build failed: ${errorLabel(error)}`);
  if (error instanceof BuildFailedError) {
    const { message, report } = error;
    const details = report.problems.length > 0 ? ['Show Details'] : [];
    void offerDetails(vscode.window.showErrorMessage(message, ...details), inputs, undefined, report, {});
    return;
  }
  const { code, path } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'does not exist' : code === 'EACCES' || code === 'EPERM' ? 'may not be read or written' : code === 'ENOSPC' ? 'cannot be written: the disk is full' : `cannot be used (${code ?? errorLabel(error)})`;
  void vscode.window.showErrorMessage(`No evidence index was built: ${path ?? 'a file'} ${why}.`);
}

async function chooseInputs(): Promise<readonly vscode.Uri[] | undefined> {
  const files = { label: '$(files) Files...', detail: 'ClinicalTrials.gov, PubMed, PMC, Europe PMC, drug labels, CSV, TSV, JSON Lines; .gz and .zip, too' };
  const folder = { label: '$(folder) Folder...', detail: 'Every file in it and below' };
  const choice = await vscode.window.showQuickPick([files, folder], { title: 'Build Evidence Index', placeHolder: 'What the index is made of' });
  if (!choice) { return undefined; }
  const ofFolder = choice === folder;
  return vscode.window.showOpenDialog({ canSelectFiles: !ofFolder, canSelectFolders: ofFolder, canSelectMany: true, openLabel: 'Build Index', title: 'Build Evidence Index' });
}

/** Resolves to the path of the index file, or undefined when the user left. */
async function chooseOutput(storage: string, input: string): Promise<string | undefined> {
  const plain = join(storage, fileName(input));
  const free = freeFile(storage, input);
  const items: (vscode.QuickPickItem & { readonly path?: string })[] = [
    ...(free === plain ? [] : [{ label: `$(sync) Replace ${basename(plain)}`, detail: 'Built before in this workspace\u2019s storage', path: plain }]),
    { label: `$(database) ${basename(free)}`, detail: 'In this workspace\u2019s storage', path: free },
    { label: '$(save-as) Save As...', detail: 'A file of your own, for example to share it' },
  ];
  const choice = await vscode.window.showQuickPick(items, { title: 'Build Evidence Index', placeHolder: 'Where the index is kept' });
  if (!choice || choice.path !== undefined) { return choice?.path; }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const saved = await vscode.window.showSaveDialog({ title: 'Save Evidence Index', filters: { 'Evidence index': ['kdx'] }, ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, fileName(input)) } : {}) });
  if (saved && saved.scheme !== 'file') { void vscode.window.showErrorMessage('An evidence index is written to disk. Choose a local folder.'); }
  return saved?.scheme === 'file' ? saved.fsPath : undefined;
}

function fileName(input: string, number = 1): string {
  const name = basename(input).replace(/\.(gz|zip)$/i, '').replace(/\.[A-Za-z]\w{0,5}$/, '') || 'evidence';
  return `${name}${number > 1 ? `-${number}` : ''}.kdx`;
}

function freeFile(folder: string, input: string): string {
  for (let number = 1; ; number++) {
    const file = join(folder, fileName(input, number));
    if (!existsSync(file)) { return file; }
  }
}

async function offerDetails(choice: Thenable<string | undefined>, inputs: readonly string[], output: string | undefined, report: BuildReport, mappings: FieldMappings): Promise<void> {
  if (await choice === undefined) { return; }
  const content = detailsText(inputs, output, report, report.moreProblems ? await allProblems(inputs, mappings) : report.problems);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'plaintext', content }));
}

/** What was read, by format, and everything that was skipped and why. */
export function detailsText(inputs: readonly string[], output: string | undefined, report: BuildReport, problems: readonly string[]): string {
  return [
    output === undefined ? 'No evidence index was written' : `Evidence index ${output}`, '',
    'Read:', ...inputs.map(input => `  ${input}`), '',
    `Files by format: ${report.files || 'none'}`,
    `Documents: ${report.documents}`, `Passages: ${report.passages}`, `Duplicates merged (the newest was kept): ${report.duplicates}`, `Records skipped: ${report.skipped}`, '',
    ...(problems.length === 0 ? ['Nothing was skipped.'] : ['Reasons:', ...report.reasons.map(reason => `  ${reason}`), '', 'Skipped records and files:', ...problems.map(problem => `  ${problem}`)]), '',
  ].join('\n');
}

/** The build tells only the first problems one by one: where there are more, the files are read again for the whole list. */
export async function allProblems(inputs: readonly string[], mappings: FieldMappings): Promise<readonly string[]> {
  const problems: string[] = [];
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Listing what was skipped', cancellable: true }, async (progress, token) => {
    const controller = new AbortController();
    const done = new Error('read');
    token.onCancellationRequested(() => controller.abort());
    const { readCorpus } = await import('../../core/evidence/readers/corpus');
    const documents = readCorpus(inputs, {
      mappings,
      signal: controller.signal,
      onProgress: ({ filesDone, files }) => progress.report({ message: `${filesDone}/${files} files` }),
      onProblem: problem => { problems.push(problemText(problem)); },
      onSummary: () => { throw done; },
    });
    try { await documents.next(); } catch (error) {
      if (error !== done && !controller.signal.aborted) { throw error; }
      if (controller.signal.aborted) { problems.push('(The list was cancelled here.)'); }
    }
  });
  return problems;
}
