import { rm } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import * as vscode from 'vscode';
import type { IndexOrigin } from '../../core/evidence/live/origin';
import type { IndexSource } from '../../core/evidence/store';
import type { EvidenceIndexInfo } from '../../core/evidence/types';
import { originSummary } from '../../shared/originText';
import { commands } from '../ids';
import { errorLabel } from '../log';
import type { Services } from '../services';
import { refreshIndex, showOrigin } from './fetchEvidence';

interface IndexItem extends vscode.QuickPickItem {
  /** Present for a registered index. */
  readonly index?: IndexSource;
  /** Present for an index of live sources. */
  readonly origin?: IndexOrigin;
  readonly run?: () => unknown;
}

const reveal: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: 'Reveal in File Manager' };
const refresh: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('sync'), tooltip: 'Fetch Again' };
const asked: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('info'), tooltip: 'Show What Was Asked' };
const remove: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Remove from List' };

/** "Manage Evidence Indexes": what is searched, and what can be done with it. */
export async function manageIndexes(services: Services, memory: vscode.Memento): Promise<void> {
  const pick = vscode.window.createQuickPick<IndexItem>();
  pick.title = 'Evidence Indexes';
  pick.placeholder = 'What search and recommendations use';
  pick.matchOnDetail = true;
  pick.busy = true;
  const fill = async (): Promise<void> => {
    pick.items = await itemsOf(services);
    pick.busy = false;
  };
  pick.onDidAccept(() => {
    const item = pick.selectedItems[0];
    if (item?.run) { pick.hide(); item.run(); }
  });
  pick.onDidTriggerItemButton(({ button, item }) => {
    if (!item.index) { return; }
    if (button === reveal) { void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(item.index.path)); return; }
    pick.hide();
    if (button === refresh && item.origin) { void refreshIndex(services, memory, item.index.path, item.origin); return; }
    if (button === asked && item.origin) { void showOrigin(item.index.path, undefined, item.origin); return; }
    void removeIndex(services, item.index.path).catch((error: unknown) => services.log.error(`evidence index not removed: ${errorLabel(error)}`));
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
  await fill();
}

/** Takes an index off the list. A file in the extension's own storage is deleted as well when the user agrees, or when `deleteFile` says so. */
export async function removeIndex(services: Services, path: string, deleteFile?: boolean): Promise<void> {
  const inStorage = !/^\.\.|^[/\\]|^[A-Za-z]:/.test(relative(services.indexFolder, path));
  let gone = deleteFile ?? false;
  if (inStorage && deleteFile === undefined) {
    const choice = await vscode.window.showWarningMessage(`Remove the evidence index ${basename(path)} from the list?`, { modal: true, detail: 'Its file lies in this workspace\u2019s storage. Without it, the index must be built again.' }, 'Remove and Delete File', 'Remove Only');
    if (choice === undefined) { return; }
    gone = choice === 'Remove and Delete File';
  }
  await services.indexes.remove(path);
  if (!gone || !inStorage) { return; }
  try { await rm(path, { force: true, maxRetries: 5 }); } catch (error) {
    void vscode.window.showWarningMessage(`The index is off the list, but its file ${path} cannot be deleted (${errorLabel(error)}).`);
  }
}

/** The list, as it is shown: the bundled index, the registered ones, and what can be added. */
export async function itemsOf(services: Services): Promise<readonly IndexItem[]> {
  const { openEvidenceStore } = await import('../../core/evidence/store');
  const describe = async (source: IndexSource): Promise<Pick<IndexItem, 'detail' | 'origin'>> => {
    // Each is looked at by itself: a broken one must not hide the others.
    const store = openEvidenceStore([source]);
    try {
      const info = (await store.info())[0]!;
      return { detail: infoText(info), ...(info.origin ? { origin: info.origin } : {}) };
    } catch (error) { return { detail: `$(error) ${error instanceof Error ? error.message : 'It cannot be read.'}` }; } finally { await store.dispose(); }
  };
  const registered = await Promise.all(services.indexes.all.map(async (index): Promise<IndexItem> => {
    const described = await describe(index);
    return { index, label: `$(${described.origin ? 'cloud-download' : 'database'}) ${index.name}`, description: index.path, ...described, buttons: [...(described.origin ? [...(described.origin.list === undefined ? [refresh] : []), asked] : []), reveal, remove] };
  }));
  return [
    { label: '$(package) Bundled evidence', ...await describe(services.bundledIndex) },
    ...await Promise.all(services.fetchedBundle.map(async (index): Promise<IndexItem> => ({ label: '$(package) Bundled evidence, fetched', ...await describe(index) }))),
    ...registered,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(add) Add Existing Index File...', run: () => addExisting(services), alwaysShow: true },
    { label: '$(cloud-download) Fetch from Official Services...', run: () => vscode.commands.executeCommand(commands.fetchEvidence), alwaysShow: true },
    { label: '$(tools) Build New...', run: () => vscode.commands.executeCommand(commands.buildIndex), alwaysShow: true },
  ];
}

function infoText({ documents, passages, bytes, builtAt, licences, origin }: EvidenceIndexInfo): string {
  const licence = licences.length > 3 ? `${licences.slice(0, 3).join(', ')} and ${licences.length - 3} more` : licences.join(', ');
  return [`${documents.toLocaleString('en')} documents`, `${passages.toLocaleString('en')} passages`, bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`, origin ? originSummary(origin) : builtAt?.slice(0, 10), `licences: ${licence || 'none stated'}`].filter(part => part !== undefined).join(' \u00b7 ');
}

async function addExisting(services: Services): Promise<void> {
  const [uri] = await vscode.window.showOpenDialog({ filters: { 'Evidence index': ['kdx'] }, openLabel: 'Add Index', title: 'Add Evidence Index' }) ?? [];
  if (!uri) { return; }
  try {
    await services.checkIndex(uri.fsPath);
    await services.indexes.add({ name: basename(uri.fsPath, extname(uri.fsPath)), path: join(uri.fsPath) });
    void vscode.window.showInformationMessage(`Search and recommendations use ${basename(uri.fsPath)} from now on.`);
  } catch (error) {
    services.log.error(`evidence index not added: ${errorLabel(error)}`);
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : 'The index cannot be read.');
  }
}
