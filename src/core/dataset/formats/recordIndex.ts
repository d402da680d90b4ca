import type { Span } from '../../text/span';
import type { DatasetFormat, RecordMapping } from '../recordTypes';
import { cutterFor, readerFor } from './assemble';
import { FhirReader } from './fhirReader';
import { shapeOf } from './detect';
import type { Reading, RecordReader } from './reader';
import type { Piece } from './types';

/** Characters of indentation before a record that count as its place. */
const mostIndented = 200;

/** Where the records of a text stand, without having read them. Record `i` is the one whose `index` is `i`; broken records count. */
export class RecordIndex {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly lines: number[] = [];
  private readonly faults = new Map<number, string>();
  /** Header row of a table. */
  header: Piece | undefined;
  private readonly composed: Reading[] = [];
  private readonly readers = new Map<RecordMapping | undefined, RecordReader>();

  constructor(private readonly text: string, readonly format: DatasetFormat, mapping?: RecordMapping) {
    const cutter = cutterFor(format, format === 'json' ? shapeOf(text, mapping) : undefined);
    const fhir = format === 'fhir' ? new FhirReader() : undefined;
    const take = (piece: Piece): void => {
      if (fhir) { fhir.add(piece); } else if (format === 'csv' && !this.header) { this.header = piece; } else { this.put(piece); }
    };
    cutter.push(text, take);
    cutter.end(take);
    for (const { piece, ...reading } of fhir?.finish() ?? []) { this.put(piece); this.composed.push(reading); }
  }

  get length(): number { return this.starts.length; }

  spanOf(i: number): Span { return { start: this.starts[i]!, end: this.ends[i]! }; }

  /** From 1. */
  lineOf(i: number): number { return this.lines[i]!; }

  /** The record that contains an offset, its end and the indentation before it included. */
  indexAt(offset: number): number | undefined {
    if (this.format === 'fhir') {
      const at = this.starts.findIndex((start, i) => start <= offset && offset <= this.ends[i]!);
      return at < 0 ? undefined : at;
    }
    const after = this.firstAfter(offset);
    if (after > 0 && offset <= this.ends[after - 1]!) { return after - 1; }
    const next = this.starts[after];
    return next !== undefined && next - offset <= mostIndented && /^[ \t]*$/.test(this.text.slice(offset, next)) ? after : undefined;
  }

  /** The record that contains an offset, else the first one after it, else the last one; undefined in a text without records. */
  nearest(offset: number): number | undefined { return this.length === 0 ? undefined : this.indexAt(offset) ?? Math.min(this.firstAfter(offset), this.length - 1); }

  read(i: number, mapping?: RecordMapping): Reading {
    if (this.format === 'fhir') { return this.composed[i]!; }
    let reader = this.readers.get(mapping);
    if (!reader) { this.readers.set(mapping, reader = readerFor(this.format, this.header, mapping)); }
    const fault = this.faults.get(i);
    return reader.read({ text: this.text.slice(this.starts[i], this.ends[i]), start: this.starts[i]!, line: this.lines[i]!, ...(fault === undefined ? {} : { fault }) }, i);
  }

  private put({ text, start, line, fault }: Piece): void {
    if (fault !== undefined) { this.faults.set(this.starts.length, fault); }
    this.starts.push(start);
    this.ends.push(start + text.length);
    this.lines.push(line);
  }

  private firstAfter(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) { low = middle + 1; } else { high = middle; }
    }
    return low;
  }
}

let latest: RecordIndex | undefined;
let latestText = '';
let latestMapping: RecordMapping | undefined;

/** The index of a text; the mapping only says where a JSON file has its records. The last one is kept, so that asking again for the same text costs a comparison. */
export function indexRecords(text: string, format: DatasetFormat, mapping?: RecordMapping): RecordIndex {
  if (latest?.format !== format || latestMapping !== mapping || latestText !== text) {
    latest = new RecordIndex(text, format, mapping);
    latestText = text;
    latestMapping = mapping;
  }
  return latest;
}
