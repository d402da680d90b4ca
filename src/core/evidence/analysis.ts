import type { Span } from '../text/span';
import { lunr } from './lunrInternals';
import type { LunrBuilder, LunrPipeline, LunrToken } from './lunrInternals';

/** What decides the terms and scores of an index; stored in its file. Two indexes with equal settings can be ranked as one. */
export interface AnalysisSettings {
  /** Changes whenever the rules in this file or in abbreviations.ts change: indexes of other rules are refused, with what to do. */
  readonly id: string;
  readonly fields: readonly string[];
  /** BM25, as lunr.Builder#k1 and #b. */
  readonly k1: number;
  readonly b: number;
}

/** What ships. k1, b and the joined words were chosen on one half of the judged queries and checked on the other (see BENCHMARKS.md). */
export const ANALYSIS: AnalysisSettings = { id: 'kedrec-en-3', fields: ['text'], k1: 0.7, b: 0.95 };

const GREEK_NAMES: Readonly<Record<string, string>> = {
  α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta', ε: 'epsilon', ζ: 'zeta', η: 'eta', θ: 'theta', ι: 'iota', κ: 'kappa', λ: 'lambda', μ: 'mu',
  ν: 'nu', ξ: 'xi', ο: 'omicron', π: 'pi', ρ: 'rho', σ: 'sigma', ς: 'sigma', τ: 'tau', υ: 'upsilon', φ: 'phi', χ: 'chi', ψ: 'psi', ω: 'omega',
};

// A hyphenated word is one word here, so that "IL-6" can also be indexed as a whole.
const ASCII_WORD = /[a-z0-9]+(?:'[a-z]+)?(?:-[a-z0-9]+(?:'[a-z]+)?)*/gi;
const ASCII = /^[\x00-\x7f]*$/;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’]\p{L}+)?(?:[-\u2010-\u2013][\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’]\p{L}+)?)*/gu;
const GREEK_RUN = /\p{Script=Greek}+/gu;
const LETTERS_OR_DIGITS = /\p{L}+|\p{N}+/gu;
const LONGEST_CODE = 14;
const LONGEST_JOINED = 40;

/** One word of a text as written, with its place. */
export interface Word extends Span {
  readonly text: string;
}

/** The words of a text: runs of letters and digits, with their hyphens and apostrophes. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(wordPattern(text))) words.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  return words;
}

/** The words of a text without their places. */
export function wordTexts(text: string): string[] {
  return text.match(wordPattern(text)) ?? [];
}

/** The same words: but the pattern for all scripts takes milliseconds to be compiled, and longer to run. */
function wordPattern(text: string): RegExp {
  return ASCII.test(text) ? ASCII_WORD : WORD;
}

/**
 * What of a word is indexed, before stop words and stemming: its runs of letters and of digits in lower case, without accents, possessive and
 * apostrophes, Greek letters by name; and a word of several runs with letters once more as a whole, last. So "IL-6", "IL6" and "il 6" meet ("TNFα" and
 * "TNF-alpha", "pro-inflammatory" and "proinflammatory" too), and "IL-6" still tells itself from "IL-2 in 6 weeks".
 */
export function indexedParts(word: string): string[] {
  return ASCII.test(word) ? asciiParts(word) : unicodeParts(word);
}

function asciiParts(word: string): string[] {
  const plain = word.toLowerCase();
  const parts = (plain.includes('\'') ? plain.replace(/'s(?![a-z])/g, '').replace(/'/g, '') : plain).match(/[a-z]+|[0-9]+/g) ?? [];
  if (parts.length < 2) return parts;
  const whole = parts.join('');
  const longest = /[0-9]/.test(whole) ? LONGEST_CODE : LONGEST_JOINED;
  return whole.length <= longest && /[a-z]/.test(whole) ? [...parts, whole] : parts;
}

