import { ANALYSIS } from './analysis';
import { EvidenceIndexError } from './errors';
import type { MergeOrigin } from './ranking';
import { passageNumbers } from './segment';
import type { CountedPostings, PassageTable, Segment } from './segment';
import { bytesAt, compareBytes, packStrings, stringAt } from './stringTable';

export interface MergedSegments {
  readonly segment: Segment;
  readonly origin: MergeOrigin;
}

const HIDDEN = 0xffffffff;

/** One segment on its way into the union: where its passages and terms go (HIDDEN: nowhere). */
interface Part {
  readonly segment: Segment;
  readonly passages: Uint32Array;
  readonly terms: Uint32Array;
}

/**
 * The segment that one index over all the documents would have been. A document that a later segment holds too is taken from there.
 * `files` names the segments in messages. Throws EvidenceIndexError when they were built with different analysis settings.
 */
export function mergeSegments(segments: readonly Segment[], files: readonly string[]): MergedSegments {
  assertSameAnalysis(segments, files);
  const analysis = segments[0]?.analysis ?? ANALYSIS;
  const kept = keptDocuments(segments);
  const { passageMaps, table, origin } = mergePassages(segments, kept);
  const holders = segments.map((segment, i) => countHolders(segment, passageMaps[i]!));
  const { termMaps, terms, ordinals } = mergeTerms(segments, holders);
  const parts = segments.map((segment, i) => ({ segment, passages: passageMaps[i]!, terms: termMaps[i]! }));
  const fields = analysis.fields.map((_, field) => mergeField(parts, field, terms.length, table.passageDocuments.length));
  return { segment: { analysis, terms: packStrings(terms), ordinals, fields, ...table }, origin };
}

function assertSameAnalysis(segments: readonly Segment[], files: readonly string[]): void {
  const settings = segments.map(({ analysis: { id, fields, k1, b } }) => JSON.stringify([id, fields, k1, b]));
  const odd = settings.findIndex(text => text !== settings[0]);
  if (odd > 0) {
    const message = `The evidence indexes ${files[0]} and ${files[odd]} were built with different analysis settings. Build them again with this version of KEDRec.`;
    throw new EvidenceIndexError('incompatible', files[odd]!, message);
  }
}

function keptDocuments(segments: readonly Segment[]): boolean[][] {
  const later = new Set<string>();
  const kept: boolean[][] = [];
  for (let i = segments.length - 1; i >= 0; i--) {
    const table = segments[i]!.documentIds;
    const ids = Array.from({ length: table.offsets.length - 1 }, (_, document) => stringAt(table, document));
    kept[i] = ids.map(id => !later.has(id));
    if (i > 0) for (const id of ids) later.add(id);
  }
  return kept;
}

function mergePassages(segments: readonly Segment[], kept: readonly boolean[][]): { passageMaps: Uint32Array[]; table: PassageTable; origin: MergeOrigin } {
  const ids: Uint8Array[] = [];
  const documentSources: number[] = [];
  const documentSegments: number[] = [];
  const documentLocals: number[] = [];
  const passageDocuments: number[] = [];
  const passageNumbers: number[] = [];
  const passageLocals: number[] = [];
  const passageMaps = segments.map((segment, number) => {
    const documents = new Uint32Array(kept[number]!.length).fill(HIDDEN);
    kept[number]!.forEach((keep, document) => {
      if (!keep) return;
      documents[document] = ids.length;
      ids.push(bytesAt(segment.documentIds, document));
      documentSources.push(segment.documentSources[document]!);
      documentSegments.push(number);
      documentLocals.push(document);
    });
    return segment.passageDocuments.map((document, passage) => {
      if (documents[document] === HIDDEN) return HIDDEN;
      passageDocuments.push(documents[document]!);
      passageNumbers.push(segment.passageNumbers[passage]!);
      return passageLocals.push(passage) - 1;
    });
  });
  return {
    passageMaps,
    table: {
      documentIds: packStrings(ids),
      documentSources: Uint8Array.from(documentSources),
      passageDocuments: Uint32Array.from(passageDocuments),
      passageNumbers: Uint32Array.from(passageNumbers),
    },
    origin: {
      documentSegments: Uint16Array.from(documentSegments),
      documentLocals: Uint32Array.from(documentLocals),
      passageLocals: Uint32Array.from(passageLocals),
    },
  };
}

