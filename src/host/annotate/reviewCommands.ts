import * as vscode from 'vscode';
import type { ReviewVerdict } from '../../core/dataset/annotationTypes';
import { openDisputes } from '../../core/dataset/queue';
import { leadingDrug, ownReview, reviewState } from '../../core/dataset/reviewState';
import { whyHere } from '../../core/dataset/whyHere';
import { commands } from '../ids';
import { baseName } from '../recommend/caseTarget';
import type { Services } from '../services';
import { readSettings } from '../settings';
import type { AnnotationService } from './annotationService';
import type { CurrentAnnotation } from './currentAnnotation';
import type { DocumentAnnotations, PlacedAnnotation } from './documentAnnotations';
import { annotationId } from './listAnnotations';
import { revealAnnotation } from './reveal';
import { labelOf } from './recordLabel';

/** Shows an annotation in the panel, without taking the keyboard. */
export type ShowInPanel = (id: string) => Promise<void>;

interface Meant { readonly owner: DocumentAnnotations; readonly placed: PlacedAnnotation }

/** The review commands for the record under the cursor, or the one that a lens or a list names. */
export class ReviewCommands {
  constructor(private readonly annotations: AnnotationService, private readonly current: CurrentAnnotation, private readonly services: Services, private readonly show: ShowInPanel) {}

  /** Registers every command of reviewing in the editor. */
  register(register: (id: string, run: (...args: unknown[]) => unknown) => void): void {
    register(commands.accept, target => this.judge(target, 'accepted'));
    register(commands.reject, target => this.judge(target, 'rejected'));
    register(commands.skip, target => this.judge(target, 'skipped'));
    register(commands.edit, target => this.edit(target));
    register(commands.acceptAndNext, target => this.acceptAndNext(target));
    register(commands.nextUnreviewed, () => this.go('next'));
    register(commands.previousUnreviewed, () => this.go('previous'));
    register(commands.undoReview, target => this.undo(target));
    register(commands.whyHere, target => this.why(target));
    register(commands.recommendAgain, target => this.recommendAgain(target));
  }

  /** Judges the leading recommendation. False when there was nothing to judge. */
  async judge(target: unknown, verdict: ReviewVerdict, rationale?: string): Promise<boolean> {
    const meant = this.meant(target);
    if (!meant) { return false; }
    const { annotation } = meant.placed;
    if (annotation.failure) {
      void vscode.window.showInformationMessage(`This record could not be annotated (${annotation.failure.reason}), so there is nothing to review. Run KEDRec: Recommend Drugs for Selection on it.`);
      return false;
    }
    return this.annotations.review(annotation.id, leadingDrug(annotation), { verdict, ...(rationale ? { rationale } : {}) });
  }

  async edit(target: unknown): Promise<void> {
    const meant = this.meant(target);
    if (!meant || meant.placed.annotation.failure) { if (meant) { await this.judge(target, 'edited'); } return; }
    const { annotation } = meant.placed;
    const own = ownReview(annotation, readSettings(meant.owner.document.uri).reviewer)?.rationale;
    const result = own === undefined ? await this.annotations.detail(annotation.id) : undefined;
    const name = annotation.recommendations[0]?.drug.name ?? 'the empty answer';
    const value = own ?? result?.recommendations[0]?.rationale.summary ?? result?.nothing?.reason ?? '';
    const rationale = await vscode.window.showInputBox({
      title: `Your rationale for ${name}`, value, ignoreFocusOut: true, prompt: 'Keep it, change it or write your own. Enter keeps it with the review, Escape leaves everything as it was.',
      validateInput: text => (text.trim() === '' ? 'Write why, or press Escape.' : undefined),
    });
    if (rationale !== undefined) { await this.judge(annotation.id, 'edited', rationale.trim()); }
  }

  async acceptAndNext(target: unknown): Promise<void> { if (await this.judge(target, 'accepted')) { await this.go('next'); } }

