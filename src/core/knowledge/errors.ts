/** The bundled knowledge cannot be used; the message says what is wrong and what to do. */
export class KnowledgeError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KnowledgeError';
  }
}
