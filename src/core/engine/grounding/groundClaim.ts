import type { Citation, Claim, DraftClaim, DrugRef, EngineRequest } from '../types';
import { checkContent, checkDiseases, checkDrugs, checkNumbers, isQuoted, type NamedConcept, type Problem } from './checks';
import type { CitationIndex, CheckedPassage, ResolvedCitation } from './citations';
import { contentEvidence, type ContentEvidence } from './contentEvidence';
import { mentions, searchable, type NameLookup, type SearchableText } from './names';
import { claimWords, rankSentences, type ClaimWords, type SentenceScore } from './sentenceMatch';

interface KnownConcept extends NamedConcept {
  readonly id: string;
}

/** Checks claims of one request against its passages. Names are looked up once. */
export class ClaimGrounder {
  private readonly citations: CitationIndex;
  private readonly diseases: readonly KnownConcept[];
  private readonly drugs: ReadonlyMap<string, KnownConcept>;

  constructor(private readonly request: EngineRequest, private readonly names: NameLookup, citations: CitationIndex) {
    this.citations = citations;
    this.diseases = request.reading.diseases.filter((disease) => disease.assertion !== 'negated' && disease.assertion !== 'family')
      .map(({ id, name }) => this.diseaseConcept(id, name, [name, ...names.diseaseNames(id)]));
    const drugs = [...request.candidates.map((candidate) => candidate.drug), ...request.reading.drugs.filter((drug) => drug.kind === 'drug')];
    this.drugs = new Map(drugs.map(({ id, name }) => [id, { id, name, names: [name, ...names.drugNames(id)] }]));
  }

  /** What the scorecards are given for a claim, however it is worded: for learning and for measurements. */
  evidence(draft: DraftClaim, drug: DrugRef): ContentEvidence | undefined {
    const { concepts, words } = this.conceptsOf(draft, drug);
    const passages = this.citations.resolve(draft.citations).flatMap((citation) => (citation.passages.length > 0 ? [bestPassage(citation.passages, words).passage] : []));
    return contentEvidence(draft.text, words, concepts, rankSentences(words, passages.flatMap((passage) => passage.sentences)));
  }

  private conceptsOf(draft: DraftClaim, drug: DrugRef) {
    const claim = searchable(draft.text);
    const { subject, others } = this.drugsOf(drug, claim);
    const claimed = this.diseasesOf(claim);
    const names = [subject, ...others, ...claimed, ...this.diseases].flatMap((concept) => concept.names);
    return { claim, subject, others, claimed, names, words: claimWords(draft.text, names), concepts: { diseases: this.diseases.length > 0 ? this.diseases : claimed, drugs: [subject, ...others] } };
  }

  /** The claim with its citations resolved and its grounding. */
  ground(draft: DraftClaim, drug: DrugRef): Claim {
    const resolved = this.citations.resolve(draft.citations);
    const { claim, subject, others, claimed, names, words, concepts } = this.conceptsOf(draft, drug);
    const citations = resolved.map((citation) => toCitation(citation, words));
    const made = (problems: readonly Problem[], grounding?: Claim['grounding']): Claim => ({
      text: draft.text, stance: draft.stance, citations,
      grounding: grounding ?? (problems.some((problem) => problem.severity === 'unsupported') ? 'unsupported' : problems.length > 0 ? 'weak' : 'supported'),
      groundingReasons: [...new Set(problems.map((problem) => problem.reason))],
    });
    if (resolved.length === 0) {
      return made([{ severity: 'weak', reason: 'No passage is cited.' }], 'uncited');
    }
    const missing = resolved.filter((citation) => citation.passages.length === 0);
    const lost = missing.map((citation): Problem => ({
      severity: missing.length === resolved.length ? 'unsupported' : 'weak', reason: `${citation.written} is not among the retrieved passages.`,
    }));
    const passages = resolved.flatMap((citation) => citation.passages.length > 0 ? [bestPassage(citation.passages, words).passage] : []);
    if (passages.length === 0) {
      return made(lost);
    }
    const aboutNames = [...checkDrugs(subject, others, passages, drug.id), ...this.diseaseProblems(draft, claimed, passages)];
    if (isQuoted(claim, passages)) {
      return made([...lost, ...aboutNames]);
    }
    const sentences = rankSentences(words, passages.flatMap((passage) => passage.sentences));
    return made([...lost, ...aboutNames, ...checkNumbers(draft.text, names, passages, this.request.caseText), ...checkContent(contentEvidence(draft.text, words, concepts, sentences))]);
  }

