import type { Span } from '../text/span';
import { AbbreviationContext } from './abbreviations';
import { cancerNames } from './cancerNames';
import { COMMON_WORDS } from './common-words';
import { isGuarded } from './guards';
import { joint, keyIn, nameKey, separatorKey, tokenise, type Token } from './normalise';
import type { ConceptKind, KnowledgeData } from './types';

/** A concept's name found in a text. */
export interface FoundConcept {
  readonly kind: ConceptKind;
  readonly conceptId: string;
  readonly span: Span;
  /** Matched case-sensitively by an abbreviation, not by a name. */
  readonly abbreviation: boolean;
}

interface Entry {
  readonly kind: ConceptKind;
  readonly id: string;
  /** Spaces and hyphens of the name: a text may write fewer ("betablocker"), not more ("differ in" is not Differin). */
  readonly separators?: number;
}

/** Names that several concepts claim. `key` is the comparison form for names, the text itself for abbreviations. */
export interface AmbiguousName {
  readonly key: string;
  readonly abbreviation: boolean;
  readonly concepts: readonly string[];
}

/** Abbreviation as compared: case kept, spaces and hyphens ignored. */
function abbreviationKey(text: string): string {
  const tokens = tokenise(text);
  return tokens.map((token, index) => (index === 0 ? '' : (separatorKey(text.slice(tokens[index - 1]!.end, token.start)) ?? '?')) + token.raw).join('');
}

