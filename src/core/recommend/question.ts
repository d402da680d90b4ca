import { findSections, type SectionKind } from '../text/sections';
import type { CaseConcept, CaseReading } from '../terminology/types';
import type { KnowledgeBase } from './knowledgeBase';

/** A disease that the question is about, with how central it is: 1 for the most central, down to 0. */
export interface TargetDisease {
  readonly id: string;
  readonly name: string;
  readonly weight: number;
}

/** How much a mention counts by the part of a note in which it stands. */
const sectionWeight: Readonly<Partial<Record<SectionKind, number>>> = {
  assessment: 2, 'present-illness': 1.3, 'past-history': 0.3, 'surgical-history': 0.2, 'social-history': 0.2, medications: 0.5, allergies: 0.1, 'review-of-systems': 0.4, results: 0.8,
};
const presenting = /\b(?:present(?:s|ed|ing)? (?:with|to)|diagnos(?:is|ed)|newly|new[- ]onset|acute|worsening|flare|exacerbation|complain(?:s|ed|ing)|admitted (?:with|for)|treat(?:ment|ed|ing)? (?:of|for)|therapy for|indicated|considered for|refractory|uncontrolled|suffer(?:s|ing|ed) from)\b/i;
const background = /\b(?:history of|known|comorbid(?:ity|ities)?|background of|pmh|past medical|in addition to|(?:also|he|she|and) has|patients? with|well[- ]controlled|stable on|long[- ]standing|secondary to|due to|caused by)\b/i;
/** Below this share of the most central disease, one is a comorbidity and not what is asked about. */
const centralShare = 0.5;
const settled = /^[^.;]{0,25}\b(?:well[- ]controlled|stable|in remission|under control)\b/i;
const mostTargets = 3;

/**
 * The diseases of a case that drugs are asked for: those present, the most central first. What a note presents, assesses or repeats is central;
 * what it lists as history is not.
 */
export function targetDiseases(text: string, reading: CaseReading, { graph }: KnowledgeBase): readonly TargetDisease[] {
  const sections = findSections(text);
  const scored = reading.diseases
    .filter(({ id, assertion }) => assertion === 'present' && (graph.disease(id)?.kind ?? 'disease') === 'disease')
    .map(concept => ({ concept, score: centrality(text, concept, reading, sections) * (graph.drugsFor(concept.id).length > 0 ? 1 : 0.5) }))
    .sort((a, b) => b.score - a.score);
  const top = scored[0]?.score ?? 0;
  return scored.filter(({ score }) => score >= centralShare * top).slice(0, mostTargets).map(({ concept, score }) => ({ id: concept.id, name: concept.name, weight: top > 0 ? score / top : 1 }));
}

function centrality(text: string, concept: CaseConcept, reading: CaseReading, sections: ReturnType<typeof findSections>): number {
  const present = concept.mentions.filter(({ assertion }) => assertion === 'present');
  // A disease given by the record itself has no mention: it is the question.
  if (present.length === 0) { return 10; }
  let best = 0;
  for (const { span } of present) {
    const section = sections.find(({ body }) => body.start <= span.start && span.start < body.end);
    const sentence = reading.sentences.find(({ start, end }) => start <= span.start && span.start < end);
    const before = sentence ? text.slice(sentence.start, span.start) : '';
    const around = sentence ? text.slice(sentence.start, sentence.end) : '';
    let score = section ? sectionWeight[section.kind] ?? 1 : 1;
    // The cue nearest before the mention decides: "history of hypertension who presents with gout".
    const cues = [[lastIndex(presenting, before), 1.8], [lastIndex(background, before), 0.45]] as const;
    const nearest = cues.filter(([at]) => at >= 0).sort((a, b) => b[0] - a[0])[0];
    const after = sentence ? text.slice(span.end, sentence.end) : '';
    score *= settled.test(after) ? 0.45 : nearest ? nearest[1] : presenting.test(around) && !background.test(around) ? 1.2 : 1;
    best = Math.max(best, score);
  }
  const early = 1 - 0.3 * (present[0]!.span.start / Math.max(1, reading.textLength));
  return best * early * (1 + 0.35 * Math.log(present.length));
}

function lastIndex(pattern: RegExp, text: string): number {
  let last = -1;
  for (const match of text.matchAll(new RegExp(pattern.source, 'gi'))) { last = match.index; }
  return last;
}
