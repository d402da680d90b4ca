/** A file of an evaluation that cannot be used. The message names file, line and field or column, and says what to do. */
export class EvaluationInputError extends Error {
  override readonly name = 'EvaluationInputError';

  constructor(readonly file: string, readonly line: number | undefined, problem: string) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`);
  }
}
