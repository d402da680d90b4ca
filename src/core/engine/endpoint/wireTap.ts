const headLimit = 2_000_000;
const eventHeadLimit = 2_000;
const tailLimit = 2_000;

/** Keeps the start and the end of a body that somebody else reads, for replies that are no event stream though one was asked for. */
export class WireTap {
  head = '';
  tail = '';
  private readonly decoder = new TextDecoder();

  /** The same response, with its body passing through here. */
  tap(response: Response): Response {
    if (!response.body) {
      return response;
    }
    const through = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        this.keep(this.decoder.decode(bytes, { stream: true }));
        controller.enqueue(bytes);
      },
    });
    return new Response(response.body.pipeThrough(through), { status: response.status, headers: response.headers });
  }

  private keep(text: string): void {
    // Event streams are not kept whole: only a JSON reply is needed from its first character on.
    const limit = /^\s*[{[]/.test(this.head + text) ? headLimit : eventHeadLimit;
    if (this.head.length < limit) {
      this.head = (this.head + text).slice(0, limit);
    }
    this.tail = (this.tail + text).slice(-tailLimit);
  }
}
