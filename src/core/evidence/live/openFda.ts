import type { LiveClient, LiveResponse } from './client';
import type { LiveQuestion, LiveService } from './types';

// A label has up to half a million characters.
const PAGE = 10;

interface Answer {
  readonly meta?: { readonly results?: { readonly total?: number } };
  readonly results?: readonly unknown[];
}

/** Drug labels from openFDA (https://open.fda.gov/apis/drug/label/): by the drug's name, or by the disease in the indications. */
export function openFda(options: { readonly apiKey?: string } = {}): LiveService {
  const secret = { api_key: options.apiKey };
  const ask = (question: LiveQuestion, limit: number, skip: number, client: LiveClient): Promise<LiveResponse> =>
    client.get({ path: 'drug/label.json', params: { search: searchOf(question), limit, skip }, secret, kind: 'json', accept: [404] });
  return {
    id: 'openfda',
    name: 'openFDA',
    baseUrl: 'https://api.fda.gov',
    detail: 'Drug labels: indications, contraindications, warnings, interactions',
    terms: 'openFDA terms (https://open.fda.gov/terms/); labels are public domain (CC0)',
    // 240 requests a minute, with or without a key.
    requestsPerSecond: () => 4,
    most: 1000,

    async count(question, client) {
      return totalOf(await ask(question, 1, 0, client));
    },

    async *pages(question, max, client) {
      for (let skip = 0; skip < max;) {
        const response = await ask(question, Math.min(PAGE, max - skip), skip, client);
        // "No matches found" is a 404.
        const { results = [] } = response.status === 404 ? {} : JSON.parse(response.text) as Answer;
        if (results.length === 0) return;
        const total = totalOf(response);
        yield { response, query: searchOf(question), received: results.length, total, corpus: true };
        skip += results.length;
        if (skip >= total) return;
      }
    },
  };
}

function searchOf({ disease, drug }: LiveQuestion): string {
  return drug === undefined ? `indications_and_usage:"${disease}"` : `(openfda.generic_name:"${drug}" OR openfda.substance_name:"${drug}" OR openfda.brand_name:"${drug}")`;
}

function totalOf({ status, text }: LiveResponse): number {
  return status === 404 ? 0 : (JSON.parse(text) as Answer).meta?.results?.total ?? 0;
}