/** Short names in capitals ("HIV", "COPD") are compared like abbreviations wherever they were listed. */
function isAbbreviationLike(name: string): boolean {
  return name.length <= 5 && /^[A-Z0-9][A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*$/.test(name) && name.replace(/[^A-Z]/g, '').length >= 2;
}

const PREFIX = 9;

class Table {
  readonly entries = new Map<string, Entry[]>();
  private readonly prefixes = new Set<string>();
  private longest = 0;

  /** Whether some key may begin like this. Beyond the first letters this only bounds the length: few texts get that far. */
  mayBegin(key: string): boolean {
    return key.length <= this.longest && this.prefixes.has(key.length > PREFIX ? key.slice(0, PREFIX) : key);
  }

  add(key: string, entry: Entry): void {
    const list = this.entries.get(key);
    if (list === undefined) {
      this.entries.set(key, [entry]);
      for (let length = Math.min(PREFIX, key.length); length > 0; length--) this.prefixes.add(key.slice(0, length));
      this.longest = Math.max(this.longest, key.length);
      return;
    }
    const same = list.findIndex((other) => other.id === entry.id && other.kind === entry.kind);
    if (same < 0) list.push(entry);
    // "gallstones", "gall stones": the name with more separators allows them in texts too.
    else if ((entry.separators ?? Infinity) > (list[same]!.separators ?? Infinity)) list[same] = entry;
  }
}

const MOST_TOKENS = 14;
const ADJECTIVES: readonly (readonly [string, string])[] = [
  ['diabetic', 'diabetes mellitus'], ['hypertensive', 'hypertension'], ['asthmatic', 'asthma'], ['epileptic', 'epilepsy'], ['schizophrenic', 'schizophrenia'], ['hypothyroid', 'hypothyroidism'],
  ['hyperthyroid', 'hyperthyroidism'], ['anemic', 'anemia'], ['obese', 'obesity'], ['hyperkalemic', 'hyperkalemia'], ['hypokalemic', 'hypokalemia'], ['hyponatremic', 'hyponatremia'], ['cirrhotic', 'cirrhosis'],
  ['acromegalic', 'acromegaly'], ['thrombocytopenic', 'thrombocytopenia'], ['neutropenic', 'neutropenia'], ['hypotensive', 'hypotension'], ['bradycardic', 'bradycardia'], ['septic', 'sepsis'],
  ['atherosclerotic', 'atherosclerosis'], ['nephrotic', 'nephrotic syndrome'], ['manic', 'mania'], ['hypomanic', 'mania'], ['parkinsonian', 'parkinsonism'], ['psychotic', 'psychosis'], ['glaucomatous', 'glaucoma'],
  ['osteoporotic', 'osteoporosis'], ['osteoarthritic', 'osteoarthritis'], ['leukemic', 'leukemia'], ['tuberculous', 'tuberculosis'], ['filarial', 'filariasis'], ['malarial', 'malaria'], ['thalassemic', 'thalassemia'],
  ['hemophiliac', 'hemophilia'], ['migrainous', 'migraine'], ['narcoleptic', 'narcolepsy'], ['autistic', 'autism'], ['demented', 'dementia'], ['acidotic', 'acidosis'], ['cholestatic', 'cholestasis'],
  ['convulsive', 'convulsion'], ['dyslipidemic', 'dyslipidemia'],
];

/** Finds names, synonyms, brands and abbreviations of concepts in text: longest match, left to right, never overlapping. */
export class ConceptFinder {
  private readonly names = new Table();
  private readonly abbreviations = new Table();

  constructor(data: KnowledgeData) {
    // Preferred names first: where a synonym of another concept collides with one, the preferred name wins.
    const groups: readonly [ConceptKind, KnowledgeData['diseases'] | KnowledgeData['classes'] | KnowledgeData['drugs']][] = [['drug', data.drugs], ['disease', data.diseases], ['drug-class', data.classes]];
    for (const [kind, concepts] of groups) for (const concept of concepts) this.addName(concept.name, { kind, id: concept.id }, true);
    for (const [kind, concepts] of groups) {
      for (const concept of concepts) {
        const entry: Entry = { kind, id: concept.id };
        for (const synonym of concept.synonyms) this.addName(synonym, entry, false);
        if ('brands' in concept) for (const brand of concept.brands) this.addName(brand, entry, false);
        for (const abbreviation of concept.abbreviations) this.addAbbreviation(abbreviation, entry);
      }
    }
    // Patients are named by adjectives ("a known epileptic"); authors list names only.
    for (const [adjective, name] of ADJECTIVES) this.addVariant(adjective, name);
    for (const { written, name } of cancerNames()) this.addVariant(written, name);
  }

  /** All concepts named in the text, in order of place. */
  find(text: string): FoundConcept[] {
    const tokens = tokenise(text);
    const context = new AbbreviationContext(text);
    const found: FoundConcept[] = [];
    const rivals = new Map<FoundConcept, readonly Entry[]>();
    for (let at = 0; at < tokens.length;) {
      const hit = this.longestAt(text, tokens, at, context);
      if (hit === undefined) at++;
      else {
        if (hit.found !== undefined) found.push(hit.found);
        if (hit.found !== undefined && hit.entries.length > 1) rivals.set(hit.found, hit.entries);
        at = hit.next;
      }
    }
    return withoutRedefined(text, decideRivals(found, rivals));
  }

  /** The concept that a whole string names (case-insensitive, variants allowed), or undefined. */
  lookup(name: string, kind?: ConceptKind): { readonly kind: ConceptKind; readonly id: string } | undefined {
    const candidates = [...(this.abbreviations.entries.get(abbreviationKey(name)) ?? []), ...(this.names.entries.get(nameKey(name)) ?? [])];
    const found = candidates.find((entry) => kind === undefined || entry.kind === kind);
    return found && { kind: found.kind, id: found.id };
  }

  /** Names and abbreviations that more than one concept claims. */
  ambiguous(): AmbiguousName[] {
    const of = (table: Table, abbreviation: boolean): AmbiguousName[] => [...table.entries].filter(([, list]) => list.length > 1)
      .map(([key, list]) => ({ key, abbreviation, concepts: list.map(({ kind, id }) => `${kind} ${id}`) }));
    return [...of(this.names, false), ...of(this.abbreviations, true)];
  }

  /** Another way to write the name of a disease, unless it is a name of its own. */
  private addVariant(written: string, name: string): void {
    const known = this.names.entries.get(nameKey(name))?.find(({ kind }) => kind === 'disease');
    const key = nameKey(written);
    if (known !== undefined && !this.names.entries.has(key)) this.names.add(key, { ...known, separators: countSeparators(written) });
  }

  private addName(name: string, entry: Entry, preferred: boolean): void {
    if (isAbbreviationLike(name)) return this.addAbbreviation(name, entry);
    const key = nameKey(name);
    if (key.length < 3 || (!preferred && COMMON_WORDS.has(name.toLowerCase()))) return;
    this.names.add(key, { ...entry, separators: countSeparators(name) });
  }

  private addAbbreviation(abbreviation: string, entry: Entry): void {
    // A single letter or a plain lower-case word would match everywhere.
    if (abbreviation.length < 2 || COMMON_WORDS.has(abbreviation)) return;
    this.abbreviations.add(abbreviationKey(abbreviation), { ...entry, separators: countSeparators(abbreviation) });
  }

  private longestAt(text: string, tokens: readonly Token[], at: number, context: AbbreviationContext): { found: FoundConcept | undefined; entries: readonly Entry[]; next: number } | undefined {
    let key = '';
    let raw = '';
    let byName = true;
    let byAbbreviation = true;
    let best: { entries: Entry[]; key: string; last: number; abbreviation: boolean } | undefined;
    for (let index = at; index < tokens.length && index < at + MOST_TOKENS; index++) {
      const token = tokens[index]!;
      if (index > at) {
        const separator = separatorKey(text.slice(tokens[index - 1]!.end, token.start));
        if (separator === undefined) break;
        key += joint(separator, key, keyIn(token, tokens[index - 1]));
        raw += separator;
      }
      key += keyIn(token, index > at ? tokens[index - 1] : undefined);
      raw += token.raw;
      byName = byName && this.names.mayBegin(key);
      byAbbreviation = byAbbreviation && this.abbreviations.mayBegin(raw);
      if (!byName && !byAbbreviation) break;
      const entries = byAbbreviation ? this.abbreviations.entries.get(raw) : undefined;
      if (entries !== undefined && isSpelledLike(text.slice(tokens[at]!.start, token.end), entries)) best = { entries, key: raw, last: index, abbreviation: true };
      const named = byName ? this.names.entries.get(key) : undefined;
      if (named !== undefined && isSpelledLike(text.slice(tokens[at]!.start, token.end), named)) best = { entries: named, key, last: index, abbreviation: false };
    }
    if (best === undefined) return undefined;
    const span: Span = { start: tokens[at]!.start, end: tokens[best.last]!.end };
    const next = best.last + 1;
    if (isGuarded(text, span.start, span.end, best.key.replace(/~/g, ''), best.abbreviation) || (best.abbreviation && (isShouted(text, span) || !context.accepts(span.start, span.end)))) return { found: undefined, entries: [], next };
    const entry = best.entries[0]!;
    return { found: { kind: entry.kind, conceptId: entry.id, span, abbreviation: best.abbreviation }, entries: best.entries, next };
  }
}

function countSeparators(name: string): number {
  return name.match(/[\s-]+/g)?.length ?? 0;
}

function isSpelledLike(written: string, entries: readonly Entry[]): boolean {
  const spaces = written.match(/\s+/g)?.length ?? 0;
  return spaces === 0 || entries.some(({ separators = Infinity }) => spaces <= separators);
}

/** An abbreviation of several concepts means the one that the text names in full; where it names none, nobody knows. */
function decideRivals(found: readonly FoundConcept[], rivals: ReadonlyMap<FoundConcept, readonly Entry[]>): FoundConcept[] {
  if (rivals.size === 0) return [...found];
  return found.flatMap((hit) => {
    const entries = rivals.get(hit);
    if (entries === undefined || !hit.abbreviation) return [hit];
    const named = entries.filter(({ kind, id }) => found.some((other) => !other.abbreviation && other.kind === kind && other.conceptId === id));
    return named.length === 1 ? [{ ...hit, kind: named[0]!.kind, conceptId: named[0]!.id }] : [];
  });
}

/** A short word in a line of capitals is more often an English word than an abbreviation ("TAKE AS NEEDED", "ALL SYSTEMS"). */
function isShouted(text: string, span: Span): boolean {
  const word = text.slice(span.start, span.end);
  if (word.length > 4 || !COMMON_WORDS.has(word.toLowerCase())) return false;
  const before = text.slice(Math.max(0, span.start - 30), span.start);
  const after = text.slice(span.end, span.end + 30);
  return /\b[A-Z]{4,}\W*$/.test(before) || /^\W*[A-Z]{4,}\b/.test(after);
}

/** Drops abbreviations that the text itself defines otherwise: "mitral stenosis (MS)" is not multiple sclerosis. */
function withoutRedefined(text: string, found: readonly FoundConcept[]): FoundConcept[] {
  const redefined = new Set<string>();
  for (const hit of found) {
    if (!hit.abbreviation || text[hit.span.start - 1] !== '(' || !/^s?[),;]/.test(text.slice(hit.span.end, hit.span.end + 2))) continue;
    const word = text.slice(hit.span.start, hit.span.end);
    const before = text.slice(Math.max(0, hit.span.start - 90), hit.span.start - 1);
    const sameConceptBefore = found.some((other) => other.conceptId === hit.conceptId && other.span.end <= hit.span.start && hit.span.start - other.span.end < 60);
    if (!sameConceptBefore && spellsOut(before, word)) redefined.add(word);
  }
  return redefined.size === 0 ? [...found] : found.filter((hit) => !hit.abbreviation || !redefined.has(text.slice(hit.span.start, hit.span.end)));
}

/** Whether the words just before "(ABC)" hold its letters in order, the first one at the beginning of a word. */
function spellsOut(before: string, abbreviation: string): boolean {
  const letters = abbreviation.replace(/[^A-Za-z]/g, '').toLowerCase();
  const words = before.toLowerCase().split(/[^a-z]+/).filter((word) => word !== '').slice(-letters.length - 1);
  return words.some((word, index) => {
    if (!word.startsWith(letters[0] ?? '?')) return false;
    const rest = words.slice(index).join('');
    let at = 0;
    for (const letter of rest) if (letter === letters[at]) at++;
    return at >= letters.length;
  });
}
