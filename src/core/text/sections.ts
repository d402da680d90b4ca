import { BULLET, isWrapped, splitLines } from './lines';
import type { Span } from './span';

/** What a part of a note is about, as its heading says. */
export type SectionKind =
  | 'family-history' | 'past-history' | 'surgical-history' | 'allergies' | 'medications' | 'past-medications' | 'assessment' | 'present-illness' | 'social-history'
  | 'review-of-systems' | 'examination' | 'results' | 'differential' | 'other';

/** A headed part of a text. */
export interface Section {
  readonly kind: SectionKind;
  readonly heading: Span;
  /** After the heading up to where the section ends. */
  readonly body: Span;
}

const KINDS: readonly (readonly [SectionKind, string])[] = [
  ['family-history', 'family (?:medical |health )?(?:history|hx)|family|fam(?:ily)? hx|fhx|fh|fmh'],
  ['surgical-history', '(?:past |prior |previous )?surgical (?:history|hx)|psh|pshx|past surgeries|surgeries|procedures'],
  ['past-history', '(?:past|previous|prior|other|relevant|significant|personal|known)? ?(?:medical|health) (?:history|hx|problems|conditions)|past (?:history|medical and surgical history|medical ?[/&] ?surgical history)|' +
    'pmhx?|pmh/psh|phx|medical|comorbidities|co-morbidities|chronic (?:problems|conditions|issues|medical problems)|antecedents|history|past psychiatric history|psychiatric history|oncologic(?:al)? history|obstetric history'],
  ['allergies', '(?:drug |medication |known |food and drug )*(?:allergies|allergy|adverse (?:drug )?reactions|intolerances|drug intolerances|allergies ?/ ?(?:intolerances|adverse reactions)|allergies and intolerances)|all(?=:)'],
  ['past-medications', '(?:past|previous|prior|former|discontinued|stopped|failed) (?:medications?|meds|treatments?|therapies|therapy|psychiatric medications)|medications? (?:stopped|discontinued|tried)'],
  ['medications', '(?:current |home |discharge |outpatient |inpatient |admission |active |regular |present |preadmission |new )*(?:medications?|meds|drugs|medicines|rx|prescriptions?|medication list|drug list|treatment|therapy)' +
    '(?: (?:on admission|at home|on discharge|at discharge|prior to admission|on arrival|list))?'],
  ['assessment', '(?:assessment|impression|diagnos[ie]s|diagnoses|a ?[/&] ?p|assessment (?:and|&) plan|assessment ?/ ?plan|plan|problem list|active problems|problems|(?:final|primary|discharge|admission|admitting|principal|working) ' +
    'diagnos[ie]s|imp|conclusions?|recommendations?|indication)'],
  ['differential', 'differential(?: diagnos[ie]s)?|ddx'],
  ['present-illness', '(?:history of (?:the )?(?:present|presenting) (?:illness|complaint)|hpi|hopi|presenting (?:complaint|illness)|chief complaint|cc|subjective|case (?:presentation|report|description|summary|history)|presentation|' +
    'interval history|reason for (?:visit|admission|consultation|referral)|introduction|background|summary|hospital course|course)'],
  ['social-history', 'social (?:history|hx)|shx?|soc hx|habits|lifestyle|occupational history'],
  ['review-of-systems', 'review of systems|ros|systems review|symptoms'],
  ['examination', '(?:physical |clinical |general |neurological |mental status )?exam(?:ination)?|pe|objective|vitals?|vital signs|on examination|physical findings|o/e|vitals reviewed'],
  ['results', '(?:laboratory |lab |test |imaging |diagnostic )?(?:results?|findings|data|studies|tests|investigations|labs?|imaging|radiology|ecg|ekg|workup)|laboratory|methods|outcome'],
];
const KNOWN = new RegExp(`^(?:${KINDS.map(([, pattern], index) => `(?<k${index}>${pattern})`).join('|')})$`, 'i');

