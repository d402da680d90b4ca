const headLimit = 2_000_000;
const eventHeadLimit = 2_000;
const tailLimit = 2_000;
/** Far above any answer: what is over it comes from a broken or hostile server. */
const bodyLimit = 32_000_000;
const lineLimit = 4_000_000;
const newLine = 10;

/** A body longer than any answer. */
export class EndlessBodyError extends Error {
  constructor() {
    super('the body has no end');
    this.name = 'EndlessBodyError';
  }
}

/** Keeps the start and the end of a body that somebody else reads, for replies that are no event stream though one was asked for. */
export class WireTap {
  head = '';
  tail = '';
  private readonly decoder = new TextDecoder();
  private bytes = 0;
  private lineBytes = 0;
  private isJson: boolean | undefined;

  /** The same response, with its body passing through here. */
  tap(response: Response): Response {
    if (!response.body) {
      return response;
    }
    const through = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        this.count(bytes);
        this.keep(this.decoder.decode(bytes, { stream: true }));
        controller.enqueue(bytes);
      },
    });
    return new Response(response.body.pipeThrough(through), { status: response.status, headers: response.headers });
  }

  /** The reader behind keeps a line until it ends: neither it nor the whole may grow without end. */
  private count(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    const end = bytes.lastIndexOf(newLine);
    this.lineBytes = end < 0 ? this.lineBytes + bytes.length : bytes.length - 1 - end;
    if (this.bytes > bodyLimit || this.lineBytes > lineLimit) {
      throw new EndlessBodyError();
    }
  }

  private keep(text: string): void {
    // Event streams are not kept whole: only a JSON reply is needed from its first character on.
    if (this.isJson === undefined) {
      const first = /\S/.exec(this.head.slice(-1) + text)?.[0];
      this.isJson = first === undefined ? undefined : first === '{' || first === '[';
    }
    const limit = this.isJson ? headLimit : eventHeadLimit;
    if (this.head.length < limit) {
      this.head = (this.head + text).slice(0, limit);
    }
    this.tail = (this.tail + text).slice(-tailLimit);
  }
}
