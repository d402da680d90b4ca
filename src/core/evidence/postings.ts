import { indexedParts, termOf } from './analysis';
import { ByteWriter, Uint32List } from './bytes';
import { packTexts, writeStrings } from './stringTable';
import { WordTable } from './wordTable';

/** The raw (not yet compressed) parts of an index that scoring needs. */
export interface PostingSections {
  readonly terms: Uint8Array;
  readonly termRanks: Uint8Array;
  readonly lengths: Uint8Array;
  readonly frequencies: Uint8Array;
  readonly gaps: Uint8Array;
  readonly counts: Uint8Array;
  readonly termCount: number;
}

// Decoded into 16 bits; a term that often in one passage scores the same as more often.
const HIGHEST_COUNT = 65_535;

/** One field while it is built: passage by passage, its terms and their counts. */
class FieldColumn {
  readonly lengths = new Uint32List();
  /** A term twice its number; one more, and its count after it, where it comes more than once. */
  readonly terms = new Uint32List();
  /** Where each passage's terms end. */
  readonly ends = new Uint32List();
}

/** The terms of one field of a passage while it is read: each once, as they come, with its count. */
class TermTally {
  readonly terms = new Uint32List();
  /** How many terms were read, repeated ones counted each time. */
  length = 0;
  private counts = new Uint32Array(1 << 12);

  push(term: number): void {
    if (this.counts[term]!++ === 0) this.terms.push(term);
    this.length++;
  }

  /** Makes room for a term of this number. */
  reserve(term: number): void {
    if (term < this.counts.length) return;
    const grown = new Uint32Array(this.counts.length * 2);
    grown.set(this.counts);
    this.counts = grown;
  }

  /** Moves what was read into a column, and begins afresh. */
  moveTo(column: FieldColumn): void {
    const { counts } = this;
    const { values, length } = this.terms;
    for (let i = 0; i < length; i++) {
      const term = values[i]!;
      const count = counts[term]!;
      counts[term] = 0;
      if (count === 1) column.terms.push(term * 2);
      else {
        column.terms.push(term * 2 + 1);
        column.terms.push(count);
      }
    }
    column.lengths.push(this.length);
    column.ends.push(column.terms.length);
    this.terms.length = 0;
    this.length = 0;
  }
}

const MOST_PARTS = 1 << 19;
const NO_TERM = -1;

/** Collects the terms of passages as lunr.Builder does, in typed arrays; a word is cut up once, and each of its parts goes through Lunr's pipeline once. */
export class PostingsBuilder {
  private readonly termNumbers = new Map<string, number>();
  /** Words share parts ("placebo-controlled", "placebo"): term numbers by part, NO_TERM for stop words. */
  private readonly partNumbers = new Map<string, number>();
  private readonly columns: readonly FieldColumn[];
  /** Passage in which each term was first seen, by term number. */
  private readonly firstPassages = new Uint32List();
  private readonly words = new WordTable(word => this.numbersOf(word));
  private readonly tally = new TermTally();
  private passages = 0;

  constructor(fields: readonly string[]) {
    this.columns = fields.map(() => new FieldColumn());
  }

  /** Adds a passage: the texts of each field. */
  add(fieldTexts: readonly (readonly string[])[]): void {
    this.columns.forEach((column, i) => {
      for (const text of fieldTexts[i] ?? []) this.words.read(text, this.tally);
      this.tally.moveTo(column);
    });
    this.passages++;
  }

  private numbersOf(word: string): number[] {
    const numbers: number[] = [];
    for (const part of indexedParts(word)) {
      const number = this.partNumbers.get(part) ?? this.addPart(part);
      if (number !== NO_TERM) numbers.push(number);
    }
    return numbers;
  }

  private addPart(part: string): number {
    const term = termOf(part);
    const number = term === undefined ? NO_TERM : this.numberOf(term);
    if (this.partNumbers.size >= MOST_PARTS) this.partNumbers.clear();
    this.partNumbers.set(part, number);
    return number;
  }

