import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationEvent } from '../../core/dataset/annotationTypes';
import { missingEvents } from '../../core/dataset/agreement/readReviews';
import type { SidecarProblem } from '../../core/dataset/sidecar';
import type { AnnotationService } from '../annotate/annotationService';
import { appendToSidecar, describeWriteError, sidecarUri } from '../annotate/sidecarFile';
import { errorLabel, type Log } from '../log';
import { sidecarsBeside } from './agreementView';
import type { QueueModel } from './queueModel';

/** Takes over what a colleague's sidecar holds and the own one does not. Doing it twice changes nothing. Resolves to the number of events taken. */
export async function mergeReviews(model: QueueModel, annotations: AnnotationService, log: Log, given?: unknown): Promise<number | undefined> {
  const { file } = model;
  const sidecar = file && sidecarUri(file.uri);
  if (!file || sidecar?.scheme !== 'file') { void vscode.window.showInformationMessage('Open the annotated file first, then merge a colleague\'s reviews into it.'); return undefined; }
  const name = basename(file.uri.fsPath);
  const other = given instanceof vscode.Uri ? given.fsPath : await chooseOther(file.uri.fsPath);
  if (other === undefined) { return undefined; }
  if (other === sidecar.fsPath) { void vscode.window.showInformationMessage(`${basename(other)} is the file in which the reviews of ${name} are kept already.`); return 0; }
  const problems: SidecarProblem[] = [];
  const taken = { all: 0, reviews: 0, reviewers: new Set<string>() };
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `KEDRec merges ${basename(other)}`, cancellable: true }, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      for await (const events of missingEvents(sidecar.fsPath, other, problem => problems.push(problem), stop.signal)) {
        await keep(events);
        progress.report({ message: `${taken.all.toLocaleString('en')} events` });
      }
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') { return taken.all; }
    log.error(`reviews could not be merged: ${errorLabel(error)}`);
    void vscode.window.showErrorMessage((error as NodeJS.ErrnoException).path === other ? `${basename(other)} cannot be read. Check that it is there and may be read.` : describeWriteError(error, sidecar));
    return undefined;
  }
  tell(name, basename(other), taken, problems);
  await model.rebuild();
  return taken.all;

  async function keep(events: readonly AnnotationEvent[]): Promise<void> {
    if (file!.document) { await annotations.addEvents(file!.document, events); } else { await appendToSidecar(sidecar!, events); }
    taken.all += events.length;
    for (const event of events) { if (event.event === 'reviewed') { taken.reviews++; taken.reviewers.add(event.reviewer); } }
  }
}

function tell(name: string, other: string, taken: { readonly all: number; readonly reviews: number; readonly reviewers: ReadonlySet<string> }, problems: readonly SidecarProblem[]): void {
  const broken = problems.length > 0 ? ` ${problems.length} of its lines could not be read (the first: line ${problems[0]!.line}) and were left out.` : '';
  const what = taken.all === 0 ? `${name} holds everything of ${other} already.` : `${taken.reviews} reviews by ${[...taken.reviewers].join(', ') || 'nobody'} and ${taken.all - taken.reviews} other events of ${other} were added to ${name}.`;
  void vscode.window.showInformationMessage(what + broken, 'Show Agreement').then(choice => { if (choice) { void vscode.commands.executeCommand('kedrec.review.agreement'); } });
}

async function chooseOther(path: string): Promise<string | undefined> {
  const beside = await sidecarsBeside(path);
  if (beside.length > 0) {
    const items = [...beside.map(found => ({ label: basename(found), description: 'beside the file', found })), { label: '$(folder-opened) Another File\u2026', description: '', found: undefined }];
    const choice = await vscode.window.showQuickPick(items, { title: `Merge Reviews into ${basename(path)}` });
    if (!choice || choice.found) { return choice?.found; }
  }
  return (await vscode.window.showOpenDialog({ title: `Merge Reviews into ${basename(path)}`, openLabel: 'Merge', filters: { 'KEDRec annotations': ['jsonl'] } }))?.[0]?.fsPath;
}
