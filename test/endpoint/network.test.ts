import assert from 'node:assert/strict';
import { trustedCertificates } from '../../src/core/engine/endpoint/certificates';
import { readPeerCertificate } from '../../src/core/engine/endpoint/peerCertificate';
import { proxyFor, proxyFromEnvironment } from '../../src/core/engine/endpoint/proxy';
import { createEndpointEngine, type EndpointEngine } from '../../src/core/engine/endpointEntry';
import type { EndpointConfig } from '../../src/core/engine/endpoint/config';
import { EngineError, type EngineAnswer } from '../../src/core/engine/types';
import { makeConfig, makeRequest } from './fixture';
import { closeServers, serve } from './harness';
import { startProxy, startTls, testAuthority, type LocalServer, type TestProxy } from './secure';

describe('endpoint: proxies and certificates', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
    await closeServers();
  });
  const kept = <T extends LocalServer>(server: T): T => {
    open.push(server);
    return server;
  };

  async function ask(baseUrl: string, change: Partial<EndpointConfig> = {}): Promise<EngineAnswer> {
    const engine: EndpointEngine = createEndpointEngine(makeConfig(baseUrl, change));
    try {
      return await engine.recommend(makeRequest(), () => undefined, new AbortController().signal);
    } finally {
      engine.dispose();
    }
  }

  async function failure(baseUrl: string, change: Partial<EndpointConfig> = {}): Promise<EngineError> {
    try {
      await ask(baseUrl, change);
    } catch (error) {
      assert.ok(EngineError.is(error), String(error));
      return error;
    }
    throw new assert.AssertionError({ message: 'expected a failure' });
  }

  async function secure(certificate: 'server' | 'self-signed'): Promise<{ url: string; port: number }> {
    const tls = kept(await startTls((await serve('normal')).url, certificate));
    return { url: `https://localhost:${tls.port}`, port: tls.port };
  }

  it('names the code and the setting when the authority is not known', async () => {
    const error = await failure((await secure('server')).url);
    assert.equal(error.reason, 'unreachable');
    assert.match(error.message, /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/);
    assert.match(error.advice, /kedrec\.endpoint\.caFile.*http\.systemCertificates/);
  });

  it('trusts the authority of the setting, and the usual ones beside it', async () => {
    assert.equal((await ask((await secure('server')).url, { ca: testAuthority() })).drafts.length, 3);
    const trusted = trustedCertificates(testAuthority());
    assert.ok(trusted.length > 50, `${trusted.length} certificates`);
    assert.equal(trusted.at(-1), testAuthority());
  });

  it('accepts a self-signed certificate by explicit choice only', async () => {
    const { url } = await secure('self-signed');
    const error = await failure(url);
    assert.match(error.message, /DEPTH_ZERO_SELF_SIGNED_CERT/);
    assert.match(error.advice, /caFile.*allowSelfSigned/);
    assert.match((await failure(url, { ca: testAuthority() })).message, /SELF_SIGNED/, 'another authority does not help');
    assert.equal((await ask(url, { allowSelfSigned: true })).drafts.length, 3);
  });

  it('trusts one certificate by its fingerprint, and no other of the same host', async () => {
    const { url } = await secure('self-signed');
    const seen = await readPeerCertificate(makeConfig(url));
    assert.equal(seen.verified, false);
    assert.match(seen.fingerprint, /^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/);
    assert.equal((await ask(url, { pinned: seen.pem })).drafts.length, 3);
    const changed = (await secure('server')).url;
    assert.notEqual((await readPeerCertificate(makeConfig(changed))).fingerprint, seen.fingerprint);
    assert.match((await failure(changed, { pinned: seen.pem })).message, /is not trusted \((?:UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)\w+\)/);
  });

  it('trusts a certificate of an unknown authority by its fingerprint, whatever name it bears', async () => {
    const { port } = await secure('server');
    const url = `https://127.0.0.1:${port}`;
    const { pem } = await readPeerCertificate(makeConfig(url));
    assert.equal((await ask(url, { pinned: pem })).drafts.length, 3);
  });

  it('looks at a certificate without a word to the server, also through a proxy', async () => {
    const server = await serve('normal');
    const tls = kept(await startTls(server.url, 'self-signed'));
    const proxy = kept(await startProxy(tls.port));
    const { fingerprint } = await readPeerCertificate(makeConfig(`https://localhost:${tls.port}`, { apiKey: 'sk-test-secret' }));
    const through = await readPeerCertificate(makeConfig('https://llm.institute.test/v1', { apiKey: 'sk-test-secret', proxy: { https: `http://127.0.0.1:${proxy.port}` } }));
    assert.equal(through.fingerprint, fingerprint);
    assert.deepEqual(proxy.seen, ['CONNECT llm.institute.test:443']);
    assert.equal(server.requests.filter(({ headers }) => JSON.stringify(headers).includes('secret')).length, 0);
    assert.equal((await readPeerCertificate(makeConfig((await secure('server')).url, { ca: testAuthority() }))).verified, true, 'where the authority is known');
  });

  it('says why a certificate cannot be looked at', async () => {
    await assert.rejects(readPeerCertificate(makeConfig('https://127.0.0.1:9')), (error: unknown) => EngineError.is(error, 'unreachable') && /Nothing listens/.test(error.message));
  });

  it('asks a server for its name', async () => {
    const { port } = await secure('server');
    const proxy = kept(await startProxy(port));
    const error = await failure('https://other.institute.test', { ca: testAuthority(), proxy: { https: `http://127.0.0.1:${proxy.port}` } });
    assert.match(error.message, /ERR_TLS_CERT_ALTNAME_INVALID/);
    assert.match(error.advice, /name in kedrec\.endpoint\.baseUrl/);
  });

  it('goes through a proxy with CONNECT, verifies the server behind it, and keeps the connection', async () => {
    const { port } = await secure('server');
    const proxy: TestProxy = kept(await startProxy(port));
    const engine = createEndpointEngine(makeConfig('https://llm.institute.test/v1', { ca: testAuthority(), proxy: { https: `http://127.0.0.1:${proxy.port}` } }));
    try {
      for (let i = 0; i < 3; i++) {
        assert.equal((await engine.recommend(makeRequest(), () => undefined, new AbortController().signal)).drafts.length, 3);
      }
    } finally {
      engine.dispose();
    }
    assert.deepEqual(proxy.seen, ['CONNECT llm.institute.test:443'], 'one tunnel for all requests');
    assert.match((await failure('https://llm.institute.test/v1', { proxy: { https: `http://127.0.0.1:${proxy.port}` } })).message, /not trusted/);
  });

  it('sends plain http through a proxy, too', async () => {
    const server = await serve('normal');
    const proxy = kept(await startProxy(Number(new URL(server.url).port)));
    assert.equal((await ask('http://llm.institute.test:8000/v1', { proxy: { http: `127.0.0.1:${proxy.port}` } })).drafts.length, 3);
    assert.ok(proxy.seen.includes('POST http://llm.institute.test:8000/v1/chat/completions'), proxy.seen.join());
    assert.match(server.chats[0]?.headers.host ?? '', /^llm\.institute\.test/);
  });

  it('cancels through a tunnel', async () => {
    const server = await serve('hang-before-first-token');
    const tls = kept(await startTls(server.url, 'server'));
    const proxy = kept(await startProxy(tls.port));
    const engine = createEndpointEngine(makeConfig('https://llm.institute.test/v1', { ca: testAuthority(), proxy: { https: `http://127.0.0.1:${proxy.port}` } }));
    const stop = new AbortController();
    const running = engine.recommend(makeRequest(), () => undefined, stop.signal);
    const until = Date.now() + 5000;
    while (server.chats.length === 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    stop.abort();
    await assert.rejects(running, (error: unknown) => EngineError.is(error, 'cancelled'));
    await server.chats[0]?.closed;
    assert.equal(server.chats[0]?.aborted, true);
    engine.dispose();
  });

  it('tells the proxy who asks, and says what to do when it is not told', async () => {
    const { port } = await secure('server');
    const proxy = kept(await startProxy(port, { authorization: 'Basic bGFiOnNlY3JldA==' }));
    const address = `http://127.0.0.1:${proxy.port}`;
    const config = { ca: testAuthority() };
    assert.equal((await ask('https://llm.institute.test/v1', { ...config, proxy: { https: address, authorization: 'Basic bGFiOnNlY3JldA==' } })).drafts.length, 3);
    assert.equal((await ask('https://llm.institute.test/v1', { ...config, proxy: { https: `http://lab:secret@127.0.0.1:${proxy.port}` } })).drafts.length, 3);
    const error = await failure('https://llm.institute.test/v1', { ...config, proxy: { https: address } });
    assert.equal(error.reason, 'unauthorized');
    assert.match(`${error.message} ${error.advice}`, /407.*http\.proxyAuthorization/s);
    const refused = await failure('https://llm.institute.test/v1', { ...config, proxy: { https: `http://lab:wrong-secret@127.0.0.1:${proxy.port}` } });
    assert.ok(!JSON.stringify([refused.message, refused.advice, refused.rawAnswer]).includes('wrong-secret'));
  });

  it('says so when it is the proxy that cannot be reached', async () => {
    const error = await failure('https://llm.institute.test/v1', { proxy: { https: 'http://127.0.0.1:9' } });
    assert.match(`${error.message} ${error.advice}`, /proxy http:\/\/127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\).*http\.noProxy/s);
  });

  it('gives up on a proxy that never answers', async () => {
    const { createServer } = await import('node:net');
    const mute = createServer((socket) => setTimeout(() => socket.destroy(), 500));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const error = await failure('https://llm.institute.test/v1', { proxy: { https: `http://127.0.0.1:${port}` }, timeouts: { connectMs: 80, firstTokenMs: 5000, idleMs: 5000 } });
    assert.equal(error.reason, 'timeout');
    mute.close();
  });
});

