import lunr from 'lunr';

/** Lucene's stop words. */
const STOP_WORDS = new Set('a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(' '));
const stemmed = new Map<string, string>();

/** Plain analysis, as search libraries have it: runs of letters and digits in lower case, Lucene's stop words, Porter's stems. */
export function plainTerms(text: string): string[] {
  const terms: string[] = [];
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) if (!STOP_WORDS.has(word)) { terms.push(stemOf(word)); }
  return terms;
}

/** The term of a word in lower case, or undefined for a stop word. */
export function plainTerm(word: string): string | undefined {
  return STOP_WORDS.has(word) ? undefined : stemOf(word);
}

function stemOf(word: string): string {
  let stem = stemmed.get(word);
  if (stem === undefined) { stemmed.set(word, stem = lunr.stemmer(new lunr.Token(word, {})).toString()); }
  return stem;
}
