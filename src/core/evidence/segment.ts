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
  readonly passages: Uint16Array | Uint32Array;
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
  const raw = (name: SectionName): Uint8Array => {
    const { offset, length, rawLength, codec } = head.sections[name];
    return unpack(body.subarray(offset, offset + length), rawLength, codec);
  };
  const read = (name: SectionName): ByteReader => new ByteReader(raw(name));
  try {
    const terms = readStrings(raw('terms'), head.terms);
    const fields = decodeFields(head, read('frequencies'), read('gaps'), read('counts'), read('lengths'));
    return {
      analysis: head.analysis,
      terms,
      ordinals: decodeOrdinals(head, fields, read('termRanks')),
      fields,
      documentIds: readStrings(raw('documents'), head.documents),
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
    addUp(offsets);
    const total = offsets[head.terms]!;
    const passages = gaps.ascendingRuns(passageNumbers(head.passages, total), offsets, head.passages);
    return { offsets, passages, counts: counts.varints(new Uint16Array(total)), lengths: fieldLengths };
  });
}

/** Room for `count` numbers of passages, as narrow as they allow. */
export function passageNumbers(passages: number, count: number): Uint16Array | Uint32Array {
  return passages <= 65_536 ? new Uint16Array(count) : new Uint32Array(count);
}

/** Counts into running totals. */
function addUp(numbers: Uint32Array): void {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) {
    total += numbers[i]!;
    numbers[i] = total;
  }
}

/** Undoes PostingsBuilder's ranks: a term's number is how many terms came with earlier passages, plus its rank. */
function decodeOrdinals(head: IndexHead, fields: readonly CountedPostings[], ranks: ByteReader): Uint32Array {
  const firstPassages = new Uint32Array(head.terms).fill(head.passages);
  for (const { offsets, passages } of fields) lowerToFirst(firstPassages, offsets, passages);
  const termsBefore = new Uint32Array(head.passages + 2);
  for (let term = 0; term < head.terms; term++) termsBefore[firstPassages[term]! + 1]!++;
  if (termsBefore[head.passages + 1]! > 0) throw new RangeError('term without passages');
  addUp(termsBefore);
  const ordinals = ranks.varints(new Uint32Array(head.terms));
  for (let term = 0; term < head.terms; term++) ordinals[term]! += termsBefore[firstPassages[term]!]!;
  return ordinals;
}

function lowerToFirst(firstPassages: Uint32Array, offsets: Uint32Array, passages: Uint16Array | Uint32Array): void {
  for (let term = 0; term < firstPassages.length; term++) {
    const start = offsets[term]!;
    if (start < offsets[term + 1]! && passages[start]! < firstPassages[term]!) firstPassages[term] = passages[start]!;
  }
}

function decodeLayout(head: IndexHead, layout: ByteReader, sourceNumbers: readonly number[]): Omit<PassageTable, 'documentIds'> {
  const documentSources = new Uint8Array(head.documents);
  const passageDocuments = new Uint32Array(head.passages);
  const passageNumbers = new Uint32Array(head.passages);
  let passage = 0;
  for (let document = 0; document < head.documents; document++) {
    const source = sourceNumbers[layout.varint()];
    if (source === undefined) throw new RangeError('unknown source');
    documentSources[document] = source;
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
