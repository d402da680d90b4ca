import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AnnotatedEvent, AnnotationEvent } from '../annotationTypes';
import { foldEvents, parseEvents } from '../sidecar';
import type { ValuesOf } from './copyFile';
import { valuesOf, type RecordValues } from './recordValues';

/** What a sidecar says about the records of its file, ready to be written into them. */
export interface SidecarValues {
  readonly valuesOf: ValuesOf;
  readonly annotations: number;
  /** Lines that could not be used. */
  readonly broken: number;
}

/** Reads a sidecar line by line and keeps the short form of each annotation. `block` makes the readable block for notes. Rejects with the error of the file system. */
export async function sidecarValues(path: string, reviewer: string | undefined, block?: (event: AnnotatedEvent) => string): Promise<SidecarValues> {
  const light: AnnotationEvent[] = [];
  const blocks = new Map<string, string>();
  let broken = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    const { events, problems } = parseEvents(line);
    broken += problems.length;
    for (const event of events) {
      if (event.event !== 'annotated') { if (event.event !== 'failed') { light.push(event); } continue; }
      if (block) { blocks.set(event.id, block(event)); }
      light.push(shortened(event));
    }
  }
  const byText = new Map<string, { readonly index: number | undefined; readonly values: RecordValues }[]>();
  let annotations = 0;
  // Later annotations of the same record stand for earlier ones.
  for (const { id, anchor, result, reviews } of foldEvents(light)) {
    const values = valuesOf(result, reviews, reviewer);
    if (!values) { continue; }
    annotations++;
    const list = (byText.get(anchor.sha256) ?? []).filter(({ index }) => index !== anchor.record?.index);
    const text = blocks.get(id);
    byText.set(anchor.sha256, [...list, { index: anchor.record?.index, values: text === undefined ? values : { ...values, block: text } }]);
  }
  return {
    annotations, broken,
    // A record that moved is known by its text; of twins each has its own.
    valuesOf: (sha256, index) => { const found = byText.get(sha256); return (found?.find(other => other.index === index) ?? (found?.length === 1 ? found[0] : undefined))?.values; },
  };
}

/** An event without what is not written into files, so that many fit into memory. */
function shortened(event: AnnotatedEvent): AnnotatedEvent {
  const recommendations = event.result.recommendations.map(recommendation => ({
    ...recommendation, origin: [], safety: [],
    rationale: { ...recommendation.rationale, claims: recommendation.rationale.claims.map(claim => ({ ...claim, groundingReasons: [], citations: claim.citations.map(({ documentId, retrieved }) => ({ documentId, retrieved, quote: '' })) })) },
  }));
  return { ...event, result: { ...event.result, case: { ...event.result.case, diseases: [], drugs: [], allergies: [] }, recommendations } };
}
