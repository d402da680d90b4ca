import * as vscode from 'vscode';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { fieldList, recognised } from '../../core/dataset/formats/fieldList';
import { datasetFormat } from '../../core/dataset/records';
import type { RecordMapping } from '../../core/dataset/recordTypes';
import { baseName } from '../recommend/caseTarget';
import type { DatasetMappings } from './mappings';

const single = [
  { role: 'disease', what: 'the disease that the question is about' },
  { role: 'candidates', what: 'the drugs to compare' },
  { role: 'label', what: 'the drug that is right' },
  { role: 'rationale', what: 'a rationale that the record brings along' },
  { role: 'id', what: 'the id of a record' },
] as const;

/** "KEDRec: Map Dataset Fields...": which field of the open dataset holds what, asked step by step by field names; kept for the workspace. */
export async function mapFields(mappings: DatasetMappings): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const format = document && (datasetFormat(document.fileName, document.languageId) ?? undefined);
  if (!document || !format) {
    void vscode.window.showInformationMessage('Open a dataset whose records have fields first: JSON Lines, JSON, CSV or TSV.');
    return;
  }
  const names = fieldList(withPlainLineBreaks(document.getText()), format);
  if (names.length === 0) {
    void vscode.window.showInformationMessage(`${baseName(document)} has no fields to map: its first records are broken or have no names.`);
    return;
  }
  const current = mappings.forFields(names);
  const title = `Fields of ${baseName(document)}`;
  if (current) {
    const choose = { label: '$(edit) Choose Fields Again...', detail: describe(current) };
    const reset = { label: '$(discard) Reset to Recognised Names', detail: describe(recognised(names)) || 'No field is recognised by its name' };
    const choice = await vscode.window.showQuickPick([choose, reset], { title, placeHolder: 'A mapping is kept in this workspace for files with these fields', ignoreFocusOut: true });
    if (!choice) { return; }
    if (choice === reset) {
      await mappings.set(names, undefined);
      void vscode.window.showInformationMessage(`The fields of ${baseName(document)} are recognised by their names again.`);
      return;
    }
  }
  const mapping = await ask(title, names, { ...recognised(names), ...current });
  if (!mapping) { return; }
  await mappings.set(names, mapping);
  void vscode.window.showInformationMessage(`Mapped for every file of this workspace with these fields: ${describe(mapping)}.`);
}

/** "case text: note; id: hadm_id". */
export function describe(mapping: RecordMapping): string {
  const parts = [mapping.caseText === undefined ? undefined : `case text: ${[mapping.caseText].flat().join(' + ')}`, ...single.map(({ role }) => (mapping[role] === undefined ? undefined : `${role}: ${mapping[role]}`))];
  return parts.filter(part => part !== undefined).join('; ');
}

async function ask(title: string, names: readonly string[], before: RecordMapping): Promise<RecordMapping | undefined> {
  const steps = single.length + 1;
  const chosen = new Set([before.caseText ?? []].flat() as string[]);
  const text = await vscode.window.showQuickPick(names.map(label => ({ label, picked: chosen.has(label) })), {
    title: `${title} (1/${steps})`, placeHolder: 'Fields with the case text, in this order; none: only the disease is asked about', canPickMany: true, ignoreFocusOut: true,
  });
  if (!text) { return undefined; }
  const mapping: { -readonly [key in keyof RecordMapping]: RecordMapping[key] } = {};
  if (text.length > 0) { mapping.caseText = text.length === 1 ? text[0]!.label : text.map(({ label }) => label); }
  for (const [step, { role, what }] of single.entries()) {
    const none = { label: '$(circle-slash) By Its Name, or None', field: undefined as string | undefined };
    const fields = names.map(label => ({ label, field: label as string | undefined, ...(before[role] === label ? { description: 'now' } : {}) }));
    const choice = await vscode.window.showQuickPick([...fields.filter(({ field }) => field === before[role]), none, ...fields.filter(({ field }) => field !== before[role])], {
      title: `${title} (${step + 2}/${steps})`, placeHolder: `Field with ${what}`, ignoreFocusOut: true,
    });
    if (!choice) { return undefined; }
    if (choice.field !== undefined) { mapping[role] = choice.field; }
  }
  return mapping;
}
