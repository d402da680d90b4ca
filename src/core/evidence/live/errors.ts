/** Why a service gave nothing: what a caller may want to tell apart. */
export type LiveProblem = 'network' | 'timeout' | 'busy' | 'server' | 'rejected' | 'damaged' | 'too-large' | 'redirect' | 'not-cached' | 'bad-name';

/** A service could not be asked, or its answer not be used. The message names the service and says what to do. */
export class LiveSourceError extends Error {
  override readonly name = 'LiveSourceError';

  constructor(readonly reason: LiveProblem, readonly service: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
