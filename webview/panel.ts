import type { Span } from '../src/core/text/span';
import { provenanceLine, researchUse } from '../src/shared/labels';
import type { FromPanel, PanelAction, PanelState, ToPanel } from '../src/shared/panelProtocol';
import { caseSection } from './caseSection';
import { button, focusByKey, h, icon, link, renderKeyed } from './dom';
import { keyOf, type Panel, type PanelUi } from './panelContext';
import { leftOutDetails, usageNote } from './provenance';
import { recommendationCard } from './recommendationCard';
import { registerControls } from './toolkit';

declare function acquireVsCodeApi(): { postMessage(message: FromPanel): void };

const api = acquireVsCodeApi();
const root = document.getElementById('root')!;
const live = document.getElementById('live')!;
let state: PanelState | undefined;
let scheduled = false;
const ui: PanelUi = { caseOpen: false, passages: new Map(), editing: undefined, details: new Set() };

const panel: Panel = {
  ui,
  render,
  action: action => api.postMessage({ type: 'action', action }),
  revealSpan: (span: Span) => { if (state?.kind === 'done') { api.postMessage({ type: 'revealSpan', annotationId: state.annotationId, span: { start: span.start, end: span.end } }); } },
  toggleCitation(key) {
    if (state?.kind !== 'done') { return; }
    const id = keyOf(key);
    if (ui.passages.delete(id)) { render(); return; }
    ui.passages.set(id, 'loading');
    render();
    api.postMessage({ type: 'openCitation', annotationId: state.annotationId, key });
  },
  openSource(key) { if (state?.kind === 'done') { api.postMessage({ type: 'openSource', annotationId: state.annotationId, key }); } },
  review(drugId, verdict, rationale) {
    if (state?.kind !== 'done') { return; }
    ui.editing = undefined;
    api.postMessage({ type: 'review', annotationId: state.annotationId, drugId, verdict, ...(rationale ? { rationale } : {}) });
    announce(`${nameOf(drugId)} ${verdict}`);
    render();
    focusNext(drugId);
  },
  edit(drugId, text) {
    ui.editing = { drugId, text };
    render();
    // At once, so that not a key is lost; the control may still be drawing itself, so once more in the next frame.
    focusByKey(root, `text/${drugId}`);
    requestAnimationFrame(() => { if (ui.editing?.drugId === drugId) { focusByKey(root, `text/${drugId}`); } });
  },
  cancelEdit() {
    const drugId = ui.editing?.drugId;
    ui.editing = undefined;
    render();
    if (drugId) { focusByKey(root, `card/${drugId}`); }
  },
};

function render(): void {
  if (!state) { return; }
  const current = state;
  const parts = [{ key: 'engine', fingerprint: current.engine.label + current.kind, build: () => engineLine(current) }];
  if ('case' in current && current.case) {
    const view = current.case;
    parts.push({ key: 'case', fingerprint: JSON.stringify([view, ui.caseOpen]), build: () => caseSection(panel, view) });
  }
  parts.push({ key: 'message', fingerprint: JSON.stringify(messageInputs(current)), build: () => message(current) });
  const recommendations = current.kind === 'done' ? current.result.recommendations : current.kind === 'working' ? current.recommendations : current.kind === 'error' ? current.partial : [];
  if (recommendations.length > 0) { parts.push({ key: 'list', fingerprint: 'list', build: () => h('section', {}, h('h2', {}, 'Recommendations'), h('ol', { class: 'cards', id: 'cards' })) }); }
  if (current.kind === 'done') { parts.push({ key: 'footer', fingerprint: JSON.stringify(current.result.provenance), build: () => footer(current) }); }
  renderKeyed(root, parts);
  const cards = document.getElementById('cards');
  if (!cards) { return; }
  renderKeyed(cards, recommendations.map((recommendation, index) => {
    const { id } = recommendation.drug;
    const review = current.kind === 'done' ? current.reviews[id] : undefined;
    const unfinished = current.kind === 'working' && index === recommendations.length - 1;
    const passages = [...ui.passages].filter(([key]) => key.startsWith(`${id}/`));
    const fingerprint = JSON.stringify([recommendation, index, review, current.kind, unfinished, passages, ui.editing?.drugId === id]);
    return { key: id, fingerprint, build: () => recommendationCard(panel, recommendation, { rank: index + 1, review, reviewable: current.kind === 'done', unfinished }) };
  }));
  const list = [...cards.children] as HTMLElement[];
  const focused = list.find(card => card.contains(document.activeElement)) ?? list[0];
  for (const card of list) { card.tabIndex = card === focused ? 0 : -1; }
}

