import type { Recommendation } from '../src/core/engine/types';
import type { Provenance } from '../src/core/recommend/types';
import { usageLine } from '../src/shared/labels';
import { h, icon } from './dom';

/** How much the model read and wrote, and how fast; nothing for the evidence engine. */
export function usageNote({ languageModel, usage }: Provenance): HTMLElement | undefined {
  const line = languageModel && usage ? usageLine(usage) : '';
  return line === '' ? undefined : h('p', { class: 'usage dim' }, icon('dashboard'), ` ${line}`);
}

/** What of the background the model never saw, and that this was the same for each candidate; folded. */
export function leftOutDetails({ leftOut }: Provenance, recommendations: readonly Recommendation[]): HTMLElement | undefined {
  if (!leftOut) { return undefined; }
  const { passages, perCandidate, limitTokens } = leftOut;
  const names = new Map(recommendations.map(({ drug }) => [drug.id, drug.name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return h('details', { class: 'left-out' },
    h('summary', {}, `${passages.length} ${passages.length === 1 ? 'passage' : 'passages'} left out to fit the model\u2019s context${limitTokens ? ` of ${limitTokens.toLocaleString('en')} tokens` : ''}`),
    h('p', { class: 'dim' }, 'Whole passages, the weakest first, as many for each candidate, so that volume favours none.'),
    h('table', {},
      h('thead', {}, h('tr', {}, ...['Candidate', 'Given', 'Left out'].map(label => h('th', { scope: 'col' }, label)))),
      h('tbody', {}, ...perCandidate.map(({ drugId, given, leftOut: missing }) => h('tr', {}, h('th', { scope: 'row' }, nameOf(drugId)), h('td', {}, String(given)), h('td', {}, String(missing)))))),
    h('ul', {}, ...passages.map(({ documentId, title, drugIds }) => h('li', {}, h('span', { class: 'kind' }, documentId), ` ${title}`, drugIds.length > 0 ? h('span', { class: 'dim' }, ` (${drugIds.map(nameOf).join(', ')})`) : undefined))));
}
