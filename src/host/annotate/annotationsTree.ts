import * as vscode from 'vscode';
import { commands, evidenceScheme, reportScheme, setContextKey, views } from '../ids';
import type { AnnotationService } from './annotationService';
import type { PlacedAnnotation } from './documentAnnotations';
import { decisionLabel } from '../../shared/labels';
import { reasonInWords } from './stateInWords';

/** A tree of more rows would hold the editor up; the rest is in the quick pick and the queue. */
const mostRows = 500;
const refreshMs = 200;
const againMs = 1000;

/** The view "Annotations in File": the annotations of the active file, the detached ones too. */
export class AnnotationsTree implements vscode.TreeDataProvider<PlacedAnnotation>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<PlacedAnnotation>;
  private readonly subscriptions: vscode.Disposable[] = [];
  private document: vscode.TextDocument | undefined;
  /** The last file that was shown: between two tabs there is none for a moment. */
  private last: vscode.TextDocument | undefined;
  private timer: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  /** Rows at the last look; -1 before the first. */
  private count = -1;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly annotations: AnnotationService) {
    this.view = vscode.window.createTreeView(views.annotations, { treeDataProvider: this });
    this.document = this.last = vscode.window.activeTextEditor?.document;
    this.subscriptions.push(
      this.changed, this.view,
      annotations.onDidChange(uri => { if (uri.toString() === this.document?.uri.toString()) { this.refresh(); } }),
      this.view.onDidChangeVisibility(() => this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
      // A file may come into sight without becoming active: a list keeps the focus, or a panel has it.
      vscode.window.onDidChangeVisibleTextEditors(() => this.follow()),
      vscode.workspace.onDidOpenTextDocument(document => { if (document.uri.toString() === this.document?.uri.toString()) { this.document = document; this.refresh(); } }),
    );
    this.refresh();
  }

  getChildren(element?: PlacedAnnotation): PlacedAnnotation[] {
    const owner = this.document && this.annotations.of(this.document);
    if (element || !owner) { return []; }
    return [...owner.all].sort((a, b) => (a.span?.start ?? Infinity) - (b.span?.start ?? Infinity) || a.annotation.at.localeCompare(b.annotation.at)).slice(0, mostRows);
  }

  getTreeItem(placed: PlacedAnnotation): vscode.TreeItem {
    const { annotation, span, edited } = placed;
    const owner = this.document && this.annotations.of(this.document);
    const at = owner?.lineOf(placed);
    const line = at === undefined ? 'detached' : `line ${at + 1}`;
    const item = new vscode.TreeItem(labelOf(annotation));
    const reviewed = [...annotation.reviews.values()].filter(list => list.length > 0).length;
    const total = Math.max(annotation.recommendations.length, reviewed);
    item.description = [line, ...(edited ? ['edited since'] : []), annotation.failure ? `failed: ${reasonInWords(annotation.failure.reason)}` : `${reviewed}/${total} reviewed`].join(' \u00b7 ');
    item.iconPath = new vscode.ThemeIcon(!span ? 'debug-disconnect' : annotation.failure ? 'warning' : reviewed === total && total > 0 ? 'pass' : 'comment-discussion');
    item.tooltip = span ? annotation.failure?.message ?? shortSummary(annotation.recommendations) : 'Detached: the annotated text is no longer in the file. The recommendation is kept and can still be read.';
    item.accessibilityInformation = { label: `Annotation for ${labelOf(annotation)}, ${item.description}` };
    item.contextValue = 'annotation';
    item.command = { command: commands.openAnnotation, title: 'Open Rationale', arguments: [annotation.id] };
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.again);
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  /** The active editor's file; while focus is in a panel or view the one before as long as it is in sight, else one that is. */
  private follow(): void {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    const shown = (document: vscode.TextDocument | undefined) => document && visibleTextEditors.some(editor => editor.document.uri.toString() === document.uri.toString());
    // What KEDRec shows itself (a report, an evidence document) and outputs are no files to annotate.
    const own = (document: vscode.TextDocument | undefined) => document && [reportScheme, evidenceScheme, 'output'].includes(document.uri.scheme);
    const active = activeTextEditor?.document;
    const document = active && !own(active) ? active : own(active) ? this.last : shown(this.document) ? this.document : visibleTextEditors.map(editor => editor.document).find(other => !own(other));
    this.last = document ?? this.last;
    if (document === this.document) { return; }
    this.document = document;
    this.refresh();
  }

  /** Soon after the first of several changes: changes that keep coming do not put it off. */
  private refresh(): void { this.timer ??= setTimeout(() => { this.timer = undefined; this.show(); }, refreshMs); }

  private show(): void {
    setContextKey('kedrec:beyondEditor', this.document === undefined);
    const all = (this.document && this.annotations.of(this.document)?.all) ?? [];
    const gone = all.filter(placed => !placed.span).length;
    this.view.badge = gone > 0 ? { value: gone, tooltip: `${gone} detached` } : undefined;
    const message = all.length > mostRows ? `The first ${mostRows} of ${all.length.toLocaleString('en')}. All of them: KEDRec: Go to Annotation in File.` : undefined;
    if (this.view.message !== message) { this.view.message = message; }
    this.changed.fire();
    // VS Code drops the answer to a question that a newer one overtook, and may then show an empty list: where rows came or went it is asked once more.
    clearTimeout(this.again);
    if ((all.length > 0) !== (this.count > 0)) { this.again = setTimeout(() => this.changed.fire(), againMs); }
    this.count = all.length;
  }
}

function labelOf({ about, anchor: { record } }: PlacedAnnotation['annotation']): string { return about || (record ? record.id ?? `Record ${record.index + 1}` : 'Case'); }

/** "colchicine (recommend), allopurinol (consider)". */
export function shortSummary(recommendations: PlacedAnnotation['annotation']['recommendations'], most = 3): string {
  const shown = recommendations.slice(0, most).map(({ drug, decision }) => `${drug.name} (${decisionLabel[decision].toLowerCase()})`);
  const more = recommendations.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '');
}
