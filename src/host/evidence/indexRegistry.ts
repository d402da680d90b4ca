import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { IndexSource } from '../../core/evidence/store';
import { commands } from '../ids';

const key = 'kedrec.evidence.indexes';

/** The evidence indexes that this workspace searches beside the bundled one: names and paths, kept in the workspace's state. */
export class IndexRegistry implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly warned = new Set<string>();
  /** An index was added, rebuilt or removed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** All of the list, also those whose file is missing. */
  get all(): readonly IndexSource[] {
    return this.memory.get<readonly IndexSource[]>(key, []).filter(({ name, path }) => typeof name === 'string' && typeof path === 'string');
  }

  /** Those whose file is there. For each missing one a warning is shown once. */
  available(): readonly IndexSource[] {
    return this.all.filter(({ path }) => {
      const found = existsSync(path);
      if (!found) { this.warn(path, `its file ${path} is missing.`); }
      return found;
    });
  }

  /** Tells once that an index of the list cannot be read; the others are searched. */
  skip({ path }: IndexSource, message: string): void { this.warn(path, message); }

  /** Puts an index on the list; one of the same path is replaced. */
  async add(index: IndexSource): Promise<void> {
    this.warned.delete(index.path);
    await this.set([...this.all.filter(({ path }) => path !== index.path), index]);
  }

  /** Takes an index off the list; its file stays. */
  async remove(path: string): Promise<void> {
    await this.set(this.all.filter(index => index.path !== path));
  }

  dispose(): void { this.changed.dispose(); }

  private async set(indexes: readonly IndexSource[]): Promise<void> {
    await this.memory.update(key, indexes);
    this.changed.fire();
  }

  private warn(path: string, why: string): void {
    if (this.warned.has(path)) { return; }
    this.warned.add(path);
    const [manage, remove] = ['Manage Evidence Indexes', 'Remove from List'];
    void vscode.window.showWarningMessage(`The evidence index ${basename(path)} is not searched; the others are. ${why[0]!.toUpperCase()}${why.slice(1)}`, manage, remove).then(choice => {
      if (choice === manage) { void vscode.commands.executeCommand(commands.manageIndexes); }
      if (choice === remove) { void this.remove(path); }
    });
  }
}
