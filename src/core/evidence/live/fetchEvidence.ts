import { AnswerCache, sha256 } from './cache';
import { LiveClient } from './client';
import type { Clock } from './clock';
import { systemClock } from './clock';
import { clinicalTrials } from './clinicalTrials';
import { LiveSourceError } from './errors';
import { europePmc } from './europePmc';
import { plainName } from './names';
import { openFda } from './openFda';
import type { IndexOrigin, SourceRequest } from './origin';
import { pubmed } from './pubmed';
import { limiterOf, RateLimiter } from './rateLimiter';
import { SERVICE_IDS } from './types';
import type { LivePage, LiveQuestion, LiveService, ServiceId } from './types';

export interface LiveOptions {
  /** A `fetch` that honours the proxy of its surroundings. */
  readonly transport: typeof fetch;
  readonly cacheFolder: string;
  /** Answers up to this age are used again; 0 asks always. */
  readonly cacheDays: number;
  /** Only from the cache, whatever its age. */
  readonly offline?: boolean;
  /** Version of the program, told to the services. */
  readonly version: string;
  /** Other addresses, for mirrors and tests. */
  readonly baseUrls?: Readonly<Partial<Record<ServiceId, string>>>;
  readonly ncbiKey?: string;
  readonly openFdaKey?: string;
  readonly email?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly timeoutMs?: number;
  readonly onWait?: (service: string, ms: number, reason: string) => void;
}

export interface LiveRequestPlan {
  readonly question: LiveQuestion;
  readonly sources: readonly ServiceId[];
  /** Records of each source at most. */
  readonly max: number;
}

export interface LiveProgress {
  readonly service: ServiceId;
  readonly name: string;
  readonly received: number;
  /** Records that will come at most. */
  readonly expected?: number;
}

export interface FetchedEvidence {
  /** Saved answers to be read, in the order of the sources. */
  readonly files: readonly string[];
  readonly origin: IndexOrigin;
  /** Records by source. */
  readonly received: Readonly<Partial<Record<ServiceId, number>>>;
  /** What a source did not give, and why; the others are complete. */
  readonly problems: readonly LiveSourceError[];
}

/** The services by id, with the keys given. */
export function liveServices(options: Pick<LiveOptions, 'ncbiKey' | 'openFdaKey' | 'email'> = {}): Readonly<Record<ServiceId, LiveService>> {
  return { clinicaltrials: clinicalTrials, pubmed: pubmed({ apiKey: options.ncbiKey, email: options.email }), europepmc: europePmc, openfda: openFda({ apiKey: options.openFdaKey }) };
}

/** Host that gets the names when a source is asked. */
export function hostOf(service: LiveService, baseUrls: LiveOptions['baseUrls'] = {}): string {
  return new URL(baseUrls[service.id] || service.baseUrl).host;
}

/** How many records each source has, or why it could not say. Rejects with LiveSourceError for what is no name, or with the signal's reason. */
export async function countEvidence(question: LiveQuestion, sources: readonly ServiceId[], options: LiveOptions): Promise<ReadonlyMap<ServiceId, number | LiveSourceError>> {
  const plain = plainQuestion(question);
  const services = liveServices(options);
  return new Map(await Promise.all(sources.map(async (id): Promise<[ServiceId, number | LiveSourceError]> => {
    try { return [id, await services[id].count(plain, clientOf(services[id], options))]; } catch (error) {
      if (error instanceof LiveSourceError) return [id, error];
      throw error;
    }
  })));
}

/**
 * Fetches from each source up to `max` records, all sources at the same time. A source that fails is reported and the others go on.
 * Rejects with LiveSourceError when no source gave anything and one failed, or with the signal's reason.
 */
