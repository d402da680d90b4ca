import type { LiveClient, LiveResponse } from './client';
import { LiveSourceError } from './errors';
import type { LiveQuestion, LiveService } from './types';

const PAGE = 25;

interface Hit {
  readonly pmcid?: unknown;
  readonly isOpenAccess?: unknown;
}

interface Answer {
  readonly hitCount?: number;
  readonly nextCursorMark?: string;
  readonly resultList?: { readonly result?: readonly Hit[] };
}

/** Europe PMC (https://europepmc.org/RestfulWebService): searches, then takes the full text of open-access articles alone. */
export const europePmc: LiveService = {
  id: 'europepmc',
  name: 'Europe PMC',
  baseUrl: 'https://www.ebi.ac.uk/europepmc/webservices/rest',
  detail: 'Full text of open-access articles; each keeps its own licence',
  terms: 'Europe PMC terms (https://europepmc.org/Copyright); each article under its own open-access licence',
  // Ten are allowed; full texts are large.
  requestsPerSecond: () => 5,
  most: 1000,

  async count(question, client) {
    return answerOf(await searchPage(question, '*', 1, client)).hitCount ?? 0;
  },

  async *pages(question, max, client) {
    const query = queryOf(question);
    let cursor = '*';
    const missing: string[] = [];
    for (let left = max; left > 0;) {
      const response = await searchPage(question, cursor, Math.min(PAGE, left), client);
      const answer = answerOf(response);
      const hits = answer.resultList?.result ?? [];
      if (hits.length === 0) break;
      yield { response, query, received: hits.length, total: answer.hitCount, corpus: false, group: 'search' };
      for (const { pmcid, isOpenAccess } of hits) {
        if (isOpenAccess !== 'Y' || typeof pmcid !== 'string' || !/^PMC\d+$/.test(pmcid)) continue;
        const article = await fullText(pmcid, client);
        if (article === undefined) { missing.push(pmcid); continue; }
        // What the search calls open access can still be refused: it is left out.
        if (article.status === 200 && !article.text.includes('<errorBean')) yield { response: article, query: 'full text of the open-access articles found', received: 1, corpus: true, group: 'full text' };
      }
      left -= hits.length;
      if (answer.nextCursorMark === undefined || answer.nextCursorMark === cursor) break;
      cursor = answer.nextCursorMark;
    }
    if (missing.length > 0) throw new LiveSourceError('server', europePmc.name, `Europe PMC did not give the full text of ${missing.length} articles (${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' ...' : ''}). Fetch again later to have them, too.`);
  },
};

/** Undefined when this article cannot be had now: the others can. */
async function fullText(pmcid: string, client: LiveClient): Promise<LiveResponse | undefined> {
  try { return await client.get({ path: `${pmcid}/fullTextXML`, kind: 'xml', accept: [404] }); } catch (error) {
    if (error instanceof LiveSourceError && ['server', 'damaged', 'rejected', 'too-large', 'not-cached'].includes(error.reason)) return undefined;
    throw error;
  }
}

function queryOf({ disease, drug }: LiveQuestion): string {
  return [disease, ...(drug === undefined ? [] : [drug])].map(name => `(TITLE:"${name}" OR ABSTRACT:"${name}")`).concat('OPEN_ACCESS:y', 'HAS_FT:y').join(' AND ');
}

function searchPage(question: LiveQuestion, cursorMark: string, pageSize: number, client: LiveClient): Promise<LiveResponse> {
  return client.get({ path: 'search', params: { query: queryOf(question), format: 'json', resultType: 'lite', pageSize, cursorMark }, kind: 'json' });
}

function answerOf({ text }: LiveResponse): Answer {
  const value = JSON.parse(text) as Answer | null;
  return typeof value === 'object' && value !== null ? value : {};
}
