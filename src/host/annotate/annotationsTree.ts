import * as vscode from 'vscode';
import { commands, views } from '../ids';
import type { AnnotationService } from './annotationService';
import type { PlacedAnnotation } from './documentAnnotations';
import { decisionLabel } from '../../shared/labels';

/** A tree of more rows would hold the editor up; the rest is in the quick pick and the queue. */
const mostRows = 500;
const refreshMs = 200;

/** The view "Annotations in File": the annotations of the active file, the detached ones too. */
export class AnnotationsTree implements vscode.TreeDataProvider<PlacedAnnotation>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<PlacedAnnotation>;
  private readonly subscriptions: vscode.Disposable[] = [];
  private document: vscode.TextDocument | undefined;
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly annotations: AnnotationService) {
    this.view = vscode.window.createTreeView(views.annotations, { treeDataProvider: this });
    this.document = vscode.window.activeTextEditor?.document;
    this.subscriptions.push(
      this.changed, this.view,
      annotations.onDidChange(uri => { if (uri.toString() === this.document?.uri.toString()) { this.refresh(); } }),
      this.view.onDidChangeVisibility(() => this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(editor => {
        // Focus in a panel or view is no reason to empty the list.
        if (editor || vscode.window.visibleTextEditors.length === 0) { this.document = editor?.document; this.refresh(); }
      }),
    );
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
    const item = new vscode.TreeItem(annotation.about || 'Case');
    const reviewed = [...annotation.reviews.values()].filter(list => list.length > 0).length;
    const total = Math.max(annotation.recommendations.length, reviewed);
    item.description = [line, ...(edited ? ['edited since'] : []), annotation.failure ? `failed: ${annotation.failure.reason}` : `${reviewed}/${total} reviewed`].join(' \u00b7 ');
    item.iconPath = new vscode.ThemeIcon(!span ? 'debug-disconnect' : annotation.failure ? 'warning' : reviewed === total && total > 0 ? 'pass' : 'comment-discussion');
    item.tooltip = span ? annotation.failure?.message ?? shortSummary(annotation.recommendations) : 'Detached: the annotated text is no longer in the file. The recommendation is kept and can still be read.';
    item.accessibilityInformation = { label: `Annotation for ${annotation.about || 'case'}, ${item.description}` };
    item.contextValue = 'annotation';
    item.command = { command: commands.openAnnotation, title: 'Open Rationale', arguments: [annotation.id] };
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) { subscription.dispose(); }
  }

  private refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), refreshMs);
  }

  private show(): void {
    const all = (this.document && this.annotations.of(this.document)?.all) ?? [];
    const gone = all.filter(placed => !placed.span).length;
    this.view.badge = gone > 0 ? { value: gone, tooltip: `${gone} detached` } : undefined;
    this.view.message = all.length > mostRows ? `The first ${mostRows} of ${all.length.toLocaleString('en')}. All of them: KEDRec: Go to Annotation in File.` : undefined;
    if (this.view.visible) { this.changed.fire(); }
  }
}

/** "colchicine (recommend), allopurinol (consider)". */
export function shortSummary(recommendations: PlacedAnnotation['annotation']['recommendations'], most = 3): string {
  const shown = recommendations.slice(0, most).map(({ drug, decision }) => `${drug.name} (${decisionLabel[decision].toLowerCase()})`);
  const more = recommendations.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '');
}
