import * as vscode from 'vscode';
import type { BatchProgress } from '../../core/dataset/batch/types';
import { commands, setContextKey } from '../ids';
import { progressText } from './progressText';

export interface ShownBatch {
  readonly name: string;
  readonly progress: BatchProgress;
}

/** The status bar item of running batches. A click offers to pause, resume or cancel. */
export class BatchStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('kedrec.batch', vscode.StatusBarAlignment.Right, 91);

  constructor() {
    this.item.name = 'KEDRec Annotation Progress';
    this.item.command = commands.batchMenu;
  }

  show(batches: readonly ShownBatch[]): void {
    setContextKey('kedrec:batchRunning', batches.some(({ progress }) => progress.state === 'running' || progress.state === 'stopping'));
    setContextKey('kedrec:batchPaused', batches.some(({ progress }) => progress.state === 'paused'));
    const [first] = batches;
    if (!first) { this.item.hide(); return; }
    const text = progressText(first.progress, { short: true });
    const more = batches.length > 1 ? ` (+${batches.length - 1})` : '';
    const icon = first.progress.state === 'paused' ? 'debug-pause' : first.progress.waiting ? 'watch' : 'sync~spin';
    this.item.text = `$(${icon}) KEDRec: ${text}${more}`;
    this.item.tooltip = `${batches.map(({ name, progress }) => `${name}: ${progressText(progress)}`).join('\n')}\nClick to pause, resume or cancel`;
    this.item.accessibilityInformation = { label: `KEDRec annotates ${first.name}: ${text}` };
    this.item.show();
  }

  dispose(): void { this.item.dispose(); }
}
