import * as vscode from 'vscode';
import type { AnnotationEvent, ReviewerRole, ReviewVerdict } from '../../core/dataset/annotationTypes';
import type { RatedUnit } from '../../core/dataset/agreement/agreementReport';
import { queueFilters, type QueueFilter, type QueueItem } from '../../core/dataset/queue';
import { leadingDrug } from '../../core/dataset/reviewState';
import type { AnnotationService } from '../annotate/annotationService';
import { appendToSidecar, describeWriteError, sidecarUri } from '../annotate/sidecarFile';
import { commands } from '../ids';
import { readSettings } from '../settings';
import { openPlace } from './openPlace';
import type { QueueModel } from './queueModel';
import { filterLabel, nameOf, type QueueRow, type QueueTree } from './queueTree';
import type { ReportTarget } from './reportDocuments';

interface Judgement { readonly verdict: ReviewVerdict; readonly role?: ReviewerRole; readonly note?: string }

/** What a person does in the annotation queue: narrow it, go to records, judge them, adjudicate. */
export class QueueCommands {
  private opening: Promise<void> = Promise.resolve();
  private judging: Promise<void> = Promise.resolve();

  constructor(private readonly annotations: AnnotationService, private readonly model: QueueModel, private readonly tree: QueueTree, private readonly showInPanel: (id: string) => Promise<void>) {}

  register(register: (id: string, run: (...args: unknown[]) => unknown) => void): void {
    register(commands.queueFilter, filter => this.chooseFilter(filter));
    register(commands.queueFile, uri => this.chooseFile(uri));
    register(commands.queueMore, () => this.tree.showMore());
    register(commands.queueOpen, target => this.open(target));
    register(commands.queueAccept, row => this.judge(row, 'accepted'));
    register(commands.queueReject, row => this.judge(row, 'rejected'));
    register(commands.queueSkip, row => this.judge(row, 'skipped'));
    register(commands.queueAdjudicate, row => this.adjudicate(row));
  }

  async chooseFilter(given?: unknown): Promise<void> {
    const known = queueFilters.find(candidate => candidate === given);
    if (known || given === 'all') { await this.model.setFilter(known); return; }
    await vscode.window.withProgress({ location: { viewId: 'kedrec.queue' } }, () => this.model.needFacts(true));
    const { queue, filter } = this.model;
    const items: (vscode.QuickPickItem & { readonly filter: QueueFilter | undefined })[] = [
      { label: 'All', description: queue.items.length.toLocaleString('en'), filter: undefined },
      ...queueFilters.map(candidate => ({ label: filterLabel[candidate], description: (queue.counts.get(candidate) ?? 0).toLocaleString('en'), filter: candidate })),
    ].map(item => ({ ...item, ...(item.filter === filter ? { detail: '$(check) shown now' } : {}) }));
    const choice = await vscode.window.showQuickPick(items, { title: `Annotation Queue of ${this.model.name}`, placeHolder: 'Which cases to show' });
    if (choice) { await this.model.setFilter(choice.filter); }
  }

  async chooseFile(given?: unknown): Promise<void> {
    const uri = given instanceof vscode.Uri ? given : (await vscode.window.showOpenDialog({ title: 'Show Annotation Queue of File', openLabel: 'Show Queue', filters: { Datasets: ['jsonl', 'ndjson', 'json', 'csv', 'tsv', 'md', 'txt'], 'All Files': ['*'] } }))?.[0];
    if (!uri) { return; }
    // The sidecar is as good a name for the file as the file's own.
    this.model.choose(uri.path.endsWith('.kedrec.jsonl') ? uri.with({ path: uri.path.slice(0, -'.kedrec.jsonl'.length) }) : uri);
    await vscode.commands.executeCommand('kedrec.queue.focus');
  }

  /** One after another: a row that was selected by key must not come to the front after the one that follows it. */
  open(target: unknown): Promise<void> {
    this.opening = this.opening.then(() => this.goTo(target)).catch(() => undefined);
    return this.opening;
  }

  private async goTo(target: unknown): Promise<void> {
    const row = this.itemOf(target);
    const place: ReportTarget | undefined = row ? this.placeOf(row) : isTarget(target) ? target : undefined;
    if (!place) { return; }
    const atHand = await openPlace(this.annotations, place, !row);
    if (atHand && place.annotationId !== undefined) { await this.showInPanel(place.annotationId); }
  }

  /** Judges the leading recommendation of a row, and goes on to the next one. One after another: a fast key must not judge the same row again. */
  judge(target: unknown, verdict: ReviewVerdict): Promise<void> {
    const turn = this.judging.then(() => this.judgeRow(target, verdict));
    this.judging = turn.catch(() => undefined);
    return turn;
  }

