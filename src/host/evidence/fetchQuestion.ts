import * as vscode from 'vscode';
import type { LiveQuestion } from '../../core/evidence/live/types';
import type { Services } from '../services';

interface NameItem extends vscode.QuickPickItem { readonly value?: string }

const suggestionsShown = 50;

/** Asks for a disease, with that of the case at the cursor first, and for a drug. Undefined when the user left. */
export async function askQuestion(services: Services): Promise<LiveQuestion | undefined> {
  const { terminology } = await services.knowledge();
  const inCase = await namesInCase(services);
  const diseases = terminology.data.diseases.filter(({ kind }) => kind !== 'finding');
  const disease = await askName({ title: 'Fetch Evidence (1/3): Disease', placeholder: 'Name of a disease. Only names are sent to the services, never text of a case.', prefill: inCase.diseases[0] ?? '', concepts: diseases, first: inCase.diseases });
  if (disease === undefined) { return undefined; }
  const none = '$(circle-slash) No drug: everything about the disease';
  const drug = await askName({ title: 'Fetch Evidence (2/3): Drug', placeholder: 'Name of a drug, or none', prefill: '', concepts: terminology.data.drugs, first: inCase.drugs, none });
  if (drug === undefined) { return undefined; }
  return { disease, ...(drug === '' ? {} : { drug }) };
}

/** Diseases and drugs of the case at the cursor by their preferred names. The text itself stays here. */
async function namesInCase(services: Services): Promise<{ readonly diseases: readonly string[]; readonly drugs: readonly string[] }> {
  const [{ findCase, isCase }, { readCase }, { terminology }] = await Promise.all([import('../recommend/caseTarget'), import('../../core/terminology/read-case'), services.knowledge()]);
  const found = vscode.window.activeTextEditor ? findCase(vscode.window.activeTextEditor) : undefined;
  if (!found || !isCase(found)) { return { diseases: [], drugs: [] }; }
  const reading = readCase(found.text, terminology);
  const present = reading.diseases.filter(({ id, assertion }) => assertion === 'present' && terminology.disease(id)?.kind === 'disease');
  return { diseases: present.map(({ name }) => name), drugs: reading.drugs.filter(({ kind, assertion }) => kind === 'drug' && assertion === 'present').map(({ name }) => name) };
}

interface NameQuestion {
  readonly title: string;
  readonly placeholder: string;
  readonly prefill: string;
  readonly concepts: readonly { readonly name: string; readonly synonyms: readonly string[]; readonly abbreviations: readonly string[] }[];
  /** Offered before all others. */
  readonly first: readonly string[];
  /** Label of the entry that stands for no name. */
  readonly none?: string;
}

/** The name chosen or typed; empty for `none`; undefined when the user left. */
function askName({ title, placeholder, prefill, concepts, first, none }: NameQuestion): Promise<string | undefined> {
  return new Promise(resolve => {
    const pick = vscode.window.createQuickPick<NameItem>();
    Object.assign(pick, { title, placeholder, value: prefill, ignoreFocusOut: true });
    let chosen: string | undefined;
    const suggest = (): void => {
      const typed = pick.value.trim();
      const wanted = typed.toLowerCase();
      const known = concepts.flatMap(({ name, synonyms, abbreviations }): { rank: number; item: NameItem }[] => {
        const other = [...abbreviations, ...synonyms].find(text => text.toLowerCase().includes(wanted));
        const at = name.toLowerCase().indexOf(wanted);
        if (wanted !== '' && at < 0 && other === undefined) { return []; }
        const rank = name.toLowerCase() === wanted ? 0 : at === 0 ? 1 : at > 0 ? 2 : 3;
        return [{ rank: first.includes(name) ? rank - 4 : rank, item: { label: name, value: name, alwaysShow: true, ...(at < 0 && other ? { description: other } : first.includes(name) ? { description: 'in this case' } : {}) } }];
      }).sort((a, b) => a.rank - b.rank || a.item.label.localeCompare(b.item.label)).map(({ item }) => item);
      const exact = known.some(({ label }) => label.toLowerCase() === wanted);
      const asTyped: NameItem[] = typed === '' || exact ? [] : [{ label: `$(edit) ${typed}`, description: 'as typed', value: typed, alwaysShow: true }];
      const nothing: NameItem[] = none === undefined ? [] : [{ label: none, value: '', alwaysShow: true }];
      // The case's other names stay in reach while its first one stands in the box.
      const others = typed !== '' && typed === prefill ? first.filter(name => !known.some(({ label }) => label === name)).map((name): NameItem => ({ label: name, value: name, description: 'in this case', alwaysShow: true })) : [];
      pick.items = typed === '' ? [...nothing, ...known.slice(0, suggestionsShown)] : [...known.slice(0, suggestionsShown), ...others, ...asTyped, ...nothing];
    };
    pick.onDidChangeValue(suggest);
    pick.onDidAccept(() => {
      chosen = pick.activeItems[0]?.value;
      if (chosen !== undefined) { pick.hide(); }
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(chosen);
    });
    suggest();
    pick.show();
  });
}
