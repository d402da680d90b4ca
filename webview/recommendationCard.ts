import type { Recommendation, SafetyFlag } from '../src/core/engine/types';
import type { PanelReview } from '../src/shared/panelProtocol';
import { decisionLabel, verdictLabel } from '../src/shared/labels';
import { citationButton, claimList, openPassage } from './claims';
import { button, h, icon, link } from './dom';
import type { Panel } from './panelContext';

const decisionIcon = { recommend: 'pass-filled', consider: 'question', avoid: 'circle-slash', 'insufficient-evidence': 'dash' } as const;
const verdictIcon = { accepted: 'check', edited: 'edit', rejected: 'close', skipped: 'debug-step-over' } as const;

export interface CardOptions {
  readonly rank: number;
  readonly review: PanelReview | undefined;
  /** Reviews are possible: the answer is whole and kept. */
  readonly reviewable: boolean;
  /** The engine is still writing. */
  readonly unfinished: boolean;
}

/** One drug: decision, confidence, why, and the verdict of the reviewer. */
export function recommendationCard(panel: Panel, recommendation: Recommendation, options: CardOptions): HTMLElement {
  const { drug, decision, confidence, rationale, safety } = recommendation;
  const { rank, review } = options;
  const label = `${rank}. ${drug.name}, ${decisionLabel[decision]}, confidence ${confidence.toFixed(2)}${review ? `, ${verdictLabel[review.verdict]}` : ''}`;
  return h('li', { class: `card ${decision} ${review ? review.verdict : ''}`, tabindex: -1, 'data-drug': drug.id, 'data-key': `card/${drug.id}`, 'aria-label': label },
    h('header', {},
      h('span', { class: 'rank', 'aria-hidden': 'true' }, String(rank)),
      h('h3', {}, drug.name),
      h('span', { class: `decision ${decision}` }, icon(decisionIcon[decision]), ` ${decisionLabel[decision]}`),
      confidenceMeter(confidence)),
    recommendation.for && recommendation.for.length > 0 ? h('p', { class: 'for dim' }, `for ${recommendation.for.map(disease => disease.name).join(', ')}`) : undefined,
    ...safety.map(flag => safetyNote(panel, recommendation, flag)),
    rationale.summary ? h('p', { class: 'summary' }, rationale.summary) : undefined,
    claimList(panel, drug.id, rationale.claims, new Set(safety.map(flag => statingClaim(recommendation, flag)))),
    options.unfinished ? h('p', { class: 'dim writing' }, 'writing\u2026') : undefined,
    origins(panel, recommendation),
    options.reviewable ? reviewBar(panel, recommendation, review) : undefined);
}

/** The claim that states a flag with its citation: it is shown with the flag, not a second time. */
function statingClaim({ rationale }: Recommendation, { passageId }: SafetyFlag): number {
  return passageId === undefined ? -1 : rationale.claims.findIndex(claim => claim.stance === 'safety' && claim.citations[0]?.passageId === passageId);
}

function safetyNote(panel: Panel, recommendation: Recommendation, flag: SafetyFlag): HTMLElement {
  const at = statingClaim(recommendation, flag);
  const key = { drugId: recommendation.drug.id, claim: at, citation: 0 };
  const citation = recommendation.rationale.claims[at]?.citations[0];
  return h('div', { class: `safety ${flag.level}` }, icon(flag.level === 'avoid' ? 'error' : 'warning'), ' ',
    h('strong', {}, flag.level === 'avoid' ? 'Avoid: ' : 'Caution: '), flag.reason, ' ',
    flag.caseSpan ? link('in the case', () => panel.revealSpan(flag.caseSpan!), { title: 'Show in the file' }) : undefined, ' ',
    citation ? citationButton(panel, key, citation) : undefined, citation ? openPassage(panel, key) : undefined);
}

