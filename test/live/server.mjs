// A local stand-in for the official services: it plays what it is told, with faults in between. Used by unit, in-host and e2e tests.
import { createServer } from 'node:http';

/**
 * Starts on a free port of this machine. `answer(url)` gives `{ status, headers, body }` (body a string or bytes) for a request.
 * `faults` is a queue: each request takes its first element, if there is one (and, where it has `path`, if the request's path contains it):
 * `{ status, headers, body }` instead of the answer; `{ cutAt }` bytes of the body, then the connection breaks;
 * `{ damaged }` the body cut without a length; `{ slowMs }` between the pieces of the body; `{ stallAt }` bytes, then nothing; `{ reset }` at once.
 */
export async function startLiveServer(answer) {
  const requests = [];
  const faults = [];
  const sockets = new Set();
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    requests.push({ url, at: Date.now(), headers: request.headers });
    const at = faults.findIndex(({ path }) => path === undefined || url.pathname.includes(path));
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0];
    if (fault?.reset) { request.socket.destroy(); return; }
    const { status = 200, headers = {}, body = '' } = fault?.status === undefined ? answer(url) : fault;
    const bytes = Buffer.from(body);
    const type = headers['content-type'] ?? (/^\s*[{[]/.test(bytes.toString('utf8', 0, 20)) ? 'application/json' : 'text/xml');
    const send = (more, length) => response.writeHead(status, { 'content-type': type, ...headers, ...more, ...(length === undefined ? {} : { 'content-length': length }) });
    if (fault?.cutAt !== undefined) {
      send({}, bytes.length);
      response.write(bytes.subarray(0, fault.cutAt), () => setTimeout(() => request.socket.destroy(), 20));
    } else if (fault?.stallAt !== undefined) {
      send({}, bytes.length);
      response.write(bytes.subarray(0, fault.stallAt));
    } else if (fault?.damaged) {
      send({});
      response.end(bytes.subarray(0, Math.floor(bytes.length / 2)));
    } else if (fault?.slowMs) {
      send({}, bytes.length);
      const step = Math.ceil(bytes.length / 4);
      const next = from => {
        if (from >= bytes.length) { response.end(); return; }
        response.write(bytes.subarray(from, from + step));
        setTimeout(() => next(from + step), fault.slowMs);
      };
      next(0);
    } else {
      send({}, bytes.length);
      response.end(bytes);
    }
  });
  server.on('connection', socket => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin, requests, faults,
    baseUrls: { clinicaltrials: `${origin}/ctgov`, pubmed: `${origin}/eutils`, europepmc: `${origin}/epmc`, openfda: `${origin}/fda` },
    /** Sockets that are open now. */
    open: () => sockets.size,
    stop: () => new Promise(resolve => {
      server.close(() => resolve());
      for (const socket of sockets) { socket.destroy(); }
    }),
  };
}

const json = value => ({ body: JSON.stringify(value) });
const NOTHING = { status: 404, body: '{"error":{"code":"NOT_FOUND","message":"No matches found!"}}' };

