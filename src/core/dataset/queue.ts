import type { DrugRef } from '../engine/types';
import { caseKey, differ, ratedUnits, type RatedUnit } from './agreement/agreementReport';
import type { LightDrug } from './agreement/lightEvents';
import type { Anchor } from './annotationTypes';
import { reviewState, type ReviewState } from './reviewState';
import type { AnnotationSummary } from './summary';

/** What the queue can be narrowed to. */
export const queueFilters = ['unreviewed', 'low-confidence', 'label', 'unsupported', 'failed', 'disagreement', 'nothing'] as const;
export type QueueFilter = (typeof queueFilters)[number];

/** Where a case stands. `disputed`: this reviewer judged it, others differ, and nobody adjudicated. */
export type QueueState = ReviewState | 'disputed' | 'adjudicated';

/** One case of a file: its latest annotation, or the failure that stands for it. */
export interface QueueItem {
  readonly key: string;
  readonly anchor: Anchor;
  /** The annotation, or with `failure` the failure that stands for it. */
  readonly annotation: AnnotationSummary;
  readonly state: QueueState;
  /** Why it is here, in words, by filter. */
  readonly reasons: ReadonlyMap<QueueFilter, string>;
  /** Drugs on which those who judged differ, and nobody adjudicated. */
  readonly open?: readonly RatedUnit[];
}

export interface QueueContext {
  /** Who reviews. */
  readonly reviewer: string;
  /** A case whose best confidence is under this, 0 to 1, is worth a look. */
  readonly lowConfidence: number;
  /** Drugs that the record says are right, by terminology id; undefined without a label. */
  readonly label?: (anchor: Anchor) => readonly DrugRef[] | undefined;
}

export interface Queue {
  /** In the order of the file. */
  readonly items: readonly QueueItem[];
  readonly counts: ReadonlyMap<QueueFilter, number>;
  /** Cases with an answer, and how many of them this reviewer reviewed. */
  readonly reviewable: number;
  readonly reviewed: number;
}

/** The review queue of a file. Several annotations of one case count as one: the latest is shown, and what people said of the others still counts as disagreement. */
export function buildQueue(annotations: readonly AnnotationSummary[], context: QueueContext): Queue {
  const latest = new Map<string, AnnotationSummary>();
  for (const annotation of annotations) {
    const key = caseKey(annotation.anchor);
    if (!annotation.failure || !latest.has(key)) { latest.set(key, annotation); }
  }
  const disputed = new Map<string, RatedUnit[]>();
  for (const unit of ratedUnits(annotations)) {
    if (differ(unit)) { const key = caseKey(unit.anchor); disputed.set(key, [...(disputed.get(key) ?? []), unit]); }
  }
  const items = [...latest].map(([key, annotation]) => remembered(key, annotation, disputed.get(key) ?? [], context));
  items.sort((a, b) => (a.anchor.record?.index ?? a.anchor.start) - (b.anchor.record?.index ?? b.anchor.start) || a.anchor.start - b.anchor.start);
  const counts = new Map(queueFilters.map(filter => [filter, 0]));
  for (const { reasons } of items) { for (const filter of reasons.keys()) { counts.set(filter, counts.get(filter)! + 1); } }
  const reviewable = items.filter(({ state }) => state !== 'failed').length;
  return { items, counts, reviewable, reviewed: reviewable - counts.get('unreviewed')! };
}

/** The items that a filter leaves; all without one. */
export function filtered(queue: Queue, filter: QueueFilter | undefined): readonly QueueItem[] {
  return filter === undefined ? queue.items : queue.items.filter(({ reasons }) => reasons.has(filter));
}

/** Items of annotations that did not change since: a review changes one of a hundred thousand. */
const known = new WeakMap<AnnotationSummary, { readonly reviewer: string; readonly lowConfidence: number; readonly label: readonly DrugRef[] | undefined; readonly item: QueueItem }>();

function remembered(key: string, annotation: AnnotationSummary, disputed: readonly RatedUnit[], context: QueueContext): QueueItem {
  const { reviewer, lowConfidence } = context;
  const label = context.label?.(annotation.anchor);
  const before = known.get(annotation);
  if (disputed.length === 0 && before?.reviewer === reviewer && before.lowConfidence === lowConfidence && before.label === label) { return before.item; }
  const item = annotatedItem(key, annotation, disputed, context);
  if (disputed.length === 0) { known.set(annotation, { reviewer, lowConfidence, label, item }); }
  return item;
}

