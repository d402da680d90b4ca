import type { Finding } from './types';

const MONTH = '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const FOREIGN = '(?:janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|januar|jänner|februar|märz|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|maio|junho|julho|setembro|outubro|novembro|dezembro)';
const FULL_MONTH = '(?:January|February|March|April|May|June|July|August|September|October|November|December)';
const WEEKDAY = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?';
const ORDINAL = '(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first)';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = "(?:(?:19|20)\\d{2}|['’]\\d{2})";
const TO = '\\s?(?:-|–|—|to|through|thru|until|and|/)\\s?';
const D2 = '(?:0?[1-9]|[12]\\d|3[01])';
const M2 = '(?:0?[1-9]|1[0-2])';
const NOT_BEFORE = '(?<![\\p{L}\\p{N}./-])';
const NOT_AFTER = '(?![\\p{L}\\p{N}]|[/-]\\d)';
const HOLIDAY = "(?:Christmas(?: Eve| Day)?(?! (?:disease|factor|tree))|Thanksgiving(?: Day)?|Easter(?: Sunday| Monday)?|New Year(?:['’]s)?(?: Eve| Day)|Halloween|Labou?r [Dd]ay|labou?r day|Memorial Day|Independence Day|Veterans Day|Columbus Day|Valentine['’]s Day|Fourth of July|4th of July|Mother['’]s Day|Father['’]s Day|Boxing Day|Good Friday|Hanukkah|Yom Kippur|Rosh Hashanah|Diwali|Eid(?: al-(?:Fitr|Adha))?|Ramadan)(?:\\s\\d{1,2}\\b)?";

const any = (flags: string, ...parts: string[]): RegExp => new RegExp(`${NOT_BEFORE}(?:${parts.join('|')})${NOT_AFTER}`, flags);

const withWeekday = `(?:(?<wd>${WEEKDAY}),?\\s)?`;
/** Dates that need nothing around them. */
const CERTAIN: readonly RegExp[] = [
  any('giu', `(?:19|20)\\d{2}(?<s>[-/.])${M2}\\k<s>${D2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?(?:Z|[+-]\\d{2}:?\\d{2})?(?!\\d))?`),
  any('giu', `${withWeekday}${D2}(?<s>[/.-])${D2}\\k<s>(?:(?:19|20)\\d{2}|(?<![.]\\d{1,2})['’]?\\d{2})(?!\\.\\d)`),
  // ranges first: 3/14 - 3/21/2020, March 14-16, 5-7 October
  any('giu', `${M2}/${D2}${TO}${M2}/${D2}(?:/(?:(?:19|20)\\d{2}|\\d{2}))?`),
  any('giu', `${withWeekday}${MONTH}\\.?\\s${DAY}(?:${TO}(?:${MONTH}\\.?\\s)?${DAY}(?!\\s?(?:mg|mcg|ml|g|%|units?|tabs?|tablets?|years?|weeks?|months?|hours?)\\b))?(?:,?\\s${YEAR})?`),
  any('giu', `${withWeekday}(?:the\\s)?${DAY}(?:${TO}${DAY})?[ .-]{1,2}(?:of\\s)?(?:${MONTH}|${FOREIGN})\\.?(?:[ ,.-]{1,2}(?:de\\s)?(?:${YEAR}|\\d{2}(?=\\b(?!\\s?(?:mg|ml|%)))))?`),
  any('giu', `${MONTH}\\s(?:the\\s)?${ORDINAL}(?:,?\\s${YEAR})?`, `(?:the\\s)?${ORDINAL}\\sof\\s${MONTH}(?:,?\\s${YEAR})?`),
  any('giu', `${MONTH}\\.?,?\\s(?:of\\s)?(?:19|20)\\d{2}(?:${TO}${MONTH}\\.?\\s(?:19|20)\\d{2})?`, `${MONTH}[-/](?:(?:19|20)\\d{2}|\\d{2})`, `${FOREIGN}\\s(?:de\\s)?(?:19|20)\\d{2}`),
  any('giu', `(?:0[1-9]|[12]\\d|3[01])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[- ]?(?:0[1-9]|[12]\\d|3[01])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))?(?:(?:19|20)\\d{2}|\\d{2})?`),
  any('giu', `${MONTH}\\.? ${DAY},(?:19|20)\\d{2}`),
  any('gu', `(?:19|20)\\d{2}-(?:0[1-9]|1[0-2])`),
  /(?<=(?<!\p{L})(?:until|till|by|on|from|since|before|after|through) the )\d{1,2}(?:st|nd|rd|th)(?! (?:percentile|rib|day|week|month|year|dose|cycle|nerve|finger|toe|digit|metacarpal|metatarsal|floor|century|time|intercostal|cranial|trimester|post|of))(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=\s\p{L}|\s?[-–]|[,;)]|\s*$)/gmu,
  any('gu', `${M2}[/-](?:19|20)\\d{2}`),
  any('gu', HOLIDAY),
];