function confidenceMeter(value: number): HTMLElement {
  const words = value >= 0.66 ? 'high' : value >= 0.33 ? 'medium' : 'low';
  return h('span', { class: 'confidence', title: `Confidence ${value.toFixed(2)} (${words}): how strongly graph and evidence support the drug; not a probability of success.` },
    h('meter', { min: 0, max: 1, value: value.toFixed(2), 'aria-label': `Confidence ${words}` }), h('span', { class: 'dim' }, value.toFixed(2)));
}

function origins(panel: Panel, { drug, origin }: Recommendation): HTMLElement | undefined {
  if (origin.length === 0) { return undefined; }
  const details = h('details', { class: 'origins' }, h('summary', { 'data-key': `origin/${drug.id}` }, 'Why it is a candidate'), h('ul', {}, origin.map(({ kind, detail }) => h('li', {}, h('span', { class: 'kind' }, originLabel[kind]), ` ${detail}`)))) as HTMLDetailsElement;
  details.open = panel.ui.details.has(drug.id);
  details.addEventListener('toggle', () => { if (details.open) { panel.ui.details.add(drug.id); } else { panel.ui.details.delete(drug.id); } });
  return details;
}

const originLabel = { record: 'Record', graph: 'Graph', evidence: 'Evidence', model: 'Model' } as const;

function reviewBar(panel: Panel, recommendation: Recommendation, review: PanelReview | undefined): HTMLElement {
  const { drug } = recommendation;
  if (panel.ui.editing?.drugId === drug.id) { return editor(panel, recommendation); }
  const verdict = (name: 'accepted' | 'rejected' | 'skipped', label: string, iconName: string, key: string) =>
    button(label, () => panel.review(drug.id, name), { icon: iconName, key: `${name}/${drug.id}`, title: `${label} (${key})`, pressed: review?.verdict === name, primary: review?.verdict === name });
  return h('div', { class: 'review' },
    h('div', { class: 'review-buttons', role: 'group', 'aria-label': `Verdict on ${drug.name}` },
      verdict('accepted', 'Accept', 'check', 'A'),
      button('Edit', () => panel.edit(drug.id, review?.rationale ?? draftOf(recommendation)), { icon: 'edit', key: `edited/${drug.id}`, title: 'Edit the rationale in your own words (E)', pressed: review?.verdict === 'edited', primary: review?.verdict === 'edited' }),
      verdict('rejected', 'Reject', 'close', 'R'),
      verdict('skipped', 'Skip', 'debug-step-over', 'S')),
    review ? h('p', { class: 'verdict' }, icon(verdictIcon[review.verdict]), ` ${verdictLabel[review.verdict]} by ${review.reviewer}, ${review.at.slice(0, 16).replace('T', ' ')}`) : undefined,
    review?.rationale ? h('blockquote', { class: 'own-words' }, review.rationale) : undefined);
}

function editor(panel: Panel, { drug }: Recommendation): HTMLElement {
  const editing = panel.ui.editing!;
  const area = h('vscode-text-area', { rows: 7, resize: 'vertical', 'data-key': `text/${drug.id}` }, `Rationale for ${drug.name}, in your words`) as HTMLElement & { value: string };
  area.value = editing.text;
  area.setAttribute('value', editing.text);
  area.addEventListener('input', () => { editing.text = area.value; });
  const save = () => panel.review(drug.id, 'edited', editing.text.trim());
  area.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); }
    if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); panel.cancelEdit(); }
  });
  return h('div', { class: 'review editing' }, area, h('div', { class: 'review-buttons' },
    button('Save', save, { icon: 'check', primary: true, key: `save/${drug.id}`, title: 'Save (Ctrl+Enter)' }),
    button('Cancel', () => panel.cancelEdit(), { key: `canceledit/${drug.id}`, title: 'Cancel (Escape)' })));
}

function draftOf({ rationale }: Recommendation): string {
  return [rationale.summary, ...rationale.claims.map(claim => `${claim.text} (${claim.citations.map(citation => citation.documentId).join(', ') || 'no citation'})`)].filter(Boolean).join('\n');
}