function annotatedItem(key: string, annotation: AnnotationSummary, disputed: readonly RatedUnit[], context: QueueContext): QueueItem {
  if (annotation.failure) { return { key, anchor: annotation.anchor, annotation, state: 'failed', reasons: new Map([['failed', annotation.failure.message]]) }; }
  const reasons = new Map<QueueFilter, string>();
  const state = stateOf(annotation, disputed, context.reviewer);
  if (state === 'unreviewed') { reasons.set('unreviewed', whyUnreviewed(annotation)); }
  if (annotation.nothing !== undefined) { reasons.set('nothing', nothingTexts[annotation.nothing] ?? 'Nothing recommended'); }
  const low = whyLow(annotation.recommendations, context.lowConfidence);
  if (low) { reasons.set('low-confidence', low); }
  const label = whyLabel(annotation.recommendations, context.label?.(annotation.anchor));
  if (label) { reasons.set('label', label); }
  const unsupported = annotation.recommendations.filter(drug => drug.unsupported > 0);
  if (unsupported.length > 0) { reasons.set('unsupported', unsupported.map(drug => `${drug.drug.name}: ${drug.unsupported === 1 ? 'one claim' : `${drug.unsupported} claims`} not supported by what is cited`).join('; ')); }
  const open = disputed.filter(({ adjudication }) => !adjudication);
  if (open.length > 0) { reasons.set('disagreement', open.map(({ drug, reviews }) => `${drug.name}: ${reviews.filter(({ verdict }) => verdict !== 'skipped').map(({ reviewer, verdict }) => `${reviewer} ${verdict}`).join(', ')}`).join('; ')); }
  return { key, anchor: annotation.anchor, annotation, state, reasons, ...(open.length > 0 ? { open } : {}) };
}

function stateOf(annotation: AnnotationSummary, disputed: readonly RatedUnit[], reviewer: string): QueueState {
  if ([...annotation.reviews.values()].some(reviews => reviews.some(({ role }) => role === 'adjudicator'))) { return 'adjudicated'; }
  const own = reviewState(annotation, reviewer);
  return own !== 'unreviewed' && disputed.some(({ adjudication }) => !adjudication) ? 'disputed' : own;
}

const nothingTexts: Readonly<Record<string, string>> = {
  'empty-case': 'Nothing recommended: the case has no text', 'no-disease': 'Nothing recommended: no disease was found to recommend a drug for',
  'no-candidate': 'Nothing recommended: no drug is known for its disease', 'no-support': 'Nothing recommended: no candidate is supported',
};

function whyUnreviewed({ reviews }: AnnotationSummary): string {
  const others = [...new Set([...reviews.values()].flat().map(({ reviewer }) => reviewer))];
  return others.length === 0 ? 'Not reviewed yet' : `Reviewed by ${others.join(', ')}, not by you`;
}

function whyLow(drugs: readonly LightDrug[], threshold: number): string | undefined {
  const chosen = drugs.filter(usable);
  const best = Math.max(...(chosen.length > 0 ? chosen : drugs).map(({ confidence }) => confidence), -1);
  return best >= 0 && best < threshold ? `Best confidence ${best.toFixed(2)} is under ${threshold.toFixed(2)}` : undefined;
}

/** The label counts as met when one of its drugs is among those chosen, none is to be avoided, and no other drug that the record offered is chosen. */
function whyLabel(drugs: readonly LightDrug[], label: readonly DrugRef[] | undefined): string | undefined {
  if (!label || label.length === 0 || drugs.length === 0) { return undefined; }
  const chosen = drugs.filter(({ decision }) => decision === 'recommend');
  const taken = chosen.length > 0 ? chosen : drugs.filter(({ decision }) => decision === 'consider');
  const isLabel = ({ drug }: LightDrug) => label.some(({ id }) => id === drug.id);
  const avoided = drugs.filter(drug => drug.decision === 'avoid' && isLabel(drug));
  if (avoided.length > 0) { return `The label ${names(avoided.map(({ drug }) => drug))} is to be avoided here`; }
  const instead = taken.filter(drug => !isLabel(drug));
  if (!taken.some(isLabel)) { return `Label ${names(label)}; ${taken.length > 0 ? `recommended ${names(instead.map(({ drug }) => drug))}` : 'nothing recommended'}`; }
  const offered = instead.filter(({ given }) => given);
  return offered.length > 0 ? `${names(offered.map(({ drug }) => drug))} is recommended beside the label ${names(label)}` : undefined;
}

function usable({ decision }: LightDrug): boolean { return decision === 'recommend' || decision === 'consider'; }

function names(drugs: readonly DrugRef[]): string {
  const shown = drugs.slice(0, 3).map(({ name }) => name).join(', ');
  return drugs.length > 3 ? `${shown} and ${drugs.length - 3} more` : shown;
}
