import type { DrugRef } from '../engine/types';
import { caseKey, differ, ratedUnits, type RatedUnit } from './agreement/agreementReport';
import type { Anchor } from './annotationTypes';
import { reviewState, type ReviewState } from './reviewState';
import type { AnnotationSummary } from './summary';
import { reasonsOf, type Reason } from './whyHere';

/** What the queue can be narrowed to. */
export type QueueFilter = 'unreviewed' | Reason;
export const queueFilters: readonly QueueFilter[] = ['unreviewed', 'low-confidence', 'label', 'unsupported', 'failed', 'disagreement', 'nothing'];

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

/** The drugs of one case on which people differ and nobody adjudicated; all annotations of the case are looked at. */
export function openDisputes(annotations: readonly AnnotationSummary[], { anchor }: AnnotationSummary): readonly RatedUnit[] {
  const key = caseKey(anchor);
  return ratedUnits(annotations.filter(other => caseKey(other.anchor) === key)).filter(unit => differ(unit) && !unit.adjudication);
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

function annotatedItem(key: string, annotation: AnnotationSummary, disputed: readonly RatedUnit[], { reviewer, lowConfidence, label }: QueueContext): QueueItem {
  const state = stateOf(annotation, disputed, reviewer);
  const open = annotation.failure ? [] : disputed.filter(({ adjudication }) => !adjudication);
  const found = reasonsOf(annotation, { lowConfidence, label: label?.(annotation.anchor), open });
  const reasons = new Map<QueueFilter, string>([...(state === 'unreviewed' ? [['unreviewed', whyUnreviewed(annotation)] as const] : []), ...found]);
  return { key, anchor: annotation.anchor, annotation, state, reasons, ...(open.length > 0 ? { open } : {}) };
}

function stateOf(annotation: AnnotationSummary, disputed: readonly RatedUnit[], reviewer: string): QueueState {
  if (annotation.failure) { return 'failed'; }
  if ([...annotation.reviews.values()].some(reviews => reviews.some(({ role }) => role === 'adjudicator'))) { return 'adjudicated'; }
  const own = reviewState(annotation, reviewer);
  return own !== 'unreviewed' && disputed.some(({ adjudication }) => !adjudication) ? 'disputed' : own;
}

function whyUnreviewed({ reviews }: AnnotationSummary): string {
  const others = [...new Set([...reviews.values()].flat().map(({ reviewer }) => reviewer))];
  return others.length === 0 ? 'Not reviewed yet' : `Reviewed by ${others.join(', ')}, not by you`;
}
