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

type Draft = { -readonly [key in keyof RecordMapping]: RecordMapping[key] };
interface FieldItem extends vscode.QuickPickItem { readonly field?: string }

/** One step after the other; Back goes to the one before with what was chosen. Undefined when it was left. */
async function ask(title: string, names: readonly string[], before: RecordMapping): Promise<RecordMapping | undefined> {
  const steps = single.length + 1;
  const chosen: Draft = { ...before };
  for (let step = 1; step <= steps;) {
    const role = single[step - 2];
    const outcome = role ? await askField(role.role, role.what) : await askText();
    if (outcome === 'left') { return undefined; }
    step += outcome === 'back' ? -1 : 1;
  }
  return chosen;

  async function askText(): Promise<StepOutcome> {
    const picked = new Set([chosen.caseText ?? []].flat() as string[]);
    const items = names.map((label): FieldItem => ({ label, field: label }));
    const { outcome, items: taken } = await askStep({
      title, step: 1, steps, placeholder: 'Fields with the case text, in this order; none: only the disease is asked about', items, many: items.filter(({ label }) => picked.has(label)),
    });
    if (outcome === 'next') {
      const fields = taken.map(({ label }) => label);
      if (fields.length === 0) { delete chosen.caseText; } else { chosen.caseText = fields.length === 1 ? fields[0]! : fields; }
    }
    return outcome;
  }

  async function askField(role: (typeof single)[number]['role'], what: string): Promise<StepOutcome> {
    const fields = names.map((label): FieldItem => ({ label, field: label, ...(chosen[role] === label ? { description: 'now' } : {}) }));
    const none: FieldItem = { label: '$(circle-slash) By Its Name, or None' };
    const now = fields.filter(({ field }) => field === chosen[role]);
    const { outcome, items: [taken] } = await askStep({
      title, step: single.findIndex(one => one.role === role) + 2, steps, placeholder: `Field with ${what}`, items: [...now, none, ...fields.filter(field => !now.includes(field))],
    });
    if (outcome === 'next') { if (taken?.field === undefined) { delete chosen[role]; } else { chosen[role] = taken.field; } }
    return outcome;
  }
}

type StepOutcome = 'next' | 'back' | 'left';
interface Step {
  readonly title: string;
  readonly step: number;
  readonly steps: number;
  readonly placeholder: string;
  readonly items: readonly FieldItem[];
  /** Several may be chosen, and these are at first. */
  readonly many?: readonly FieldItem[];
}

/** One step of several, with VS Code's Back button (Alt+Left) from the second on. */
function askStep({ title, step, steps, placeholder, items, many }: Step): Promise<{ readonly outcome: StepOutcome; readonly items: readonly FieldItem[] }> {
  const pick = vscode.window.createQuickPick<FieldItem>();
  Object.assign(pick, { title, step, totalSteps: steps, placeholder, items, canSelectMany: many !== undefined, ignoreFocusOut: true, buttons: step > 1 ? [vscode.QuickInputButtons.Back] : [] });
  if (many) { pick.selectedItems = many; }
  return new Promise(resolve => {
    let outcome: StepOutcome = 'left';
    pick.onDidAccept(() => { outcome = 'next'; pick.hide(); });
    pick.onDidTriggerButton(() => { outcome = 'back'; pick.hide(); });
    pick.onDidHide(() => { resolve({ outcome, items: pick.selectedItems }); pick.dispose(); });
    pick.show();
  });
}