  private numberOf(term: string): number {
    let number = this.termNumbers.get(term);
    if (number === undefined) {
      number = this.termNumbers.size;
      this.termNumbers.set(term, number);
      this.firstPassages.push(this.passages);
      this.tally.reserve(number);
    }
    return number;
  }

  finish(): PostingSections {
    const sorted = sortedByBytes([...this.termNumbers.keys()]);
    const terms = new ByteWriter();
    writeStrings(packTexts(sorted), terms);
    const order = Uint32Array.from(sorted, term => this.termNumbers.get(term)!);
    const lengths = new ByteWriter();
    for (const column of this.columns) for (const length of column.lengths.finish()) lengths.varint(length);
    return { terms: terms.finish(), termRanks: this.writeRanks(order), lengths: lengths.finish(), ...this.writePostings(order), termCount: order.length };
  }

  /** Lunr numbers terms as they come; what is stored is the place among the terms that came with the same passage, which is small. */
  private writeRanks(order: Uint32Array): Uint8Array {
    const first = this.firstPassages.finish();
    const ranks = new Uint32Array(first.length);
    for (let number = 1; number < first.length; number++) ranks[number] = first[number] === first[number - 1] ? ranks[number - 1]! + 1 : 0;
    const out = new ByteWriter();
    for (const number of order) out.varint(ranks[number]!);
    return out.finish();
  }

  private writePostings(order: Uint32Array): Pick<PostingSections, 'frequencies' | 'gaps' | 'counts'> {
    const frequencies = new ByteWriter();
    const gaps = new ByteWriter();
    const counts = new ByteWriter();
    for (const column of this.columns) {
      const byTerm = transpose(column, this.termNumbers.size);
      for (const number of order) {
        const start = byTerm.starts[number]!;
        const end = byTerm.starts[number + 1]!;
        frequencies.varint(end - start);
        let previous = -1;
        for (let i = start; i < end; i++) {
          gaps.varint(byTerm.passages[i]! - previous - 1);
          counts.varint(byTerm.counts[i]!);
          previous = byTerm.passages[i]!;
        }
      }
    }
    return { frequencies: frequencies.finish(), gaps: gaps.finish(), counts: counts.finish() };
  }
}

/** Sorts as UTF-8 bytes: JavaScript's own order of strings, which is faster, but for characters of two code units. */
function sortedByBytes(terms: string[]): string[] {
  if (!/[\ud800-\udfff]/.test(terms.join(''))) return terms.sort();
  return terms.map(term => ({ term, key: Buffer.from(term) })).sort((a, b) => Buffer.compare(a.key, b.key)).map(({ term }) => term);
}

/** From passage -> terms to term -> passages, passages ascending. */
function transpose(column: FieldColumn, termCount: number): { starts: Uint32Array; passages: Uint32Array; counts: Uint16Array } {
  const { values, length } = column.terms;
  const starts = new Uint32Array(termCount + 1);
  let total = 0;
  for (let i = 0; i < length; i++, total++) {
    const entry = values[i]!;
    starts[(entry >>> 1) + 1]!++;
    if ((entry & 1) === 1) i++;
  }
  for (let term = 0; term < termCount; term++) starts[term + 1]! += starts[term]!;
  const next = starts.slice();
  const passages = new Uint32Array(total);
  const counts = new Uint16Array(total);
  let from = 0;
  for (let passage = 0; passage < column.ends.length; passage++) {
    const to = column.ends.values[passage]!;
    for (let i = from; i < to; i++) {
      const entry = values[i]!;
      const slot = next[entry >>> 1]!++;
      passages[slot] = passage;
      counts[slot] = (entry & 1) === 1 ? Math.min(values[++i]!, HIGHEST_COUNT) : 1;
    }
    from = to;
  }
  return { starts, passages, counts };
}
