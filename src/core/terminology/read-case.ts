import { findContexts, type ContextScope } from '../text/assertion';
import { findSections, type Section } from '../text/sections';
import { splitSentences } from '../text/sentences';
import type { Span } from '../text/span';
import { findDerived } from './derived';
import type { FoundConcept } from './finder';
import type { Terminology } from './terminology';
import type { Assertion, CaseConcept, CaseReading, Mention } from './types';

/** Strongest first: what a concept is taken for when its mentions differ. */
const STRENGTH: readonly Assertion[] = ['present', 'historical', 'hypothetical', 'family', 'negated', 'allergy'];
/** A reaction named beside the drug that caused it is part of the allergy, not a disease to treat. */
const REACTION = /^(?:anaphyla|urticaria|angio-?o?edema|hives|stevens|rash|drug reaction|toxic epidermal)/i;
const NARRATIVE = /\b(?:he|she|we|patient|was|were|is|presented|presents|started|takes|taking|given|received|treated|admitted|continue|diagnosed)\b/i;
/** A sentence of a family history that speaks of the patient alone. */
const PERSONAL = /^\s*(?:he|she|the patient|patient) (?!reports a family)/i;
const KIN = /famil|mother|father|parent|brother|sister|sibling|aunt|uncle|grand|cousin|children|daughter|\bson\b|relative|wife|husband/i;
const REACTS = /allerg|react|intoler|rash|hives|anaphyla|swelling|tolerat|angio|hypersens|sensitiv|itch|nausea|cough/i;

/**
 * Reads a case: diseases, drugs and drug classes with how the note means them. Spans refer to `text`.
 *
 * History: "history of X", "PMH: X" mean that a chronic disease is still there (`present`) and that anything else is over (`historical`);
 * "s/p X", "prior X", "X resolved", "X in childhood", "X in 2005" are `historical` for every disease. A drug under an allergies heading is an allergy.
 */
export function readCase(text: string, terminology: Terminology): CaseReading {
  const sentences = splitSentences(text);
  const sections = findSections(text);
  const named = terminology.find(text);
  const derived = findDerived(text, terminology).filter(({ span }) => !named.some((other) => other.span.start < span.end && span.start < other.span.end));
  const found = [...named, ...derived].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);

  const mentions: Mention[] = [];
  let at = 0;
  let sectionAt = 0;
  let contexts: { readonly of: number; readonly scopes: readonly ContextScope[] } | undefined;
  for (const hit of found) {
    while (at < sentences.length - 1 && sentences[at]!.end <= hit.span.start) at++;
    while (sectionAt < sections.length - 1 && sections[sectionAt + 1]!.heading.start <= hit.span.start) sectionAt++;
    const sentence = sentences[at] ?? { start: 0, end: text.length };
    if (contexts?.of !== at) contexts = { of: at, scopes: findContexts(text.slice(sentence.start, sentence.end)) };
    const section = sections[sectionAt];
    const inSection = section !== undefined && section.body.start <= hit.span.start && hit.span.start < section.body.end ? section : undefined;
    // A name in the heading itself ("Diabetes:", "Allergies") is read like the text.
    mentions.push({ kind: hit.kind, conceptId: hit.conceptId, span: hit.span, assertion: assertionOf(text, hit, sentence, contexts.scopes, inSection, terminology) });
  }
  return group(mentions, sentences, text.length, terminology);
}

function assertionOf(text: string, hit: FoundConcept, sentence: Span, scopes: readonly ContextScope[], section: Section | undefined, terminology: Terminology): Assertion {
  const start = hit.span.start - sentence.start;
  const end = hit.span.end - sentence.start;
  const isDrug = hit.kind !== 'disease';
  const around = scopes.filter((scope) => scope.start <= start && end <= scope.end + 1);
  const says = (assertion: ContextScope['assertion'], weak?: boolean): boolean =>
    around.some((scope) => scope.assertion === assertion && (scope.only === undefined || (scope.only === 'drug') === isDrug) && (weak === undefined || scope.weak === weak));

  if (/\bnon[- ]$/i.test(text.slice(Math.max(0, hit.span.start - 4), hit.span.start))) return 'negated';
  if (says('negated')) return 'negated';
  if (says('family')) return 'family';
  if (section?.kind === 'family-history' && !isDrug && !(PERSONAL.test(text.slice(Math.max(sentence.start, section.body.start), sentence.end)) && !KIN.test(text.slice(sentence.start, sentence.end)))) return 'family';
  if (isDrug && (says('allergy') || inAllergySection(text, hit.span, sentence, section))) return 'allergy';
  if (says('hypothetical') || section?.kind === 'differential') return 'hypothetical';
  if (isDrug) return says('historical') || section?.kind === 'past-medications' ? 'historical' : 'present';

  if (REACTION.test(text.slice(hit.span.start, hit.span.end)) && (inAllergySection(text, hit.span, sentence, section) || around.some((scope) => scope.assertion === 'allergy'))) return 'historical';
  if (says('historical', false) || section?.kind === 'surgical-history') {
    // "diagnosed with asthma 10 years ago", "diabetes since 2005": when it began, not when it ended.
    const dated = !says('historical', true) && around.some((scope) => !scope.weak && scope.assertion === 'historical' && /ago|earlier|before|back|20\d\d|19\d\d|previously|past/.test(text.slice(sentence.start + scope.trigger.start, sentence.start + scope.trigger.end)));
    const began = /\b(?:diagnosed|since|started|began|onset|discovered|detected|known)\b/i.test(text.slice(sentence.start, sentence.end));
    return dated && began && terminology.isChronic(hit.conceptId) ? 'present' : 'historical';
  }
  if (says('historical', true) || section?.kind === 'past-history') return terminology.isChronic(hit.conceptId) ? 'present' : 'historical';
  return 'present';
}

