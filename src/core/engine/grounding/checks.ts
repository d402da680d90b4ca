import type { CheckedPassage } from './citations';
import { reasonOf, type ContentEvidence } from './contentEvidence';
import { fractionsOf, holdsFraction } from './fractions';
import { mentions, withoutNames, type SearchableText } from './names';
import { allNumbers, digitNumbers, findNumber, romanNumbers, spelledNumbers, type TextNumber } from './numbers';
import { probabilityOf } from './scorecard';
import { elsewhereModel, oppositeModel } from './weights';

/** Something a claim lacks, for people. `unsupported` outweighs `weak`. */
export interface Problem {
  readonly severity: 'weak' | 'unsupported';
  readonly reason: string;
}

/** A concept with the names that stand for it. */
export interface NamedConcept {
  readonly name: string;
  readonly names: readonly string[];
  /** Where the terminology can tell: whether a passage speaks of it (of a drug: by a name of its own, not of its class), and not of a sibling that shares a wider name ("breast cancer", "prostate cancer"). */
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
  } else if (subject.isIn && !passages.some((passage) => mentions(passage.text, [subject.name]) || mentions(passage.title, [subject.name]) || passage.item.header.id === `KG:${slug}` || subject.isIn?.(passage) === true)) {
    problems.push(weak(`The passage speaks of a class to which ${subject.name} belongs, not of ${subject.name} itself.`));
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
  const wanted = [...digitNumbers(plain), ...spelledNumbers(plain), ...romanNumbers(plain)];
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

/** Why a claim is weak that its passage hardly makes. */
export const hardlySaid = 'The passage says it in quite other words, if at all.';

/** What the claim says beyond names is said by some sentence, and in the same direction. */
export function checkContent(evidence: ContentEvidence | undefined): Problem[] {
  if (!evidence) {
    return [unsupported('The passage is empty.')];
  }
  const elsewhere = probabilityOf(elsewhereModel, evidence.elsewhere);
  const opposite = probabilityOf(oppositeModel, evidence.opposite);
  const problems: Problem[] = [];
  if (elsewhere >= elsewhereModel.weak) {
    problems.push(elsewhere >= elsewhereModel.unsupported ? unsupported('No sentence of the passage says anything like this.') : weak(hardlySaid));
  }
  if (opposite >= oppositeModel.weak && elsewhere < elsewhereModel.unsupported) {
    problems.push((opposite >= oppositeModel.unsupported ? unsupported : weak)(`The direction seems to differ${reasonOf(evidence.opposite)}: read what the passage says of this.`));
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
