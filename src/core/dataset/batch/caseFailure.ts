/** A case could not be answered, and no other case is concerned. The message holds no text of the case or of an answer. */
export class CaseFailure extends Error {
  /** `reason` becomes that of the failed event. */
  constructor(readonly reason: string, message: string) {
    super(message);
    this.name = 'CaseFailure';
  }
}
