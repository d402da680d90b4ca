import type { Finding } from './types';

const OVER_89 = '(?:9\\d|1[0-2]\\d)';
const IN_WORDS = '(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a) hundred(?: and (?:one|two|three|four|five|six|seven|eight|nine|ten))?)';
const AGE = `(?<v>${OVER_89}|${IN_WORDS})`;

const PATTERNS: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}\\p{N}./-])${AGE}(?=[- ]?(?:years?|yrs?|yr\\.)[- ]?(?:old|of age|young)|[- ]?(?:y\\/o|y\\.?o\\.?\\b|yo[mf]?\\b|yr old|ans\\b|anos\\b|años\\b|jahre\\b))`, 'giu'),
  new RegExp(`(?<![\\p{L}])(?:aged?|at (?:the )?age(?: of)?|age of|turned|turning|turns)\\s{0,2}[:=]?\\s{0,2}${AGE}(?![.,]?\\p{N}|[%/]|\\s?(?:mg|kg|cm|mm|ml|%|days?|weeks?|months?|hours?|minutes?))`, 'giu'),
  new RegExp(`(?<=(?:died|lived|passed|passing|death|deceased|living|alive|d\\.)(?: away)?(?: to be| to| until)?(?: at)? (?:age )?)${AGE}(?![.,]?\\p{N}|[%/]|\\s?(?:mg|kg|cm|mm|ml|%|days?|weeks?|months?|hours?|minutes?))`, 'giu'),
  new RegExp(`(?<=(?:mother|father|grandmother|grandfather|aunt|uncle|sister|brother|wife|husband|patient|he|she|mom|dad|parent|friend|neighbou?r)(?:,| is| was)? ?)\\(?${AGE}(?=,|\\)| and\\b|\\.|;|$)(?![.,]\\d)`, 'gimu'),
  new RegExp(`(?<=(?:reached|reaching|lived to|survived to) )${AGE}(?=[ -]?(?:years?|yrs?)?(?:[,.;)\\n]|$))`, 'gimu'),
  // "Lavinia Crump, 92.", "pappas, m, 90, found"
  new RegExp(`(?<=\\p{L}{2},(?: [mf],)? )${AGE}(?=,|\\.\\s|\\.$|;| [mfMF]\\b)(?!, \\d)`, 'gmu'),
  new RegExp(`(?<=^|[.:;,] |\\b(?:a|an|is|was) )${AGE}(?=[ -]?(?:M|F|male|female|man|woman|lady|gentleman)\\b(?!\\.\\d))`, 'gmu'),
];
/** "99 F" after these is a temperature, not a woman. */
const TEMPERATURE = /(?:\btemp\w*|\bfever|\btmax|\bt:?|°|\bdegrees)[^.;\n\p{L}]{0,3}(?:of |was |is |to |up to )?$/iu;

/** Ages over 89. Younger ones may stand. */
export function findAges(text: string): Finding[] {
  return PATTERNS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap((match): Finding[] => {
    const value = match.groups!['v']!;
    const start = match.index + match[0].lastIndexOf(value);
    return TEMPERATURE.test(text.slice(Math.max(0, start - 24), start)) ? [] : [{ start, end: start + value.length, class: 'age', weight: 75 }];
  }));
}