/** Per term: passages that stay, over all fields. */
function countHolders(segment: Segment, passages: Uint32Array): Uint32Array {
  const holders = new Uint32Array(segment.ordinals.length);
  for (const field of segment.fields) {
    for (let term = 0; term < holders.length; term++) {
      for (let i = field.offsets[term]!, end = field.offsets[term + 1]!; i < end; i++) {
        if (passages[field.passages[i]!] !== HIDDEN) holders[term]!++;
      }
    }
  }
  return holders;
}

/** Sorted union of the vocabularies, and Lunr's numbers for it: as if the segments' passages had been added one after the other. */
function mergeTerms(segments: readonly Segment[], holders: readonly Uint32Array[]): { termMaps: Uint32Array[]; terms: Uint8Array[]; ordinals: Uint32Array } {
  const termMaps = segments.map(segment => new Uint32Array(segment.ordinals.length).fill(HIDDEN));
  const next = segments.map(() => 0);
  const terms: Uint8Array[] = [];
  const origins: { readonly segment: number; readonly ordinal: number }[] = [];
  for (;;) {
    const heads = segments.map((segment, i) => {
      while (next[i]! < holders[i]!.length && holders[i]![next[i]!] === 0) next[i]!++;
      return next[i]! < holders[i]!.length ? bytesAt(segment.terms, next[i]!) : undefined;
    });
    const lowest = heads.reduce((low, head) => (head !== undefined && (low === undefined || compareBytes(head, low) < 0) ? head : low), undefined);
    if (lowest === undefined) break;
    const first = heads.findIndex(head => head !== undefined && compareBytes(head, lowest) === 0);
    origins.push({ segment: first, ordinal: segments[first]!.ordinals[next[first]!]! });
    heads.forEach((head, i) => {
      if (head !== undefined && compareBytes(head, lowest) === 0) termMaps[i]![next[i]!++] = terms.length;
    });
    terms.push(lowest);
  }
  const order = origins.map((_, term) => term).sort((a, b) => origins[a]!.segment - origins[b]!.segment || origins[a]!.ordinal - origins[b]!.ordinal);
  const ordinals = new Uint32Array(terms.length);
  order.forEach((term, ordinal) => (ordinals[term] = ordinal));
  return { termMaps, terms, ordinals };
}

function mergeField(parts: readonly Part[], field: number, termCount: number, passageCount: number): CountedPostings {
  const offsets = new Uint32Array(termCount + 1);
  const lengths = new Uint32Array(passageCount);
  for (const { segment, passages, terms } of parts) {
    const source = segment.fields[field]!;
    passages.forEach((passage, local) => {
      if (passage !== HIDDEN) lengths[passage] = source.lengths[local]!;
    });
    forEachKept(source, passages, terms, term => offsets[term + 1]!++);
  }
  for (let term = 0; term < termCount; term++) offsets[term + 1]! += offsets[term]!;
  const next = offsets.slice();
  const merged = passageNumbers(passageCount, offsets[termCount]!);
  const counts = new Uint16Array(merged.length);
  for (const { segment, passages, terms } of parts) {
    forEachKept(segment.fields[field]!, passages, terms, (term, passage, count) => {
      const slot = next[term]!++;
      merged[slot] = passage;
      counts[slot] = count;
    });
  }
  return { offsets, passages: merged, counts, lengths };
}

function forEachKept(source: CountedPostings, passages: Uint32Array, terms: Uint32Array, visit: (term: number, passage: number, count: number) => void): void {
  for (let local = 0; local < terms.length; local++) {
    const term = terms[local]!;
    if (term === HIDDEN) continue;
    for (let i = source.offsets[local]!, end = source.offsets[local + 1]!; i < end; i++) {
      const passage = passages[source.passages[i]!]!;
      if (passage !== HIDDEN) visit(term, passage, source.counts[i]!);
    }
  }
}