function engineLine(current: PanelState): HTMLElement {
  return h('p', { class: 'engine' }, icon(current.engine.engine === 'evidence' ? 'library' : 'server'), ` ${current.engine.label}`);
}

function messageInputs(current: PanelState): unknown {
  switch (current.kind) {
    case 'working': return [current.kind, current.status];
    case 'done': return [current.kind, current.detached, current.unsaved, current.result.warnings, current.result.nothing];
    case 'nothing': return [current.kind, current.reason, current.advice, current.warnings];
    case 'error': return [current.kind, current.message, current.advice, current.actions, current.partial.length];
    default: return current.kind;
  }
}

function message(current: PanelState): HTMLElement {
  switch (current.kind) {
    case 'empty':
      return h('section', { class: 'state empty' }, h('h2', {}, 'Nothing to review yet'),
        h('p', {}, 'Select text of a case in an editor, or put the cursor into a paragraph or a dataset record. Then ask for drugs and read here why.'),
        button('Recommend Drugs for Selection', () => panel.action('recommend'), { primary: true, icon: 'beaker', key: 'recommend' }),
        link('Search the evidence', () => panel.action('searchEvidence'), { 'data-key': 'search' }),
        h('p', { class: 'dim' }, researchUse));
    case 'working':
      return h('section', { class: 'state working' }, h('vscode-progress-ring', { 'aria-label': 'Working' }), h('span', { class: 'status' }, current.status), button('Cancel', () => panel.action('cancel'), { key: 'cancel' }));
    case 'done':
      return h('section', { class: 'notices' },
        current.detached ? note('debug-disconnect', 'Detached: the annotated text is no longer in the file. The recommendation is kept.') : undefined,
        current.unsaved ? note('warning', current.unsaved) : undefined,
        current.result.nothing ? note('info', `${current.result.nothing.reason} ${current.result.nothing.advice}`) : undefined,
        ...current.result.warnings.map(warning => note('info', warning)));
    case 'nothing':
      return h('section', { class: 'state nothing' }, h('h2', {}, 'Nothing to recommend'), h('p', {}, current.reason), h('p', { class: 'advice' }, current.advice), ...current.warnings.map(warning => note('info', warning)),
        h('div', { class: 'actions' }, button('Search the Evidence', () => panel.action('searchEvidence'), { icon: 'search', key: 'search' })));
    case 'error':
      return h('section', { class: 'state error', role: 'alert' }, h('h2', {}, icon('error'), ' ', current.message), h('p', { class: 'advice' }, current.advice),
        current.partial.length > 0 ? h('p', { class: 'notice' }, 'What is shown below is incomplete and was not kept.') : undefined,
        h('div', { class: 'actions' }, current.actions.map((action, index) => button(actionLabel[action], () => panel.action(action), { primary: index === 0, key: action }))));
  }
}

const actionLabel: Readonly<Record<PanelAction, string>> = {
  retry: 'Try Again', cancel: 'Cancel', recommend: 'Recommend', openSettings: 'Endpoint Settings', setApiKey: 'Set API Key', checkEndpoint: 'Check Endpoint', showLog: 'Show Log',
  useEvidenceEngine: 'Use the Evidence Engine', revealCase: 'Show Case', insert: 'Insert into File', searchEvidence: 'Search Evidence', undoReview: 'Undo Review',
};

function note(name: string, text: string): HTMLElement { return h('p', { class: 'note' }, icon(name), ` ${text}`); }

function footer(current: PanelState & { kind: 'done' }): HTMLElement {
  const { provenance } = current.result;
  return h('footer', {},
    h('div', { class: 'actions' }, button('Insert into File', () => panel.action('insert'), { icon: 'insert', key: 'insert', title: 'Write the recommendation below the case, as one undo step' }), button('Undo Review', () => panel.action('undoReview'), { icon: 'discard', key: 'undo', title: 'Take back the last verdict (U)' })),
    leftOutDetails(provenance, current.result.recommendations),
    usageNote(provenance),
    h('p', { class: 'provenance dim' }, `${provenanceLine(provenance)} \u00b7 ${provenance.durationMs} ms`),
    h('p', { class: 'dim' }, 'Keys: \u2191 \u2193 move \u00b7 A accept \u00b7 E edit \u00b7 R reject \u00b7 S skip \u00b7 U undo'),
    h('p', { class: 'research' }, researchUse));
}

