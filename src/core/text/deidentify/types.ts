import type { Span } from '../span';

/** Classes of 45 CFR 164.514(b)(2) that occur in text. `record`: medical record, encounter, specimen and study numbers; `account`: account, policy and plan numbers. */
export const identifierClasses = ['name', 'place', 'date', 'age', 'phone', 'fax', 'email', 'ssn', 'record', 'account', 'licence', 'vehicle', 'device', 'url', 'ip'] as const;
export type IdentifierClass = (typeof identifierClasses)[number];

/** Spans of a text that are medical terms and no identifiers (drugs, diseases). Only weak evidence for a name or a place gives way to them. */
export type Guard = (text: string) => readonly Span[];

/** Something found that tells who somebody is. */
export interface Finding extends Span {
  readonly class: IdentifierClass;
  /** Higher wins where findings overlap. */
  readonly weight: number;
}

/** One replaced place of the text. `span` refers to the original text. */
export interface Replacement {
  readonly span: Span;
  readonly class: IdentifierClass;
  readonly surrogate: string;
}

/** How `restore` reads a text. `partial`: the text is still being written, so that a surrogate cut off at its end is left out until the rest has come. */
export interface RestoreOptions {
  readonly partial?: boolean;
}

/** A text without its identifiers. */
export interface Deidentified {
  readonly text: string;
  /** In order of place. */
  readonly replacements: readonly Replacement[];
  /** Puts the originals back wherever a surrogate stands, also in brackets, letter case or spacing that a model changed. */
  restore(text: string, options?: RestoreOptions): string;
}

/** Placeholders of already de-identified corpora, and surrogates of ours: nothing inside them is an identifier. */
export const placeholders = /\[\*\*[^\]\n]{0,120}\*\*\]|\[[A-Z]{2,8}-\d{1,4}[a-z]{0,2}(?: (?:\d{4}|90\+))?\]/g;
