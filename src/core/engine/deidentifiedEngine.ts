import type { Span } from '../text/span';
import { createDeidentifier } from '../text/deidentify/deidentify';
import type { Guard, Replacement, RestoreOptions } from '../text/deidentify/types';
import type { CaseConcept, CaseReading } from '../terminology/types';
import type { Candidate, DraftRecommendation, Engine, EngineRequest } from './types';

/** A request without identifiers, and the way back. */
export interface DeidentifiedRequest {
  readonly request: EngineRequest;
  /** What was replaced in the case's text. */
  readonly replacements: readonly Replacement[];
  restore(text: string, options?: RestoreOptions): string;
}

/**
 * Hides identifiers in all that comes from the user: the case's text, and names of diseases and drugs that a record brought and the terminology does
 * not hold. Spans of the reading move with the text. Evidence is public and stays as it is.
 */
export function deidentifyRequest(request: EngineRequest, guard: Guard): DeidentifiedRequest {
  const { reading } = request;
  const foreign = [...reading.diseases.map(({ name }) => name), ...request.candidates.map(({ drug }) => drug.name)].filter((name) => !isTerm(name, guard));
  const deidentifier = createDeidentifier([request.caseText, ...foreign], guard);
  const hidden = deidentifier.hide(request.caseText);
  const names = new Map(foreign.map((name) => [name, deidentifier.hide(name).text]));
  const nameOf = (name: string): string => names.get(name) ?? name;
  // Why a drug is a candidate may name the record's disease.
  const named = (text: string): string => [...names].reduce((said, [name, hidden]) => said.replaceAll(name, () => hidden), text);
  return {
    request: {
      ...request,
      caseText: hidden.text,
      reading: movedReading(reading, hidden.replacements, hidden.text.length, nameOf),
      candidates: request.candidates.map((candidate) => renamed(candidate, nameOf, named)),
    },
    replacements: hidden.replacements,
    restore: (text, options) => deidentifier.restore(text, options),
  };
}

/** An engine that never gets to see who the patient is: requests are de-identified, answers are restored, as they stream and at their end. */
export function deidentifying(engine: Engine, guard: Guard): Engine {
  return {
    id: engine.id,
    recommend: async (original, report, signal) => {
      const { request, restore } = deidentifyRequest(original, guard);
      const answer = await engine.recommend(request, (event) => {
        report(event.type === 'drafts' ? { ...event, drafts: event.drafts.map((draft, index) => restored(draft, restore, { partial: index === event.drafts.length - 1 })) } : event);
      }, signal);
      return { ...answer, drafts: answer.drafts.map((draft) => restored(draft, restore)) };
    },
  };
}

/** Whether a name is wholly one that the terminology knows. */
function isTerm(name: string, guard: Guard): boolean {
  return guard(name).some(({ start, end }) => start === 0 && end === name.length);
}

function restored(draft: DraftRecommendation, restore: DeidentifiedRequest['restore'], options?: RestoreOptions): DraftRecommendation {
  return {
    ...draft,
    drugName: restore(draft.drugName),
    summary: restore(draft.summary, options),
    claims: draft.claims.map((claim) => ({ ...claim, text: restore(claim.text, options) })),
  };
}

function renamed(candidate: Candidate, nameOf: (name: string) => string, named: (text: string) => string): Candidate {
  return {
    ...candidate, drug: { ...candidate.drug, name: nameOf(candidate.drug.name) },
    origins: candidate.origins.map((origin) => ({ ...origin, detail: named(origin.detail) })), safety: candidate.safety.map((flag) => ({ ...flag, reason: named(flag.reason) })),
  };
}

function movedReading(reading: CaseReading, replacements: readonly Replacement[], textLength: number, nameOf: (name: string) => string): CaseReading {
  const move = mover(replacements);
  const concept = (found: CaseConcept): CaseConcept => ({ ...found, name: nameOf(found.name), mentions: found.mentions.map((mention) => ({ ...mention, span: move(mention.span) })) });
  return { ...reading, diseases: reading.diseases.map(concept), drugs: reading.drugs.map(concept), allergies: reading.allergies.map(concept), sentences: reading.sentences.map(move), textLength };
}

/** Where a span of the original text stands in the text with replacements. A span that ends inside a replaced one takes all of it. */
function mover(replacements: readonly Replacement[]): (span: Span) => Span {
  const shifts: { readonly at: number; readonly end: number; readonly before: number; readonly after: number }[] = [];
  let shift = 0;
  for (const { span, surrogate } of replacements) {
    const after = shift + surrogate.length - (span.end - span.start);
    shifts.push({ at: span.start, end: span.end, before: shift, after });
    shift = after;
  }
  const position = (offset: number, isEnd: boolean): number => {
    let [low, high] = [0, shifts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (shifts[middle]!.at < offset) { low = middle + 1; } else { high = middle; }
    }
    const last = shifts[low - 1];
    if (!last) { return offset; }
    return offset < last.end ? (isEnd ? last.end + last.after : last.at + last.before) : offset + last.after;
  };
  return ({ start, end }) => ({ start: position(start, false), end: position(end, true) });
}
