import { LiveSourceError } from './errors';
import type { LiveClient } from './client';
import type { LiveQuestion, LiveService } from './types';

/** Records of one efetch; NLM asks for batches. */
const BATCH = 100;

export interface PubmedOptions {
  readonly apiKey?: string;
  /** NLM writes to it before it blocks a program that asks too much. */
  readonly email?: string;
}

interface Search {
  readonly total: number;
  readonly ids: readonly string[];
  readonly webEnv?: string;
  readonly queryKey?: string;
  readonly fromCache: boolean;
}

/** PubMed through E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25497/): esearch with history, efetch in batches. */
export function pubmed(options: PubmedOptions = {}): LiveService {
  const secret = { tool: 'kedrec', email: options.email, api_key: options.apiKey };
  return {
    id: 'pubmed',
    name: 'PubMed',
    baseUrl: 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils',
    detail: 'Abstracts with MeSH terms, publication types and retraction notices',
    terms: 'NLM terms (https://www.nlm.nih.gov/databases/download/terms_and_conditions.html); abstracts may be copyrighted',
    requestsPerSecond: key => (key === undefined ? 3 : 10),
    // E-utilities give the first 10,000 of a PubMed search only.
    most: 9999,

    async count(question, client) {
      return (await search(termOf(question), 0, client, secret)).total;
    },

    async *pages(question, max, client) {
      const term = termOf(question);
      let found = await search(term, max, client, secret);
      const wanted = Math.min(max, found.total);
      for (let start = 0; start < wanted; start += BATCH) {
        const size = Math.min(BATCH, wanted - start);
        const fetch = (): Promise<Awaited<ReturnType<LiveClient['get']>>> => client.get({
          path: 'efetch.fcgi', params: batchParams(found, start, size), secret, kind: 'xml',
          // The history's address is another one each time.
          cacheKey: `efetch ${term} from ${start} size ${size} of ${max}`, fault: articleFault,
        });
        let response;
        try { response = await fetch(); } catch (error) {
          // The history of a search from the cache is gone after some hours.
          if (!found.fromCache || !(error instanceof LiveSourceError) || !['server', 'damaged', 'rejected'].includes(error.reason)) throw error;
          found = await search(term, max, client, secret, true);
          response = await fetch();
        }
        const received = response.text.match(/<Pubmed(?:Book)?Article[\s>]/g)?.length ?? 0;
        if (received > 0) yield { response, query: term, received, total: found.total, corpus: true };
      }
    },
  };
}

/** Words in parentheses, so that PubMed maps them to MeSH itself. Without a drug, articles on treatment come alone. */
function termOf({ disease, drug }: LiveQuestion): string {
  const about = drug === undefined ? '("drug therapy"[MeSH Subheading] OR "clinical trial"[Publication Type] OR "meta-analysis"[Publication Type])' : `(${drug})`;
  return `(${disease}) AND ${about} AND hasabstract`;
}

async function search(term: string, max: number, client: LiveClient, secret: Readonly<Record<string, string | undefined>>, fresh = false): Promise<Search> {
  const response = await client.get({
    path: 'esearch.fcgi', params: { db: 'pubmed', term, retmode: 'json', retmax: max, sort: 'relevance', ...(max > 0 ? { usehistory: 'y' } : {}) }, secret, kind: 'json', fresh, fault: searchFault,
  });
  const result = (JSON.parse(response.text) as { esearchresult: Record<string, unknown> }).esearchresult;
  const text = (name: string): string | undefined => (typeof result[name] === 'string' ? result[name] : undefined);
  const ids = Array.isArray(result['idlist']) ? result['idlist'].filter((id): id is string => typeof id === 'string' && /^\d+$/.test(id)) : [];
  return { total: Number(text('count') ?? 0), ids, webEnv: text('webenv'), queryKey: text('querykey'), fromCache: response.fromCache };
}

function batchParams({ webEnv, queryKey, ids }: Search, start: number, size: number): Record<string, string | number> {
  const common = { db: 'pubmed', retmode: 'xml' };
  if (webEnv !== undefined && queryKey !== undefined) return { ...common, WebEnv: webEnv, query_key: queryKey, retstart: start, retmax: size };
  return { ...common, id: ids.slice(start, start + size).join(',') };
}

function searchFault(text: string): string | undefined {
  const value = JSON.parse(text) as { error?: unknown; esearchresult?: { ERROR?: unknown; count?: unknown } } | null;
  if (value?.error !== undefined) return 'it reports an error';
  if (value?.esearchresult?.ERROR !== undefined) return 'its search failed';
  return typeof value?.esearchresult?.count === 'string' ? undefined : 'its search result is incomplete';
}

function articleFault(text: string): string | undefined {
  if (/<PubmedArticleSet[\s>/]/.test(text.slice(0, 2000))) return undefined;
  return /<ERROR>/.test(text) ? 'its search history is gone' : 'its answer holds no articles';
}
