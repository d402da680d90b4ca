/** One record as it was cut out of a text: uninterpreted. Offsets are UTF-16 code units of the text that was pushed. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  /** Line on which it starts, from 1. */
  readonly line: number;
  /** Why it is no whole record; the message follows "the record at line N". */
  readonly fault?: string;
}

/** Cuts a text that comes in chunks of any size into records, in one pass. Blank lines are no records; a header is the first piece. */
export interface Cutter {
  push(chunk: string, emit: (piece: Piece) => void): void;
  end(emit: (piece: Piece) => void): void;
}

/** Longest record in UTF-16 code units; what is longer (an unending line, a quote that is never closed) is skipped, so that memory stays bounded. */
export const longestRecord = 16 << 20;

/** A cell of a row; offsets count from the start of the row. */
export interface Cell {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}