function nameOf(drugId: string): string { return (state?.kind === 'done' && state.result.recommendations.find(({ drug }) => drug.id === drugId)?.drug.name) || drugId; }

function announce(text: string): void { live.textContent = text; }

function cards(): HTMLElement[] { return [...document.querySelectorAll<HTMLElement>('.card')]; }

function focusCard(card: HTMLElement | undefined): void {
  if (!card) { return; }
  for (const other of cards()) { other.tabIndex = other === card ? 0 : -1; }
  card.focus();
  card.scrollIntoView({ block: 'nearest' });
}

/** After a verdict the next drug without one is in turn. */
function focusNext(drugId: string): void {
  const list = cards();
  const at = list.findIndex(card => card.dataset.drug === drugId);
  const open = (card: HTMLElement) => state?.kind === 'done' && !state.reviews[card.dataset.drug ?? ''] && card.dataset.drug !== drugId;
  focusCard(list.slice(at + 1).find(open) ?? list.find(open) ?? list[at]);
}

document.addEventListener('keydown', event => {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('vscode-text-area, textarea, input')) { return; }
  const key = event.key.toLowerCase();
  if (state?.kind === 'working' && event.key === 'Escape') { panel.action('cancel'); return; }
  if (state?.kind === 'done' && key === 'u') { panel.action('undoReview'); return; }
  const list = cards();
  const card = target.closest<HTMLElement>('.card') ?? undefined;
  const at = card ? list.indexOf(card) : -1;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (target.closest('.case-text')) { return; }
    event.preventDefault();
    focusCard(list[Math.min(list.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))]);
    return;
  }
  if (state?.kind !== 'done' || !card?.dataset.drug) { return; }
  const verdict = ({ a: 'accepted', r: 'rejected', s: 'skipped' } as const)[key as 'a' | 'r' | 's'];
  if (verdict) { event.preventDefault(); panel.review(card.dataset.drug, verdict); }
  if (key === 'e') { event.preventDefault(); card.querySelector<HTMLElement>(`[data-key="edited/${CSS.escape(card.dataset.drug)}"]`)?.click(); }
});

document.addEventListener('focusin', event => {
  const card = (event.target as HTMLElement).closest<HTMLElement>('.card');
  if (card) { for (const other of cards()) { other.tabIndex = other === card ? 0 : -1; } }
});

window.addEventListener('message', (event: MessageEvent<ToPanel>) => {
  const data = event.data;
  switch (data.type) {
    case 'state': {
      const before = state;
      if (data.state.kind !== 'done' || before?.kind !== 'done' || before.annotationId !== data.state.annotationId) { ui.passages.clear(); ui.editing = undefined; }
      state = data.state;
      if (state.kind !== before?.kind) { announce(spoken(state)); }
      if (!scheduled) { scheduled = true; requestAnimationFrame(() => { scheduled = false; render(); }); }
      break;
    }
    case 'passage':
      // One that was closed meanwhile, or asked for by an earlier recommendation, stays closed.
      if (ui.passages.get(keyOf(data.key)) !== 'loading') { break; }
      ui.passages.set(keyOf(data.key), data.passage ?? { problem: data.problem ?? 'The passage could not be opened.' });
      render();
      break;
    case 'focus':
      requestAnimationFrame(() => focusCard(cards().find(card => card.dataset.drug === data.drugId) ?? cards()[0]));
      break;
  }
});

/** What a screen reader says when the state changes: coarse, never every word of a stream. */
function spoken(current: PanelState): string {
  switch (current.kind) {
    case 'working': return 'Looking for drugs.';
    case 'done': return `${current.result.recommendations.length} candidates. ${current.result.recommendations[0] ? `First: ${current.result.recommendations[0].drug.name}.` : ''}`;
    case 'nothing': return `Nothing to recommend. ${current.reason}`;
    case 'error': return current.message;
    default: return '';
  }
}

registerControls();
api.postMessage({ type: 'ready' });
