import * as vscode from 'vscode';
import { onePerDocument } from '../../core/evidence/onePerDocument';
import type { EvidenceHit } from '../../core/evidence/types';
import { errorLabel } from '../log';
import type { Services } from '../services';
import { describeDocument } from './describe';
import type { EvidenceDocuments } from './evidenceDocuments';

interface HitItem extends vscode.QuickPickItem { readonly hit?: EvidenceHit }

const openSource: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('link-external'), tooltip: 'Open the trial or paper' };

/** "Search Evidence": results while typing; Enter opens the entry, the button its page. */
export async function searchEvidence(services: Services, documents: EvidenceDocuments): Promise<void> {
  const { snippet } = await import('../../core/evidence/snippet');
  const { relatedNames } = await import('../../core/evidence/expand');
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.title = 'KEDRec: Search Evidence';
  pick.placeholder = 'A disease, a drug, an outcome: for example "dapagliflozin heart failure"';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  let search: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;

  const run = async (query: string) => {
    search?.abort();
    const current = new AbortController();
    search = current;
    if (query.trim() === '') { pick.items = []; pick.busy = false; return; }
    pick.busy = true;
    try {
      const hits = await services.evidence().search({ text: query, limit: 30, related: relatedNames(query, (await services.knowledge()).terminology) }, current.signal);
      if (current.signal.aborted) { return; }
      const items = onePerDocument(hits).map((hit): HitItem => ({
        // alwaysShow: the index decides what matches, not the picker's own filter.
        hit, alwaysShow: true, label: `${hit.header.notice ? '$(warning) ' : ''}${hit.header.title}`, description: [hit.header.notice, hit.header.id, describeDocument(hit.header)].filter(Boolean).join(' \u00b7 '), detail: snippet(hit.passage.text, query, 180).text.replace(/\s+/g, ' '), buttons: hit.header.url ? [openSource] : [],
      }));
      pick.items = items.length > 0 ? items : [{ label: 'Nothing found', detail: 'Try other words: generic drug names and full disease names work best.', alwaysShow: true }];
    } catch (error) {
      if (current.signal.aborted) { return; }
      services.log.error(`evidence search failed: ${errorLabel(error)}`);
      pick.items = [{ label: '$(error) The evidence index cannot be searched', detail: error instanceof Error ? error.message : undefined, alwaysShow: true }];
    } finally { if (!current.signal.aborted) { pick.busy = false; } }
  };

  pick.onDidChangeValue(value => { clearTimeout(timer); timer = setTimeout(() => void run(value), 60); });
  pick.onDidTriggerItemButton(({ item }) => { if (item.hit?.header.url) { void vscode.env.openExternal(vscode.Uri.parse(item.hit.header.url, true)); } });
  pick.onDidAccept(() => {
    const hit = pick.selectedItems[0]?.hit;
    if (hit) { pick.hide(); void documents.open(hit.header.id, hit.passage.id); }
  });
  pick.onDidHide(() => { clearTimeout(timer); search?.abort(); pick.dispose(); });
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : '';
  if (selected.length > 0 && selected.length <= 120 && !selected.includes('\n')) { pick.value = selected; void run(selected); }
  pick.show();
}
