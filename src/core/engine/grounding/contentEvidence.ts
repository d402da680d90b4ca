import { directionEvidence, type DirectionEvidence } from './directionEvidence';
import { findingsOf, type Finding } from './findings';
import { rankSentences, stemsOf, type ClaimWords, type SentenceScore } from './sentenceMatch';

/** What speaks for a claim being about something that its passage does not say: named amounts, 0 to 1. */
export const elsewhereFeatures = ['missedByBest', 'missedByPassage', 'noneByBest', 'noneByPassage', 'noOutcome', 'sharedOutcome', 'outcomesMissed', 'fewWords', 'namesTogether', 'wordsTogether', 'agrees', 'direction'] as const;
export type ElsewhereEvidence = Readonly<Record<(typeof elsewhereFeatures)[number], number>>;

/** Evidence on the two questions that words alone do not settle: is this said at all, and is it said the other way round? */
export interface ContentEvidence {
  readonly elsewhere: ElsewhereEvidence;
  readonly opposite: DirectionEvidence;
}

interface Names { readonly names: readonly string[] }

/** With what something was compared is said by the study's design, often not by the sentence of the finding. */
const comparison = /\b(?:compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?)\b[^,;]*/i;

/** Compares what a claim says with the sentences of its passages, best first; nothing where there are none. */
export function contentEvidence(claim: string, { content, names }: ClaimWords, concepts: { readonly diseases: readonly Names[]; readonly drugs: readonly Names[] }, best: readonly SentenceScore[]): ContentEvidence | undefined {
  const [first] = best;
  if (!first) { return undefined; }
  const said = new Set([...stemsOf(claim.replace(comparison, ' '))].filter((word) => content.has(word)));
  const wanted = said.size > 0 ? said : content;
  const overlap = rankSentences({ content: wanted, names: new Set() }, best.map(({ sentence }) => sentence))[0]?.score ?? 0;
  const held = [...wanted].filter((word) => best.some(({ sentence }) => sentence.stems.has(word))).length / Math.max(1, wanted.size);
  const diseases = concepts.diseases.flatMap(({ names }) => names);
  const drugs = concepts.drugs.map(({ names }) => names);
  const claimed = findingsOf(claim, diseases, drugs);
  const stated = best.map(({ sentence }) => findingsOf(sentence.text, diseases, drugs));
  const outcomes = union(claimed, 'about');
  const known = union(stated.flat(), 'context');
  const shared = [...union(claimed, 'context')].filter((stem) => known.has(stem)).length;
  const opposite = directionEvidence(claim, claimed, stated, first.sentence.text, overlap);
  const elsewhere: ElsewhereEvidence = {
    missedByBest: 1 - overlap, missedByPassage: 1 - held, noneByBest: overlap < 0.12 ? 1 : 0, noneByPassage: held < 0.15 ? 1 : 0, noOutcome: shared === 0 ? 1 : 0, sharedOutcome: Math.min(shared, 3) / 3,
    outcomesMissed: outcomes.size === 0 ? 0.5 : [...outcomes].filter((stem) => !known.has(stem)).length / outcomes.size, fewWords: 1 / (1 + wanted.size),
    namesTogether: Math.max(...best.map(({ sentence }) => shareIn(names, sentence.stems))), wordsTogether: Math.max(...best.map(({ sentence }) => shareIn(wanted, sentence.stems) * shareIn(names, sentence.stems))),
    agrees: opposite.agreesAnywhere, direction: claimed.length > 0 && stated.some((findings) => findings.length > 0) ? 1 : 0,
  };
  return { elsewhere, opposite };
}

function shareIn(words: ReadonlySet<string>, stems: ReadonlySet<string>): number {
  return words.size === 0 ? 1 : [...words].filter((word) => stems.has(word)).length / words.size;
}

function union(findings: readonly Finding[], part: 'about' | 'context'): ReadonlySet<string> {
  return new Set(findings.flatMap((finding) => [...finding[part]]));
}

/** What of the evidence for the opposite direction weighs most, in words. */
export function reasonOf(evidence: DirectionEvidence): string {
  const none = Math.max(evidence.alignedClaimNone, evidence.looseClaimNone);
  const found = Math.max(evidence.alignedFoundNone, evidence.looseFoundNone);
  const turned = Math.max(evidence.alignedPolarity, evidence.loosePolarity, evidence.alignedAmount, evidence.looseAmount);
  if (Math.max(none, found, turned) < 0.3) { return ''; }
  if (evidence.turned > 0.5) { return ' (the drugs stand on the other sides of the comparison)'; }
  return turned >= none && turned >= found ? ' (more against less, or better against worse)' : none > found ? ' (the claim sees no effect where the passage sees one)' : ' (the claim sees an effect where the passage sees none)';
}
