/** A half-open range of UTF-16 code units, as JavaScript strings and VS Code offsets count them. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
