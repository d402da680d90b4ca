import { Validator, type Schema } from '@cfworker/json-schema';
import eventSchema from '../../../schemas/annotation-event.schema.json';
import resultSchema from '../../../schemas/recommendation.schema.json';
import type { AnnotatedEvent, Annotation, AnnotationEvent } from './annotationTypes';
import { EventFold } from './eventFold';

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

/** The annotations that stand after all events, in the order in which they were first seen. Failures are no annotations. */
export function foldEvents(events: readonly AnnotationEvent[]): readonly Annotation[] {
  const fold = new EventFold<AnnotatedEvent>();
  for (const event of events) { fold.add(event); }
  return [...fold.ids()].flatMap(id => {
    const folded = fold.get(id);
    if (!folded?.made) { return []; }
    const { made, anchor, edited, reviews } = folded;
    return [{ id, at: made.at, anchor, result: made.result, ...(edited ? { edited } : {}), reviews }];
  });
}

/** Reads one whole line of a sidecar and checks it by the schema. Throws SidecarError, which names file, line and field. */
export function readAnnotatedLine(text: string, file: string, line: number): AnnotatedEvent {
  const { events: [event], problems: [problem] } = parseEvents(text);
  if (event?.event === 'annotated') { return event; }
  throw new SidecarError(`${file}, line ${line}${problem?.field ? `, field ${problem.field}` : ''}: ${problem?.message.replace(/; .*/, '') ?? 'is not an annotation'}. Restore the line from a copy, or annotate the case again.`, line, problem?.field);
}

/** A result that cannot be read from its sidecar. The message names file, line and field and says what to do. */
export class SidecarError extends Error {
  constructor(message: string, readonly line: number, readonly field?: string) {
    super(message);
    this.name = 'SidecarError';
  }
}
