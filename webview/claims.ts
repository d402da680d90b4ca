import type { Citation, Claim } from '../src/core/engine/types';
import type { PassageView } from '../src/shared/panelProtocol';
import { groundingLabel } from '../src/shared/labels';
import { h, icon, link, markedText } from './dom';
import { keyOf, type Panel } from './panelContext';

const stance = { for: { icon: 'add', label: 'For' }, against: { icon: 'remove', label: 'Against' }, safety: { icon: 'warning', label: 'Safety' } } as const;
const groundingIcon = { supported: 'pass', weak: 'info', unsupported: 'error', uncited: 'circle-slash' } as const;

/** The claims of a rationale, each with how well its citation supports it; a citation opens its passage below. `elsewhere`: claims shown in another place. */
export function claimList(panel: Panel, drugId: string, claims: readonly Claim[], elsewhere: ReadonlySet<number>): HTMLElement {
  return h('ul', { class: 'claims' }, claims.map((claim, index) => (elsewhere.has(index) ? undefined : claimItem(panel, drugId, claim, index))));
}

function claimItem(panel: Panel, drugId: string, claim: Claim, index: number): HTMLElement {
  const { icon: name, label } = stance[claim.stance];
  return h('li', { class: `claim ${claim.stance} ${claim.grounding}` },
    h('span', { class: 'stance', title: label }, icon(name), h('span', { class: 'sr' }, `${label}: `)),
    h('div', { class: 'claim-body' },
      h('span', { class: 'claim-text' }, claim.text), ' ',
      ...claim.citations.flatMap((citation, at) => [citationButton(panel, { drugId, claim: index, citation: at }, citation), ' ']),
      h('span', { class: `grounding ${claim.grounding}`, title: claim.groundingReasons.join('; ') || 'The cited sentence supports the claim.' }, icon(groundingIcon[claim.grounding]), ` ${groundingLabel[claim.grounding]}`),
      claim.grounding === 'supported' ? undefined : h('p', { class: 'reasons' }, claim.groundingReasons.join('; ')),
      ...claim.citations.map((_, at) => openPassage(panel, { drugId, claim: index, citation: at }))));
}

export function citationButton(panel: Panel, key: { drugId: string; claim: number; citation: number }, citation: Citation): HTMLElement {
  const id = keyOf(key);
  return link([citation.documentId, citation.retrieved ? undefined : h('span', { class: 'not-retrieved' }, ' not retrieved')], () => panel.toggleCitation(key), {
    class: `citation ${citation.retrieved ? '' : 'missing'}`, title: citation.title ?? 'Show what is cited', 'aria-expanded': String(panel.ui.passages.has(id)), 'data-key': `cite/${id}`,
  });
}

export function openPassage(panel: Panel, key: { drugId: string; claim: number; citation: number }): HTMLElement | undefined {
  const open = panel.ui.passages.get(keyOf(key));
  if (open === undefined) { return undefined; }
  if (open === 'loading') { return h('div', { class: 'passage dim' }, 'Opening the passage\u2026'); }
  if ('problem' in open) { return h('div', { class: 'passage problem', role: 'note' }, icon('error'), ` ${open.problem}`); }
  return passageBox(panel, key, open);
}

function passageBox(panel: Panel, key: { drugId: string; claim: number; citation: number }, view: PassageView): HTMLElement {
  const marks = view.quoted ? [{ ...view.quoted, build: (text: string) => h('mark', { class: 'quoted' }, text) }] : [];
  return h('article', { class: 'passage', 'aria-label': `Passage of ${view.documentId}` },
    h('h4', {}, view.title),
    h('p', { class: 'dim' }, [view.documentId, view.meta, view.section].filter(Boolean).join(' \u00b7 ')),
    view.notice ? h('p', { class: 'notice' }, icon('warning'), ` ${view.notice}`) : undefined,
    h('blockquote', {}, ...markedText(view.text, marks)),
    view.url ? link([icon('link-external'), ' ', /clinicaltrials\.gov/.test(view.url) ? 'Open the trial' : /drugbank/.test(view.url) ? 'Open the drug\u2019s page' : 'Open the paper'], () => panel.openSource(key), { title: view.url, 'data-key': `source/${keyOf(key)}` }) : undefined);
}