function unicodeParts(word: string): string[] {
  const plain = word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’]s(?!\p{L})/gu, '').replace(/['’]/g, '');
  const spelled = plain.replace(GREEK_RUN, run => (run.length > 2 ? run : [...run].map(letter => ` ${GREEK_NAMES[letter] ?? letter} `).join('')));
  const parts = spelled.match(LETTERS_OR_DIGITS) ?? [];
  if (parts.length < 2) return parts;
  const whole = parts.join('');
  const longest = /\p{N}/u.test(whole) ? LONGEST_CODE : LONGEST_JOINED;
  return whole.length <= longest && /\p{L}/u.test(whole) ? [...parts, whole] : parts;
}

const splitWords = (token: LunrToken): LunrToken[] => wordTexts(token.toString()).flatMap(indexedParts).map(text => token.clone(() => text));
// Porter's rules are for English words: names with digits and other scripts stay whole.
const stemEnglish = (token: LunrToken): LunrToken => (/^[a-z]+$/.test(token.toString()) ? lunr.stemmer(token) : token);

lunr.Pipeline.registerFunction(splitWords, 'kedrecWords');
lunr.Pipeline.registerFunction(stemEnglish, 'kedrecStem');

/** Lunr's pipeline for words and for query terms alike: a query is cut, stopped and stemmed exactly as the index. */
export function createPipeline(): LunrPipeline {
  const pipeline = new lunr.Pipeline();
  pipeline.add(splitWords, lunr.stopWordFilter, stemEnglish);
  return pipeline;
}

/** The term of one of a word's parts: stemmed, or undefined for a stop word. */
export function termOf(part: string): string | undefined {
  const token = lunr.stopWordFilter(new lunr.Token(part, {}));
  return token === undefined ? undefined : stemEnglish(token).toString();
}

/** Sets a lunr.Builder up with this analysis, for comparison with Lunr itself. */
export function configureLunr(builder: LunrBuilder, settings: AnalysisSettings = ANALYSIS): void {
  builder.tokenizer = text => wordsOf(String(text ?? '')).map(word => new lunr.Token(word.text, {}));
  builder.pipeline = createPipeline();
  builder.searchPipeline = createPipeline();
  builder.k1(settings.k1);
  builder.b(settings.b);
  for (const field of settings.fields) builder.field(field);
}

const MEMO_LIMIT = 50_000;
const LONGEST_KEPT = 64;
const HAS_DIGIT = /\p{N}/u;
/** Of an ASCII word without the pattern for all scripts, which takes long to be compiled. */
const hasDigit = (word: string): boolean => (ASCII.test(word) ? /[0-9]/ : HAS_DIGIT).test(word);

/** A copy that shares nothing with the text it was cut from: a part of a string keeps the whole in memory. */
function detach(word: string): string {
  return Buffer.from(word, 'utf16le').toString('utf16le');
}

/** Results by word; starts afresh when it has grown large, and keeps neither long words nor the texts that words came from. */
export class WordMemo<T> {
  private readonly known = new Map<string, T>();

  constructor(private readonly make: (word: string) => T) {}

  get(word: string): T {
    const known = this.known.get(word);
    if (known !== undefined) return known;
    const own = detach(word);
    const made = this.make(own);
    if (this.known.size >= MEMO_LIMIT) this.known.clear();
    if (own.length <= LONGEST_KEPT) this.known.set(own, made);
    return made;
  }
}

/** Runs Lunr's pipeline once per distinct word. */
export class Analyzer {
  private readonly memo = new WordMemo<readonly string[]>(word => this.analyse(word));

  /** The terms of one word (usually one or none). */
  terms(word: string): readonly string[] {
    return this.memo.get(word);
  }

  /** The same, not kept: what createPipeline() does, without its lists of tokens. */
  analyse(word: string): readonly string[] {
    const terms: string[] = [];
    for (const part of indexedParts(word)) {
      const term = termOf(part);
      if (term !== undefined) terms.push(term);
    }
    return terms;
  }

  /**
   * The terms of a text with how often each comes. A word of letters that a hyphen divides counts once by its parts; the whole, which says the same
   * again, counts `joined`.
   */
  countTerms(text: string, joined: number): Map<string, number> {
    const counts = new Map<string, number>();
    for (const word of wordTexts(text)) {
      const terms = this.terms(word);
      const whole = terms.length > 1 && !hasDigit(word) ? terms.length - 1 : -1;
      terms.forEach((term, i) => counts.set(term, (counts.get(term) ?? 0) + (i === whole ? joined : 1)));
    }
    return counts;
  }

  /** Every term of a text, in order. */
  termsOf(text: string): string[] {
    const all: string[] = [];
    for (const word of wordTexts(text)) all.push(...this.terms(word));
    return all;
  }
}