describe('endpoint: which proxy', () => {
  const settings = { http: 'proxy.test:3128', https: 'http://proxy.test:3129', noProxy: ['direct.test', '.inner.test', '10.0.0.0/8', 'port.test:8443', 'fd00::/8', '*.star.test'] };
  const cases: readonly [string, string | undefined][] = [
    ['https://llm.test/v1', 'http://proxy.test:3129'],
    ['http://llm.test/v1', 'http://proxy.test:3128'],
    ['http://localhost:8000', undefined], ['http://127.0.0.5:1', undefined], ['http://[::1]:8000', undefined], ['http://gpu.localhost', undefined],
    ['https://direct.test', undefined], ['https://a.direct.test', undefined], ['https://indirect.test', 'http://proxy.test:3129'],
    ['https://x.inner.test', undefined], ['https://x.star.test', undefined],
    ['http://10.1.2.3:8000', undefined], ['http://11.1.2.3:8000', 'http://proxy.test:3128'], ['http://[fd00::1]', undefined], ['http://[fe00::1]', 'http://proxy.test:3128'],
    ['https://port.test:8443', undefined], ['https://port.test', 'http://proxy.test:3129'],
  ];
  for (const [target, proxy] of cases) {
    it(`${target} by ${proxy ?? 'none'}`, () => assert.equal(proxyFor(new URL(target), settings)?.origin, proxy));
  }

  it('by the environment', () => {
    assert.equal(proxyFromEnvironment({}), undefined);
    assert.deepEqual(proxyFromEnvironment({ https_proxy: 'http://a', HTTPS_PROXY: 'http://b', NO_PROXY: 'x.test, y.test' }), { https: 'http://a', noProxy: ['x.test', 'y.test'] });
    assert.deepEqual(proxyFromEnvironment({ ALL_PROXY: 'http://c' }), { http: 'http://c', https: 'http://c', noProxy: [] });
    assert.equal(proxyFor(new URL('https://llm.test'), { https: 'socks5://c', noProxy: [] }), undefined);
    assert.equal(proxyFor(new URL('https://llm.test'), { https: 'http://c', noProxy: ['*'] }), undefined);
  });
});
