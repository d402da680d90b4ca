import type { CheckedPassage } from './citations';
import { findingsOf, isContradicted, sharesOutcome } from './findings';
import { fractionsOf, holdsFraction } from './fractions';
import { mentions, withoutNames, type SearchableText } from './names';
import { allNumbers, digitNumbers, findNumber, spelledNumbers, type TextNumber } from './numbers';
import { rankSentences, stemsOf, type ClaimWords, type SentenceScore } from './sentenceMatch';

/** Something a claim lacks, for people. `unsupported` outweighs `weak`. */
export interface Problem {
  readonly severity: 'weak' | 'unsupported';
  readonly reason: string;
}

/** A concept with the names that stand for it. */
export interface NamedConcept {
  readonly name: string;
  readonly names: readonly string[];
  /** Where the terminology can tell: whether a passage speaks of it, and not of a sibling that shares a wider name ("breast cancer", "prostate cancer"). */
  readonly isIn?: (passage: CheckedPassage) => boolean;
}

const namedIn = ({ names }: NamedConcept) => (passage: CheckedPassage): boolean => mentions(passage.text, names) || mentions(passage.title, names) || mentions(passage.facts, names);

const weak = (reason: string): Problem => ({ severity: 'weak', reason });
const unsupported = (reason: string): Problem => ({ severity: 'unsupported', reason });

/** The passage or its title names the drug; other drugs that the claim names occur as well. */
export function checkDrugs(subject: NamedConcept, others: readonly NamedConcept[], passages: readonly CheckedPassage[], slug: string): Problem[] {
  const named = (drug: NamedConcept, passage: CheckedPassage): boolean =>
    mentions(passage.text, drug.names) || mentions(passage.title, drug.names) || passage.item.header.id === `KG:${slug}`;
  const missing = passages.filter((passage) => !named(subject, passage));
  const problems: Problem[] = [];
  if (missing.length === passages.length) {
    problems.push(unsupported(`${passages.length > 1 ? 'None of the cited passages mentions' : 'The passage does not mention'} ${subject.name}.`));
  } else if (missing.length > 0) {
    problems.push(weak(`${missing.map((passage) => passage.item.label).join(', ')} ${missing.length > 1 ? 'do' : 'does'} not mention ${subject.name}.`));
  }
  for (const other of others) {
    if (!passages.some((passage) => mentions(passage.text, other.names) || mentions(passage.title, other.names) || mentions(passage.facts, other.names))) {
      problems.push(weak(`The passage does not mention ${other.name}.`));
    }
  }
  return problems;
}

/** The passage, its title or its tags name a disease that the claim names, or else one of the case. */
export function checkDiseases(claimed: readonly NamedConcept[], ofCase: readonly NamedConcept[], tagged: (passage: CheckedPassage, disease: NamedConcept) => boolean,
  passages: readonly CheckedPassage[], required: boolean): Problem[] {
  const present = (disease: NamedConcept): boolean =>
    passages.some((passage) => tagged(passage, disease) || (disease.isIn ?? namedIn(disease))(passage));
  if (claimed.length > 0) {
    const missing = claimed.filter((disease) => !present(disease));
    return missing.length === 0 ? [] : [(missing.length === claimed.length ? unsupported : weak)(`The passage does not mention ${list(missing)}.`)];
  }
  return !required || ofCase.length === 0 || ofCase.some(present) ? [] : [weak(`The passage does not mention ${list(ofCase.slice(0, 3), 'or')}.`)];
}

/** Every number of the claim stands in a cited passage, its title, its facts or year, or belongs to the patient. */
export function checkNumbers(claim: string, names: readonly string[], passages: readonly CheckedPassage[], caseText: string): Problem[] {
  const plain = withoutNames(claim, names);
  const wanted = [...digitNumbers(plain), ...spelledNumbers(plain)];
  const fractions = fractionsOf(plain);
  if (wanted.length === 0 && fractions.length === 0) {
    return [];
  }
  const texts = passages.map(({ item: { passage, header } }) => [passage.text, header.title, header.year ?? '', ...Object.values(header.facts ?? {})].join(' ; '));
  const present = texts.flatMap(allNumbers);
  const inWords = texts.flatMap(fractionsOf);
  const missing = fractions.filter((fraction) => !holdsFraction(fraction, inWords, present)).map(({ text }) => unsupported(`The passage does not say "${text}", in words or numbers.`));
  const ofCase = /\b(?:patient|case|year-old|his|her|current|baseline)\b/i.test(claim) ? digitNumbers(caseText) : [];
  return [...missing, ...wanted.flatMap((number: TextNumber): Problem[] => {
    const found = findNumber(number, present);
    if (found === 'stated' || ofCase.some((other) => other.value === number.value)) {
      return [];
    }
    return found === 'derived' ? [weak(`The passage does not state ${number.text} itself; it follows from a ratio given there.`)] : [unsupported(`The passage does not contain the number ${number.text}.`)];
  })];
}

const weakOverlap = 0.2;
const noOverlap = 0.12;
/** With what something was compared is said by the study's design, often not by the sentence of the finding. */
const comparison = /\b(?:compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?)\b[^,;]*/i;

/** What the claim says beyond names is said by some sentence, and in the same direction. */
export function checkContent(claim: string, { content }: ClaimWords, concepts: { readonly diseases: readonly NamedConcept[]; readonly drugs: readonly NamedConcept[] }, best: readonly SentenceScore[]): Problem[] {
  if (best.length === 0) {
    return [unsupported('The passage is empty.')];
  }
  const said = new Set([...stemsOf(claim.replace(comparison, ' '))].filter((word) => content.has(word)));
  const overlap = rankSentences({ content: said.size > 0 ? said : content, names: new Set() }, best.map((entry) => entry.sentence))[0]?.score ?? 0;
  const diseases = concepts.diseases.flatMap(({ names }) => names);
  const drugs = concepts.drugs.map(({ names }) => names);
  const claimed = findingsOf(claim, diseases, drugs);
  const stated = best.map(({ sentence }) => findingsOf(sentence.text, diseases, drugs));
  if (content.size >= 3 && overlap < noOverlap && !sharesOutcome(claimed, stated.flat())) {
    return [unsupported('No sentence of the passage says anything like this.')];
  }
  const problems = content.size >= 3 && overlap < weakOverlap && !sharesOutcome(claimed, stated.flat()) ? [weak('The passage says it in quite other words, if at all.')] : [];
  if (isContradicted(claimed, stated)) {
    problems.push(unsupported('The direction seems to differ: read what the passage says of this.'));
  }
  return problems;
}

/** True when the claim is a quotation: nothing of it needs interpreting. */
export function isQuoted(claim: SearchableText, passages: readonly CheckedPassage[]): boolean {
  return claim.words.trim() !== '' && passages.some((passage) => passage.text.words.includes(claim.words));
}

function list(concepts: readonly NamedConcept[], word = 'and'): string {
  const names = concepts.map((concept) => concept.name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names[names.length - 1] ?? ''}`;
}
