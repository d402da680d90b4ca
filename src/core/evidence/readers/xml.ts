import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
}

// Named characters of the JATS and HTML entity sets that occur in text; XML itself knows five only.
const NAMED: Record<string, string> = {
  nbsp: '\u00a0', ensp: ' ', emsp: ' ', thinsp: ' ', ndash: '–', mdash: '—', hellip: '…', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', middot: '·',
  deg: '°', plusmn: '±', times: '×', divide: '÷', le: '≤', ge: '≥', ne: '≠', asymp: '≈', infin: '∞', micro: 'µ', copy: '©', reg: '®', trade: '™', dagger: '†', prime: '′',
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', kappa: 'κ', lambda: 'λ', mu: 'μ', omega: 'ω', sigma: 'σ', tau: 'τ', chi: 'χ', Delta: 'Δ', Omega: 'Ω',
  eacute: 'é', egrave: 'è', aacute: 'á', oacute: 'ó', iacute: 'í', uuml: 'ü', ouml: 'ö', auml: 'ä', ntilde: 'ñ', ccedil: 'ç', szlig: 'ß', oslash: 'ø', aring: 'å',
};

/** Parses one element with all it holds. Throws Error with the reason and its line within `text`. Namespace prefixes stay in names. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  Object.assign(parser.ENTITIES, NAMED);
  let root: XmlElement | undefined;
  const open: XmlElement[] = [];
  parser.on('error', error => { throw new Error(reasonOf(error.message)); });
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [] };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => { open.pop(); });
  const add = (piece: string): void => { open.at(-1)?.children.push(piece); };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(text).close();
  if (root === undefined) throw new Error('it holds no element');
  return root;
}

/** saxes writes "line:column: reason"; reasons may quote the text, which stays out of reports. */
function reasonOf(message: string): string {
  const [, line, , reason] = /^(\d+):(\d+): (.*)$/s.exec(message) ?? [];
  const plain = (reason ?? message).replace(/[:,]?\s*(["'`<&]).*$/s, '').trim();
  return `broken XML${plain === '' ? '' : ` (${plain})`}${line === undefined ? '' : `, line ${line} of the record`}`;
}

export function elements(parent: XmlElement | undefined, name: string): XmlElement[] {
  return (parent?.children ?? []).filter((child): child is XmlElement => typeof child !== 'string' && child.name === name);
}

/** The first element along a path of names. */
export function element(parent: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child): child is XmlElement => typeof child !== 'string' && child.name === name), parent);
}

/** All elements of a name below `parent`, in order, not looking inside matches or `skip`. */
export function descendants(parent: XmlElement | undefined, name: string, skip: ReadonlySet<string> = new Set()): XmlElement[] {
  const found: XmlElement[] = [];
  const visit = (at: XmlElement): void => {
    for (const child of at.children) {
      if (typeof child === 'string' || skip.has(child.name)) continue;
      if (child.name === name) found.push(child);
      else visit(child);
    }
  };
  if (parent) visit(parent);
  return found;
}

/** Text with white space made one space; exponents keep their sign (`10^9`), elements in `skip` are left out. */
export function textOf(parent: XmlElement | undefined, skip: (child: XmlElement) => boolean = () => false): string {
  let text = '';
  const visit = (at: XmlElement): void => {
    for (const child of at.children) {
      if (typeof child === 'string') { text += child; continue; }
      if (skip(child)) continue;
      const from = text.length;
      if (BREAKS.has(child.name)) text += ' ';
      visit(child);
      const inner = text.slice(from);
      if (child.name === 'sup' && /\d$/.test(text.slice(0, from)) && /^[-−–+]?\d+$/.test(inner)) text = `${text.slice(0, from)}^${inner}`;
      if (BREAKS.has(child.name)) text += ' ';
    }
  };
  if (parent) visit(parent);
  return text.replace(/\s+/g, ' ').trim();
}

const BREAKS = new Set(['p', 'br', 'break', 'title', 'td', 'th', 'tr', 'item', 'list-item', 'paragraph', 'caption', 'sec', 'label']);

/** Text at a path, or undefined when there is none. */
export function textAt(parent: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return textOf(element(parent, ...path)) || undefined;
}
