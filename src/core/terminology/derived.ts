import type { FoundConcept } from './finder';
import type { Terminology } from './terminology';

interface Rule {
  /** Slugs that the condition may have; the first one that the terminology holds is used. */
  readonly slugs: readonly string[];
  readonly pattern: RegExp;
  /** Whether a match counts: gets the captured number and the sentence-sized surroundings. */
  readonly accept?: (value: number, around: string) => boolean;
}

/** In these surroundings the weeks are those of a birth, not of a pregnancy that goes on. */
const BIRTH = /\b(?:born|birth ?weight|neonat\w+|newborn|premature|preterm|delivered|delivery|infant|baby|apgar|miscarr\w+|abort\w+|stillb\w+|c-section|ca?esarean)\b/i;

const RULES: readonly Rule[] = [
  {
    slugs: ['pregnancy'],
    pattern: /\bpregnant\b|\bgravid\b|\bG\d+ ?P\d+(?:[A-Z]?\d*)* (?:female |woman |lady |patient |who is )?(?:at|with|in her) (?:\d{1,2}|first|second|third)|\b\d{1,2}(?:[ +]\d\/7)?[- ]?(?:weeks?|wks?)[’']? (?:of )?(?:gestation|pregnant|GA\b|amenorrh)|\b(?:first|second|third|1st|2nd|3rd) trimester/gi,
    accept: (_, around) => !BIRTH.test(around),
  },
  { slugs: ['breastfeeding', 'lactation'], pattern: /\bbreast[- ]?feeding\b|\bbreastfeeds\b|\blactating\b|\bnursing (?:mother|her (?:baby|infant|child|newborn|son|daughter))\b/gi },
  {
    slugs: ['severe-renal-impairment', 'severe-kidney-impairment'],
    pattern: /\b(?:e-?GFR|estimated GFR|estimated glomerular filtration rate|creatinine clearance|CrCl)\b(?: \(e?GFR\))?(?: (?:of|was|is|at|now|about|approximately|around))*\s*[:=<]?\s*(\d{1,3}(?:\.\d+)?)(?!\s*(?:m2|m²|m\b|%|-|–|to\b|\d|\.\d|\/1))/gi,
    accept: (value) => value > 0 && value < 30,
  },
  {
    slugs: ['hyperkalemia', 'hyperkalaemia'],
    pattern: /(?<!vitamin |[A-Za-z])(?:K\+?|[Pp]otassium|POTASSIUM)(?: (?:level|was|is|of|at))*\s*[:=]?\s*\(?(\d\.\d)(?!\d|\.\d|\s*(?:m?g\b|[-–]|to\b|k\b))/g,
    accept: (value) => value > 5.5,
  },
];

/** Conditions that a text states without their name: pregnancy by weeks, renal impairment by eGFR, hyperkalaemia by a potassium value (mmol/L). */
export function findDerived(text: string, terminology: Terminology): FoundConcept[] {
  return RULES.flatMap(({ slugs, pattern, accept }) => {
    const conceptId = slugs.find((slug) => terminology.disease(slug) !== undefined);
    if (conceptId === undefined) return [];
    return [...text.matchAll(pattern)]
      .filter((match) => accept === undefined || accept(Number(match[1] ?? NaN), around(text, match.index, match[0].length)))
      .map((match): FoundConcept => ({ kind: 'disease', conceptId, span: { start: match.index, end: match.index + match[0].length }, abbreviation: false }));
  });
}

/** The text around a match, up to the nearest sentence ends. */
function around(text: string, start: number, length: number): string {
  const before = text.slice(Math.max(0, start - 120), start).split(/[.;\n]\s/).at(-1) ?? '';
  const after = text.slice(start, start + length + 120).split(/[.;\n]\s/)[0] ?? '';
  return before + after;
}
