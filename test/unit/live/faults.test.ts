import assert from 'node:assert/strict';
import { readBody, wholeText } from '../../../src/core/evidence/live/body';
import { LiveSourceError } from '../../../src/core/evidence/live/errors';
import { countEvidence, fetchEvidence } from '../../../src/core/evidence/live/fetchEvidence';
import { plainName } from '../../../src/core/evidence/live/names';
import { RateLimiter } from '../../../src/core/evidence/live/rateLimiter';
import { backOffMs, isPassing, retryAfterMs } from '../../../src/core/evidence/live/retry';
import { createNodeFetch } from '../../../src/core/engine/endpoint/nodeFetch';
import { syntheticServices } from '../../live/server.mjs';
import type { LiveFault } from '../../live/server.mjs';
import { jumpingClock, optionsFor, serve } from './support';

const question = { disease: 'quibbler fever', drug: 'zorvaxil' };
const trials = { question, sources: ['clinicaltrials'], max: 3 } as const;
const failure = (promise: Promise<unknown>): Promise<LiveSourceError> => promise.then(() => assert.fail('it did not fail'), (error: unknown) => {
  assert.ok(error instanceof LiveSourceError, String(error));
  return error;
});

describe('live sources: faults', function () {
  this.timeout(20_000);

  const passing: readonly (readonly [string, LiveFault])[] = [
    ['a status 500', { status: 500, body: 'oops' }], ['a status 503', { status: 503, body: '' }], ['a connection that breaks in the body', { cutAt: 100 }],
    ['a body that is cut off without a length', { damaged: true }], ['a connection that is refused', { reset: true }], ['an answer that stalls', { stallAt: 50 }],
    ['an answer of another kind', { status: 200, body: '<html>Sign in to the network</html>', headers: { 'content-type': 'text/html' } }],
  ];
  for (const transport of ['global fetch', 'the product\'s transport'] as const) {
    for (const [name, fault] of passing) {
      it(`asks again after ${name} (${transport})`, async () => {
        const server = await serve(syntheticServices());
        const nodeFetch = createNodeFetch({ connectMs: 2000 });
        const options = await optionsFor(server, { timeoutMs: 300, transport: transport === 'global fetch' ? fetch : nodeFetch.fetch });
        server.faults.push(fault);
        const { received, problems } = await fetchEvidence(trials, options);
        nodeFetch.dispose();
        assert.deepEqual([received.clinicaltrials, problems, server.requests.length], [3, [], 2]);
        assert.ok(options.clock.waits.some(ms => ms >= 500 && ms <= 1000), 'it backed off');
      });
    }
  }

  it('gives up after four attempts, with what to do', async () => {
    const cases: readonly (readonly [LiveFault, LiveSourceError['reason'], RegExp])[] = [
      [{ status: 500, body: 'oops' }, 'server', /^ClinicalTrials\.gov has a fault \(500\)\. Try again later\.$/],
      [{ damaged: true }, 'damaged', /is damaged \(its JSON is broken or cut off\)\. Try again later\.$/],
      [{ reset: true }, 'network', /cannot be reached \(.+\)\. Check the network and the proxy settings\.$/],
      [{ stallAt: 10 }, 'timeout', /did not answer in time/],
      [{ status: 429, body: '' }, 'busy', /is busy \(429\)\. Try again in a few minutes, or ask for fewer records\.$/],
    ];
    for (const [fault, reason, message] of cases) {
      const server = await serve(syntheticServices());
      server.faults.push(fault, fault, fault, fault);
      const error = await failure(fetchEvidence(trials, await optionsFor(server, { timeoutMs: 200 })));
      assert.deepEqual([error.reason, server.requests.length], [reason, 4]);
      assert.match(error.message, message);
    }
  });

  it('waits as long as Retry-After asks, in seconds and as a date', async () => {
    const server = await serve(syntheticServices());
    const options = await optionsFor(server);
    server.faults.push({ status: 429, headers: { 'retry-after': '17' }, body: '' }, { status: 503, headers: { 'retry-after': new Date(options.clock.now() + 60_000).toUTCString() }, body: '' });
    await fetchEvidence(trials, options);
    assert.ok(options.clock.waits.some(ms => ms >= 17_000 && ms < 20_000), String(options.clock.waits));
    assert.ok(options.clock.waits.some(ms => ms > 40_000 && ms <= 60_000), String(options.clock.waits));
    server.faults.push({ status: 429, headers: { 'retry-after': '3600' }, body: '' });
    const error = await failure(fetchEvidence({ ...trials, question: { disease: 'other fever' } }, options));
    assert.match(error.message, /asks to wait 3600 seconds/);
  });

  it('does not repeat what was refused, and tells the service\'s own words', async () => {
    const server = await serve(syntheticServices());
    const refused = { status: 400, body: 'Param `fields` has incorrect value', headers: { 'content-type': 'text/plain' } };
    // Once with fields, once without.
    server.faults.push(refused, refused);
    const error = await failure(fetchEvidence(trials, await optionsFor(server)));
    assert.equal(error.message, 'ClinicalTrials.gov did not accept the request (400). It says: Param `fields` has incorrect value');
    assert.equal(server.requests.length, 2);
  });

  it('takes nothing that is too large', async () => {
    const response = (bytes: number, announced?: number): Response => new Response(new Uint8Array(bytes), announced === undefined ? {} : { headers: { 'content-length': String(announced) } });
    await assert.rejects(readBody(response(10, 5000), () => undefined, 1000), { reason: 'too-large' });
    await assert.rejects(readBody(response(1001), () => undefined, 1000), { reason: 'too-large' });
    await assert.rejects(readBody(response(10, 11), () => undefined), { reason: 'damaged', message: '10 of 11 bytes arrived' });
    assert.equal((await readBody(response(1000, 1000), () => undefined, 1000)).length, 1000);
  });

  it('knows a cut XML answer from a whole one', () => {
    const text = (xml: string): string => wholeText(Buffer.from(xml), 'xml');
    for (const whole of ['<a><b/></a>\n', '<?xml version="1.0"?><!DOCTYPE a><a></a >', '<a/>', '<a></a><!-- made by x -->\n']) assert.equal(text(whole), whole);
    for (const cut of ['<a><b></b>', '<a', '', 'no XML', '<a><b></a', '<?xml version="1.0"?>']) assert.throws(() => text(cut), { reason: 'damaged' });
    assert.throws(() => wholeText(Uint8Array.of(0x22, 0xff, 0x22), 'json'), { reason: 'damaged' });
  });

  it('follows redirects to the same host alone', async () => {
    const server = await serve(syntheticServices());
    const options = await optionsFor(server);
    server.faults.push({ status: 302, headers: { location: '/ctgov/studies?moved=1' }, body: '' });
    assert.equal((await fetchEvidence(trials, options)).received.clinicaltrials, 3);
    assert.equal(server.requests[1]?.url.search, '?moved=1');
    for (const location of ['https://example.org/ctgov', 'https://127.0.0.1/x', undefined]) {
      server.faults.push({ status: 302, headers: location === undefined ? {} : { location }, body: '' });
      const error = await failure(fetchEvidence({ ...trials, question: { disease: `fever ${String(location)}` } }, options));
      assert.equal(error.reason, 'redirect');
    }
    const loop = { status: 301, headers: { location: '/ctgov/studies' }, body: '' };
    server.faults.push(loop, loop, loop, loop);
    assert.equal((await failure(fetchEvidence({ ...trials, question: { disease: 'loop' } }, options))).reason, 'redirect');
  });

  it('refuses an address that is neither https nor on this machine', async () => {
    const server = await serve(syntheticServices());
    const options = await optionsFor(server, { baseUrls: { clinicaltrials: 'http://example.org/api' } });
    assert.match((await failure(fetchEvidence(trials, options))).message, /by https only/);
  });

  it('stops in the middle of a body when it is cancelled, and closes the connection', async () => {
    const server = await serve(syntheticServices());
    server.faults.push({ stallAt: 40 });
    const stop = new AbortController();
    const transport = createNodeFetch({ connectMs: 2000 });
    const running = fetchEvidence(trials, await optionsFor(server, { signal: stop.signal, timeoutMs: 20_000, transport: transport.fetch }));
    for (const end = Date.now() + 5000; server.requests.length === 0 && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 10));
    await new Promise(resolve => setTimeout(resolve, 50));
    const started = Date.now();
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(Date.now() - started < 1000);
    for (const end = Date.now() + 500; server.open() > 0 && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal(server.open(), 0);
  });

  it('goes on without a full text that does not come, and says which', async () => {
    const server = await serve(syntheticServices());
    const fault = { path: 'PMC99000001', status: 500, body: '' };
    server.faults.push(fault, fault, fault, fault);
    const options = await optionsFor(server);
    const { received, problems } = await fetchEvidence({ question, sources: ['europepmc'], max: 5 }, options);
    assert.deepEqual([received.europepmc, problems.map(({ message }) => message)], [1, ['Europe PMC did not give the full text of 1 articles (PMC99000001). Fetch again later to have them, too.']]);
    server.faults.push({ path: 'PMC99000001', status: 404, body: 'gone', headers: { 'content-type': 'text/plain' } });
    const again = await fetchEvidence({ question, sources: ['europepmc'], max: 5 }, options);
    assert.deepEqual([again.received.europepmc, again.problems], [1, []]);
    assert.deepEqual((await fetchEvidence({ question, sources: ['europepmc'], max: 5 }, options)).problems, []);
  });

  it('keeps what other services gave when one fails', async () => {
    const server = await serve(syntheticServices());
    const fault = { path: '/ctgov', status: 500, body: '' };
    server.faults.push(fault, fault, fault, fault);
    const { received, problems, files } = await fetchEvidence({ question, sources: ['clinicaltrials', 'openfda'], max: 5 }, await optionsFor(server));
    assert.deepEqual([received, problems.map(({ service }) => service), files.length], [{ clinicaltrials: 0, openfda: 2 }, ['ClinicalTrials.gov'], 1]);
    const counts = await countEvidence(question, ['clinicaltrials', 'pubmed', 'europepmc', 'openfda'], await optionsFor(server));
    assert.deepEqual([...counts], [['clinicaltrials', 7], ['pubmed', 120], ['europepmc', 3], ['openfda', 2]]);
  });
});

