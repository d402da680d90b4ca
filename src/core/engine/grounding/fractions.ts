import type { TextNumber } from './numbers';

/** How much something changed, in words: what was left or added as a share, and the words. */
interface Fraction {
  /** 0.5 for "by half", 2 for "doubled". */
  readonly share: number;
  readonly text: string;
}

const parts: Readonly<Record<string, number>> = { half: 2, halves: 2, third: 3, quarter: 4, fifth: 5, sixth: 6, eighth: 8, tenth: 10 };
const counts: Readonly<Record<string, number>> = { a: 1, an: 1, the: 1, one: 1, two: 2, three: 3, four: 4 };
const inWords = /\b(?:(a|an|the|one|two|three|four)[- ])?(half|halves|third|quarter|fifth|sixth|eighth|tenth)(s?)\b(?![- ](?:life|lives|line|generation|dose|group|trial|day|week|month|year|trimester|phase|arm|cycle|time|study))/gi;
const verbs: readonly (readonly [RegExp, number])[] = [[/\bhalv(?:e|ed|es|ing)\b/gi, 0.5], [/\bdoubl(?:ed|es|ing)\b|\btwice\b|\b(?:two|2)-?fold\b/gi, 2], [/\b(?:tripl|trebl)(?:ed|es|ing)\b|\bthree times\b|\b(?:three|3)-?fold\b/gi, 3], [/\bquadrupl(?:ed|es|ing)\b|\bfour times\b|\b(?:four|4)-?fold\b/gi, 4]];
/** A fraction in words is rounded: "by a third" is said of 31 % and of 35 %. */
const tolerance = 0.05;

/** Fractions and multiples in words. Ordinals ("the third dose", "twice daily") are none. */
export function fractionsOf(text: string): Fraction[] {
  const plain = text.replace(/\bdouble-blind\w*|\btwice[- ](?:a |per )?(?:daily|weekly|monthly|day|week|month)\b|\b(?:three|four) times (?:daily|weekly|a|per)\b/gi, ' ');
  const shares = [...plain.matchAll(inWords)].flatMap(([written, count, part, plural]): Fraction[] => {
    const of = parts[(part ?? '').toLowerCase()] ?? 1;
    const many = counts[(count ?? 'a').toLowerCase()] ?? 1;
    // Without "a", "one" or a plural, "third" is an ordinal; "half" never is.
    const isShare = of === 2 || (count !== undefined && count.toLowerCase() !== 'the') || plural === 's';
    return isShare ? [{ share: many / of, text: written }] : [];
  });
  return [...shares, ...verbs.flatMap(([pattern, share]) => [...plain.matchAll(pattern)].map(([written]) => ({ share, text: written })))];
}

/** True when a passage says as much in words, as a percentage, as a ratio, or by two numbers that stand in that ratio. */
export function holdsFraction({ share }: Fraction, words: readonly Fraction[], numbers: readonly TextNumber[]): boolean {
  if (words.some((word) => Math.abs(word.share - share) < 0.001)) { return true; }
  const near = (value: number): boolean => Math.abs(value - share) <= tolerance * Math.max(1, share);
  const remains = (value: number): boolean => share < 1 && near(1 - value);
  const stated = numbers.some(({ value, percent, decimals }) => (percent ? near(value / 100) || remains(value / 100) || near(1 + value / 100) : decimals > 0 && (near(value) || remains(value))));
  return stated || numbers.some((one) => numbers.some((other) => one !== other && other.value > 0 && one.percent === other.percent && (near(one.value / other.value) || remains(one.value / other.value))));
}
