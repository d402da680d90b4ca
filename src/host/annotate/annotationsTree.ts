import * as vscode from 'vscode';
import { commands, views } from '../ids';
import type { AnnotationService } from './annotationService';
import type { PlacedAnnotation } from './documentAnnotations';
import { diseaseNames, shortList } from '../../shared/labels';

/** The view "Annotations in File": every annotation of the active file, the detached ones too. */
export class AnnotationsTree implements vscode.TreeDataProvider<PlacedAnnotation>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<PlacedAnnotation>;
  private readonly subscriptions: vscode.Disposable[] = [];
  private document: vscode.TextDocument | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly annotations: AnnotationService) {
    this.view = vscode.window.createTreeView(views.annotations, { treeDataProvider: this });
    this.document = vscode.window.activeTextEditor?.document;
    this.subscriptions.push(
      this.changed, this.view,
      annotations.onDidChange(() => this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(editor => {
        // Focus in a panel or view is no reason to empty the list.
        if (editor || vscode.window.visibleTextEditors.length === 0) { this.document = editor?.document; this.refresh(); }
      }),
    );
  }

  getChildren(element?: PlacedAnnotation): PlacedAnnotation[] {
    const owner = this.document && this.annotations.of(this.document);
    if (element || !owner) { return []; }
    return [...owner.all].sort((a, b) => (a.span?.start ?? Infinity) - (b.span?.start ?? Infinity) || a.annotation.at.localeCompare(b.annotation.at));
  }

  getTreeItem({ annotation, span, edited }: PlacedAnnotation): vscode.TreeItem {
    const line = span && this.document ? `line ${this.document.positionAt(span.start).line + 1}` : 'detached';
    const item = new vscode.TreeItem(diseaseNames(annotation.result) || 'Case');
    const reviewed = [...annotation.reviews.values()].filter(list => list.length > 0).length;
    const total = annotation.result.recommendations.length;
    item.description = [line, ...(edited ? ['edited since'] : []), `${reviewed}/${total} reviewed`].join(' \u00b7 ');
    item.iconPath = new vscode.ThemeIcon(!span ? 'debug-disconnect' : reviewed === total && total > 0 ? 'pass' : 'comment-discussion');
    item.tooltip = span ? shortList(annotation.result.recommendations) : 'Detached: the annotated text is no longer in the file. The recommendation is kept and can still be read.';
    item.accessibilityInformation = { label: `Annotation for ${diseaseNames(annotation.result) || 'case'}, ${item.description}` };
    item.contextValue = 'annotation';
    item.command = { command: commands.openAnnotation, title: 'Open Rationale', arguments: [annotation.id] };
    return item;
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  private refresh(): void {
    const all = this.getChildren();
    const gone = all.filter(placed => !placed.span).length;
    this.view.badge = gone > 0 ? { value: gone, tooltip: `${gone} detached` } : undefined;
    this.changed.fire();
  }
}
