import * as vscode from 'vscode';
import { queueFilters, type QueueFilter, type QueueItem, type QueueState } from '../../core/dataset/queue';
import { decisionLabel } from '../../shared/labels';
import { commands, setContextKey, views } from '../ids';
import type { QueueModel } from './queueModel';

const pageSize = 500;

/** Stands at the end of a list that goes on. */
interface MoreRow { readonly more: number }
export type QueueRow = QueueItem | MoreRow;

export const filterLabel: Readonly<Record<QueueFilter, string>> = {
  unreviewed: 'Unreviewed', 'low-confidence': 'Low confidence', label: 'Disagrees with label', unsupported: 'Unsupported claims', failed: 'Errors', disagreement: 'Reviewers disagree', nothing: 'Nothing recommended',
};

const stateLabel: Readonly<Record<QueueState, string>> = {
  unreviewed: 'not reviewed', accepted: 'accepted', edited: 'edited', rejected: 'rejected', skipped: 'skipped', failed: 'failed', disputed: 'reviewers disagree', adjudicated: 'adjudicated',
};

const stateIcon: Readonly<Record<QueueState, vscode.ThemeIcon>> = {
  unreviewed: icon('circle-large-outline', 'kedrec.unreviewed'), accepted: icon('pass', 'kedrec.accepted'), edited: icon('edit', 'kedrec.edited'), rejected: icon('circle-slash', 'kedrec.rejected'),
  skipped: icon('debug-step-over', 'kedrec.skipped'), failed: icon('warning', 'kedrec.failed'), disputed: icon('organization', 'kedrec.rejected'), adjudicated: icon('law', 'kedrec.accepted'),
};

/** The view "Annotation Queue": the cases of a file that the filter leaves, a page at a time, with progress and the number of unreviewed ones as a badge. */
export class QueueTree implements vscode.TreeDataProvider<QueueRow>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<QueueRow>;
  private readonly subscriptions: vscode.Disposable[];
  private shown = pageSize;
  private shownFor = '';

  constructor(private readonly model: QueueModel) {
    this.view = vscode.window.createTreeView<QueueRow>(views.queue, { treeDataProvider: this });
    this.subscriptions = [this.changed, this.view, model.onDidChange(() => this.update()), this.view.onDidChangeVisibility(({ visible }) => model.setSeen(visible))];
    model.setSeen(this.view.visible);
  }

  getChildren(row?: QueueRow): QueueRow[] {
    if (row) { return []; }
    const { items } = this.model;
    const rows: QueueRow[] = items.slice(0, this.shown);
    return items.length > this.shown ? [...rows, { more: items.length - this.shown }] : rows;
  }

  /** Rows have no parents; needed so that a row can be revealed. */
  getParent(): undefined { return undefined; }

  getTreeItem(row: QueueRow): vscode.TreeItem {
    if ('more' in row) {
      const item = new vscode.TreeItem(`Show ${Math.min(pageSize, row.more)} more`);
      item.description = `${row.more.toLocaleString('en')} left`;
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: commands.queueMore, title: 'Show More' };
      return item;
    }
    const { annotation, state } = row;
    const item = new vscode.TreeItem(nameOf(row));
    item.id = `${row.key} ${annotation.id}`;
    item.description = [stateLabel[state], this.reasonOf(row), answerOf(row)].filter(text => text !== undefined && text !== '').join(' \u00b7 ');
    item.iconPath = stateIcon[state];
    const line = this.model.lineOf(row);
    item.tooltip = [`${nameOf(row)}${line === undefined ? '' : `, line ${line}`}: ${stateLabel[state]}`, annotation.about, ...row.reasons.values()].filter(text => text !== '').join('\n');
    item.accessibilityInformation = { label: `${nameOf(row)}, ${item.description}` };
    item.contextValue = state === 'failed' ? 'queueFailed' : row.reasons.has('disagreement') ? 'queueItem disputed' : 'queueItem';
    item.command = { command: commands.queueOpen, title: 'Go to Record', arguments: [row] };
    return item;
  }

  showMore(): void {
    this.shown += pageSize;
    this.changed.fire();
  }

  dispose(): void { for (const subscription of this.subscriptions) { subscription.dispose(); } }

  /** Why the row is in the list: for the filter, else the first reason beyond not being reviewed. */
  private reasonOf({ reasons, state }: QueueItem): string | undefined {
    const { filter } = this.model;
    if (filter && filter !== 'unreviewed') { return reasons.get(filter); }
    const first = queueFilters.find(candidate => candidate !== 'unreviewed' && reasons.has(candidate));
    const others = reasons.get('unreviewed');
    return first ? reasons.get(first) : state === 'unreviewed' && others !== 'Not reviewed yet' ? others : undefined;
  }

  private update(): void {
    const { model, view } = this;
    const { queue, filter, items, name } = model;
    const shownFor = `${model.file?.uri.toString()} ${filter}`;
    if (shownFor !== this.shownFor) { this.shown = pageSize; this.shownFor = shownFor; }
    const number = (value: number) => value.toLocaleString('en');
    const progress = queue.reviewable > 0 ? `${number(queue.reviewed)} of ${number(queue.reviewable)} reviewed` : '';
    view.title = filter ? `Annotation Queue: ${filterLabel[filter]} (${number(items.length)})` : 'Annotation Queue';
    view.description = [progress, model.file?.document && model.file.document === vscode.window.activeTextEditor?.document ? '' : name].filter(text => text !== '').join(' \u00b7 ');
    const unreviewed = queue.counts.get('unreviewed') ?? 0;
    view.badge = unreviewed > 0 ? { value: unreviewed, tooltip: `${number(unreviewed)} unreviewed` } : undefined;
    setContextKey('kedrec:queueHasItems', queue.items.length > 0);
    setContextKey('kedrec:queueFiltered', filter !== undefined && queue.items.length > 0);
    this.changed.fire();
  }
}

/** "P-17", "Record 4", or what a note's case is about. */
export function nameOf({ anchor, annotation }: QueueItem): string {
  return anchor.record ? anchor.record.id ?? `Record ${anchor.record.index + 1}` : annotation.about || 'Case';
}

function answerOf({ annotation }: QueueItem): string | undefined {
  const [best] = annotation.recommendations;
  return best && `${decisionLabel[best.decision].toLowerCase()} ${best.drug.name} ${best.confidence.toFixed(2)}`;
}

function icon(name: string, color: string): vscode.ThemeIcon { return new vscode.ThemeIcon(name, new vscode.ThemeColor(color)); }
