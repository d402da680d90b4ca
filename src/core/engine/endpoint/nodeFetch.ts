// By their plain names: VS Code routes exactly these through its proxy and certificate settings.
import http from 'http';
import https from 'https';
import { Readable } from 'stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'zlib';

/** What the transport is told about connections. */
export interface NodeFetchOptions {
  readonly connectMs: number;
  readonly ca?: string;
  readonly allowSelfSigned?: boolean;
}

/** A `fetch` for one endpoint, with its own connections. */
export interface NodeFetch {
  readonly fetch: typeof fetch;
  dispose(): void;
}

/** Code of the error thrown when no connection stood in time. */
export const connectTimeoutCode = 'KEDREC_CONNECT_TIMEOUT';

/**
 * A small `fetch` over Node's http and https. Node's own gives up after 300 s without headers and cannot set a connect time-out without its agent.
 * Keeps connections alive; never follows redirects; aborting destroys the socket, so that the server sees it.
 */
export function createNodeFetch(options: NodeFetchOptions): NodeFetch {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true, rejectUnauthorized: options.allowSelfSigned !== true }),
  };
  const nodeFetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const send = (): Promise<Response> => sendOnce(url, init, agents, options);
    try {
      return await send();
    } catch (error) {
      // A kept connection that the server had closed meanwhile: nothing of an answer was seen.
      if (error instanceof StaleConnectionError) {
        return await send();
      }
      throw error;
    }
  };
  return {
    fetch: nodeFetch,
    dispose: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

class StaleConnectionError extends Error {}

function sendOnce(url: URL, init: RequestInit, agents: { 'http:': http.Agent; 'https:': https.Agent }, options: NodeFetchOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const signal = init.signal ?? undefined;
    if (signal?.aborted) {
      reject(new DOMException('aborted', 'AbortError'));
      return;
    }
    const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
    const headers: Record<string, string> = { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' };
    if (body) {
      headers['content-length'] = String(body.length);
    }
    const common = { method: init.method ?? 'GET', headers };
    const request = url.protocol === 'https:'
      ? https.request(url, { ...common, agent: agents['https:'], rejectUnauthorized: options.allowSelfSigned !== true, ...(options.ca ? { ca: options.ca } : {}) })
      : http.request(url, { ...common, agent: agents['http:'] });
    const connectTimer = setTimeout(() => {
      request.destroy(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode }));
    }, options.connectMs);
    const connected = (): void => clearTimeout(connectTimer);
    request.on('socket', (socket) => {
      if (request.reusedSocket || (!socket.connecting && url.protocol === 'http:')) {
        connected();
      } else {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
      }
    });
    const abort = (): void => {
      request.destroy(new DOMException('aborted', 'AbortError'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    request.on('close', () => {
      connected();
      signal?.removeEventListener('abort', abort);
    });
    request.on('response', (message) => {
      connected();
      resolve(toResponse(message, init.method === 'HEAD'));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      reject(request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE') ? new StaleConnectionError(error.message) : error);
    });
    request.end(body);
  });
}

function toResponse(message: http.IncomingMessage, headOnly: boolean): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const part of Array.isArray(value) ? value : value === undefined ? [] : [value]) {
      headers.append(name, part);
    }
  }
  const status = message.statusCode ?? 502;
  const bodiless = headOnly || status === 204 || status === 205 || status === 304;
  const body = bodiless ? null : (Readable.toWeb(decoded(message)) as ReadableStream<Uint8Array>);
  if (bodiless) {
    message.resume();
  }
  return new Response(body, { status: status < 200 ? 502 : status, headers });
}

/** Some gateways compress whatever one asks for. */
function decoded(message: http.IncomingMessage): Readable {
  const decoders = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress } as const;
  const encoding = message.headers['content-encoding']?.trim().toLowerCase();
  if (!encoding || !(encoding in decoders)) {
    return message;
  }
  const decoder = decoders[encoding as keyof typeof decoders]();
  message.on('error', (error) => decoder.destroy(error));
  return message.pipe(decoder);
}
