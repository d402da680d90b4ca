type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** Makes an element. Text is always a text node; `on...` attributes are listeners, `false` and `undefined` leave an attribute out. */
export function h(tag: string, attributes: Attributes = {}, ...children: readonly (Child | readonly Child[])[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') { element.addEventListener(name.slice(2).toLowerCase(), value); } else if (value === true) { element.setAttribute(name, ''); } else if (value !== undefined && value !== false) { element.setAttribute(name, String(value)); }
  }
  for (const child of children.flat() as Child[]) { if (child !== undefined && child !== false) { element.append(child); } }
  return element;
}

/** A codicon for the eye; words beside it carry the meaning. */
export function icon(name: string): HTMLElement { return h('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' }); }

export function button(label: string, onClick: () => void, options: { readonly icon?: string; readonly primary?: boolean; readonly key?: string; readonly title?: string; readonly pressed?: boolean; readonly disabled?: boolean } = {}): HTMLElement {
  return h('vscode-button', {
    appearance: options.primary ? 'primary' : 'secondary', onclick: onClick, title: options.title, disabled: options.disabled,
    'data-key': options.key, 'aria-pressed': options.pressed === undefined ? undefined : String(options.pressed),
  }, options.icon ? slotted(icon(options.icon)) : undefined, label);
}

function slotted(element: HTMLElement): HTMLElement { element.slot = 'start'; return element; }

/** A plain button that looks like a link: for places where a toolkit button would be too heavy. */
export function link(label: string | readonly Child[], onClick: () => void, attributes: Attributes = {}): HTMLElement {
  return h('button', { type: 'button', ...attributes, class: `link ${typeof attributes.class === 'string' ? attributes.class : ''}`.trim(), onclick: onClick }, ...(typeof label === 'string' ? [label] : label));
}

interface Kept { readonly fingerprint: string }
const kept = new WeakMap<Element, Kept>();

/** Puts the built children into a parent, keeping elements whose fingerprint did not change, so that focus and scroll survive a new snapshot. */
export function renderKeyed(parent: HTMLElement, items: readonly { readonly key: string; readonly fingerprint: string; readonly build: () => HTMLElement }[]): void {
  const before = new Map([...parent.children].map(child => [child.getAttribute('data-part') ?? '', child]));
  const next = items.map(({ key, fingerprint, build }) => {
    const old = before.get(key);
    if (old && kept.get(old)?.fingerprint === fingerprint) { return old; }
    const element = build();
    element.setAttribute('data-part', key);
    kept.set(element, { fingerprint });
    return element;
  });
  const focused = focusKey(parent);
  // What goes is taken out first: then nothing that stays has to be moved, and a control that is being typed into is left alone.
  const staying = new Set<Element>(next);
  for (const child of [...parent.children]) { if (!staying.has(child)) { child.remove(); } }
  next.forEach((element, index) => { if (parent.children[index] !== element) { parent.insertBefore(element, parent.children[index] ?? null); } });
  if (focused && document.activeElement?.getAttribute('data-key') !== focused) { focusByKey(parent, focused); }
}

function focusKey(within: HTMLElement): string | undefined {
  const active = document.activeElement;
  return active && within.contains(active) ? active.getAttribute('data-key') ?? undefined : undefined;
}

export function focusByKey(within: ParentNode, key: string): boolean {
  const element = [...within.querySelectorAll<HTMLElement>('[data-key]')].find(candidate => candidate.dataset.key === key);
  element?.focus();
  return element !== undefined;
}

/** Text with some spans marked: text nodes and `mark` elements only. Overlaps keep the first. */
export function markedText(text: string, marks: readonly { readonly start: number; readonly end: number; readonly build: (text: string) => HTMLElement }[]): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (mark.start < at || mark.end > text.length || mark.end <= mark.start) { continue; }
    if (mark.start > at) { nodes.push(document.createTextNode(text.slice(at, mark.start))); }
    nodes.push(mark.build(text.slice(mark.start, mark.end)));
    at = mark.end;
  }
  if (at < text.length) { nodes.push(document.createTextNode(text.slice(at))); }
  return nodes;
}