/** Synthetic services about invented drugs and diseases: 7 trials in pages of 3, 120 articles, 2 open-access papers of 3, 2 labels. */
export function syntheticServices() {
  const trial = n => ({
    protocolSection: {
      identificationModule: { nctId: `NCT9000000${n}`, briefTitle: `Synthetic trial ${n} of zorvaxil in quibbler fever` },
      statusModule: { overallStatus: 'TERMINATED', whyStopped: 'Synthetic: slow recruitment', completionDateStruct: { date: '2024-01' }, lastUpdatePostDateStruct: { date: '2024-02-03' } },
      descriptionModule: { briefSummary: 'Synthetic. Zorvaxil was given to invented patients with quibbler fever.' },
      conditionsModule: { conditions: ['Quibbler fever'] }, designModule: { studyType: 'INTERVENTIONAL', phases: ['PHASE3'] },
    },
  });
  const article = n => `<PubmedArticle><MedlineCitation><PMID Version="1">${90_000_000 + n}</PMID><DateRevised><Year>2024</Year><Month>05</Month><Day>06</Day></DateRevised><Article><Journal><JournalIssue><PubDate><Year>2023</Year></PubDate></JournalIssue><Title>Synthetic Journal</Title></Journal><ArticleTitle>Synthetic report ${n} on zorvaxil for quibbler fever</ArticleTitle><Abstract><AbstractText>Synthetic. Zorvaxil shortened quibbler fever in ${n + 10} invented patients.</AbstractText></Abstract><PublicationTypeList><PublicationType>${n === 1 ? 'Retracted Publication' : 'Journal Article'}</PublicationType></PublicationTypeList></Article></MedlineCitation></PubmedArticle>`;
  const paper = n => `<article article-type="research-article"><front><article-meta><article-id pub-id-type="pmc">9900000${n}</article-id><title-group><article-title>Synthetic paper ${n} on quibbler fever</article-title></title-group><pub-date><year>2022</year></pub-date><permissions><license><license-p>CC BY 4.0 (synthetic)</license-p></license></permissions></article-meta></front><body><sec><title>Results</title><p>Synthetic. Plimdorane did not help against quibbler fever.</p></sec></body></article>`;
  const label = n => ({ set_id: `00000000-0000-4000-8000-00000000000${n}`, effective_time: '20240101', openfda: { brand_name: [`Synthetic ${n}`], generic_name: ['ZORVAXIL'] }, indications_and_usage: ['Synthetic. Zorvaxil is indicated for quibbler fever.'], contraindications: ['Synthetic. Invented hypersensitivity.'] });
  const TOTAL = 120;
  return url => {
    const get = name => url.searchParams.get(name) ?? undefined;
    switch (url.pathname) {
      case '/ctgov/studies': {
        const from = Number(get('pageToken')?.slice(1) ?? 0);
        const to = Math.min(7, from + Math.min(3, Number(get('pageSize') ?? 10)));
        return json({ ...(get('countTotal') ? { totalCount: 7 } : {}), studies: Array.from({ length: to - from }, (_, i) => trial(from + i + 1)), ...(to < 7 ? { nextPageToken: `t${to}` } : {}) });
      }
      case '/eutils/esearch.fcgi': return json({ esearchresult: { count: String(TOTAL), retmax: get('retmax'), retstart: '0', ...(get('usehistory') ? { querykey: '1', webenv: 'MCID_synthetic' } : {}), idlist: Array.from({ length: Math.min(TOTAL, Number(get('retmax') ?? 20)) }, (_, i) => String(90_000_001 + i)) } });
      case '/eutils/efetch.fcgi': {
        const start = Number(get('retstart') ?? 0);
        const numbers = get('id')?.split(',').map(id => Number(id) - 90_000_000) ?? Array.from({ length: Math.min(TOTAL - start, Number(get('retmax'))) }, (_, i) => start + i + 1);
        return { body: `<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/x.dtd">\n<PubmedArticleSet>\n${numbers.map(article).join('\n')}\n</PubmedArticleSet>\n` };
      }
      case '/epmc/search': return json({ version: '6.9', hitCount: 3, nextCursorMark: 'end', resultList: { result: get('cursorMark') === '*' ? [{ id: '1', source: 'MED', pmcid: 'PMC99000001', isOpenAccess: 'Y', title: 'x' }, { id: '2', source: 'MED', pmcid: 'PMC99000002', isOpenAccess: 'N', title: 'x' }, { id: '3', source: 'MED', pmcid: 'PMC99000003', isOpenAccess: 'Y', title: 'x' }].slice(0, Number(get('pageSize'))) : [] } });
      case '/epmc/PMC99000001/fullTextXML': return { body: paper(1) };
      case '/epmc/PMC99000003/fullTextXML': return { body: paper(3) };
      case '/fda/drug/label.json': return /zorvaxil|quibbler/i.test(get('search') ?? '') ? json({ meta: { results: { skip: Number(get('skip')), limit: Number(get('limit')), total: 2 } }, results: [label(1), label(2)].slice(Number(get('skip')), Number(get('skip')) + Number(get('limit'))) }) : NOTHING;
      default: return NOTHING;
    }
  };
}
