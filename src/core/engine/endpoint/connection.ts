import OpenAI from 'openai';
import { EngineError } from '../types';
import { parseBaseUrl, type EndpointAddress } from './baseUrl';
import { endpointSettings as settings, type EndpointConfig } from './config';
import { HttpFailure, isHtml, networkError, notAnApi, withoutSecrets, type ErrorContext } from './errors';
import { createNodeFetch, type NodeFetch } from './nodeFetch';
import { proxyFor } from './proxy';
import { WireTap } from './wireTap';

/** One call to the server: the library's client, and what really happened on the wire when it throws. */
export interface Exchange {
  readonly client: OpenAI;
  /** What came over the wire so far: the start of the body and its end. */
  readonly wire: WireTap;
  /** Turns whatever the library threw into HttpFailure or EngineError. */
  readonly failure: (thrown: unknown) => HttpFailure | EngineError;
}

const maxBody = 65_536;
const maxRedirects = 3;
/** Belong to the transport; a setting must not change them. */
const ownedHeaders = new Set(['host', 'content-length', 'content-type', 'transfer-encoding', 'connection', 'accept-encoding']);
/** The library sets it without a key; our transport leaves it out. */
const noKey = 'no-key';

/** Connections to one endpoint, kept between requests. */
export class EndpointConnection {
  readonly address: EndpointAddress;
  private readonly transport: NodeFetch | undefined;
  private readonly send: typeof fetch;
  private baseIndex = 0;

  constructor(readonly config: EndpointConfig) {
    this.address = parseBaseUrl(config.baseUrl);
    if (/[^\x21-\x7e]/.test(config.apiKey ?? '')) {
      throw new EngineError('not-configured', 'The endpoint key holds a space or a character that no key has.', `Store it again with "${settings.setKeyCommand}".`);
    }
    this.transport = config.fetch ? undefined : createNodeFetch({
      connectMs: config.timeouts.connectMs, ca: config.ca, systemCertificates: config.systemCertificates, allowSelfSigned: config.allowSelfSigned, pinned: config.pinned, proxy: config.proxy,
    });
    this.send = config.fetch ?? (this.transport as NodeFetch).fetch;
  }

  /** For messages about this endpoint. */
  errorContext(model?: string): ErrorContext {
    const secrets = [this.config.apiKey ?? '', ...Object.values(this.config.headers ?? {})].filter((secret) => secret !== '');
    const proxy = proxyFor(new URL(this.address.shown), this.config.proxy);
    return { shown: this.address.shown, secrets, ...(model ? { model } : {}), ...(proxy ? { proxy: proxy.origin } : {}) };
  }

  /** After a 404: goes on to the next place where the API may be; false when there is none. */
  tryNextBase(): boolean {
    if (this.baseIndex + 1 >= this.address.bases.length) {
      return false;
    }
    this.baseIndex++;
    return true;
  }

  /** A client for one call. */
  open(): Exchange {
    let seen: HttpFailure | EngineError | undefined;
    const wire = new WireTap();
    const client = new OpenAI({
      apiKey: this.config.apiKey || noKey,
      // Given, so that the library does not read them from the environment: they belong to another server.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      baseURL: this.address.bases[this.baseIndex] ?? this.address.shown,
      defaultQuery: { ...this.address.query },
      maxRetries: 0,
      timeout: 2 ** 31 - 1,
      logLevel: 'off',
      fetch: async (input, init) => {
        try {
          return wire.tap(await this.guardedFetch(input, init));
        } catch (error) {
          seen = error instanceof HttpFailure || EngineError.is(error) ? error : undefined;
          throw error;
        }
      },
    });
    return { client, wire, failure: (thrown) => seen ?? networkError(thrown, this.errorContext(), this.config.timeouts.connectMs) };
  }

  /** Reads a page of the server beside its API, such as `/health`. Rejects with HttpFailure or EngineError, or when `signal` fires. */
  async look(path: string, signal: AbortSignal): Promise<string> {
    const query = new URLSearchParams({ ...this.address.query }).toString();
    return readSome(await this.guardedFetch(`${this.address.root}${path}${query && `?${query}`}`, { method: 'GET', signal }));
  }

  dispose(): void {
    this.transport?.dispose();
  }

  /** Sends to the endpoint's own host only, with our headers only. */
  private async guardedFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    let url = new URL(input instanceof Request ? input.url : input);
    const request: RequestInit = { method: init.method, body: init.body, signal: init.signal, headers: this.headers(init), redirect: 'manual' };
    for (let redirects = 0; ; redirects++) {
      const response = await this.send(url.href, request);
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        url = this.redirectTarget(response, url, request.method ?? 'GET', redirects);
        continue;
      }
      if (!response.ok) {
        throw new HttpFailure(response.status, withoutSecrets(await readSome(response), this.errorContext().secrets), response.headers);
      }
      if (isHtml('', response.headers.get('content-type'))) {
        await response.body?.cancel();
        throw notAnApi(this.errorContext(), 'answered with a web page');
      }
      return response;
    }
  }

  private headers(init: RequestInit): Record<string, string> {
    const given = new Headers(init.headers);
    const headers: Record<string, string> = { accept: given.get('accept') ?? 'application/json', 'user-agent': 'kedrec' };
    if (init.body) {
      headers['content-type'] = 'application/json';
    }
    if (this.config.apiKey) {
      headers['authorization'] = `Bearer ${this.config.apiKey}`;
      if (/\.azure\.com$/i.test(new URL(this.address.origin).hostname)) {
        headers['api-key'] = this.config.apiKey;
      }
    }
    for (const [name, value] of Object.entries(this.config.headers ?? {})) {
      if (!ownedHeaders.has(name.toLowerCase())) {
        headers[name.toLowerCase()] = value;
      }
    }
    return headers;
  }

  private redirectTarget(response: Response, from: URL, method: string, redirects: number): URL {
    const location = response.headers.get('location');
    const target = location && URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (!target || redirects >= maxRedirects) {
      throw notAnApi(this.errorContext(), `redirected without end (${response.status})`);
    }
    if (target.origin !== this.address.origin) {
      throw new EngineError('redirected', `${this.address.shown} wants to redirect to ${target.origin}. Nothing was sent there.`,
        `If you trust ${target.origin}, set ${settings.baseUrl} to it.`);
    }
    if (method.toUpperCase() !== 'GET' && response.status !== 307 && response.status !== 308) {
      throw new EngineError('redirected', `${this.address.shown} moved (${response.status}) to ${target.origin}${target.pathname}.`, `Set ${settings.baseUrl} to the new address.`);
    }
    return target;
  }
}

/** The first part of a body; enough for any error message. */
async function readSome(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader && text.length < maxBody) {
    const { value, done } = await reader.read();
    if (done) {
      return text + decoder.decode();
    }
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}
