import type { Anchor, AnnotationEvent, FailedEvent, MovedEvent, Review, ReviewedEvent, ReviewUndoneEvent } from './annotationTypes';
import { reviewOf } from './reviews';

/** What an `annotated` event must have to be folded: all of it, or a summary. */
interface Made { readonly event: 'annotated'; readonly id: string; readonly at: string; readonly anchor: Anchor }

type Judged = ReviewedEvent | ReviewUndoneEvent;

interface Entry<M extends Made> {
  made?: M;
  failed?: FailedEvent;
  moved?: MovedEvent;
  /** The latest event that says whether the case was edited. */
  marked?: MovedEvent;
  /** SHA-256 of texts that hold the same case: the record with its annotation written into it, or taken out again. */
  readonly same: Set<string>;
  removedAt?: string;
  readonly judged: Judged[];
  readonly seen: Set<string>;
}

/** What stands of one annotation after all its events. */
export interface Folded<M extends Made> {
  readonly made?: M;
  readonly failed?: FailedEvent;
  readonly anchor: Anchor;
  readonly edited?: boolean;
  readonly reviews: ReadonlyMap<string, readonly Review[]>;
}

/**
 * Folds events of several writers: their order in the file does not matter, as each annotation's events are taken by time; those that stand before
 * their `annotated` line wait for it; an event that is there twice counts once. Events of one time and one reviewer keep the file's order.
 */
export class EventFold<M extends Made> {
  private readonly entries = new Map<string, Entry<M>>();

  /** Ids in the order in which they were first seen. */
  ids(): IterableIterator<string> { return this.entries.keys(); }

  /** False when the event was known already. */
  add(event: M | Exclude<AnnotationEvent, { event: 'annotated' }>): boolean {
    let entry = this.entries.get(event.id);
    if (!entry) {
      entry = { judged: [], seen: new Set(), same: new Set() };
      this.entries.set(event.id, entry);
    }
    switch (event.event) {
      case 'annotated': return later(entry.made, event) && Boolean(entry.made = event);
      case 'failed': return later(entry.failed, event) && Boolean(entry.failed = event);
      case 'moved': {
        if (event.edited !== undefined && later(entry.marked, event)) { entry.marked = event; }
        const news = event.edited === false && !entry.same.has(event.anchor.sha256);
        if (news) { entry.same.add(event.anchor.sha256); }
        return later(entry.moved, event) ? Boolean(entry.moved = event) : news;
      }
      case 'removed': {
        if (entry.removedAt !== undefined && entry.removedAt >= event.at) { return false; }
        entry.removedAt = event.at;
        return true;
      }
      case 'reviewed':
      case 'review-undone': {
        // An undo may come twice at one time in one file, a review may not: only what differs from its own copy is another event.
        const key = judgedKey(event);
        if (entry.seen.has(key)) { return false; }
        entry.seen.add(key);
        entry.judged.push(event);
        return true;
      }
    }
  }

  /** What stands; undefined when it was removed, or nothing but reviews is known of it. */
  get(id: string): Folded<M> | undefined {
    const entry = this.entries.get(id);
    const base = entry?.made ?? entry?.failed;
    if (!entry || !base || (entry.removedAt !== undefined && entry.removedAt >= base.at)) { return undefined; }
    return {
      made: entry.made, failed: entry.made ? undefined : entry.failed, anchor: entry.moved?.anchor ?? base.anchor,
      ...(entry.marked?.edited ? { edited: true } : {}), reviews: foldReviews(entry.judged),
    };
  }

  /** SHA-256 of the text that the annotation was made for, and of others that are known to hold the same case. */
  originals(id: string): readonly string[] {
    const entry = this.entries.get(id);
    const base = entry?.made ?? entry?.failed;
    return entry && base ? [base.anchor.sha256, ...entry.same] : [];
  }
}

/** By drug: the latest standing review of each reviewer, oldest first. A review taken back brings the one before it back. */
export function foldReviews(judged: readonly Judged[]): ReadonlyMap<string, readonly Review[]> {
  const drugs = new Map<string, Map<string, Review[]>>();
  for (const event of [...judged].sort((a, b) => compare(a.at, b.at))) {
    const reviewers = drugs.get(event.drug) ?? new Map<string, Review[]>();
    drugs.set(event.drug, reviewers);
    const stack = reviewers.get(event.reviewer) ?? [];
    reviewers.set(event.reviewer, stack);
    if (event.event === 'reviewed') { stack.push(reviewOf(event)); } else { stack.pop(); }
  }
  return new Map([...drugs].map(([drug, reviewers]) => [drug, [...reviewers.values()].flatMap(stack => stack.slice(-1)).sort((a, b) => compare(a.at, b.at) || compare(a.reviewer, b.reviewer))]));
}

function judgedKey(event: Judged): string {
  return event.event === 'reviewed' ? JSON.stringify([event.at, event.reviewer, event.drug, event.verdict, event.rationale, event.note, event.role]) : JSON.stringify([event.at, event.reviewer, event.drug]);
}

function later(known: { readonly at: string } | undefined, event: { readonly at: string }): boolean { return known === undefined || event.at > known.at; }

function compare(a: string, b: string): number { return a < b ? -1 : a > b ? 1 : 0; }
