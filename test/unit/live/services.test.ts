import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCorpusIndex } from '../../../src/core/evidence/corpusBuild';
import { sha256 } from '../../../src/core/evidence/live/cache';
import { fetchEvidence } from '../../../src/core/evidence/live/fetchEvidence';
import { SERVICE_IDS } from '../../../src/core/evidence/live/types';
import { openEvidenceStore } from '../../../src/core/evidence/store';
import { syntheticServices } from '../../live/server.mjs';
import type { LiveAnswer } from '../../live/server.mjs';
import { testData } from '../evidence/support';
import { optionsFor, serve, temporaryFolder } from './support';

const question = { disease: 'quibbler fever', drug: 'zorvaxil' };

describe('live sources: services', function () {
  this.timeout(20_000);

  it('pages through all services up to the limit, and tells what was asked', async () => {
    const server = await serve(syntheticServices());
    const told: string[] = [];
    const options = { ...await optionsFor(server, { ncbiKey: 'SECRET-KEY', openFdaKey: 'SECRET-KEY', email: 'someone@example.org' }), onProgress: ({ service, received }: { service: string; received: number }) => { told.push(`${service} ${received}`); } };
    const { received, origin, files, problems } = await fetchEvidence({ question, sources: SERVICE_IDS, max: 110 }, options);
    assert.deepEqual([received, problems], [{ clinicaltrials: 7, pubmed: 110, europepmc: 2, openfda: 2 }, []]);
    assert.deepEqual(told.filter(text => text.startsWith('pubmed')), ['pubmed 100', 'pubmed 110']);
    assert.equal(files.length, 3 + 2 + 2 + 1);
    const asked = (path: string): URL[] => server.requests.map(({ url }) => url).filter(url => url.pathname.startsWith(path));
    assert.deepEqual(asked('/ctgov').map(url => [url.searchParams.get('query.cond'), url.searchParams.get('query.intr'), url.searchParams.get('pageToken')]), [['quibbler fever', 'zorvaxil', null], ['quibbler fever', 'zorvaxil', 't3'], ['quibbler fever', 'zorvaxil', 't6']]);
    assert.ok(asked('/eutils').every(url => url.searchParams.get('tool') === 'kedrec' && url.searchParams.get('email') === 'someone@example.org' && url.searchParams.get('api_key') === 'SECRET-KEY'));
    assert.deepEqual(asked('/eutils/efetch').map(url => [url.searchParams.get('WebEnv'), url.searchParams.get('retstart'), url.searchParams.get('retmax')]), [['MCID_synthetic', '0', '100'], ['MCID_synthetic', '100', '10']]);
    assert.deepEqual(asked('/epmc/PMC').map(url => url.pathname), ['/epmc/PMC99000001/fullTextXML', '/epmc/PMC99000003/fullTextXML']);
    assert.ok(server.requests.every(({ headers }) => headers['user-agent'] === 'KEDRec/0.0.0'));
    assert.deepEqual(origin.requests.map(({ service, received: count, total }) => [service, count, total]), [
      ['clinicaltrials', 3, 7], ['clinicaltrials', 3, 7], ['clinicaltrials', 1, 7], ['pubmed', 100, 120], ['pubmed', 10, 120], ['europepmc', 3, 3], ['europepmc', 2, undefined], ['openfda', 2, 2],
    ]);
    for (const { at, url, sha256: hash, terms } of origin.requests) {
      assert.match(at, /^2026-03-01T12:/);
      assert.match(hash, /^[0-9a-f]{64}$/);
      assert.ok(terms.includes('http') && !/SECRET|someone/.test(url), url);
    }
    const [first] = origin.requests;
    assert.equal(first!.sha256, sha256(readFileSync(files[0]!)));
    for (const file of readdirSync(options.cacheFolder, { recursive: true, encoding: 'utf8' })) {
      assert.ok(/^\w+(\/\d{4}-\d\d-\d\d(\/[0-9a-f]{32}(\.meta)?\.(json|xml))?)?$/.test(file.replaceAll('\\', '/')), file);
      if (statSync(join(options.cacheFolder, file)).isFile()) assert.ok(!/SECRET|someone@/.test(readFileSync(join(options.cacheFolder, file), 'utf8')), file);
    }
  });

  it('asks for no more records than wanted', async () => {
    const server = await serve(syntheticServices());
    const { received } = await fetchEvidence({ question, sources: SERVICE_IDS, max: 1 }, await optionsFor(server));
    assert.deepEqual(received, { clinicaltrials: 1, pubmed: 1, europepmc: 1, openfda: 1 });
  });

  it('takes answers from the cache while they are young, all of them without network, and asks again when they are old or damaged', async () => {
    const server = await serve(syntheticServices());
    const options = await optionsFor(server);
    const plan = { question, sources: SERVICE_IDS, max: 110 } as const;
    const first = await fetchEvidence(plan, options);
    const asked = server.requests.length;
    const second = await fetchEvidence(plan, options);
    assert.deepEqual([server.requests.length, second], [asked, first]);
    await options.clock.sleep(8 * 86_400_000);
    const offline = await fetchEvidence(plan, { ...options, offline: true });
    assert.deepEqual([server.requests.length, offline.origin], [asked, first.origin]);
    await assert.rejects(fetchEvidence({ ...plan, question: { disease: 'never asked' } }, { ...options, offline: true }), { reason: 'not-cached', message: /Ask again with network/ });
    const third = await fetchEvidence(plan, options);
    assert.equal(server.requests.length, 2 * asked);
    assert.ok(third.origin.requests[0]!.at > first.origin.requests[0]!.at);
    writeFileSync(third.files[0]!, '{"studies":[');
    await fetchEvidence(plan, options);
    assert.equal(server.requests.length, 2 * asked + 1);
  });

  it('searches PubMed again when the history of a cached search is gone', async () => {
    const server = await serve(syntheticServices());
    const options = await optionsFor(server);
    const plan = { question, sources: ['pubmed'], max: 5 } as const;
    const { files } = await fetchEvidence(plan, options);
    writeFileSync(files[0]!, 'damaged');
    const gone = { path: 'efetch', status: 200, body: '<?xml version="1.0"?><eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>' };
    server.faults.push(gone, gone, gone, gone);
    assert.equal((await fetchEvidence(plan, options)).received.pubmed, 5);
    assert.equal(server.requests.filter(({ url }) => url.pathname.includes('esearch')).length, 2);
  });

  it('is read by the readers into an index that remembers what was asked', async () => {
    const server = await serve(syntheticServices());
    const { files, origin } = await fetchEvidence({ question, sources: SERVICE_IDS, max: 20 }, await optionsFor(server));
    const file = join(await temporaryFolder(), 'quibbler.kdx');
    const result = await buildCorpusIndex(files, file, { origin });
    assert.deepEqual([result.documents, result.skipped, result.files], [7 + 20 + 2 + 2, 0, { 'clinicaltrials-json': 3, 'pubmed-xml': 1, 'jats': 2, 'openfda-label': 1 }]);
    const store = openEvidenceStore([{ name: 'quibbler', path: file }]);
    const [info] = await store.info();
    assert.deepEqual(info?.origin, origin);
    const hits = await store.search({ text: 'zorvaxil quibbler fever', limit: 40 });
    assert.deepEqual(new Set(hits.map(({ header }) => header.source)), new Set(['trials', 'literature', 'labels']));
    assert.match((await store.document('PMID:90000001'))?.notice ?? '', /^Retracted/);
    await store.dispose();
  });

  it('deletes answers that are too old to be used', async () => {
    const server = await serve(syntheticServices());
    const options = await optionsFor(server);
    await fetchEvidence({ question, sources: ['openfda'], max: 5 }, options);
    await options.clock.sleep(200 * 86_400_000);
    await fetchEvidence({ question, sources: ['clinicaltrials'], max: 1 }, options);
    assert.deepEqual(readdirSync(join(options.cacheFolder, 'openfda')), []);
  });
});

