import type { Span } from '../../text/span';

/** A replacement in a text. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** The annotation cannot be kept in this file; the message says why and what to do. */
export class InFileError extends Error {
  override readonly name = 'InFileError';
}

/** Throws InFileError for a prefix that is no beginning of a field name. */
export function checkPrefix(prefix: string): void {
  if (!/^[A-Za-z][\w.-]*$/.test(prefix)) { throw new InFileError(`"${prefix}" cannot begin field names: the prefix (setting kedrec.annotations.fieldPrefix) starts with a letter and has letters, digits, "_", "-" and "." only`); }
}

/** The text after edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { span, newText } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at);
}

export function moved(edits: readonly TextEdit[], by: number): TextEdit[] {
  return edits.map(({ span, newText }) => ({ span: { start: span.start + by, end: span.end + by }, newText }));
}
