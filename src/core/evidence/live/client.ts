import { BodyError, LARGEST_ANSWER, readBody, wholeText } from './body';
import { sha256 } from './cache';
import type { AnswerCache } from './cache';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { LiveSourceError } from './errors';
import type { RateLimiter } from './rateLimiter';
import { backOffMs, isPassing, retryAfterMs } from './retry';

/** What a client needs of its service. */
export interface ClientService {
  readonly id: string;
  readonly name: string;
}

export interface ClientOptions {
  readonly service: ClientService;
  /** Without a slash at the end; https, or http on this machine. */
  readonly baseUrl: string;
  /** A `fetch` that honours the proxy of its surroundings. */
  readonly transport: typeof fetch;
  readonly limiter: RateLimiter;
  readonly cache: AnswerCache;
  /** Answers up to this age are taken from the cache. */
  readonly maxAgeMs: number;
  /** Never asks the network; answers of any age are taken from the cache. */
  readonly offline?: boolean;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Milliseconds until the answer begins, and between two pieces of it. */
  readonly timeoutMs?: number;
  readonly largest?: number;
  readonly attempts?: number;
  /** Told before each wait for another attempt. */
  readonly onWait?: (ms: number, reason: string) => void;
}

export interface LiveRequest {
  /** Below the base URL, without a slash at the start. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number | undefined>>;
  /** Parameters that are sent but neither kept nor part of the cache's key: keys, e-mail, tool. */
  readonly secret?: Readonly<Record<string, string | undefined>>;
  readonly kind: 'json' | 'xml';
  /** Stands for the request in the cache where its address changes from time to time. */
  readonly cacheKey?: string;
  /** Not from the cache. */
  readonly fresh?: boolean;
  /** Statuses other than 200 whose answer means something. */
  readonly accept?: readonly number[];
  /** A fault that the service tells with status 200; the request is tried again. */
  readonly fault?: (text: string) => string | undefined;
}

export interface LiveResponse {
  readonly status: number;
  readonly text: string;
  /** The saved answer. */
  readonly path: string;
  /** Without keys and e-mail. */
  readonly url: string;
  /** ISO 8601: when the service answered. */
  readonly at: string;
  readonly sha256: string;
  readonly fromCache: boolean;
}

const DEFAULT_TIMEOUT = 45_000;
const DEFAULT_ATTEMPTS = 4;
const MOST_REDIRECTS = 3;
/** A longer wait than this is the user's decision. */
const LONGEST_RETRY_AFTER = 120_000;

interface Failure {
  readonly error: LiveSourceError;
  readonly waitMs?: number;
}

/** Asks one service: its pace, its cache, its faults. */
export class LiveClient {
  private readonly clock: Clock;

  constructor(private readonly options: ClientOptions) {
    this.clock = options.clock ?? systemClock;
    assertAllowed(new URL(options.baseUrl), options.service.name);
  }

  /** The whole, undamaged answer, saved in the cache. Rejects with LiveSourceError or the signal's reason. */
  async get(request: LiveRequest): Promise<LiveResponse> {
    const { service, cache, signal, offline } = this.options;
    signal?.throwIfAborted();
    const shown = this.address(request.path, request.params);
    const key = request.cacheKey === undefined ? shown : `${this.options.baseUrl} ${request.cacheKey}`;
    const known = request.fresh && !offline ? undefined : await cache.find(service.id, key, offline ? Number.MAX_SAFE_INTEGER : this.options.maxAgeMs, this.clock.now());
    if (known !== undefined) return { status: known.status, text: textOf(known.status, known.bytes, request.kind), path: known.path, url: known.url, at: known.at, sha256: known.sha256, fromCache: true };
    if (offline) throw new LiveSourceError('not-cached', service.name, `${service.name}: nothing is cached for this question. Ask again with network.`);
    const { status, bytes, text } = await this.download(request);
    const at = new Date(this.clock.now()).toISOString();
    const meta = { url: shown, at, sha256: sha256(bytes), status };
    const path = await cache.save(service.id, key, request.kind, bytes, meta);
    return { ...meta, text, path, fromCache: false };
  }

  private address(path: string, params: LiveRequest['params'] = {}): string {
    const url = new URL(`${this.options.baseUrl}/${path}`);
    for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(name, String(value));
    return url.href;
  }

  private async download(request: LiveRequest): Promise<{ status: number; bytes: Uint8Array; text: string }> {
    const url = this.address(request.path, { ...request.params, ...request.secret });
    const attempts = this.options.attempts ?? DEFAULT_ATTEMPTS;
    for (let attempt = 1; ; attempt++) {
      await this.options.limiter.turn(this.options.signal);
      const outcome = await this.attempt(url, request);
      if (!('error' in outcome)) return outcome;
      const { error, waitMs } = outcome;
      if (waitMs === undefined || attempt >= attempts) throw error;
      const wait = Math.max(waitMs, backOffMs(attempt));
      if (waitMs > LONGEST_RETRY_AFTER) throw new LiveSourceError('busy', error.service, `${error.service} asks to wait ${Math.ceil(waitMs / 1000)} seconds. Try again then.`, { cause: error });
      if (waitMs > 0) this.options.limiter.hold(waitMs);
      this.options.onWait?.(wait, error.message);
      await this.clock.sleep(wait, this.options.signal);
    }
  }

