import * as vscode from 'vscode';
import type { LiveService, LiveQuestion, ServiceId } from '../../core/evidence/live/types';
import type { Services } from '../services';
import type { FetchPlan } from './fetchEvidence';
import { liveOptions, ncbiKeyName, readFetchSettings } from './fetchSettings';

interface SourceItem extends vscode.QuickPickItem { readonly id: ServiceId }

const key: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('key'), tooltip: 'Set NCBI API Key (10 requests a second instead of 3)' };

/** Counts what each service has and asks which to fetch. Undefined when the user left; rejects with LiveSourceError when none of them answered. */
export async function chooseSources(services: Services, question: LiveQuestion): Promise<Omit<FetchPlan, 'question'> | undefined> {
  const { countEvidence, liveServices } = await import('../../core/evidence/live/fetchEvidence');
  const settings = readFetchSettings();
  const all = Object.values(liveServices());
  const controller = new AbortController();
  const { options, dispose } = await liveOptions(services, settings, controller.signal);
  const pick = vscode.window.createQuickPick<SourceItem>();
  const about = question.drug === undefined ? question.disease : `${question.disease}, ${question.drug}`;
  Object.assign(pick, { title: `Fetch Evidence (3/3): Sources for ${about}`, placeholder: `At most ${settings.maxRecords.toLocaleString('en')} records of each (kedrec.fetch.maxRecords)`, canSelectMany: true, ignoreFocusOut: true, matchOnDetail: true, busy: true });
  const counts = new Map<ServiceId, number | Error>();
  // What the user has taken out stays out when a count arrives.
  let taken = new Set<ServiceId>(all.map(({ id }) => id));
  let filling = false;
  const fill = (): void => {
    filling = true;
    pick.items = all.map(service => itemOf(service, counts.get(service.id), settings.maxRecords));
    pick.selectedItems = pick.items.filter(({ id }) => taken.has(id) && counts.get(id) !== 0 && typeof counts.get(id) !== 'object');
    filling = false;
  };
  fill();
  const counting = Promise.all(all.map(async ({ id }) => {
    const count = (await countEvidence(question, [id], options)).get(id);
    if (count !== undefined) { counts.set(id, count); }
    fill();
  })).catch((error: unknown) => {
    if (!controller.signal.aborted) { throw error; }
  }).finally(() => {
    pick.busy = false;
    // With no service within reach there is nothing to choose.
    if (all.every(({ id }) => typeof counts.get(id) === 'object')) { pick.hide(); }
  });
  const accepted = new Promise<readonly ServiceId[] | undefined>(resolve => {
    let ids: readonly ServiceId[] | undefined;
    pick.onDidChangeSelection(items => { if (!filling) { taken = new Set([...items.map(({ id }) => id), ...all.map(({ id }) => id).filter(id => taken.has(id) && (counts.get(id) === 0 || typeof counts.get(id) === 'object'))]); } });
    pick.onDidTriggerItemButton(() => { void askKey(services); });
    pick.onDidAccept(() => {
      ids = pick.selectedItems.map(({ id }) => id);
      if (ids.length > 0) { pick.hide(); }
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(ids);
    });
  });
  pick.show();
  try {
    // A count that is still on its way does not hold up the choice.
    const sources = await Promise.race([accepted, counting.then(() => accepted)]);
    const failures = all.map(({ id }) => counts.get(id)).filter(count => typeof count === 'object');
    if (!sources && failures.length === all.length) { throw failures[0]!; }
    return sources && { sources };
  } finally {
    controller.abort();
    await counting.catch(() => undefined);
    dispose();
  }
}

function itemOf({ id, name, detail }: LiveService, count: number | Error | undefined, most: number): SourceItem {
  const description = count === undefined ? 'counting...' : typeof count === 'object' ? `$(error) ${count.message}`
    : count === 0 ? 'nothing found' : `${count.toLocaleString('en')} records${count > most ? `, the ${most.toLocaleString('en')} most relevant are fetched` : ''}`;
  return { id, label: name, description, detail, alwaysShow: true, ...(id === 'pubmed' ? { buttons: [key] } : {}) };
}

async function askKey(services: Services): Promise<void> {
  const value = await vscode.window.showInputBox({ title: 'NCBI API Key', prompt: 'From the settings of your NCBI account. It is kept in the secret storage and sent to NCBI alone. Empty: remove it.', password: true, ignoreFocusOut: true });
  if (value === undefined) { return; }
  if (value.trim() === '') { await services.secrets.delete(ncbiKeyName); } else { await services.secrets.store(ncbiKeyName, value.trim()); }
  void vscode.window.showInformationMessage(value.trim() === '' ? 'The NCBI API key was removed.' : 'The NCBI API key was saved. Run Fetch Evidence again to use it.');
}