  private diseaseProblems(draft: DraftClaim, claimed: readonly NamedConcept[], passages: readonly CheckedPassage[]): Problem[] {
    const tagged = (passage: CheckedPassage, disease: NamedConcept): boolean =>
      this.diseases.some((known) => known.name === disease.name && (passage.item.header.diseases ?? []).includes(known.id));
    return checkDiseases(claimed, this.diseases, tagged, passages, draft.stance !== 'safety');
  }

  /** Whom the claim is about: the drug it stands under, unless it names others and not this one. */
  private drugsOf(drug: DrugRef, claim: SearchableText): { subject: NamedConcept; others: NamedConcept[] } {
    const own = this.drugs.get(drug.id) ?? { id: drug.id, name: drug.name, names: [drug.name, ...this.names.drugNames(drug.id)] };
    const elsewhere = [...(this.names.mentioned?.(claim.raw).drugs ?? [])].filter((id) => !this.drugs.has(id)).map((id) => this.lookedUp(id, this.names.drugNames(id)));
    const named = [...this.drugs.values(), ...elsewhere].filter((other) => other.id !== own.id && mentions(claim, [other.name]));
    const [first, ...rest] = named;
    const subject = first && !mentions(claim, own.names) ? first : own;
    return { subject: this.withOwnNames(subject, claim), others: subject === own ? named : [own, ...rest] };
  }

  /** Where a claim names the drug and not its class, so must the passage. */
  private withOwnNames(drug: KnownConcept, claim: SearchableText): KnownConcept {
    const found = (raw: string): boolean => this.names.mentioned?.(raw).drugs.has(drug.id) ?? false;
    return found(claim.raw) ? { ...drug, isIn: ({ text, title, facts }) => [text, title, facts].some(({ raw }) => found(raw)) } : drug;
  }

  private diseasesOf(claim: SearchableText): NamedConcept[] {
    const known = new Set(this.diseases.map((disease) => disease.id));
    // "non-diabetic", "without asthma" name no disease that the passage would have to be about.
    const affirmed = claim.raw.replace(/\bnon-?\p{L}+|\b(?:without|no history of|free of) (?:\p{L}+ ?){1,3}/giu, ' ');
    const elsewhere = [...(this.names.mentioned?.(affirmed).diseases ?? [])].filter((id) => !known.has(id)).map((id) => {
      const found = this.lookedUp(id, this.names.diseaseNames(id));
      return this.diseaseConcept(id, found.name, found.names);
    });
    return [...this.diseases.filter((disease) => mentions(claim, disease.names)), ...elsewhere];
  }

  /** A passage is about a disease when it names it, or a wider or narrower one, in the terminology's own reading. */
  private diseaseConcept(id: string, name: string, names: readonly string[]): KnownConcept {
    const { mentioned, nearDiseases } = this.names;
    if (!mentioned || !nearDiseases) { return { id, name, names }; }
    const near = new Set(nearDiseases.call(this.names, id));
    const isIn = ({ text, title, facts }: CheckedPassage): boolean =>
      mentions(text, [name]) || mentions(title, [name]) || [text, title, facts].some(({ raw }) => [...mentioned.call(this.names, raw).diseases].some((found) => near.has(found)));
    return { id, name, names, isIn };
  }

  private lookedUp(id: string, names: readonly string[]): KnownConcept {
    const name = names[0] ?? id.replace(/-/g, ' ');
    return { id, name, names: [name, ...names] };
  }
}

/** The citation as results carry it, with the sentence that speaks best for the claim. */
function toCitation(citation: ResolvedCitation, words: ClaimWords): Citation {
  if (citation.passages.length === 0) {
    return { documentId: citation.written, quote: '', retrieved: false };
  }
  const { passage, best } = bestPassage(citation.passages, words);
  const { header, passage: text } = passage.item;
  return {
    documentId: text.documentId, passageId: text.id, title: header.title, ...(header.url ? { url: header.url } : {}),
    quote: best?.sentence.text ?? '', ...(best ? { quoteSpan: best.sentence.span } : {}), retrieved: true,
  };
}

/** Of several passages of one document the one that says it best. */
function bestPassage(passages: readonly CheckedPassage[], words: ClaimWords): { passage: CheckedPassage; best: SentenceScore | undefined } {
  const ranked = passages.map((passage) => ({ passage, best: rankSentences(words, passage.sentences)[0] }));
  return ranked.reduce((top, next) => ((next.best?.score ?? 0) > (top.best?.score ?? 0) ? next : top));
}