  /** One request with its redirects. A failure with `waitMs` may pass. */
  private async attempt(address: string, request: LiveRequest): Promise<{ status: number; bytes: Uint8Array; text: string } | Failure> {
    const { service, signal } = this.options;
    const timeout = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => timeout.abort(new Error('no answer in time')), this.options.timeoutMs ?? DEFAULT_TIMEOUT);
    };
    try {
      alive();
      const response = await this.follow(address, request, AbortSignal.any([timeout.signal, ...(signal ? [signal] : [])]), alive);
      const bytes = await readBody(response, alive, this.options.largest ?? LARGEST_ANSWER);
      if (response.status !== 200 && !(request.accept ?? []).includes(response.status)) return this.refusal(response, bytes);
      const text = textOf(response.status, bytes, request.kind);
      const fault = response.status === 200 ? request.fault?.(text) : undefined;
      if (fault !== undefined) return { error: new LiveSourceError('server', service.name, `${service.name} could not answer: ${fault}.`), waitMs: 0 };
      return { status: response.status, bytes, text };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof LiveSourceError) return { error };
      if (error instanceof BodyError && error.reason === 'too-large') return { error: new LiveSourceError('too-large', service.name, `${service.name} sent an answer that is not taken: ${error.message}. Ask for fewer records.`) };
      if (error instanceof BodyError) return { error: new LiveSourceError('damaged', service.name, `The answer of ${service.name} is damaged (${error.message}). Try again later.`), waitMs: 0 };
      if (timeout.signal.aborted) return { error: new LiveSourceError('timeout', service.name, `${service.name} did not answer in time. Try again later.`, { cause: error }), waitMs: 0 };
      return { error: new LiveSourceError('network', service.name, `${service.name} cannot be reached (${networkCode(error)}). Check the network and the proxy settings.`, { cause: error }), waitMs: 0 };
    } finally { clearTimeout(timer); }
  }

  /** Follows redirects by hand: only to the same host, and never from https to http. */
  private async follow(address: string, request: LiveRequest, signal: AbortSignal, alive: () => void): Promise<Response> {
    const { service, transport, userAgent, limiter } = this.options;
    const origin = new URL(address);
    let url = origin;
    for (let hops = 0; ; hops++) {
      const accept = request.kind === 'json' ? 'application/json' : 'application/xml, text/xml';
      const response = await transport(url.href, { method: 'GET', headers: { accept, 'user-agent': userAgent }, redirect: 'manual', signal });
      if (![301, 302, 303, 307, 308].includes(response.status)) return response;
      await response.body?.cancel().catch(() => undefined);
      const location = response.headers.get('location');
      const next = location === null || !URL.canParse(location, url) ? undefined : new URL(location, url);
      if (next === undefined || hops >= MOST_REDIRECTS || next.host !== origin.host || next.protocol !== origin.protocol) {
        throw new LiveSourceError('redirect', service.name, `${service.name} redirects to ${next === undefined ? 'nowhere' : `${next.protocol}//${next.host}`}, which is not followed. A captive portal or a proxy may stand in between.`);
      }
      url = next;
      await limiter.turn(signal);
      alive();
    }
  }

  private refusal(response: Response, bytes: Uint8Array): Failure {
    const { name } = this.options.service;
    const { status } = response;
    const asked = retryAfterMs(response.headers.get('retry-after'), this.clock.now());
    if (isPassing(status)) {
      const busy = status === 429 || status === 503;
      const message = busy ? `${name} is busy (${status}). Try again in a few minutes, or ask for fewer records.` : `${name} has a fault (${status}). Try again later.`;
      return { error: new LiveSourceError(busy ? 'busy' : 'server', name, message), waitMs: asked ?? 0 };
    }
    const why = status === 407 ? ' The proxy wants a user name and password.' : saidBy(bytes);
    return { error: new LiveSourceError('rejected', name, `${name} did not accept the request (${status}).${why}`) };
  }
}

/** An answer that is no success may be of any kind. */
function textOf(status: number, bytes: Uint8Array, kind: 'json' | 'xml'): string {
  return status === 200 ? wholeText(bytes, kind) : new TextDecoder().decode(bytes);
}

/** What an error answer says, in one line without markup. */
function saidBy(bytes: Uint8Array): string {
  const raw = new TextDecoder().decode(bytes.subarray(0, 2000));
  const told = /"message"\s*:\s*"([^"]{1,200})"|<errMsg>([^<]{1,200})</.exec(raw);
  const text = (told?.[1] ?? told?.[2] ?? (/[<{]/.test(raw) ? '' : raw)).replace(/\s+/g, ' ').trim().slice(0, 200);
  return text === '' ? '' : ` It says: ${text}`;
}

function networkCode(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: { code?: unknown; errors?: readonly { code?: unknown }[]; message?: string }; message?: string };
  const found = [code, cause?.code, cause?.errors?.[0]?.code].find(value => typeof value === 'string');
  return (found as string | undefined) ?? cause?.message?.slice(0, 80) ?? message?.slice(0, 80) ?? 'unknown';
}

function assertAllowed(url: URL, name: string): void {
  const local = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
  if (url.protocol === 'https:' || url.protocol === 'http:' && local) return;
  throw new LiveSourceError('redirect', name, `${name} is asked by https only; its address in the settings is not: ${url.protocol}//${url.host}.`);
}
