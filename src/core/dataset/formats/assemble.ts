import type { DatasetFormat, DatasetRecord, RecordMapping, RecordProblem } from '../recordTypes';
import { CsvCutter } from './csvCutter';
import { CsvReader } from './csvReader';
import { FhirReader } from './fhirReader';
import { JsonCutter, type JsonShape } from './jsonCutter';
import { JsonReader } from './jsonReader';
import { LineCutter } from './lineCutter';
import { NotesCutter, NotesReader } from './notes';
import type { RecordReader } from './reader';
import type { Cutter, Piece } from './types';

/** Takes what was found, in file order; `piece` is the record's text. */
export interface Found {
  record(record: DatasetRecord, piece: Piece): void;
  problem(problem: RecordProblem): void;
}

/** The cutter of a format. `shape` says where the records of a JSON file stand. */
export function cutterFor(format: DatasetFormat, shape?: JsonShape): Cutter {
  switch (format) {
    case 'jsonl': return new LineCutter();
    case 'json': return new JsonCutter(shape ?? { kind: 'array' });
    case 'fhir': return new JsonCutter({ kind: 'key', key: 'entry' });
    case 'csv': return new CsvCutter();
    case 'notes': return new NotesCutter();
  }
}

/** The reader of a format; for a table it needs the header. */
export function readerFor(format: Exclude<DatasetFormat, 'fhir'>, header: Piece | undefined, mapping?: RecordMapping): RecordReader {
  switch (format) {
    case 'jsonl': return new JsonReader('line', mapping);
    case 'json': return new JsonReader('record', mapping);
    case 'csv': return new CsvReader(header!, mapping);
    case 'notes': return new NotesReader();
  }
}

/** Reads a text that comes in chunks: the one road of open documents and of files, so that both read the same. */
export class Assembler {
  private readonly cutter: Cutter;
  private readonly fhir: FhirReader | undefined;
  private reader: RecordReader | undefined;
  private index = 0;

  constructor(private readonly format: DatasetFormat, private readonly found: Found, private readonly mapping?: RecordMapping, shape?: JsonShape) {
    this.cutter = cutterFor(format, shape);
    this.fhir = format === 'fhir' ? new FhirReader() : undefined;
  }

  push(chunk: string): void { this.cutter.push(chunk, this.take); }

  end(): void {
    this.cutter.end(this.take);
    for (const { piece, record, problems } of this.fhir?.finish() ?? []) {
      for (const problem of problems) { this.found.problem(problem); }
      if (record) { this.found.record(record, piece); }
    }
  }

  /** Gives back what it remembers; a later push would not find ids that came before. */
  close(): void { this.reader?.close?.(); }

  private readonly take = (piece: Piece): void => {
    if (this.fhir) {
      for (const problem of this.fhir.add(piece)) { this.found.problem(problem); }
      return;
    }
    const format = this.format as Exclude<DatasetFormat, 'fhir'>;
    if (!this.reader) {
      this.reader = readerFor(format, piece, this.mapping);
      if (format === 'csv') { return; }
    }
    const reading = this.reader.read(piece, this.index++);
    for (const problem of reading.problems) { this.found.problem(problem); }
    for (const problem of this.reader.watch?.(piece, reading) ?? []) { this.found.problem(problem); }
    if (reading.record) { this.found.record(reading.record, piece); }
  };
}
