import type { StringTable } from './stringTable';
import type { PassageTable, Segment } from './segment';
import type { EvidenceSource } from './types';

/** Sources by the number used in typed arrays. */
export const SOURCES: readonly EvidenceSource[] = ['trials', 'literature', 'labels', 'knowledge-graph'];

/** Postings of one field with Lunr's scores: those of term t are [offsets[t] .. offsets[t + 1]), passages ascending. */
export interface ScoredPostings {
  readonly offsets: Uint32Array;
  readonly passages: Uint32Array;
  /** Lunr's BM25 weights in thousandths, as Lunr rounds them. */
  readonly scores: Uint16Array | Uint32Array;
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

/** lunr.idf and lunr.Builder's weights over a whole index. */
export function scorePostings(segment: Pick<Segment, 'fields' | 'analysis'>, termCount: number): ScoredPostings[] {
  const { k1, b } = segment.analysis;
  const passageCount = segment.fields[0]!.lengths.length;
  const idf = new Float64Array(termCount);
  let highest = 0;
  for (let term = 0; term < termCount; term++) {
    let holders = 0;
    for (const field of segment.fields) holders += field.offsets[term + 1]! - field.offsets[term]!;
    const value = Math.log(1 + Math.abs((passageCount - holders + 0.5) / (holders + 0.5)));
    idf[term] = value;
    if (value > highest) highest = value;
  }
  const fitsShort = highest * (k1 + 1) * 1000 < 65_535;
  return segment.fields.map(({ offsets, passages, counts, lengths }) => {
    let total = 0;
    for (const length of lengths) total += length;
    const average = total / passageCount;
    const saturation = new Float64Array(passageCount);
    for (let passage = 0; passage < passageCount; passage++) saturation[passage] = k1 * (1 - b + b * (lengths[passage]! / average));
    const scores = fitsShort ? new Uint16Array(passages.length) : new Uint32Array(passages.length);
    for (let term = 0; term < termCount; term++) scoreTerm(idf[term]!, k1 + 1, saturation, passages, counts, scores, offsets[term]!, offsets[term + 1]!);
    return { offsets, passages, scores };
  });
}

/** Lunr's weights of one term, rounded as Lunr rounds them. A function of its own, so that it is compiled early. */
function scoreTerm(
  idf: number, gain: number, saturation: Float64Array, passages: Uint32Array, counts: Uint16Array, scores: Uint16Array | Uint32Array, start: number, end: number,
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
