import type { StringTable } from './stringTable';
import type { PassageTable, Segment } from './segment';
import type { EvidenceSource } from './types';

/** Sources by the number used in typed arrays. */
export const SOURCES: readonly EvidenceSource[] = ['trials', 'literature', 'labels', 'knowledge-graph'];

/** Postings of one field with Lunr's scores: those of term t are [offsets[t] .. offsets[t + 1]), passages ascending. Call `ready(t)` before reading them. */
export interface ScoredPostings {
  readonly offsets: Uint32Array;
  readonly passages: Uint16Array | Uint32Array;
  /** Lunr's BM25 weights in thousandths, as Lunr rounds them. */
  readonly scores: Uint16Array | Uint32Array;
  /** Computes a term's scores, or reads its postings, where that was not done before: a query needs a few terms of many thousands. */
  ready(term: number): void;
}

/** One index over every segment: all that a query needs. */
export interface Ranking extends PassageTable {
  readonly fieldNames: readonly string[];
  readonly terms: StringTable;
  readonly ordinals: Uint32Array;
  readonly fields: readonly ScoredPostings[];
  /** Segment of each document, its number there, and each passage's number there. */
  readonly documentSegments: Uint16Array;
  readonly documentLocals: Uint32Array;
  readonly passageLocals: Uint32Array;
}

/** lunr.idf and lunr.Builder's weights over a whole index. A term is scored when it is first asked for. */
export function scorePostings(segment: Pick<Segment, 'fields' | 'analysis'>, termCount: number): ScoredPostings[] {
  const { k1, b } = segment.analysis;
  const passageCount = segment.fields[0]!.lengths.length;
  const holders = new Uint32Array(termCount);
  for (const { offsets } of segment.fields) countHolders(holders, offsets);
  const idf = (term: number): number => Math.log(1 + Math.abs((passageCount - holders[term]! + 0.5) / (holders[term]! + 0.5)));
  const highest = Math.log(1 + (passageCount - 0.5) / 1.5);
  const fitsShort = highest * (k1 + 1) * 1000 < 65_535;
  return segment.fields.map(({ offsets, passages, counts, lengths }) => {
    const saturation = saturations(lengths, k1, b);
    const scores = fitsShort ? new Uint16Array(passages.length) : new Uint32Array(passages.length);
    const done = new Uint8Array(termCount);
    const ready = (term: number): void => {
      if (done[term] === 1) return;
      done[term] = 1;
      scoreTerm(idf(term), k1 + 1, saturation, passages, counts, scores, offsets[term]!, offsets[term + 1]!);
    };
    return { offsets, passages, scores, ready };
  });
}

// Functions of their own, so that they are compiled early.
function countHolders(holders: Uint32Array, offsets: Uint32Array): void {
  for (let term = 0; term < holders.length; term++) holders[term]! += offsets[term + 1]! - offsets[term]!;
}

function saturations(lengths: Uint32Array, k1: number, b: number): Float64Array {
  let total = 0;
  for (let passage = 0; passage < lengths.length; passage++) total += lengths[passage]!;
  const average = total / lengths.length;
  const saturation = new Float64Array(lengths.length);
  for (let passage = 0; passage < lengths.length; passage++) saturation[passage] = k1 * (1 - b + b * (lengths[passage]! / average));
  return saturation;
}

/** Lunr's weights of one term, rounded as Lunr rounds them. */
function scoreTerm(
  idf: number, gain: number, saturation: Float64Array, passages: Uint16Array | Uint32Array, counts: Uint16Array, scores: Uint16Array | Uint32Array, start: number, end: number,
): void {
  for (let i = start; i < end; i++) {
    const count = counts[i]!;
    scores[i] = Math.round(((idf * (gain * count)) / (saturation[passages[i]!]! + count)) * 1000);
  }
}

/** The ranking of a segment; `origin` where it was merged of several. */
export function rankSegment(segment: Segment, origin?: MergeOrigin): Ranking {
  const documentCount = segment.documentIds.offsets.length - 1;
  const { analysis, documentIds, documentSources, passageDocuments, passageNumbers, terms, ordinals } = segment;
  return {
    fieldNames: analysis.fields,
    terms,
    ordinals,
    fields: scorePostings(segment, terms.offsets.length - 1),
    documentIds,
    documentSources,
    passageDocuments,
    passageNumbers,
    documentSegments: origin?.documentSegments ?? new Uint16Array(documentCount),
    documentLocals: origin?.documentLocals ?? upTo(documentCount),
    passageLocals: origin?.passageLocals ?? upTo(passageDocuments.length),
  };
}

/** Where the documents and passages of a merged segment come from. */
export type MergeOrigin = Pick<Ranking, 'documentSegments' | 'documentLocals' | 'passageLocals'>;

function upTo(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}
