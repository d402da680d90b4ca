import type { Span } from '../text/span';
import type { IndexOrigin } from './live/origin';

/** Where a document comes from; `trials` and `literature` are the two background sources of the paper. */
export type EvidenceSource = 'trials' | 'literature' | 'labels' | 'knowledge-graph';

/** What an authored entry says about its `drugs` in its `diseases`. */
export type EvidenceDirection = 'for' | 'against' | 'mixed' | 'safety';

/** A citable span of an evidence document. */
export interface Passage {
  /** `${documentId}#${n}`, n from 1. */
  readonly id: string;
  readonly documentId: string;
  /** Label of the part it comes from ("Finding", "Results", "Exclusion criteria"), if any. */
  readonly section?: string;
  readonly text: string;
}

/** Everything about an evidence document but its text. */
export interface EvidenceHeader {
  /** `PMID:n`, `PMCn`, `NCTn`, or `KG:slug` for a profile from the knowledge graph. */
  readonly id: string;
  readonly source: EvidenceSource;
  readonly title: string;
  /** Page of the trial or paper; absent where there is none. */
  readonly url?: string;
  readonly year?: number;
  readonly journal?: string;
  /** Study design or record type. */
  readonly design?: string;
  readonly direction?: EvidenceDirection;
  /** Concept slugs that the document was tagged with (authored entries); empty where unknown. */
  readonly drugs?: readonly string[];
  readonly diseases?: readonly string[];
  /** A retraction or similar notice: shown wherever the document is shown. */
  readonly notice?: string;
  /** Status, phase, why stopped, acronym ...: shown as it is. */
  readonly facts?: Readonly<Record<string, string>>;
  /** SPDX id or short licence text of what is stored. */
  readonly licence?: string;
}

export interface EvidenceDocument extends EvidenceHeader {
  readonly passages: readonly Passage[];
}

export interface EvidenceQuery {
  /** Free text; never handed to Lunr's query parser. */
  readonly text: string;
  /** Terms with more weight than the rest of the text (disease, drug names); each may be a phrase. */
  readonly focus?: readonly { readonly text: string; readonly boost: number }[];
  /** Other names of what the text names; their terms count where the text does not have them (see expand.ts). */
  readonly related?: readonly { readonly text: string; readonly boost: number }[];
  /** Only these sources. All when absent. */
  readonly sources?: readonly EvidenceSource[];
  /** Passages at most. */
  readonly limit: number;
}

export interface EvidenceHit {
  readonly header: EvidenceHeader;
  readonly passage: Passage;
  /** Lunr's score; comparable within one query only. */
  readonly score: number;
}

export interface EvidenceIndexInfo {
  /** `bundled` or the path of a workspace index. */
  readonly name: string;
  readonly version: string;
  readonly documents: number;
  readonly passages: number;
  readonly bytes: number;
  /** ISO 8601. */
  readonly builtAt?: string;
  readonly licences: readonly string[];
  /** What live sources were asked; absent for an index of files. */
  readonly origin?: IndexOrigin;
}

/** Where evidence is searched. One implementation runs in this process, one in a worker; others (OpenSearch ...) fit behind it. */
export interface EvidenceStore {
  info(): Promise<readonly EvidenceIndexInfo[]>;
  /** Best passages first. Rejects with EvidenceIndexError when an index cannot be read. */
  search(query: EvidenceQuery, signal?: AbortSignal): Promise<readonly EvidenceHit[]>;
  /** The document with all its passages, or undefined when no index holds it. */
  document(id: string): Promise<EvidenceDocument | undefined>;
  dispose(): Promise<void>;
}

/** Offsets of the sentence of a passage that was quoted. */
export interface QuotedPassage extends Passage {
  readonly quoted?: Span;
}
