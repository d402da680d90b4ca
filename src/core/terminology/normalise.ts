const GREEK: Readonly<Record<string, string>> = {
  α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta', ε: 'epsilon', κ: 'kappa', λ: 'lambda', μ: 'mu', ω: 'omega',
};
const ROMAN: Readonly<Record<string, string>> = { ii: '2', iii: '3' };

/** A word of a text. `key` is what it is compared by; `raw` is as written, without a possessive 's. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly raw: string;
  readonly key: string;
}

const keys = new Map<string, string>();

/** Comparison form of a word: lower case, no accents, American spelling, singular, Greek letters spelled out. */
export function wordKey(word: string): string {
  let key = keys.get(word);
  if (key === undefined) {
    key = computeKey(word);
    // Long texts have few distinct words; the bound only guards against input that is not language.
    if (keys.size > 200_000) keys.clear();
    keys.set(word, key);
  }
  return key;
}

function computeKey(word: string): string {
  let key = word.toLowerCase();
  if (/[^\x00-\x7f]/.test(key)) {
    key = key.replace(/[α-ω]/g, (letter) => GREEK[letter] ?? letter).replace(/æ/g, 'ae').replace(/œ/g, 'oe').replace(/ß/g, 'ss').replace(/ø/g, 'o');
    key = key.normalize('NFKD').replace(/\p{M}/gu, '');
  }
  const roman = ROMAN[key];
  if (roman !== undefined) return roman;
  if (key.length > 3) key = singular(american(key));
  return key;
}

function american(word: string): string {
  return word.replace(/[ao]e/g, 'e').replace(/our/g, 'or').replace(/is(?=ation|ed$|ing$)/g, 'iz').replace(/sulph/g, 'sulf').replace(/fibre/g, 'fiber').replace(/centre/g, 'center').replace(/leuc(?=em)/g, 'leuk');
}

function singular(word: string): string {
  if (word.length > 7 && word.endsWith('omata')) return word.slice(0, -2);
  if (!word.endsWith('s') || word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (word.endsWith('sses') || word.endsWith('xes') || word.endsWith('ches') || word.endsWith('shes')) return word.slice(0, -2);
  // Greek plurals: "thromboses", "vasculitides" (and "carcinomata" above).
  if (word.length > 6 && /(?:[bcfhiklmnrt]oses|stases)$/.test(word)) return `${word.slice(0, -2)}is`;
  if (word.endsWith('itides')) return `${word.slice(0, -3)}s`;
  if (/(?:virus|sinus|fetus)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

const WORD = /[\p{L}\p{N}\p{M}]+(?:['’]s(?![\p{L}\p{N}]))?/gu;

/** Words of a text in order, with their offsets. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(WORD)) {
    const whole = match[0];
    const raw = whole.length > 2 && (whole.endsWith("'s") || whole.endsWith('’s')) ? whole.slice(0, -2) : whole;
    tokens.push({ start: match.index, end: match.index + whole.length, raw, key: wordKey(raw) });
  }
  return tokens;
}

const SOFT = /^[ \t\u00a0]*(?:[-‐‑–'’]|\r?\n)?[ \t\u00a0]*$/;

/**
 * What the text between two words adds to a key: nothing for a space, a hyphen or a line break (variants of the same name),
 * the sign itself where it matters ("St. John's", "diabetes mellitus, type 2"); undefined where a name cannot go on.
 */
export function separatorKey(separator: string): string | undefined {
  if (separator === ' ' || separator === '-' || SOFT.test(separator)) return '';
  const sign = /^ ?([,./+&(%]|\) ?)\s?$/.exec(separator)?.[1];
  return sign === undefined ? undefined : sign.trim();
}

/** Key of a word beside the one before it: "type I" is "type 1", but "factor I" and the pronoun stay. */
export function keyIn(token: Token, previous: Token | undefined): string {
  return token.key === 'i' && previous?.key === 'type' ? '1' : token.key;
}

/** Whether a mark has to stand between two joined words: beside a single letter a join makes another word ("Retin-A" is not "retina"). */
export function joint(separator: string, before: string, after: string): string {
  return separator === '' && (/^[a-z]$/.test(after) || /(?:^|[^a-z])[a-z]$/.test(before)) ? '~' : separator;
}

/** Comparison form of a whole name. Empty when it holds no word. */
export function nameKey(name: string): string {
  const tokens = tokenise(name);
  let key = '';
  let previous: Token | undefined;
  for (const token of tokens) {
    if (previous !== undefined) {
      const separator = name.slice(previous.end, token.start);
      key += joint(separatorKey(separator) ?? separator.trim(), key, keyIn(token, previous));
    }
    key += keyIn(token, previous);
    previous = token;
  }
  return key;
}
