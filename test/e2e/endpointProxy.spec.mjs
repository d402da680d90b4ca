// An endpoint behind the proxy of VS Code's own settings.
import assert from 'node:assert/strict';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';
import { recorder, scripted } from './scripted.mjs';

describe('proxies', function () {
  this.timeout(120_000);
  const expected = `Basic ${Buffer.from('anna:synthetic').toString('base64')}`;
  let wanted = expected;
  let target;
  let proxy;
  let workspace;
  let server;
  let window;

  before(async () => {
    target = await scripted('normal');
    proxy = await recorder(target.url, { admits: headers => headers['proxy-authorization'] === wanted });
    workspace = copyWorkspace();
    server = await startServer({ theme: 'dark', settings: {
      'http.proxy': `http://anna:synthetic@127.0.0.1:${proxy.port}`, 'http.noProxy': ['direct.institute.test'], 'kedrec.engine': 'endpoint', 'kedrec.endpoint.active': 'gateway',
      'kedrec.endpoints': { gateway: { baseUrl: 'http://llm.institute.test/v1' }, direct: { baseUrl: 'http://direct.institute.test/v1' } },
    } });
    window = await openWorkbench(server, { folder: workspace.folder });
    await window.page.locator('.part.statusbar .statusbar-item', { hasText: 'KEDRec' }).first().waitFor({ timeout: 90_000 });
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    proxy?.close();
    target?.stop();
    workspace?.remove();
  });
  afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-proxy-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

  it('are gone through with name and password, which no message shows', async () => {
    await window.command('KEDRec: Check Endpoint');
    const text = await window.notification('is reachable');
    assert.ok(!text.includes('synthetic'), text);
    assert.match(proxy.seen.at(-1).url, /^http:\/\/llm\.institute\.test\//);
    assert.equal(proxy.seen.at(-1).headers['proxy-authorization'], expected);
    await window.screenshot('proxy-reachable');
  });

  it('are named, with the setting that mends it, where they do not know who asks', async () => {
    wanted = 'another';
    await window.clearNotifications();
    await window.command('KEDRec: Check Endpoint');
    const text = await window.notification('407');
    assert.match(text, /http:\/\/127\.0\.0\.1:\d+ wants to know who you are.*http\.proxyAuthorization/s);
    assert.ok(!text.includes('synthetic'), text);
    await window.screenshot('proxy-407');
  });

  it('are left aside for hosts of http.noProxy', async () => {
    const before = proxy.seen.length;
    await window.clearNotifications();
    await window.page.locator('.part.statusbar .statusbar-item', { hasText: 'KEDRec' }).first().click();
    await window.quick.locator('.monaco-list-row', { hasText: 'direct.institute.test' }).first().click();
    await window.notification('The host of http://direct.institute.test/v1 is not known');
    assert.equal(proxy.seen.length, before);
  });
});