/** Kind that a heading's words stand for, or undefined when they are no heading of a note. */
export function headingKind(words: string): SectionKind | undefined {
  const groups = KNOWN.exec(words.trim().replace(/\s+/g, ' '))?.groups;
  if (groups === undefined) return undefined;
  const index = KINDS.findIndex((_, at) => groups[`k${at}`] !== undefined);
  return KINDS[index]?.[0];
}

interface Heading {
  readonly kind: SectionKind;
  readonly span: Span;
  /** Whether text follows on the heading's line. */
  readonly inline: boolean;
}

const LINE_HEADING = /^[ \t#*_>-]*(?:\d{1,2}[.)][ \t]+)?([A-Za-z][A-Za-z &/,()-]{0,48}?)[*_]*[ \t]*(?::[*_]*|[ \t]-(?=[ \t])|[*_]*$)/;
const INLINE_HEADING = /(?<=[.;!?]\s+|\.\s*|\|\s*|,\s+|\t)([A-Z][A-Za-z/&]*(?: [A-Za-z/&]+){0,4})[ \t]*:/g;

/** Sections of a note, in order. Text before the first heading, and text after a one-line section, belongs to none. */
export function findSections(text: string): Section[] {
  const lines = splitLines(text);
  const headings = lines.flatMap((line, index) => headingsOf(text, line, lines[index - 1]));
  return headings.map((heading, index) => {
    const next = headings[index + 1]?.span.start ?? text.length;
    const end = heading.inline ? Math.min(next, endOfInline(text, lines, heading.span.end)) : next;
    return { kind: heading.kind, heading: heading.span, body: { start: heading.span.end, end } };
  });
}

function headingsOf(text: string, line: Span, previous: Span | undefined): Heading[] {
  const content = text.slice(line.start, line.end);
  if (content.trim() === '') return [];
  const headings: Heading[] = [];
  const first = LINE_HEADING.exec(content);
  if (first !== null) {
    const words = first[1]!.trim();
    const kind = headingKind(words);
    const colon = first[0].includes(':');
    const alone = content.slice(first[0].length).trim() === '';
    const blankBefore = previous === undefined || text.slice(previous.start, previous.end).trim() === '';
    // A line of its own is a heading when it is known, or looks set apart; "Name: value" of unknown name ends a section too.
    const unknown = colon ? 'other' : undefined;
    const looks = colon || (alone && (words === words.toUpperCase() || blankBefore || /^[ \t]*[#*]/.test(content)));
    const found = looks ? (kind ?? (alone && words === words.toUpperCase() && words.split(' ').length <= 5 && words.length > 4 ? 'other' : unknown)) : undefined;
    // In a bulleted list "Mother: diabetes" is an item, not a heading.
    if (found !== undefined && !(found === 'other' && (BULLET.test(content) || KIN.test(words) || !alone))) {
      headings.push({ kind: found, span: { start: line.start, end: line.start + first[0].length }, inline: !alone });
    }
  }
  for (const match of content.matchAll(INLINE_HEADING)) {
    const kind = headingKind(match[1]!);
    if (kind !== undefined && match.index >= (first?.[0].length ?? 0)) {
      headings.push({ kind, span: { start: line.start + match.index, end: line.start + match.index + match[0].length }, inline: content.slice(match.index + match[0].length).trim() !== '' });
    }
  }
  return headings;
}

const KIN = /^(?:mother|father|brother|sister|siblings?|parents?|son|daughter|children|(?:maternal|paternal)\b.*|grand\w+|aunt|uncle|cousin)s?$/i;

/** A section that begins on its heading's line goes on over wrapped lines and list items, not into the next paragraph. */
function endOfInline(text: string, lines: readonly Span[], from: number): number {
  let index = lines.findIndex((line) => line.end >= from);
  for (; index + 1 < lines.length; index++) {
    const line = text.slice(lines[index]!.start, lines[index]!.end);
    const next = text.slice(lines[index + 1]!.start, lines[index + 1]!.end);
    if (!isWrapped(line, next) && !(next.trim() !== '' && BULLET.test(next)) && !/^[ \t]{2,}\S/.test(next)) break;
  }
  return lines[Math.min(index, lines.length - 1)]?.end ?? text.length;
}
