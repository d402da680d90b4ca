/** Why an index could not be read: what a caller may want to tell apart. */
export type EvidenceIndexProblem =
  | 'missing' | 'unreadable' | 'not-an-index' | 'newer-version' | 'truncated' | 'corrupt' | 'incompatible' | 'changed' | 'worker';

/** An evidence index that cannot be used. The message names the file and says what to do. */
export class EvidenceIndexError extends Error {
  override readonly name = 'EvidenceIndexError';

  constructor(readonly reason: EvidenceIndexProblem, readonly file: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

const REBUILD = 'Build the index again, or reinstall the extension if it is the bundled one.';

/** The error for a file that was an index once but is damaged; `what` ends the sentence "The evidence index FILE ...". */
export function damagedIndex(file: string, reason: EvidenceIndexProblem, what: string, cause?: unknown): EvidenceIndexError {
  return new EvidenceIndexError(reason, file, `The evidence index ${file} ${what}. ${REBUILD}`, { cause });
}

/** A document that cannot be put into an index; the message names the document. */
export class EvidenceDocumentError extends Error {
  override readonly name = 'EvidenceDocumentError';

  constructor(readonly documentId: string, message: string) {
    super(message);
  }
}
