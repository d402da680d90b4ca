/** What was asked of a live source for an index, and what came of it. */
export interface SourceRequest {
  /** `clinicaltrials`, `pubmed`, `europepmc` or `openfda`. */
  readonly service: string;
  /** The query as that service got it. */
  readonly query: string;
  /** Address without keys and e-mail. */
  readonly url: string;
  /** ISO 8601: when the service answered, not when its answer was taken from the cache. */
  readonly at: string;
  readonly received: number;
  /** How many the service said there are. */
  readonly total?: number;
  /** Of the answer's bytes; of the answers' hashes in their order where one request stands for several answers. */
  readonly sha256: string;
  readonly terms: string;
}

/** How an index of live sources was made, so that it can be made again. */
export interface IndexOrigin {
  readonly disease: string;
  readonly drug?: string;
  /** The maintained list that this index was made from; then `disease` tells only how many questions it has. */
  readonly list?: string;
  readonly sources: readonly string[];
  /** Records of each source at most. */
  readonly max: number;
  readonly requests: readonly SourceRequest[];
}
