import type { RecommendationResult } from '../recommend/types';

/** A person's verdict on a recommendation. */
export type ReviewVerdict = 'accepted' | 'edited' | 'rejected' | 'skipped';

/** `adjudicator`: the verdict was given after reading those of others that differ; it stands for the drug. */
export type ReviewerRole = 'adjudicator';

/**
 * Where an annotated case stands in its file. Holds no text of the case: it is found again by position and by hash.
 * `start` and `length` count UTF-16 code units with every line break as one `\n`, so that a change of line endings moves nothing.
 */
export interface Anchor {
  readonly start: number;
  readonly length: number;
  /** SHA-256, hex, of the case's text as UTF-8. */
  readonly sha256: string;
  /** Polynomial hash of the same text (see `anchors.ts`): lets the text be found elsewhere in the file in one pass. */
  readonly rolling: number;
  /** Record id and number (from 0) when the case is a record of a dataset. */
  readonly record?: { readonly id?: string; readonly index: number };
}

interface EventBase {
  /** Annotation id: UUID. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A recommendation was attached to a case. */
export interface AnnotatedEvent extends EventBase {
  readonly event: 'annotated';
  readonly anchor: Anchor;
  readonly result: RecommendationResult;
  /** SHA-256, hex, of what a batch asked: case text, disease and candidates. One record can be read in several ways. */
  readonly question?: string;
}

/** A person judged one drug of an annotation. A later event for the same drug and reviewer replaces an earlier one. */
export interface ReviewedEvent extends EventBase {
  readonly event: 'reviewed';
  readonly reviewer: string;
  readonly drug: string;
  readonly verdict: ReviewVerdict;
  /** The reviewer's own wording, for `edited`. */
  readonly rationale?: string;
  readonly note?: string;
  readonly role?: ReviewerRole;
}

/** The last review of this drug by this reviewer was taken back. */
export interface ReviewUndoneEvent extends EventBase {
  readonly event: 'review-undone';
  readonly reviewer: string;
  readonly drug: string;
}

/** The annotated text moved or was edited; the latest anchor counts. */
export interface MovedEvent extends EventBase {
  readonly event: 'moved';
  readonly anchor: Anchor;
  /** The case's text is no longer what the recommendation was made for. */
  readonly edited?: boolean;
}

/** The annotation was removed by a person. */
export interface RemovedEvent extends EventBase {
  readonly event: 'removed';
}

/** A batch could not annotate this case. A later `annotated` event for the same anchor stands for it. */
export interface FailedEvent extends EventBase {
  readonly event: 'failed';
  readonly anchor: Anchor;
  /** `EngineError.reason`, or `case-too-long`, `internal`. */
  readonly reason: string;
  /** For people; never holds text of the case. */
  readonly message: string;
}

/** One line of a sidecar (`NAME.kedrec.jsonl`), documented by `schemas/annotation-event.schema.json`. */
export type AnnotationEvent = AnnotatedEvent | ReviewedEvent | ReviewUndoneEvent | MovedEvent | RemovedEvent | FailedEvent;

export interface Review {
  readonly verdict: ReviewVerdict;
  readonly reviewer: string;
  readonly at: string;
  readonly rationale?: string;
  readonly note?: string;
  readonly role?: ReviewerRole;
}

/** An annotation with what happened to it, folded from its events. */
export interface Annotation {
  readonly id: string;
  readonly at: string;
  readonly anchor: Anchor;
  readonly result: RecommendationResult;
  /** The case was edited after the recommendation was made. */
  readonly edited?: boolean;
  /** By drug id: the latest standing review of each reviewer, oldest first. */
  readonly reviews: ReadonlyMap<string, readonly Review[]>;
}
