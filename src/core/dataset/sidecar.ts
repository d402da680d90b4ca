import { Validator, type Schema } from '@cfworker/json-schema';
import eventSchema from '../../../schemas/annotation-event.schema.json';
import resultSchema from '../../../schemas/recommendation.schema.json';
import type { Annotation, AnnotationEvent, Review } from './annotationTypes';

/** A line of a sidecar that could not be used. It stays in the file. */
export interface SidecarProblem {
  /** From 1. */
  readonly line: number;
  readonly field?: string;
  readonly message: string;
}

/** `case.md` -> `case.md.kedrec.jsonl`, beside the file. */
export function sidecarName(fileName: string): string { return `${fileName}.kedrec.jsonl`; }

/** One line per event, each ended by a line break. */
export function encodeEvents(events: readonly AnnotationEvent[]): string {
  return events.map(event => `${JSON.stringify(event)}\n`).join('');
}

/** What must be written so that the events follow what the sidecar already holds: a line cut off by a crash is closed first, never merged with. */
export function appendix(existing: string, events: readonly AnnotationEvent[]): string {
  return (existing === '' || existing.endsWith('\n') ? '' : '\n') + encodeEvents(events);
}

let validator: Validator | undefined;

/** Reads a sidecar; a broken line is reported and skipped, the rest counts. */
export function parseEvents(text: string): { readonly events: readonly AnnotationEvent[]; readonly problems: readonly SidecarProblem[] } {
  const events: AnnotationEvent[] = [];
  const problems: SidecarProblem[] = [];
  text.split('\n').forEach((raw, index) => {
    const content = index === 0 ? raw.replace(/^\uFEFF/, '') : raw;
    if (content.trim() === '') { return; }
    let value: unknown;
    try { value = JSON.parse(content); } catch { problems.push({ line: index + 1, message: 'is not JSON; the line was skipped' }); return; }
    const problem = invalid(value);
    if (problem) { problems.push({ line: index + 1, ...problem }); } else { events.push(value as AnnotationEvent); }
  });
  return { events, problems };
}

function invalid(value: unknown): { field?: string; message: string } | undefined {
  if (!validator) {
    validator = new Validator(eventSchema as Schema, '2020-12', true);
    validator.addSchema(resultSchema as Schema);
  }
  const result = validator.validate(value);
  if (result.valid) { return undefined; }
  const deepest = result.errors.reduce((a, b) => (b.instanceLocation.length > a.instanceLocation.length ? b : a));
  return { field: deepest.instanceLocation.replace(/^#\/?/, '') || undefined, message: 'does not follow the annotation schema; the line was skipped' };
}

/** The annotations that stand after all events, in the order in which they were made. */
export function foldEvents(events: readonly AnnotationEvent[]): readonly Annotation[] {
  const annotations = new Map<string, Annotation & { reviews: Map<string, Review[]> }>();
  for (const event of events) {
    if (event.event === 'annotated') {
      annotations.set(event.id, { id: event.id, at: event.at, anchor: event.anchor, result: event.result, reviews: new Map() });
      continue;
    }
    const annotation = annotations.get(event.id);
    if (!annotation) { continue; }
    switch (event.event) {
      case 'moved': annotations.set(event.id, { ...annotation, anchor: event.anchor, edited: event.edited ?? annotation.edited }); break;
      case 'removed': annotations.delete(event.id); break;
      case 'reviewed': {
        const others = (annotation.reviews.get(event.drug) ?? []).filter(review => review.reviewer !== event.reviewer);
        annotation.reviews.set(event.drug, [...others, { verdict: event.verdict, reviewer: event.reviewer, at: event.at, rationale: event.rationale, note: event.note }]);
        break;
      }
      case 'review-undone': {
        const rest = (annotation.reviews.get(event.drug) ?? []).filter(review => review.reviewer !== event.reviewer);
        const earlier = lastReviewBefore(events, event);
        annotation.reviews.set(event.drug, earlier ? [...rest, earlier] : rest);
        break;
      }
    }
  }
  return [...annotations.values()];
}

/** The review that stood before the one taken back by `undone`; undefined when there was none. */
function lastReviewBefore(events: readonly AnnotationEvent[], undone: AnnotationEvent & { event: 'review-undone' }): Review | undefined {
  const stack: Review[] = [];
  for (const event of events) {
    if (event.id === undone.id && (event.event === 'reviewed' || event.event === 'review-undone') && event.drug === undone.drug && event.reviewer === undone.reviewer) {
      if (event.event === 'reviewed') { stack.push({ verdict: event.verdict, reviewer: event.reviewer, at: event.at, rationale: event.rationale, note: event.note }); } else { stack.pop(); }
    }
    if (event === undone) { break; }
  }
  return stack.at(-1);
}