/** Plays the recorded answers of the services. Requests for what was not recorded get an empty answer of the service. */
function recorded(folder: (path: string) => Buffer): (url: URL) => LiveAnswer {
  const token = (JSON.parse(folder('ctgov/biomcp/search_phelan_limit5_20260811.json').toString()) as { nextPageToken: string }).nextPageToken;
  return url => {
    const get = (name: string): string => url.searchParams.get(name) ?? '';
    if (url.pathname === '/ctgov/studies') {
      if (get('pageToken') === token) return { body: folder('ctgov/biomcp/search_phelan_next_20260811.json') };
      if (get('pageToken') !== '') return { body: '{"studies":[]}' };
      return { body: folder(get('query.intr') === '' ? 'ctgov/biomcp/search_phelan_limit5_20260811.json' : 'ctgov/biomcp/search_keytruda_limit3_20260811.json') };
    }
    if (url.pathname === '/eutils/esearch.fcgi') return { body: folder('pubmed-pmc/biomcp/pubmed/esearch_braf.json') };
    if (url.pathname === '/eutils/efetch.fcgi') return { body: folder('pubmed-pmc/biomcp/pubmed/efetch_citation_22663011.xml') };
    if (url.pathname === '/epmc/search' && get('query').includes('closed')) return { body: folder('pubmed-pmc/biomcp/europepmc/search_pmid_20516115.json') };
    if (url.pathname === '/epmc/search') {
      // The recorded search result, as open access.
      const text = folder('pubmed-pmc/biomcp/europepmc/search_pmid_20516115.json').toString().replace('"isOpenAccess":"N"', '"isOpenAccess":"Y"');
      return { body: text };
    }
    if (url.pathname === '/epmc/PMC3040717/fullTextXML') return { body: folder('pubmed-pmc/biomcp/pmc_oa/pmc3040717.1.xml') };
    if (url.pathname === '/fda/drug/label.json' && /pembrolizumab/.test(get('search'))) return { body: folder('openfda/biomcp/openfda/label_keytruda_20260811.json') };
    return { status: 404, body: folder('openfda/biomcp/openfda/device_510k_brca1_20260811.json') };
  };
}

