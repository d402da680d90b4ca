import type { ResultConcept } from '../src/core/recommend/types';
import type { CaseView } from '../src/shared/panelProtocol';
import type { Panel } from './panelContext';
import { h, icon, link, markedText } from './dom';

const assertionLabel = { present: '', negated: 'negated', historical: 'past', family: 'family', hypothetical: 'possible', allergy: 'allergy' } as const;
type ConceptRole = 'disease' | 'drug' | 'allergy';

/** The case as it was understood: where it is, its text with diseases, drugs and allergies marked, and the same as lists. */
export function caseSection(panel: Panel, view: CaseView): HTMLElement {
  const { location, text, truncated, understood } = view;
  return h('section', { class: 'case', 'aria-labelledby': 'case-heading' },
    h('h2', { id: 'case-heading' }, 'Case ', link([icon('go-to-file'), ` ${location.file}, ${location.place}`], () => panel.action('revealCase'), { title: 'Show the case in its file', 'data-key': 'reveal' })),
    text === '' ? h('p', { class: 'dim' }, 'The text of this case is no longer in its file.') : caseText(panel, text, truncated, understood),
    understood ? conceptLists(panel, understood) : undefined);
}

function caseText(panel: Panel, text: string, truncated: boolean, understood: CaseView['understood']): HTMLElement {
  const concepts: [ConceptRole, readonly ResultConcept[]][] = understood ? [['allergy', understood.allergies], ['disease', understood.diseases], ['drug', understood.drugs]] : [];
  const marks = concepts.flatMap(([role, list]) => list.flatMap(concept => concept.mentions.map(mention => ({
    start: mention.start, end: mention.end,
    build: (piece: string) => {
      const assertion = role === 'allergy' ? 'allergy' : mention.assertion;
      const about = [concept.name, assertionLabel[assertion]].filter(Boolean).join(', ');
      return h('mark', { class: `mention ${role} ${assertion}`, title: `${role}: ${about}` }, piece);
    },
  }))));
  const long = text.length > 600;
  const box = h('div', { class: `case-text ${long && !panel.ui.caseOpen ? 'folded' : ''}`, tabindex: 0, 'aria-label': 'Text of the case' }, ...markedText(text, marks));
  return h('div', {}, box,
    truncated ? h('p', { class: 'dim' }, 'Only the beginning is shown here; the whole text was read.') : undefined,
    long ? link(panel.ui.caseOpen ? 'Show less' : 'Show all', () => { panel.ui.caseOpen = !panel.ui.caseOpen; panel.render(); }, { 'aria-expanded': String(panel.ui.caseOpen), 'data-key': 'fold' }) : undefined);
}

function conceptLists(panel: Panel, understood: NonNullable<CaseView['understood']>): HTMLElement {
  return h('dl', { class: 'concepts' },
    ...row(panel, 'Diseases', 'disease', understood.diseases, 'none found'),
    ...row(panel, 'Drugs', 'drug', understood.drugs, 'none named'),
    ...row(panel, 'Allergies', 'allergy', understood.allergies, 'none named'));
}

function row(panel: Panel, label: string, role: ConceptRole, concepts: readonly ResultConcept[], none: string): HTMLElement[] {
  const chips = concepts.map(concept => {
    const qualifier = role === 'allergy' ? '' : assertionLabel[concept.assertion];
    const first = concept.mentions[0];
    const content = [concept.name, qualifier ? h('span', { class: 'qualifier' }, ` ${qualifier}`) : undefined];
    const style = `chip ${role} ${role === 'allergy' ? 'allergy' : concept.assertion}`;
    return h('li', {}, first ? link(content, () => panel.revealSpan(first), { class: style, title: 'Show in the file' }) : h('span', { class: style }, ...content));
  });
  return [h('dt', {}, label), h('dd', {}, chips.length > 0 ? h('ul', { class: 'chips' }, chips) : h('span', { class: 'dim' }, none))];
}