export async function fetchEvidence(plan: LiveRequestPlan, options: LiveOptions & { readonly onProgress?: (progress: LiveProgress) => void }): Promise<FetchedEvidence> {
  const question = plainQuestion(plan.question);
  await new AnswerCache(options.cacheFolder).prune((options.clock ?? systemClock).now());
  const services = liveServices(options);
  const problems: LiveSourceError[] = [];
  const sources = SERVICE_IDS.filter(id => plan.sources.includes(id));
  const gathered = await Promise.all(sources.map(async id => {
    const pages: LivePage[] = [];
    try { await gather(services[id], question, plan.max, pages, options); } catch (error) {
      if (!(error instanceof LiveSourceError)) throw error;
      problems.push(error);
    }
    return { service: services[id], pages };
  }));
  const files = [...new Set(gathered.flatMap(({ pages }) => pages.filter(({ corpus }) => corpus).map(({ response }) => response.path)))];
  if (files.length === 0 && problems.length > 0) throw problems[0]!;
  const received = Object.fromEntries(gathered.map(({ service, pages }) => [service.id, recordsOf(pages)]));
  const requests = gathered.flatMap(({ service, pages }) => requestsOf(service, pages));
  const origin = { disease: question.disease, ...(question.drug === undefined ? {} : { drug: question.drug }), sources, max: plan.max, requests };
  return { files, origin, received, problems };
}

async function gather(service: LiveService, question: LiveQuestion, max: number, pages: LivePage[], options: Parameters<typeof fetchEvidence>[1]): Promise<void> {
  const most = Math.min(max, service.most);
  let expected: number | undefined;
  for await (const page of service.pages(question, most, clientOf(service, options))) {
    pages.push(page);
    expected ??= page.total === undefined ? undefined : Math.min(page.total, most);
    options.onProgress?.({ service: service.id, name: service.name, received: recordsOf(pages), ...(expected === undefined ? {} : { expected }) });
  }
}

function recordsOf(pages: readonly LivePage[]): number {
  return pages.reduce((sum, { corpus, received }) => sum + (corpus ? received : 0), 0);
}

function requestsOf({ id, terms }: LiveService, pages: readonly LivePage[]): SourceRequest[] {
  const groups = new Map<string, LivePage[]>();
  for (const [number, page] of pages.entries()) {
    const key = page.group ?? `page ${number}`;
    groups.set(key, [...(groups.get(key) ?? []), page]);
  }
  return [...groups.values()].map(group => {
    const [{ response, query, total }] = group as [LivePage, ...LivePage[]];
    const hash = group.length === 1 ? response.sha256 : sha256(group.map(page => page.response.sha256).join('\n'));
    return { service: id, query, url: response.url, at: response.at, received: group.reduce((sum, { received }) => sum + received, 0), ...(total === undefined ? {} : { total }), sha256: hash, terms };
  });
}

function plainQuestion({ disease, drug }: LiveQuestion): LiveQuestion {
  return { disease: plainName(disease, 'disease'), ...(drug === undefined || drug.trim() === '' ? {} : { drug: plainName(drug, 'drug') }) };
}

function clientOf(service: LiveService, options: LiveOptions): LiveClient {
  const { clock, cacheDays, timeoutMs, onWait } = options;
  const key = service.id === 'pubmed' ? options.ncbiKey : service.id === 'openfda' ? options.openFdaKey : undefined;
  const perSecond = service.requestsPerSecond(key);
  // A made-up clock is of one test alone.
  const limiter = clock === undefined ? limiterOf(hostOf(service, options.baseUrls), perSecond) : new RateLimiter(perSecond, clock);
  return new LiveClient({
    service, baseUrl: (options.baseUrls?.[service.id] || service.baseUrl).replace(/\/+$/, ''), transport: options.transport, limiter,
    cache: new AnswerCache(options.cacheFolder), maxAgeMs: cacheDays * 86_400_000, userAgent: `KEDRec/${options.version}`,
    ...(options.offline === undefined ? {} : { offline: options.offline }), ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(clock === undefined ? {} : { clock }), ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(onWait === undefined ? {} : { onWait: (ms: number, reason: string) => onWait(service.name, ms, reason) }),
  });
}
