/** A number of a text with the digits as written after the point, for comparing at the claim's own precision. */
export interface TextNumber {
  readonly value: number;
  readonly decimals: number;
  readonly percent: boolean;
  /** As written. */
  readonly text: string;
}

/** Digits that are part of a name (HbA1c, IL-6, CD20) are none: a letter, or a letter and a hyphen, stands before or a letter after that is no unit. */
const digits = /(?<![\p{L}\p{N}.,·]|\p{L}[-‐‑])(\d{1,3}(?:,\d{3})+|\d+)(?:[.·](\d+))?(\s?%|\s?per ?cent\b|\s?percentage points?\b)?/giu;
const unitAfter = /^(?:mg|mcg|µg|μg|g|kg|ml|l|dl|mmol|mol|nmol|iu|mm|cm|ms|h|hr|hrs|d|wk|wks|mo|y|yr|yrs|x|fold|th|st|nd|rd|k|m)(?![\p{L}])/iu;
const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const roman = ['', 'i', 'ii', 'iii', 'iv', 'v'];

/** Numbers written in digits. */
export function digitNumbers(text: string): TextNumber[] {
  return [...text.matchAll(digits)].flatMap((match) => {
    const after = text.slice(match.index + match[0].length);
    if (/^\p{L}/u.test(after) && !unitAfter.test(after)) {
      return [];
    }
    const decimals = match[2] ?? '';
    const value = Number(`${(match[1] ?? '').replace(/,/g, '')}${decimals === '' ? '' : `.${decimals}`}`);
    return [{ value, decimals: decimals.length, percent: match[3] !== undefined, text: match[0].trim() }];
  });
}

const smallNumbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const spelled = new RegExp(`\\b(?:(${tens.join('|')})(?:[- ](${smallNumbers.slice(1, 10).join('|')}))?|(${smallNumbers.slice(2).join('|')}))(?=(?:[- ](?:daily|weekly|monthly|oral|further|more|additional))?[- ](?:infusion|injection|capsule|course|visit|year|month|week|day|hour|minute|dose|patient|trial|participant|fold|time|per ?cent|percent|cycle|tablet|stud|group|arm|erosion|ulcer|attack|point)s?)`, 'gi');

/** Numbers written in words that measure something: "over sixteen weeks", not "one of". */
export function spelledNumbers(text: string): TextNumber[] {
  return [...text.matchAll(spelled)].map(([written, ten, unit, small]) => {
    const value = small ? smallNumbers.indexOf(small.toLowerCase()) : 20 + 10 * tens.indexOf((ten ?? '').toLowerCase()) + (unit ? smallNumbers.indexOf(unit.toLowerCase()) : 0);
    return { value, decimals: 0, percent: false, text: written };
  });
}

/** Stages, classes and phases in Roman numerals: "stage III or IV", "NYHA class II-III". */
export function romanNumbers(text: string): TextNumber[] {
  return [...text.matchAll(/\b(?:phases?|stages?|class(?:es)?|grades?|types?)\s+((?:i{1,3}|iv|v)[a-c]?(?:(?:\s?[/–-]\s?|,\s|\s(?:or|and|to)\s)(?:i{1,3}|iv|v)[a-c]?)*)(?![\p{L}\p{N}])/giu)]
    .flatMap(({ 1: list = '' }) => [...list.matchAll(/\b(i{1,3}|iv|v)[a-c]?\b/gi)].map(([written, numeral = '']) => ({ value: roman.indexOf(numeral.toLowerCase()), decimals: 0, percent: false, text: written })));
}

/** All numbers of a text, those in words and in Roman numerals ("phase III") included. */
export function allNumbers(text: string): TextNumber[] {
  const plain = (value: number, written: string): TextNumber => ({ value, decimals: 0, percent: false, text: written });
  const inWords = [...text.matchAll(/\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/gi)]
    .map((match) => plain(words.indexOf(match[0].toLowerCase()), match[0]));
  const inRoman = romanNumbers(text);
  return [...digitNumbers(text), ...spelledNumbers(text), ...inWords, ...inRoman];
}

/** How a number of a claim is found in a passage: written there, or only following from a ratio (26% from 0.74). */
export function findNumber(wanted: TextNumber, present: readonly TextNumber[]): 'stated' | 'derived' | 'absent' {
  const scale = 10 ** wanted.decimals;
  if (present.some((found) => found.value === wanted.value || (found.decimals > wanted.decimals && Math.round(found.value * scale) === Math.round(wanted.value * scale)))) {
    return 'stated';
  }
  const ratio = 1 - wanted.value / 100;
  const derived = wanted.percent && wanted.value < 100 && present.some((found) => !found.percent && found.decimals >= 2 && Math.abs(found.value - ratio) < 0.0051);
  return derived ? 'derived' : 'absent';
}