function inAllergySection(text: string, mention: Span, sentence: Span, section: Section | undefined): boolean {
  if (section?.kind !== 'allergies') return false;
  const content = text.slice(Math.max(sentence.start, section.body.start), sentence.end);
  // Narrative after a short list of allergies has left the section without a heading.
  if (NARRATIVE.test(content) && !REACTS.test(content)) return false;
  // "Penicillin, but has tolerated cephalosporins."
  return !/\btolerat(?:ed|es|ing) (?:\w+ ){0,2}$/i.test(text.slice(sentence.start, mention.start)) || /(?:not|n['’]t|never|poorly) tolerat\w+ (?:\w+ ){0,2}$/i.test(text.slice(sentence.start, mention.start));
}

function group(mentions: readonly Mention[], sentences: readonly Span[], textLength: number, terminology: Terminology): CaseReading {
  const collect = (wanted: (mention: Mention) => boolean): CaseConcept[] => {
    const byConcept = new Map<string, Mention[]>();
    for (const mention of mentions) {
      if (!wanted(mention)) continue;
      const key = `${mention.kind} ${mention.conceptId}`;
      const list = byConcept.get(key);
      if (list === undefined) byConcept.set(key, [mention]);
      else list.push(mention);
    }
    const concepts = [...byConcept.values()].map((list): CaseConcept => {
      const { kind, conceptId } = list[0]!;
      const assertion = STRENGTH.find((candidate) => list.some((mention) => mention.assertion === candidate))!;
      return { kind, id: conceptId, name: terminology.nameOf(kind, conceptId), assertion, mentions: list };
    });
    // Array.sort is stable: within present and not present the order of first mention stays.
    return concepts.sort((a, b) => Number(b.assertion === 'present') - Number(a.assertion === 'present'));
  };
  const allergic = new Set(mentions.filter(({ assertion }) => assertion === 'allergy').map(({ kind, conceptId }) => `${kind} ${conceptId}`));
  return {
    diseases: mergeBroader(collect(({ kind }) => kind === 'disease'), terminology),
    // What is not tolerated is not taken, however else the text mentions it.
    drugs: collect(({ kind, assertion, conceptId }) => kind !== 'disease' && assertion !== 'allergy' && !allergic.has(`${kind} ${conceptId}`)),
    allergies: collect(({ kind, assertion }) => kind !== 'disease' && assertion === 'allergy'),
    sentences,
    textLength,
  };
}

/** "heart failure" beside "heart failure with reduced ejection fraction" is the same disease: its mentions go to the specific one. */
function mergeBroader(diseases: readonly CaseConcept[], terminology: Terminology): CaseConcept[] {
  const present = diseases.filter(({ assertion }) => assertion === 'present');
  const into = new Map<string, string>();
  for (const specific of present) {
    for (const wider of terminology.broader(specific.id)) if (!into.has(wider) && present.some(({ id }) => id === wider)) into.set(wider, specific.id);
  }
  const target = (id: string): string => { let last = id; for (let next = into.get(last); next !== undefined; next = into.get(last)) last = next; return last; };
  return diseases.filter(({ id, assertion }) => assertion !== 'present' || !into.has(id)).map((concept) => {
    const merged = present.filter(({ id }) => into.has(id) && target(id) === concept.id);
    if (merged.length === 0) return concept;
    const mentions = [...concept.mentions, ...merged.flatMap((other) => other.mentions)].sort((a, b) => a.span.start - b.span.start);
    return { ...concept, mentions };
  });
}