/** Months and weekdays by name alone. */
const NAMED: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}\\p{N}-])(?:January|February|April|June|July|August|September|October|November|December)(?![\\p{L}\\p{N}])`, 'gu'),
  new RegExp(`(?<=(?<![\\p{L}])(?:in|since|of|last|this|next|until|till|by|around|early|late|mid|through|from|during|before|after|on|to|every) |(?<=\\b(?:mid|early|late)-))(?:${FULL_MONTH})(?![\\p{L}\\p{N}])(?!\\s(?:be|have|not|need|also|help|cause|require|take|repeat|benefit|consider|present)\\b)`, 'giu'),
  new RegExp(`(?<=(?<![\\p{L}])(?:on|last|this|next|past|since|until|till|by|from|before|after|for|coming) )(?:mon|tues|wednes|thurs|fri|satur|sun)day(?![\\p{L}\\p{N}])(?!\\s?[/,]\\s?(?:mon|tue|wed|thu|fri|sat|sun))`, 'giu'),
];

/** Day and month without a year and without a month's name: only where a word before says that it is a date. */
const SHORT = new RegExp(`(?<![\\p{L}\\p{N}./+-])(?:${WEEKDAY},?\\s)?(?<a>\\d{1,2})/(?<b>\\d{1,2})(?![\\p{L}\\p{N}/%]|[.]\\d|-\\d)`, 'giu');
const CUE = new RegExp(`(?:^|[^\\p{L}])(?:on|since|from|until|till|through|thru|to|by|dated?|day|seen|visits?|visited|admitted|admission|adm|discharged?|dc|d/c|called|started|stopped|increased|decreased|held|resumed|extubated|intubated|titrated|us|ct|mri|pet|echo|ekg|ecg|cxr|x-?rays?|labs?|next|follow[- ]?up|f/u|fu|recheck|re-?eval|fell|rtc|returns?|returned|target|before|after|last|home|prior|born|repeat|appointment|appt|due|on \\d{1,2}/\\d{1,2},? and|cycle|scan|filed|received|rec['’]?d|given|renewed|signed|list|neg|negative|collected|drawn|faxed|typed|expires?|exp|lmp|edd|booster|dose on|\\d{1,2}/\\d{1,2} (?:and|&|to|or)|${WEEKDAY})\\.?,?\\s?[:(]?\\s?(?:on |the )?$`, 'iu');
const NOT_CUE = /\b(?:strength|motor|power|pain|reflex\w*|murmur|score|gleason|apgar|acuity|vision|bp|ratio|dose|iop|c\/d|rated?|mood|anxiety|severity|rank(?:in|ed)|nutrition|plaque|grade|stage|diet|ate|days?|doses?|insulin|visual|od|os|ou)\b[^.;\n]{0,24}$/i;
const NOT_DATE_AFTER = /^\s?(?:mg|mcg|ml|g\b|tab|tablet|cap|pill|pain|strength|in (?:all|both|the|bilateral|upper|lower)|bilaterally|throughout|of\b|systolic|diastolic|murmur|normal|ns\b|inch|"|in\.|cup|tsp|teaspoon|hours?|h\b|days?\b|weeks?|months?|nodes?|positive|correct|words|objects|points|if\b|severity|intensity|for pain|mmhg|x\b|units?|visits|on the\b|on (?:left|right)|doses|sets|reps|pack|bottle|patients|women|men|cores|biops|lymph|lead|level|criteria|out\b)/i;
const LINE_START = /(?:^|\n|[.;]\s)[ \t|*-]{0,4}$/;

/** The date as "y-m-d" where it can be read, so that two spellings of a day are one entity. */
export function dateKey(written: string): string {
  const text = written.toLowerCase();
  const iso = /^((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text);
  if (iso) { return `${iso[1]}-${Number(iso[2])}-${Number(iso[3])}`; }
  const us = /(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)?\d{2})$/.exec(text);
  if (us) { return `${us[3]!.length === 2 ? `20${us[3]}` : us[3]}-${Number(us[1])}-${Number(us[2])}`; }
  const named = new RegExp(`^(?:(${MONTH})\\.?\\s(\\d{1,2})(?:st|nd|rd|th)?|(\\d{1,2})(?:st|nd|rd|th)?[ .-]{1,2}(?:of\\s)?(${MONTH}))\\.?(?:[ ,.-]{1,2}((?:19|20)\\d{2}))?$`, 'iu').exec(text);
  if (named) { return `${named[5] ?? '?'}-${months.indexOf((named[1] ?? named[4])!.slice(0, 3)) + 1}-${Number(named[2] ?? named[3])}`; }
  return text;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The one year that a date names in full, which Safe Harbor lets stand. */
export function yearOf(written: string): string | undefined {
  const years = [...new Set(written.match(/(?<!\d)(?:19|20)\d{2}(?!\d)/g) ?? [])];
  return years.length === 1 ? years[0] : undefined;
}

/** Whether a date stands where a note gives the day of birth. */
export function isBirthDate(text: string, start: number): boolean {
  return /(?:\bd\.?o\.?b\.?|date of birth|\bborn|\bbirth\w*|\bb\.|\bgeb\.|née le|né le|\bdob)\s{0,2}[:=("]{0,3}\s{0,2}(?:on |in |le |am )?$/i.test(text.slice(Math.max(0, start - 30), start));
}

/** All elements of dates except a year alone. Fractions, doses, scores and blood pressures are left. */
export function findDates(text: string): Finding[] {
  const found: Finding[] = [];
  const add = (start: number, length: number, weight: number): void => { found.push({ start, end: start + length, class: 'date', weight }); };
  const dotted = /(?<!\d)\d{1,2}\.\d{1,2}\.(?:19|20)\d{2}/.test(text);
  for (const pattern of CERTAIN) {
    for (const match of text.matchAll(pattern)) {
      const after = text.slice(match.index + match[0].length, match.index + match[0].length + 12);
      // "30.11." without a year only among dates of that kind: elsewhere it is a number at the end of a sentence
      if (/^\d+\.\d+\.$/.test(match[0]) && !dotted) { continue; }
      if (/^\s?(?:mg|mcg|ml|mmhg|%)/i.test(after) || !plausible(match[0])) { continue; }
      if (/^\d+\/\d+\s?\D{1,7}\d+\/\d+$/.test(match[0]) && NOT_CUE.test(text.slice(Math.max(0, match.index - 30), match.index))) { continue; }
      const lead = /^the\s/i.exec(match[0])?.[0].length ?? 0;
      add(match.index + lead, match[0].length - lead, 80);
    }
  }
  for (const pattern of NAMED) {
    for (const match of text.matchAll(pattern)) {
      const before = text.slice(Math.max(0, match.index - 8), match.index).toLowerCase();
      if (/every $/.test(before)) { continue; }
      const lead = /\b(?:early|mid|late|last|this|next|past)[- ]$/.exec(before)?.[0].length ?? 0;
      add(match.index - lead, match[0].length + lead, 50);
    }
  }
  for (const match of text.matchAll(SHORT)) {
    const [a, b] = [Number(match.groups!['a']), Number(match.groups!['b'])];
    if (a === 0 || b === 0 || Math.min(a, b) > 12 || Math.max(a, b) > 31) { continue; }
    const before = text.slice(Math.max(0, match.index - 44), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 24);
    const heading = LINE_START.test(before) && /^\s?:/.test(after);
    const weekday = /^\p{L}/u.test(match[0]) || /\b(?:since|until|till|dated?|on the)\s$/i.test(before);
    const ends = Math.max(a, b) > 12 && /(?:^|\p{L}|\s) $|\n$/u.test(before) && /^\s*(?:\n|$|\.\s)|^\s(?:by|at|per)\b/.test(after);
    if ((weekday || ends || CUE.test(before) || heading) && (weekday || !NOT_CUE.test(before.slice(-30).split(/[.;\n]\s/).at(-1)!)) && !NOT_DATE_AFTER.test(after)) { add(match.index, match[0].length, 55); }
  }
  return found;
}

/** Rules out 12/9/70 mg like triples and months beyond twelve. */
function plausible(written: string): boolean {
  const numeric = /^(\d{1,2})[/.-](\d{1,2})[/.-]/.exec(written.replace(/^\D{1,12}/, ''));
  return !numeric || Math.min(Number(numeric[1]), Number(numeric[2])) <= 12;
}
