/** Names of concepts, as grounding looks for them in passages. Implemented over the terminology. */
export interface NameLookup {
  /** Name, synonyms, abbreviations, brands and names of the classes of a drug. */
  drugNames(id: string): readonly string[];
  /** Name, synonyms and abbreviations of a disease or condition, and those of wider concepts. */
  diseaseNames(id: string): readonly string[];
  /** The disease, its wider and its narrower ones. */
  nearDiseases?(id: string): readonly string[];
  /** Ids of everything that a text names, where the terminology can find it: it shows a claim about a drug or disease that nobody asked for. */
  mentioned?(text: string): { readonly drugs: ReadonlySet<string>; readonly diseases: ReadonlySet<string> };
}

/** A text made ready for many searches. */
export interface SearchableText {
  readonly raw: string;
  /** Lower case, words separated and surrounded by one space. */
  readonly words: string;
}

/** Prepares a text for `mentions`. */
export function searchable(raw: string): SearchableText {
  return { raw, words: ` ${wordsOf(raw).join(' ')} ` };
}

/** Words of a text in lower case without accents; hyphens separate. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** True when the text names one of these; short capitals ("MS", "AF") only in capitals, as they are also words. */
export function mentions(text: SearchableText, names: readonly string[]): boolean {
  return names.some((name) => (isShortCapitals(name) ? capitals(name).test(text.raw) : hasWords(text.words, name)));
}

/** The text without these names, so that the 2 of "type 2 diabetes" is no number of it. */
export function withoutNames(text: string, names: readonly string[]): string {
  const longestFirst = [...names].filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, name) => {
    const pattern = wordsOf(name).map((word) => escapeRegExp(word)).join('[^\\p{L}\\p{N}]+');
    return pattern === '' ? rest : rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}s?(?![\\p{L}\\p{N}])`, 'giu'), ' ');
  }, text);
}

function isShortCapitals(name: string): boolean {
  return name.length <= 4 && /^[A-Z][A-Z\d]+$/.test(name);
}

const capitalPatterns = new Map<string, RegExp>();

function capitals(name: string): RegExp {
  let pattern = capitalPatterns.get(name);
  if (!pattern) {
    pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escapeRegExp(name)}s?(?![\\p{L}\\p{N}])`, 'u');
    capitalPatterns.set(name, pattern);
  }
  return pattern;
}

function hasWords(words: string, name: string): boolean {
  const wanted = wordsOf(name).join(' ');
  return wanted !== '' && (words.includes(` ${wanted} `) || words.includes(` ${wanted}s `) || (wanted.endsWith('s') && words.includes(` ${wanted.slice(0, -1)} `)));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
