import * as vscode from 'vscode';
import { reviewState } from '../../core/dataset/reviewState';
import { setContextKey } from '../ids';
import { readSettings } from '../settings';
import type { AnnotationService } from './annotationService';
import type { PlacedAnnotation } from './documentAnnotations';

const restMs = 80;

/** What the cursor of the active editor is on: keeps the context keys of the review commands, and tells when it is another one. */
export class CurrentAnnotation implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private timer: NodeJS.Timeout | undefined;
  private last = '';
  /** The cursor is on another record or line, or the annotation under it changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly annotations: AnnotationService) {
    this.subscriptions.push(
      this.changed,
      annotations.onDidChange(() => this.later(true)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => { if (textEditor === vscode.window.activeTextEditor) { this.later(false); } }),
      vscode.window.onDidChangeActiveTextEditor(() => this.later(true)),
      vscode.workspace.onDidChangeConfiguration(event => { if (event.affectsConfiguration('kedrec.reviewer')) { this.later(true); } }),
    );
    this.later(true);
  }

  /** The annotation under the cursor, the innermost and newest. */
  get(editor = vscode.window.activeTextEditor): PlacedAnnotation | undefined {
    if (!editor) { return undefined; }
    const { active } = editor.selection;
    const owner = this.annotations.of(editor.document);
    // Before an indented record the cursor is on that record.
    const indent = owner && editor.document.lineAt(active.line).firstNonWhitespaceCharacterIndex;
    return owner?.at(active) ?? (indent !== undefined && active.character < indent ? owner?.at(active.with({ character: indent })) : undefined);
  }

  /** The nearest one not reviewed yet, after the cursor's record or before it; around the end of the file. Undefined when none is left elsewhere. */
  unreviewed(editor: vscode.TextEditor, direction: 'next' | 'previous'): PlacedAnnotation | undefined {
    const { document } = editor;
    const { reviewer } = readSettings(document.uri);
    const here = this.get(editor);
    const cursor = here?.span?.start ?? document.offsetAt(editor.selection.active) - (document.eol === vscode.EndOfLine.CRLF ? editor.selection.active.line : 0);
    const open = this.annotations.summaries(document).filter(({ annotation }) => annotation.id !== here?.annotation.id && reviewState(annotation, reviewer) === 'unreviewed');
    return direction === 'next' ? open.find(({ span }) => span!.start > cursor) ?? open[0] : [...open].reverse().find(({ span }) => span!.start < cursor) ?? open.at(-1);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private force = false;

  private later(force: boolean): void {
    this.force ||= force;
    // The first call of a row counts, so that the keys work soon after the cursor came to rest, and typing does not put it off for ever.
    this.timer ??= setTimeout(() => { this.timer = undefined; this.look(); }, restMs);
  }

  private look(): void {
    const editor = vscode.window.activeTextEditor;
    const here = this.get(editor);
    setContextKey('kedrec:onAnnotation', here !== undefined);
    const now = `${editor?.document.uri.toString()} ${here?.annotation.id ?? `line ${editor?.selection.active.line}`}`;
    if (now === this.last && !this.force) { return; }
    this.last = now;
    this.force = false;
    this.changed.fire();
  }
}
