import type { CheckedPassage } from './citations';
import { directionOf, isInsignificant, namesOutcome, opposes, type Direction } from './direction';
import { mentions, withoutNames, type SearchableText } from './names';
import { allNumbers, digitNumbers, findNumber, type TextNumber } from './numbers';
import { clausesOf, rankSentences, stemsOf, type ClaimWords, type SentenceScore } from './sentenceMatch';

/** Something a claim lacks, for people. `unsupported` outweighs `weak`. */
export interface Problem {
  readonly severity: 'weak' | 'unsupported';
  readonly reason: string;
}

/** A concept with the names that stand for it. */
export interface NamedConcept {
  readonly name: string;
  readonly names: readonly string[];
}

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
    if (!passages.some((passage) => mentions(passage.text, other.names) || mentions(passage.title, other.names))) {
      problems.push(weak(`The passage does not mention ${other.name}.`));
    }
  }
  return problems;
}

/** The passage, its title or its tags name a disease that the claim names, or else one of the case. */
export function checkDiseases(claimed: readonly NamedConcept[], ofCase: readonly NamedConcept[], tagged: (passage: CheckedPassage, disease: NamedConcept) => boolean,
  passages: readonly CheckedPassage[], required: boolean): Problem[] {
  const present = (disease: NamedConcept): boolean =>
    passages.some((passage) => mentions(passage.text, disease.names) || mentions(passage.title, disease.names) || tagged(passage, disease));
  if (claimed.length > 0) {
    const missing = claimed.filter((disease) => !present(disease));
    return missing.length === 0 ? [] : [(missing.length === claimed.length ? unsupported : weak)(`The passage does not mention ${list(missing)}.`)];
  }
  return !required || ofCase.length === 0 || ofCase.some(present) ? [] : [weak(`The passage does not mention ${list(ofCase.slice(0, 3), 'or')}.`)];
}

/** Every number of the claim stands in a cited passage, its title, its facts or year, or belongs to the patient. */
export function checkNumbers(claim: string, names: readonly string[], passages: readonly CheckedPassage[], caseText: string): Problem[] {
  const wanted = digitNumbers(withoutNames(claim, names));
  if (wanted.length === 0) {
    return [];
  }
  const present = passages.flatMap(({ item: { passage, header } }) => allNumbers([passage.text, header.title, header.year ?? '', ...Object.values(header.facts ?? {})].join(' ; ')));
  const ofCase = /\b(?:patient|case|year-old|his|her|current|baseline)\b/i.test(claim) ? digitNumbers(caseText) : [];
  return wanted.flatMap((number: TextNumber): Problem[] => {
    const found = findNumber(number, present);
    if (found === 'stated' || ofCase.some((other) => other.value === number.value)) {
      return [];
    }
    return found === 'derived' ? [weak(`The passage does not state ${number.text} itself; it follows from a ratio given there.`)] : [unsupported(`The passage does not contain the number ${number.text}.`)];
  });
}

const weakOverlap = 0.3;
const noOverlap = 0.12;
const nearBest = 0.9;
/** With what something was compared is said by the study's design, often not by the sentence of the finding. */
const comparison = /\b(?:compared (?:with|to)|in comparison (?:with|to)|relative to|versus|vs\.?)\b[^,;]*/i;

/** What the claim says beyond names is said by some sentence, and in the same direction. */
export function checkContent(claim: string, { content }: ClaimWords, names: readonly string[], best: readonly SentenceScore[]): Problem[] {
  const top = best[0];
  if (!top) {
    return [unsupported('The passage is empty.')];
  }
  const said = new Set([...stemsOf(claim.replace(comparison, ' '))].filter((word) => content.has(word)));
  const overlap = rankSentences({ content: said.size > 0 ? said : content, names: new Set() }, best.map((entry) => entry.sentence))[0]?.score ?? 0;
  if (content.size >= 3 && overlap < noOverlap) {
    return [unsupported('No sentence of the passage says anything like this.')];
  }
  const problems = content.size >= 3 && overlap < weakOverlap ? [weak('The passage says it in quite other words, if at all.')] : [];
  const near = best.filter((entry) => entry.score >= top.score * nearBest).map((entry) => withoutNames(entry.sentence.text, names));
  // Without names, as "heart failure with reduced ejection fraction" says nothing of what a drug did.
  if (clausesOf(withoutNames(claim, names)).some((part) => contradicted(part, content, near))) {
    problems.push(unsupported('The direction differs: the passage\'s closest sentence says otherwise.'));
  }
  return problems;
}

/** True when the claim is a quotation: nothing of it needs interpreting. */
export function isQuoted(claim: SearchableText, passages: readonly CheckedPassage[]): boolean {
  return claim.words.trim() !== '' && passages.some((passage) => passage.text.words.includes(claim.words));
}

/** True when all sentences that say in which direction something went say another one than this part of the claim. */
function contradicted(part: string, content: ReadonlySet<string>, sentences: readonly string[]): boolean {
  const saying = directionOf(part);
  const about = new Set([...stemsOf(part)].filter((word) => content.has(word)));
  if (about.size === 0 || !says(saying)) {
    return false;
  }
  const findings = sentences.map((sentence) => findingOf(sentence, about)).filter(says);
  return findings.length > 0 && findings.every((finding) => opposes(saying, finding));
}

function says(direction: Direction): boolean {
  return Object.values(direction).some((value) => value === true);
}

/** What a sentence says about the subject of a claim. "lower, but without statistical significance" is said of the sentence as a whole. */
function findingOf(whole: string, content: ReadonlySet<string>): Direction {
  const sentence = withoutBaseline(whole);
  const clause = directionOf(closestClause(sentence, content));
  const asAWhole = clausesOf(sentence).some((part) => isInsignificant(part) && !namesOutcome(part));
  return asAWhole ? { benefit: false, harm: false, up: false, down: false, none: true } : clause;
}

/** How groups compared before the treatment is no finding of it: "were similar at baseline but rose in the treated". */
function withoutBaseline(sentence: string): string {
  const findings = clausesOf(sentence).filter((clause) => !/\b(?:at baseline|before (?:the )?(?:treatment|therapy|randomi[sz]ation))\b/i.test(clause));
  return findings.length > 0 ? findings.join('; ') : sentence;
}

/** The part of a sentence that the claim is about; the whole where no part stands out. */
function closestClause(sentence: string, content: ReadonlySet<string>): string {
  const clauses = clausesOf(sentence);
  if (clauses.length < 2) {
    return sentence;
  }
  const [first, second] = clauses
    .map((clause) => ({ clause, score: [...stemsOf(clause)].filter((word) => content.has(word)).length }))
    .sort((a, b) => b.score - a.score);
  return first && second && first.score > second.score ? first.clause : sentence;
}

function list(concepts: readonly NamedConcept[], word = 'and'): string {
  const names = concepts.map((concept) => concept.name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names[names.length - 1] ?? ''}`;
}