describe('live sources: pace and names', () => {
  it('never gives more turns in a second than allowed, and holds when asked to', async () => {
    const clock = jumpingClock(0);
    const limiter = new RateLimiter(3, clock);
    const at: number[] = [];
    for (let i = 0; i < 12; i++) {
      await limiter.turn();
      at.push(clock.now());
    }
    for (const start of at) assert.ok(at.filter(time => time >= start && time < start + 1000).length <= 3, String(at));
    limiter.hold(5000);
    const before = clock.now();
    await limiter.turn();
    assert.ok(clock.now() - before >= 5000);
  });

  it('spaces real requests: three a second without a key', async () => {
    const server = await serve(syntheticServices());
    const { clock: _, ...options } = await optionsFor(server);
    await fetchEvidence({ question, sources: ['pubmed'], max: 120 }, options);
    const times = server.requests.map(({ at }) => at);
    assert.equal(times.length, 3);
    for (let i = 1; i < times.length; i++) assert.ok(times[i]! - times[i - 1]! >= 320, String(times));
  });

  it('reads Retry-After, and backs off more each time', () => {
    assert.equal(retryAfterMs('2', 0), 2000);
    assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 10_000), 20_000);
    assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 40_000), 0);
    assert.equal(retryAfterMs('soon', 0), undefined);
    assert.equal(retryAfterMs(null, 0), undefined);
    assert.deepEqual([1, 2, 3, 9].map(attempt => [backOffMs(attempt, () => 0), backOffMs(attempt, () => 1)]), [[500, 1000], [1000, 2000], [2000, 4000], [10_000, 20_000]]);
    assert.deepEqual([200, 400, 404, 408, 429, 500, 501, 503].filter(isPassing), [408, 429, 500, 503]);
  });

  it('sends names alone, without what services take for operators', () => {
    assert.equal(plainName('  heart failure ', 'disease'), 'heart failure');
    assert.equal(plainName('"gout" OR (cancer[MeSH])', 'disease'), 'gout or cancer MeSH');
    assert.equal(plainName('Crohn’s disease', 'disease'), 'Crohn’s disease');
    assert.equal(plainName('α-synuclein disease, type 2', 'disease'), 'α-synuclein disease, type 2');
    for (const text of ['', '  ', '()', 'x'.repeat(101), 'A 60-year-old man\nwith gout']) assert.throws(() => plainName(text, 'disease'), { reason: 'bad-name' });
  });
});
