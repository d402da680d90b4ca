// By their plain names: VS Code routes exactly these through its proxy and certificate settings.
import http from 'http';
import https from 'https';
import type { Socket } from 'net';
import tlsModule, { type TLSSocket } from 'tls';
import { Readable } from 'stream';
import { X509Certificate } from 'node:crypto';
import { createBrotliDecompress, createGunzip, createInflate } from 'zlib';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { trustedCertificates } from './certificates';
import { proxyFor, type ProxySettings } from './proxy';

/** What the transport is told about connections. */
export interface NodeFetchOptions {
  readonly connectMs: number;
  /** PEM certificates to trust beside the usual ones. */
  readonly ca?: string;
  /** The system's certificates are usual ones, too. */
  readonly systemCertificates?: boolean;
  readonly allowSelfSigned?: boolean;
  /** One certificate (PEM) that a person chose to trust for this host, whoever signed it and whatever name it bears. */
  readonly pinned?: string;
  readonly proxy?: ProxySettings;
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
  const own = [options.ca, options.pinned].filter(pem => pem !== undefined).join('\n');
  const tls: TlsOptions = {
    rejectUnauthorized: options.allowSelfSigned !== true,
    ...(own ? { ca: trustedCertificates(own, { system: options.systemCertificates }) } : {}),
    ...(options.pinned ? pinTo(options.pinned) : {}),
  };
  const agents = new Map<string, http.Agent>();
  const keptAgent = (url: URL): http.Agent => {
    const proxy = proxyFor(url, options.proxy);
    const key = `${url.protocol} ${proxy?.href ?? ''}`;
    const agent = agents.get(key) ?? agentFor(url, options.proxy, { keepAlive: true });
    agents.set(key, agent);
    return agent;
  };
  const nodeFetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const send = (): Promise<Response> => sendOnce(url, init, keptAgent(url), tls, options.connectMs);
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
      for (const agent of agents.values()) {
        agent.destroy();
      }
    },
  };
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: readonly string[];
  readonly allowPartialTrustChain?: boolean;
  readonly checkServerIdentity?: typeof tlsModule.checkServerIdentity;
}

/** Trusts one certificate though its issuer is unknown; whatever else the server shows has to be in order by itself. */
function pinTo(pem: string): Pick<TlsOptions, 'allowPartialTrustChain' | 'checkServerIdentity'> {
  const { fingerprint256 } = new X509Certificate(pem);
  return {
    allowPartialTrustChain: true,
    checkServerIdentity: (host, certificate) => (certificate.fingerprint256 === fingerprint256 ? undefined : tlsModule.checkServerIdentity(host, certificate)),
  };
}

/** Where VS Code has a proxy of its own for the address (`http.proxySupport: override`), it puts its agent in the place of this one. */
export function agentFor(url: URL, settings: ProxySettings | undefined, { keepAlive }: { readonly keepAlive: boolean }): http.Agent {
  const proxy = proxyFor(url, settings);
  if (!proxy) {
    return url.protocol === 'https:' ? new https.Agent({ keepAlive }) : new http.Agent({ keepAlive });
  }
  const authorization = settings?.authorization ? { headers: { 'Proxy-Authorization': settings.authorization } } : {};
  const options = { keepAlive, ...authorization, ...(settings?.strictSSL === false ? { rejectUnauthorized: false } : {}) };
  return url.protocol === 'https:' ? new HttpsProxyAgent(proxy.href, options) : new HttpProxyAgent(proxy.href, options);
}

class StaleConnectionError extends Error {}

function sendOnce(url: URL, init: RequestInit, agent: http.Agent, tls: TlsOptions, connectMs: number): Promise<Response> {
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
    const common = { method: init.method ?? 'GET', headers, agent };
    const request = url.protocol === 'https:'
      ? https.request(url, { ...common, ...tls, ...(tls.ca ? { ca: [...tls.ca] } : {}) } as https.RequestOptions)
      : http.request(url, common);
    // Rejects at once: a request that still waits for its proxy tells of its end only when that answers.
    const giveUp = (error: Error): void => {
      reject(error);
      request.destroy(error);
    };
    const connectTimer = setTimeout(() => giveUp(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode })), connectMs);
    const connected = (): void => clearTimeout(connectTimer);
    request.on('socket', (socket) => {
      if (request.reusedSocket || isConnected(socket)) {
        connected();
      } else {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
      }
    });
    const abort = (): void => giveUp(new DOMException('aborted', 'AbortError'));
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

/** An agent of somebody else may hand over a socket that has already greeted the server. */
export function isConnected(socket: Socket): boolean {
  return !socket.connecting && (socket as TLSSocket & { readonly secureConnecting?: boolean }).secureConnecting !== true;
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
  // Who stops reading early leaves nothing of the body unread on a kept connection.
  decoder.on('close', () => message.destroy());
  return message.pipe(decoder);
}
