import type { IndexOrigin } from '../core/evidence/live/origin';

const names: Readonly<Record<string, string>> = { clinicaltrials: 'ClinicalTrials.gov', pubmed: 'PubMed', europepmc: 'Europe PMC', openfda: 'openFDA' };

/** "fetched 2026-03-01: ClinicalTrials.gov 12 of 40, PubMed 200 of 3,104". */
export function originSummary({ requests }: IndexOrigin): string {
  const services = [...new Set(requests.map(({ service }) => service))];
  const parts = services.map(service => {
    const own = requests.filter(request => request.service === service);
    // Where a search leads to full texts, these are what was kept.
    const kept = service === 'europepmc' ? own.slice(1) : own;
    const received = kept.reduce((sum, request) => sum + request.received, 0);
    const total = own[0]?.total;
    return `${names[service] ?? service} ${received.toLocaleString('en')}${total === undefined ? '' : ` of ${total.toLocaleString('en')}`}`;
  });
  const days = [...new Set(requests.map(({ at }) => at.slice(0, 10)))].sort();
  return `fetched ${days.length > 1 ? `${days[0]} to ${days.at(-1)}` : days[0] ?? 'never'}: ${parts.join(', ') || 'nothing'}`;
}

/** What was asked, one request after the other. */
export function originText(file: string, origin: IndexOrigin): string {
  return [
    `What was asked for the evidence index ${file}`, '',
    ...(origin.list === undefined ? [`Disease: ${origin.disease}`, `Drug: ${origin.drug ?? 'none'}`] : [`List: ${origin.list}, ${origin.disease}`]), `Sources: ${origin.sources.map(source => names[source] ?? source).join(', ')}`, `Records of each at most: ${origin.max}`, '',
    ...origin.requests.flatMap(({ service, query, url, at, received, total, sha256, terms }, number) => [
      `${number + 1}. ${names[service] ?? service}, ${at}: ${received} records${total === undefined ? '' : ` of ${total}`}`,
      `   query   ${query}`, `   address ${url}`, `   sha256  ${sha256}`, `   terms   ${terms}`, '',
    ]),
  ].join('\n');
}