  private async judgeRow(target: unknown, verdict: ReviewVerdict): Promise<void> {
    const row = await this.meant(target);
    if (!row) { return; }
    if (row.annotation.failure) { void vscode.window.showInformationMessage('This record could not be annotated, so there is nothing to review. Ask again with KEDRec: Retry Failed Records.'); return; }
    const next = this.after(row);
    if (await this.review(row.annotation.id, leadingDrug(row.annotation), { verdict })) { await this.goOn(next); }
  }

  /** A verdict over those who differ; it stands for the record. */
  async adjudicate(target: unknown): Promise<void> {
    const row = await this.meant(target);
    if (!row) { return; }
    if (!row.open) { void vscode.window.showInformationMessage(`Reviewers do not disagree on ${nameOf(row)}, or it is adjudicated already. The queue's filter "${filterLabel.disagreement}" lists those that wait.`); return; }
    const next = this.after(row);
    for (const unit of row.open) {
      const judgement = await this.askVerdict(unit);
      if (!judgement || !await this.review(unit.annotationId, unit.drug.id, judgement)) { return; }
    }
    await this.goOn(next);
  }

  private async askVerdict({ drug, decision, reviews }: RatedUnit): Promise<Judgement | undefined> {
    const { reviewer } = readSettings(this.model.file?.uri);
    if (reviews.some(review => review.reviewer === reviewer && review.verdict !== 'skipped')) {
      const choice = await vscode.window.showWarningMessage(`You (${reviewer}) judged ${drug.name} yourself. Agreement means more when a third person adjudicates.`, { modal: true }, 'Adjudicate Anyway');
      if (!choice) { return undefined; }
    }
    const said = (verdict: ReviewVerdict) => reviews.filter(review => review.verdict === verdict).map(review => (review.note ?? review.rationale ? `${review.reviewer}: ${review.note ?? review.rationale}` : review.reviewer)).join('; ');
    const items = (['accepted', 'edited', 'rejected'] as const).map(verdict => ({ label: { accepted: '$(check) Accept', edited: '$(edit) Accept with other words', rejected: '$(close) Reject' }[verdict], description: said(verdict), verdict }));
    const choice = await vscode.window.showQuickPick(items, { title: `Adjudicate ${drug.name} (${decision})`, placeHolder: 'The verdict that stands for this record' });
    if (!choice) { return undefined; }
    const note = await vscode.window.showInputBox({ title: `Adjudicate ${drug.name}: ${choice.verdict}`, prompt: 'Why, if you like. Enter keeps the verdict, Escape leaves everything as it was.' });
    return note === undefined ? undefined : { verdict: choice.verdict, role: 'adjudicator', ...(note.trim() === '' ? {} : { note: note.trim() }) };
  }

  /** Through the service where the file is open; else as a line of its sidecar. */
  private async review(id: string, drug: string, judgement: Judgement): Promise<boolean> {
    if (this.annotations.find(id)) { return this.annotations.review(id, drug, judgement); }
    const { file } = this.model;
    const sidecar = file && sidecarUri(file.uri);
    if (!sidecar) { return false; }
    const event: AnnotationEvent = { event: 'reviewed', id, at: new Date().toISOString(), reviewer: readSettings(file.uri).reviewer, drug, ...judgement };
    try { await appendToSidecar(sidecar, [event]); } catch (error) {
      void vscode.window.showErrorMessage(describeWriteError(error, sidecar));
      return false;
    }
    return true;
  }

  /** The row of a click; by key, the focused one. */
  private async meant(target: unknown): Promise<QueueItem | undefined> {
    const given = this.itemOf(target);
    if (given) { return given; }
    await vscode.commands.executeCommand('list.select');
    return this.itemOf(this.tree.view.selection[0]);
  }

  private after(row: QueueItem): QueueItem | undefined {
    const { items } = this.model;
    return items[items.findIndex(({ key }) => key === row.key) + 1];
  }

  private async goOn(next: QueueItem | undefined): Promise<void> {
    await this.model.rebuild();
    const found = next && this.model.items.find(({ key }) => key === next.key);
    if (!found || !this.tree.view.visible) { return; }
    await this.open(found);
    // A row beyond the shown page cannot be revealed; it is open in the editor all the same.
    try { await this.tree.view.reveal(found, { select: true, focus: true }); } catch { /* see above */ }
  }

  private placeOf(row: QueueItem): ReportTarget | undefined {
    const uri = this.model.file?.uri.toString();
    const line = this.model.lineOf(row);
    return uri === undefined ? undefined : { uri, annotationId: row.annotation.id, start: row.anchor.start, ...(line === undefined ? {} : { line }) };
  }

  private itemOf(target: unknown): QueueItem | undefined {
    const row = target as Partial<QueueItem> & Partial<Extract<QueueRow, { more: number }>> | undefined;
    return row?.key !== undefined && row.annotation ? row as QueueItem : undefined;
  }
}

function isTarget(target: unknown): target is ReportTarget { return typeof (target as ReportTarget | undefined)?.uri === 'string'; }
