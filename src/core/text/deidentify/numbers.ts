import type { Finding, IdentifierClass } from './types';

interface Pattern {
  readonly class: IdentifierClass;
  readonly weight: number;
  /** The identifier is group `v`, else the whole match. Every repetition is bounded, so that no text takes long. */
  readonly pattern: RegExp;
  /** Matches that are something else. */
  readonly unless?: RegExp;
}

const CODE = '(?<v>(?=[A-Z0-9./-]{0,20}\\d)[A-Z0-9](?:[A-Z0-9./-]{0,26}[A-Z0-9])?)';
const NUMBER = '(?:[ \\t]{0,2}(?:number|no\\b\\.?|num\\b\\.?|nr\\b\\.?|#|ids?\\b|code|identifier))?';
const IS = '[ \\t]{0,3}(?:is|was|=|:|#|\\.)?[ \\t]{0,3}[:#]?[ \\t]{0,2}';

/** A label, then a value with a digit in it. */
const labelled = (label: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${label})${NUMBER}${IS}${CODE}(?![\\p{L}\\p{N}])`, 'giu');

const PHONE_NUMBER = '(?:\\+\\d{1,3}[ .-]?)?(?:\\(\\d{1,5}\\)[ .-]?)?\\d{2,5}(?:[ .-]\\d{2,5}){1,5}|\\+?\\d{7,13}|\\(\\d{3}\\) ?\\d{3}[- .]?\\d{4}';
const EXTENSION = '(?:,?\\s?(?:x|ext\\.?|extension)\\s?\\d{1,6})?';

const PATTERNS: readonly Pattern[] = [
  { class: 'url', weight: 99, pattern: /\b(?:https?|ftp):\/\/[^\s<>"'()|]{3,400}[^\s<>"'()|.,;:!?]|\bwww\.[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,5}(?:\/[^\s<>"'()|]{0,300}[^\s<>"'()|.,;:!?])?|(?<![@\w.-])[a-z0-9-]{2,60}(?:\.[a-z0-9-]{2,40}){0,3}\.(?:com|org|net|edu|gov|io|co\.uk|de|fr|info|health)(?:\/[^\s<>"'()|]{0,300}[^\s<>"'()|.,;:!?])?(?![\w@])/gi },
  { class: 'email', weight: 100, pattern: /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu },
  { class: 'ip', weight: 98, pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)(?:\/\d{1,2}\b)?/g },
  { class: 'ip', weight: 98, pattern: /(?<![\w:])(?=[0-9a-f:]{0,39}::|(?:[0-9a-f]{1,4}:){7})(?=[0-9a-f:]{0,39}\d)[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,7}(?![\w:])/gi },
  { class: 'ssn', weight: 97, pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-]*\d)(?!A)/g },
  { class: 'ssn', weight: 97, pattern: /\b(?:ssns?|ss ?#|ss no\.?|social security(?: number| no\.?| #)?)\s{0,3}(?:is|:|#)?\s{0,3}(?<v>\d{3}[- ]?\d{2}[- ]?\d{4})(?!\d)/gi },
  // phone and fax
  { class: 'fax', weight: 96, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:fax|facsimile|telefax|F(?=:))(?: number| no\\.?| #)?\\s{0,2}[:#]?\\s{0,2}(?<v>${PHONE_NUMBER})(?!\\d)`, 'giu') },
  { class: 'phone', weight: 95, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:phone|telephone|tel|tél|telefon|teléfono|mobile|cell|callback|pager|beeper|ext|extension|call|text|ph|contact)(?: number| no\\b\\.?| #| at)?\\s{0,2}[:#.]?\\s{0,2}(?:at )?(?<v>(?:${PHONE_NUMBER})${EXTENSION})(?!\\d)`, 'giu'), unless: /^\d{1,2}[ -]\d{1,2}$/ },
  { class: 'phone', weight: 95, pattern: /(?<![\p{L}\p{N}])(?:pager|beeper|ext\.?|extension)\s{0,2}[:#]?\s{0,2}(?<v>\d{3,6})(?!\d)/giu },
  { class: 'phone', weight: 90, pattern: /(?<![\w.+-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?:,?\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?![\w-]*\d)/gi },
  { class: 'phone', weight: 90, pattern: /(?<![\w.])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]\d{2,5}){1,5}(?!\d)/g },
  // a trunk 0: 020 7946 0018, 01632 960148, 0161-496-0018, 07700 900123
  { class: 'phone', weight: 85, pattern: /(?<![\w./+-])\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}(?![\w/-]|\.\d)/g },
  { class: 'phone', weight: 60, pattern: /(?<![\w./-])\d{3}-\d{4}(?![\w/-]|\.\d)/g },
  // numbers with a label
  { class: 'device', weight: 88, pattern: labelled("(?:(?:pacemaker|device|implant|lead|pump|icd|aid|walker|wheelchair|generator|sensor|unit)\\s)?(?:serial(?: numbers?| nos?\\.?| #)?|s\\/n|sn)|device(?=\\s(?:id|identifier|no|number|#))|udi") },
  { class: 'vehicle', weight: 88, pattern: labelled("vin") },
  { class: 'vehicle', weight: 88, pattern: /\b(?:(?:[Ll]icen[cs]e )?(?:[Pp]lates?|PLATE)|[Tt]ag|[Vv]ehicle registration|[Rr]egistration plate|[Nn]umber plate|[Ll]icen[cs]e tag)(?: [Nn]umbers?| [Nn]os?\.?| #)?\s{0,2}[:#]?\s{0,2}(?<v>(?=[A-Z0-9 -]{0,8}\d)[A-Z0-9]{1,7}(?:[ -][A-Z0-9]{1,5}){0,2})(?![\w-])/g },
  { class: 'licence', weight: 87, pattern: labelled("(?:driver['’]?s? |driving |medical |nursing |state |professional )?(?:licen[cs]e|licen[cs]ure)|lic\\b\\.?|dl(?=\\s?#)|dea|npi|clia|mcrn|nmc|hcpc|gphc|ahpra|pt reg|reg no|lic(?=\\s)|dl(?=\\s)|passport|certificate|certification|cert\\b\\.?|badge|cedula|cédula|gmc") },
  { class: 'account', weight: 86, pattern: labelled("(?:bank |billing |patient )?account|acct\\b\\.?|a\\/c|(?:insurance|health ?plan|policy|gms card|medical card|concession card|acc claim|claim|agency acct|member|subscriber|group|beneficiary|health plan beneficiary|medicare|medicaid|hicn|mbi)"), unless: /^\d{1,3}$|^\w{1,2}$/ },
  { class: 'account', weight: 89, pattern: /\b(?:account|iban|insurance|card|credit card)\s{0,3}(?:no\.?|number|#)?\s{0,2}[:#]?\s{0,2}(?<v>[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}|\d{4}(?:[ -]\d{4}){3})(?!\w)/gi },
  { class: 'account', weight: 70, pattern: /(?<![\w-])\d{4}(?:[ -]\d{4}){3}(?![\w-])/g },
  {
    class: 'record', weight: 85,
    pattern: labelled("mrn|m\\.r\\.n\\.|medical record|med rec|record|chart|hospital|uhid|upi|unit|band|nhi|hosp|tag|kit|patient(?=\\s(?:id|no|number|#))|pt id|accession|acc|case|specimen|sample|lab|encounter|visit|csn|fin|har|ip no\\.?|op no\\.?|study(?=\\s(?:id|no|number))|subject(?=\\s(?:id|no|number))|participant(?=\\s(?:id|no|number))|run|order|barcode|id(?=\\s?[:=#])"),
    unless: /^\d{1,3}$|^\d{1,2}[./-]\d{1,2}$|^\d{4}$|^(?:19|20)\d{2}$/,
  },
  { class: 'record', weight: 89, pattern: /\b(?:nhs|nhs (?:no|number))\.?\s{0,2}[:#]?\s{0,2}(?<v>\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)/gi },
  // letters and at least four digits in one word: what devices, cards and files are numbered with, unless it names a compound
  { class: 'record', weight: 39, pattern: /(?<![\p{L}\p{N}.:/+&-])(?!(?:NCT|PMC|PMID|DOID|HP|GO|CHEMBL|MESH|MONDO|RS|ISRCTN|EUCTR|DRKS|ACTRN|CRD|LY|PF|BAY|BMS|MK|GSK|AZD|ABT|ONO|JNJ|TAK|SAR|BI|AMG|MEDI|REGN|CC|RO|ICD|COVID|SARS|HLA|KB|NM|ENST|ENSG|CD|IL|E)-?\d)(?=[\p{L}\d&-]{0,19}\d{4}|(?:[\p{L}&-]{0,12}\d){5})(?=[\d-]{0,18}\p{L})(?<v>[\p{L}\d]{1,12}(?:[-&][\p{L}\d]{1,12}){0,4})(?![\p{L}\p{N}]|[.,]\d|-\d)/giu, unless: /^\d+(?:mg|mcg|g|kg|ml|l|iu|u|units?|s|th|st|nd|rd|am|pm|h|hrs?|x|p|bp|kb|cm|mm|k|m)$|^\d+-(?:year|day|week|month|hour|patient|bed|center|centre|subject|person|dose|mg|kg)|^[acgtn]?\.?\d+[acgt]+$|^G\d+P\d+$|^(?:19|20)\d\ds?$|^\d{4}-?(?:19|20)\d\d/i },
  { class: 'licence', weight: 89, pattern: /(?<![\w-])[A-Z9]{5} ?\d{6} ?[A-Z0-9]{5}(?![\w-])/g },
  { class: 'device', weight: 89, pattern: /\b(?:serial(?: number| no\.?)?|s\/n|sn|lead|generator|model)\s{0,2}[:#]?\s{0,2}(?<v>[A-Z]{2,4} ?\d{5,9}|\d{3,5}-\d{3,5}(?: [A-Z]{2})?)(?![\w-])/gi },
  { class: 'vehicle', weight: 84, pattern: /\b(?:[Rr]eg(?:istration)?|REG|[Pp]late|PLATE|car)\s{0,2}[:#]?\s{0,2}(?<v>[A-Z]{2,3}\d{0,2} ?[A-Z0-9]{3,4})(?![\w-])/g },
  { class: 'record', weight: 84, pattern: /\b(?:hosp(?:ital)?|mrn|chart|file|record)\s?(?:no\.?|number|#)\s{0,2}[:#]?\s{0,2}(?<v>[A-Z] ?\d{3} ?\d{3,5})(?![\w-])/gi },
  { class: 'ssn', weight: 90, pattern: /\b(?:ssn|social)\b[^\n\d]{0,24}(?<v>\d{3}[ -]\d{2}[ -]\d{4})(?!\d)/gi },
  { class: 'phone', weight: 70, pattern: /(?<=(?:on|at|call|text|ring|to|ph|tel|cell|mob|mobile) )555[ .-]\d{4}(?!\d)/gi },
  { class: 'record', weight: 40, pattern: /(?<![\w.,:/+-])(?<v>#?\d{7,16})(?![\w%]|[.,]\d)/g },
  { class: 'record', weight: 40, pattern: /(?<![\w:.-])(?!NCT|PMC|PMID|DOID|HP|GO|CHEMBL|MESH|MONDO|RS|ISRCTN|EUCTR|DRKS|ACTRN|CRD)(?<v>[A-Z]{1,4}[-/]?\d{2,4}[-/]\d{3,8}|[A-Z]{1,4}\d{6,12})(?![\w])/g },
  { class: 'record', weight: 40, pattern: /(?<![\w:./-])(?<v>\d{3,5}-\d{2,3}-\d{2,4}|#\d{2}-\d{4,8})(?![\w-]|\/)/g },
];

/** Public numbers of trials, papers and ontologies are no identifiers of a person. */
const PUBLIC = /(?:PMID|PMC|NCT|DOI|ISRCTN|EudraCT|MeSH|UMLS|CUI|MONDO|DOID|RxCUI|RxNorm|SNOMED(?: CT)?|LOINC|ICD(?:-\d+)?(?:-CM)?|ATC|DrugBank|CAS|OMIM|ISBN|ISSN)\s?(?:no\.?|number|ID|#)?\s?[:#]?\s?$/i;

/** Phones, addresses of the net, and numbers that identify. */
export function findNumbers(text: string): Finding[] {
  const found: Finding[] = [];
  for (const { class: kind, weight, pattern, unless } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.['v'] ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      if (unless?.test(value) || !/\d/.test(value) && kind !== 'url' && kind !== 'email') { continue; }
      if ((kind === 'record' || kind === 'phone') && PUBLIC.test(text.slice(Math.max(0, start - 24), start))) { continue; }
      found.push({ start, end: start + value.length, class: kind, weight });
    }
  }
  return found;
}
