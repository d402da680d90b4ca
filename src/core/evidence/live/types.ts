import type { LiveClient, LiveResponse } from './client';

/** The official services that evidence is fetched from. */
export const SERVICE_IDS = ['clinicaltrials', 'pubmed', 'europepmc', 'openfda'] as const;
export type ServiceId = (typeof SERVICE_IDS)[number];

/** What is asked: names only, never text of a case. See `plainName`. */
export interface LiveQuestion {
  readonly disease: string;
  readonly drug?: string;
}

/** An answer with records, saved in the cache. */
export interface LivePage {
  readonly response: LiveResponse;
  /** The query as the service got it. */
  readonly query: string;
  /** Records in this answer. */
  readonly received: number;
  /** How many the service says there are in all. */
  readonly total?: number;
  /** Whether the answer's file is read into the index; a search result that only leads to full texts is not. */
  readonly corpus: boolean;
  /** Answers of one group are told as one request: the full texts of a search. */
  readonly group?: string;
}

/** One official service: how it is asked, and under which limits and terms. */
export interface LiveService {
  readonly id: ServiceId;
  /** As people call it. */
  readonly name: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** What its records are, for people who choose. */
  readonly detail: string;
  /** Terms of use of what it sends. */
  readonly terms: string;
  /** Requests a second that the service allows. */
  requestsPerSecond(key: string | undefined): number;
  /** Most records that it gives for one query. */
  readonly most: number;
  /** How many records there are. Rejects with LiveSourceError or the signal's reason. */
  count(question: LiveQuestion, client: LiveClient): Promise<number>;
  /** Up to `max` records, page by page. Rejects with LiveSourceError or the signal's reason. */
  pages(question: LiveQuestion, max: number, client: LiveClient): AsyncGenerator<LivePage>;
}
