import { LiveSourceError } from './errors';
import type { LiveResponse } from './client';
import type { LiveService } from './types';

// Complete records are large (results): small pages keep each answer quick to read and to repeat.
const PAGE = 25;

/** What the reader of trials keeps; contacts and locations alone can be half of a record. */
const FIELDS = [
  'IdentificationModule', 'StatusModule', 'SponsorCollaboratorsModule', 'DescriptionModule', 'ConditionsModule', 'DesignModule', 'ArmsInterventionsModule',
  'OutcomesModule', 'EligibilityModule', 'OutcomeMeasuresModule', 'AdverseEventsModule', 'HasResults',
].join('|');

interface Answer {
  readonly studies?: readonly unknown[];
  readonly nextPageToken?: string;
  readonly totalCount?: number;
}

/** ClinicalTrials.gov by its API v2 (https://clinicaltrials.gov/data-api/api). Failed and withdrawn trials come too. */
export const clinicalTrials: LiveService = {
  id: 'clinicaltrials',
  name: 'ClinicalTrials.gov',
  baseUrl: 'https://clinicaltrials.gov/api/v2',
  detail: 'Registered trials with outcomes, adverse events and reasons for stopping',
  terms: 'ClinicalTrials.gov terms and conditions (https://clinicaltrials.gov/about-site/terms-conditions)',
  // About 50 requests a minute for an address.
  requestsPerSecond: () => 50 / 60,
  most: 5000,

  async count(question, client) {
    const { totalCount } = answerOf(await client.get({ path: 'studies', params: { ...asked(question), fields: 'NCTId', pageSize: 1, countTotal: 'true' }, kind: 'json' }));
    return totalCount ?? 0;
  },

  async *pages(question, max, client) {
    const query = Object.entries(asked(question)).map(([name, value]) => `${name}=${value}`).join(' & ');
    let token: string | undefined;
    let total: number | undefined;
    let fields: string | undefined = FIELDS;
    for (let left = max; left > 0;) {
      const params = { ...asked(question), pageSize: Math.min(PAGE, left), ...(token === undefined ? { countTotal: 'true' } : { pageToken: token }) };
      let response: LiveResponse;
      try { response = await client.get({ path: 'studies', params: { ...params, fields }, kind: 'json' }); } catch (error) {
        // Should a module be renamed, whole records are still good.
        if (!(error instanceof LiveSourceError && error.reason === 'rejected' && fields !== undefined && token === undefined)) throw error;
        fields = undefined;
        response = await client.get({ path: 'studies', params, kind: 'json' });
      }
      const answer = answerOf(response);
      const received = answer.studies?.length ?? 0;
      total ??= answer.totalCount;
      if (received > 0) yield { response, query, received, total, corpus: true };
      left -= received;
      if (answer.nextPageToken === undefined || answer.nextPageToken === token || received === 0) return;
      token = answer.nextPageToken;
    }
  },
};

function asked({ disease, drug }: { readonly disease: string; readonly drug?: string }): Record<string, string> {
  return { 'query.cond': disease, ...(drug === undefined ? {} : { 'query.intr': drug }) };
}

function answerOf({ text }: LiveResponse): Answer {
  const value = JSON.parse(text) as Answer | null;
  return typeof value === 'object' && value !== null ? value : {};
}
