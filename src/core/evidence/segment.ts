import type { AnalysisSettings } from './analysis';
import { ByteReader } from './bytes';
import { damagedIndex } from './errors';
import { unpack } from './format';
import type { IndexHead, SectionName } from './format';
import { readStrings } from './stringTable';
import type { StringTable } from './stringTable';

/** Postings of one field: those of term t are [offsets[t] .. offsets[t + 1]), passages ascending. */
export interface CountedPostings {
  readonly offsets: Uint32Array;
  readonly passages: Uint32Array;
  /** Times the term occurs in the passage's field. */
  readonly counts: Uint16Array;
  /** Terms in each passage's field. */
  readonly lengths: Uint32Array;
}

/** Who the passages of an index are. */
export interface PassageTable {
  readonly documentIds: StringTable;
  /** EvidenceSource by number, see SOURCES in ranking.ts; one per document. */
  readonly documentSources: Uint8Array;
  /** Document of each passage. */
  readonly passageDocuments: Uint32Array;
  /** n of the passage id `documentId#n`. */
  readonly passageNumbers: Uint32Array;
}

/** An index as its file holds it, decoded: counts, not scores, so that several can be ranked as one. */
export interface Segment extends PassageTable {
  readonly analysis: AnalysisSettings;
  readonly terms: StringTable;
  /** The number that lunr.Builder would give each term (order of first occurrence). */
  readonly ordinals: Uint32Array;
  readonly fields: readonly CountedPostings[];
}

/** Decodes a verified body. Throws EvidenceIndexError when it contradicts itself. */
export function decodeSegment(file: string, head: IndexHead, body: Uint8Array, sourceNumbers: readonly number[]): Segment {
  const read = (name: SectionName): ByteReader => {
    const { offset, length, rawLength } = head.sections[name];
    return new ByteReader(unpack(body.subarray(offset, offset + length), rawLength));
  };
  try {
    const terms = readStrings(read('terms'), head.terms);
    const fields = decodeFields(head, read('frequencies'), read('gaps'), read('counts'), read('lengths'));
    return {
      analysis: head.analysis,
      terms,
      ordinals: decodeOrdinals(head, fields, read('termRanks')),
      fields,
      documentIds: readStrings(read('documents'), head.documents),
      ...decodeLayout(head, read('layout'), sourceNumbers),
    };
  } catch (error) {
    throw damagedIndex(file, 'corrupt', 'is damaged (its content cannot be decoded)', error);
  }
}

function decodeFields(head: IndexHead, frequencies: ByteReader, gaps: ByteReader, counts: ByteReader, lengths: ByteReader): CountedPostings[] {
  return head.analysis.fields.map(() => {
    const fieldLengths = lengths.varints(new Uint32Array(head.passages));
    const offsets = new Uint32Array(head.terms + 1);
    frequencies.varints(offsets.subarray(1));
    for (let term = 0; term < head.terms; term++) offsets[term + 1]! += offsets[term]!;
    const total = offsets[head.terms]!;
    const passages = gaps.varints(new Uint32Array(total));
    for (let term = 0; term < head.terms; term++) {
      let passage = -1;
      for (let i = offsets[term]!, end = offsets[term + 1]!; i < end; i++) {
        passage += passages[i]! + 1;
        passages[i] = passage;
      }
      if (passage >= head.passages) throw new RangeError('passage number too high');
    }
    return { offsets, passages, counts: counts.varints(new Uint16Array(total)), lengths: fieldLengths };
  });
}

/** Undoes PostingsBuilder's ranks: a term's number is how many terms came with earlier passages, plus its rank. */
function decodeOrdinals(head: IndexHead, fields: readonly CountedPostings[], ranks: ByteReader): Uint32Array {
  const firstPassages = new Uint32Array(head.terms);
  const termsBefore = new Uint32Array(head.passages + 1);
  for (let term = 0; term < head.terms; term++) {
    const first = firstPassage(fields, term);
    firstPassages[term] = first;
    termsBefore[first + 1]!++;
  }
  for (let passage = 0; passage < head.passages; passage++) termsBefore[passage + 1]! += termsBefore[passage]!;
  const ordinals = ranks.varints(new Uint32Array(head.terms));
  for (let term = 0; term < head.terms; term++) ordinals[term]! += termsBefore[firstPassages[term]!]!;
  return ordinals;
}

function firstPassage(fields: readonly CountedPostings[], term: number): number {
  let first = Infinity;
  for (const field of fields) {
    const start = field.offsets[term]!;
    if (start < field.offsets[term + 1]! && field.passages[start]! < first) first = field.passages[start]!;
  }
  if (first === Infinity) throw new RangeError('term without passages');
  return first;
}

function decodeLayout(head: IndexHead, layout: ByteReader, sourceNumbers: readonly number[]): Omit<PassageTable, 'documentIds'> {
  const documentSources = new Uint8Array(head.documents);
  const passageDocuments = new Uint32Array(head.passages);
  const passageNumbers = new Uint32Array(head.passages);
  let passage = 0;
  for (let document = 0; document < head.documents; document++) {
    documentSources[document] = sourceNumbers[layout.varint()]!;
    let number = 0;
    for (let left = layout.varint(); left > 0; left--) {
      number += layout.varint() + 1;
      passageDocuments[passage] = document;
      passageNumbers[passage] = number;
      passage++;
    }
  }
  if (passage !== head.passages) throw new RangeError('passages missing');
  return { documentSources, passageDocuments, passageNumbers };
}