  /** Goes to the nearest record without a review, around the end of the file. */
  async go(direction: 'next' | 'previous'): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || this.annotations.summaries(editor.document).length === 0) { this.nothingHere(); return; }
    const found = this.current.unreviewed(editor, direction);
    if (!found) { this.noneLeft(editor); return; }
    await revealAnnotation(this.annotations, found.annotation.id);
    await this.show(found.annotation.id);
  }

  /** The last review step of this window; with a record named (a lens), this reviewer's last review of it. */
  async undo(target: unknown): Promise<void> {
    const id = annotationId(target);
    const meant = id === undefined ? undefined : this.meant(target);
    if (meant) {
      const { annotation } = meant.placed;
      if (ownReview(annotation, readSettings(meant.owner.document.uri).reviewer)) { await this.annotations.review(annotation.id, leadingDrug(annotation), undefined); }
      return;
    }
    const undone = await this.annotations.undoLast();
    if (undone) { await this.showUndone(undone.id); return; }
    const here = this.current.get();
    const document = vscode.window.activeTextEditor?.document;
    if (here && document && ownReview(here.annotation, readSettings(document.uri).reviewer)) {
      await this.annotations.review(here.annotation.id, leadingDrug(here.annotation), undefined);
      return;
    }
    void vscode.window.showInformationMessage('There is no review of this window to undo. To take back an earlier one, put the cursor into its record first.');
  }

  async why(target: unknown): Promise<void> {
    const meant = this.meant(target);
    if (!meant) { return; }
    const { annotation } = meant.placed;
    const reasons = whyHere(annotation, {
      lowConfidence: readSettings(meant.owner.document.uri).lowConfidence, label: await labelOf(meant.owner, meant.placed, this.services), open: openDisputes(meant.owner.all.map(one => one.annotation), annotation),
    });
    const name = annotation.recommendations[0]?.drug.name;
    const confidence = annotation.recommendations[0]?.confidence;
    const calm = `Nothing speaks against ${name ?? 'it'}${confidence === undefined ? '' : ` (confidence ${confidence.toFixed(2)})`}: every claim is supported by what it cites, and no reviewer differs. It is here because you have not reviewed it.`;
    const reviewed = reviewState(annotation, readSettings(meant.owner.document.uri).reviewer) !== 'unreviewed';
    void vscode.window.showInformationMessage(reasons.length > 0 ? reasons.join(' ') : reviewed ? calm.replace(' It is here because you have not reviewed it.', '') : calm, 'Open Rationale').then(choice => {
      if (choice) { void vscode.commands.executeCommand(commands.openAnnotation, annotation.id); }
    });
  }

  /** Asks again for a record that is annotated already. */
  async recommendAgain(target: unknown): Promise<void> {
    const meant = this.meant(target);
    const range = meant?.owner.rangeOf(meant.placed);
    if (!meant || !range) { return; }
    const editor = await revealAnnotation(this.annotations, meant.placed.annotation.id);
    if (!editor) { return; }
    if (!meant.placed.annotation.anchor.record) { editor.selection = new vscode.Selection(range.start, range.end); }
    await vscode.commands.executeCommand(commands.recommend);
  }

  private meant(target: unknown): Meant | undefined {
    const id = annotationId(target);
    const found = id === undefined ? undefined : this.annotations.find(id);
    if (found) { return found; }
    const editor = vscode.window.activeTextEditor;
    const placed = this.current.get(editor);
    const owner = editor && this.annotations.of(editor.document);
    if (placed && owner) { return { owner, placed }; }
    this.nothingHere();
    return undefined;
  }

  private async showUndone(id: string): Promise<void> {
    await revealAnnotation(this.annotations, id);
    await this.show(id);
  }

  private nothingHere(): void {
    void vscode.window.showInformationMessage('The cursor is not on an annotated record. Put it into one, or annotate this one with KEDRec: Recommend Drugs for Selection.');
  }

  private noneLeft({ document }: vscode.TextEditor): void {
    const { reviewer } = readSettings(document.uri);
    const all = this.annotations.summaries(document).map(({ annotation }) => reviewState(annotation, reviewer));
    const failed = all.filter(state => state === 'failed').length;
    const open = all.filter(state => state === 'unreviewed').length;
    const failures = failed > 0 ? ` ${failed} could not be annotated.` : '';
    void vscode.window.showInformationMessage(open > 0
      ? `This is the only record of ${baseName(document)} without your review.${failures}`
      : `No record of ${baseName(document)} is left without your review: ${all.length - failed} are reviewed.${failures}`);
  }
}
