/** Bad usage or input: exit code 2. The message says what to do and holds no text of a case. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}