describe('live sources: recorded answers', function () {
  this.timeout(20_000);
  let answer: ((url: URL) => LiveAnswer) | undefined;

  before(function () {
    if (testData('ctgov/biomcp') === undefined || testData('pubmed-pmc/biomcp') === undefined || testData('openfda/biomcp') === undefined) {
      console.log('    the recorded answers are not there (KEDREC_TEST_DATA)');
      this.skip();
    }
    answer = recorded(path => readFileSync(testData(path)!));
  });

  it('ClinicalTrials.gov: two recorded pages by their token, with the total', async () => {
    const server = await serve(answer!);
    const { received, files, origin } = await fetchEvidence({ question: { disease: 'Phelan-McDermid syndrome' }, sources: ['clinicaltrials'], max: 10 }, await optionsFor(server));
    assert.deepEqual([received.clinicaltrials, origin.requests.map(({ received: count, total }) => [count, total])], [10, [[5, 21], [5, 21]]]);
    assert.ok(readFileSync(files[0]!).equals(readFileSync(testData('ctgov/biomcp/search_phelan_limit5_20260811.json')!)), 'saved as it came');
    const result = await buildCorpusIndex(files, join(await temporaryFolder(), 'phelan.kdx'), { origin });
    assert.deepEqual([result.documents, result.skipped], [10, 0]);
  });

  it('PubMed: a search without history is fetched by its ids', async () => {
    const server = await serve(answer!);
    const { received, files } = await fetchEvidence({ question: { disease: 'melanoma', drug: 'trametinib' }, sources: ['pubmed'], max: 10 }, await optionsFor(server));
    assert.equal(server.requests.at(-1)?.url.searchParams.get('id'), '123,456');
    assert.equal(received.pubmed, 1);
    const result = await buildCorpusIndex(files, join(await temporaryFolder(), 'melanoma.kdx'));
    assert.deepEqual([result.documents, result.files], [1, { 'pubmed-xml': 1 }]);
  });

  it('Europe PMC: full text of what is open access; what is not, or is refused, is left out', async () => {
    const server = await serve(answer!);
    const options = await optionsFor(server);
    const open = await fetchEvidence({ question: { disease: 'breast cancer' }, sources: ['europepmc'], max: 10 }, options);
    assert.equal(open.received.europepmc, 1);
    const closed = await fetchEvidence({ question: { disease: 'closed' }, sources: ['europepmc'], max: 10 }, options);
    assert.deepEqual([closed.received.europepmc, closed.files], [0, []]);
    const refusal = readFileSync(testData('pubmed-pmc/biomcp/europepmc/pmc3040717-supplementary-not-open-access.xml')!);
    for (const status of [200, 404]) {
      server.faults.push({ path: 'fullTextXML', status, body: refusal });
      const refused = await fetchEvidence({ question: { disease: `refused ${status}` }, sources: ['europepmc'], max: 10 }, { ...options, cacheFolder: await temporaryFolder() });
      assert.deepEqual([refused.received.europepmc, refused.problems], [0, []]);
    }
  });

  it('openFDA: labels, and its own "not found"', async () => {
    const server = await serve(answer!);
    const options = await optionsFor(server);
    assert.equal((await fetchEvidence({ question: { disease: 'melanoma', drug: 'pembrolizumab' }, sources: ['openfda'], max: 10 }, options)).received.openfda, 2);
    const none = await fetchEvidence({ question: { disease: 'melanoma', drug: 'nothing' }, sources: ['openfda'], max: 10 }, options);
    assert.deepEqual([none.received.openfda, none.problems, none.origin.requests], [0, [], []]);
  });

  it('every recorded answer survives slow delivery and is asked for again when it is cut', async () => {
    const server = await serve(answer!);
    const plan = { question: { disease: 'Phelan-McDermid syndrome' }, sources: SERVICE_IDS, max: 5 } as const;
    for (const path of ['/ctgov', '/esearch', '/efetch', '/epmc/search', 'fullTextXML']) server.faults.push({ path, cutAt: 60 }, { path, slowMs: 60 });
    const { received, problems } = await fetchEvidence(plan, await optionsFor(server));
    assert.deepEqual([received, problems], [{ clinicaltrials: 5, pubmed: 1, europepmc: 1, openfda: 0 }, []]);
    assert.equal(server.faults.length, 0);
  });
});
