import { splitSentences } from '../../text/sentences';
import type { Span } from '../../text/span';
import { withoutNames } from './names';

/** A sentence of a passage made ready for matching. */
export interface Sentence {
  readonly span: Span;
  readonly text: string;
  readonly stems: ReadonlySet<string>;
}

/** How well a sentence says what a claim says: 0 to 1, the share of the claim's weight that it holds. */
export interface SentenceScore {
  readonly sentence: Sentence;
  readonly score: number;
}

const stopWords = new Set(('a an and are as at be been being both but by can did do does for from had has have he her his if in into is it its may more most of on or our over she '
  + 'should so such than that the their them then there these they this those to under was we were when where which while who will with would also between among during after before per '
  + 'patient patients people adults study trial drug treatment therapy compared versus vs used use using given group groups evidence').split(' '));

/** Sentences of a passage. A passage without any end of sentence is one. */
export function sentencesOf(text: string): Sentence[] {
  const spans = splitSentences(text);
  const all = spans.length > 0 ? spans : [{ start: 0, end: text.length }];
  return all.map((span) => {
    const sentence = text.slice(span.start, span.end);
    return { span, text: sentence, stems: stemsOf(sentence) };
  });
}

/** Stems of the words that carry meaning; numbers are kept whole. */
export function stemsOf(text: string): Set<string> {
  const words = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(/\d+(?:[.,·]\d+)*|[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !stopWords.has(word) && (word.length > 1 || /\d/.test(word))).map(stem));
}

/** The words of a claim: what it says, and apart from that the names of the drugs and diseases that it is about. */
export interface ClaimWords {
  readonly content: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** Takes a claim apart. */
export function claimWords(claim: string, names: readonly string[]): ClaimWords {
  const content = stemsOf(withoutNames(claim, names));
  return { content, names: new Set([...stemsOf(claim)].filter((word) => !content.has(word))) };
}

/**
 * Sentences, best first. A number counts twice: it is what tells two findings about the same thing apart. Names count little, as every sentence about
 * the subject holds them.
 */
export function rankSentences(claim: ClaimWords, sentences: readonly Sentence[]): SentenceScore[] {
  const weights = new Map([...[...claim.names].map((word) => [word, 0.2] as const), ...[...claim.content].map((word) => [word, /^\d/.test(word) ? 2 : 1] as const)]);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return sentences
    .map((sentence) => ({ sentence, score: total === 0 ? 0 : [...weights].reduce((sum, [word, weight]) => sum + (sentence.stems.has(word) ? weight : 0), 0) / total }))
    .sort((one, other) => other.score - one.score);
}

/** Enough of a word to tell it from others and not from its own forms. */
function stem(word: string): string {
  return /\d/.test(word) ? word.replace(/,/g, '').replace('·', '.') : word.replace(/(?:ies|es|s)$/, '').slice(0, 6).replace(/(?:e|i)$/, '');
}
