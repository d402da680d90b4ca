import { isGraveNotice } from '../evidence/readers/notices';
import type { EvidenceDirection, EvidenceHeader } from '../evidence/types';
import { splitSentences } from '../text/sentences';
import { causes, polarityOf, speaksOfUse, type Polarity } from './stance';
import type { BackgroundPassage, Candidate, DraftClaim } from './types';

/** Names of drugs and diseases as texts use them, by id. */
export interface EvidenceEngineNames {
  drugNames(id: string): readonly string[];
  diseaseNames(id: string): readonly string[];
  /** The disease, and its wider and narrower ones. */
  nearDiseases(id: string): readonly string[];
  /** Drugs and diseases that a text names. */
  mentioned(text: string): { readonly drugs: ReadonlySet<string>; readonly diseases: ReadonlySet<string> };
}

export type Stance = DraftClaim['stance'];

/** What one passage says about a candidate, in one of its own sentences. */
export interface Witness {
  readonly stance: Stance;
  /** About 1 for a good randomised trial that an author has read and tagged. */
  readonly weight: number;
  readonly sentence: string;
  readonly passageId: string;
  readonly header: EvidenceHeader;
}

/** How much a study of a design counts. Ours: the paper has no such engine. */
const designWeight: readonly (readonly [RegExp, number])[] = [
  [/meta-analysis|systematic review/i, 1.1], [/randomi[sz]ed|double-blind|phase ?(?:3|iii)/i, 1], [/guideline/i, 0.9], [/cohort|case-control/i, 0.55], [/single-arm|phase ?(?:2|ii)/i, 0.5], [/registry/i, 0.5], [/series|report/i, 0.3],
];
/** What a sentence of an untagged document counts against one that an author has tagged: read by rules, it is right less often. */
const untagged = { result: 0.8, use: 0.5, named: 0.35 } as const;
/** The sentence names the drug, the passage or its title names the disease elsewhere. */
const apart = 0.6;

/** What a passage says about a candidate in the diseases asked about: its best sentence and which way it speaks; nothing when it is about something else. */
export function testimony({ passage, header, topics }: BackgroundPassage, { drug }: Candidate, diseases: ReadonlySet<string>, names: EvidenceEngineNames): Witness | undefined {
  const closeness = topics?.diseaseCloseness ?? 0;
  if (!topics?.drugs.includes(drug.id) || closeness === 0 || isGraveNotice(header.notice)) { return undefined; }
  const tagged = header.direction !== undefined && (header.drugs ?? []).length > 0;
  // In a document whose author says what it is about, any other drug is a comparator.
  if (tagged && !header.drugs!.includes(drug.id)) { return undefined; }
  // A study's plan (who against what) is no testimony where an author states the finding.
  const plan = /^(?:design|methods?|background|objectives?|introduction|aims?|purpose)/i.test(passage.section ?? '');
  if (tagged && plan) { return undefined; }
  const sentence = bestSentence(passage.text, drug.id, diseases, names, tagged ? header.direction : undefined);
  if (!sentence || (!tagged && sentence.comparator)) { return undefined; }
  const witness = (stance: Stance, share: number): Witness => ({ stance, weight: closeness * design(header, passage.text, tagged) * share, sentence: sentence.text, passageId: passage.id, header });
  if (tagged) { return witness(stanceOfDirection(header.direction!, sentence.polarity), header.direction === 'mixed' ? 0.5 : 1); }
  const place = sentence.namesDisease ? 1 : apart;
  if (sentence.causes) { return witness('safety', untagged.result); }
  const stance = stanceOfPolarity[sentence.polarity];
  if (stance && !plan) { return witness(stance, untagged.result * place); }
  if (stance === 'against' || stance === 'safety') { return undefined; }
  if (sentence.use) { return witness('for', untagged.use * place); }
  return sentence.namesDisease ? witness('for', untagged.named) : undefined;
}

function design(header: EvidenceHeader, text: string, tagged: boolean): number {
  const stated = `${header.design ?? ''} ${header.facts?.phase ?? ''}`;
  const words = tagged || stated.trim() !== '' ? stated : `${header.title} ${text}`;
  return designWeight.find(([pattern]) => pattern.test(words))?.[1] ?? (tagged ? 0.4 : 0.6);
}

const stanceOfPolarity: Readonly<Record<Polarity, Stance | undefined>> = { positive: 'for', negative: 'against', harm: 'safety', neutral: undefined };

function stanceOfDirection(direction: EvidenceDirection, polarity: Polarity): Stance {
  if (direction === 'mixed') { return polarity === 'negative' ? 'against' : polarity === 'harm' ? 'safety' : 'for'; }
  return direction;
}

interface Sentence {
  readonly text: string;
  readonly polarity: Polarity;
  /** The drug is only what another one is compared with. */
  readonly comparator: boolean;
  readonly namesDisease: boolean;
  /** It says that the drug brings the disease on. */
  readonly causes: boolean;
  /** It says that the drug is given for something. */
  readonly use: boolean;
}

/** The sentence that names the drug and reports a result, one that agrees with the document's direction before others; very long sentences count less. */
function bestSentence(text: string, drugId: string, diseases: ReadonlySet<string>, names: EvidenceEngineNames, direction: EvidenceDirection | undefined): Sentence | undefined {
  const wanted = names.drugNames(drugId).slice(0, 12).map(name => name.toLowerCase());
  let best: (Sentence & { readonly score: number }) | undefined;
  for (const { start, end } of splitSentences(text)) {
    const sentence = text.slice(start, end).trim();
    const lower = sentence.toLowerCase();
    const at = wanted.map((name, index) => (index === 0 || name.length > 3 ? lower.indexOf(name) : -1)).filter(index => index >= 0);
    if (at.length === 0) { continue; }
    const comparator = /\b(?:compared (?:with|to)|versus|vs\.?|than|over|against|instead of)\s(?:\S+\s){0,3}$/.test(lower.slice(0, Math.min(...at)));
    const polarity = polarityOf(sentence);
    const agrees = direction === undefined || direction === 'mixed' || stanceOfPolarity[polarity] === direction || (direction === 'against' && polarity === 'harm');
    const namesDisease = [...names.mentioned(sentence).diseases].some(id => diseases.has(id));
    const score = (polarity === 'neutral' ? 0 : 1.5) + (agrees ? 1 : 0) - (comparator ? 1.5 : 0) + (/\d/.test(sentence) ? 0.2 : 0) - (sentence.length > 400 ? 0.8 : 0) + (direction === undefined && namesDisease ? 1.2 : 0);
    if (!best || score > best.score) {
      best = { text: sentence, polarity, comparator, namesDisease, causes: namesDisease && causes(sentence, sentence.slice(Math.min(...at))), use: speaksOfUse(sentence), score };
    }
  }
  return best;
}
