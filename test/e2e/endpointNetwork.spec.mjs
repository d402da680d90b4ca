// Certificates that nobody vouches for, as a researcher behind an institute's gateway meets them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';
import { recorder, scripted } from './scripted.mjs';

const certificate = name => ({ cert: readFileSync(`test/endpoint/certificates/${name}.pem`), key: readFileSync(`test/endpoint/certificates/${name}.key.pem`) });

describe('certificates', function () {
  this.timeout(120_000);
  let target;
  let secure;
  let workspace;
  let server;
  let window;
  const settingsFile = () => join(server.userDataDir, 'Machine/settings.json');
  let values = {};
  const set = async more => {
    values = { ...values, ...more };
    mkdirSync(join(server.userDataDir, 'Machine'), { recursive: true });
    writeFileSync(settingsFile(), JSON.stringify(values, null, 2));
    await window.page.waitForTimeout(1500); // VS Code watches the file
  };
  const dialog = () => window.page.locator('.monaco-dialog-box');
  const check = async () => {
    await window.clearNotifications();
    await window.command('KEDRec: Check Endpoint');
  };

  before(async () => {
    target = await scripted('normal');
    secure = await recorder(target.url, { tls: certificate('self-signed') });
    workspace = copyWorkspace();
    server = await startServer({ theme: 'dark', settings: { 'kedrec.engine': 'endpoint', 'kedrec.endpoint.baseUrl': `https://localhost:${secure.port}/v1`, 'window.dialogStyle': 'custom' } });
    window = await openWorkbench(server, { folder: workspace.folder });
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    secure?.close();
    target?.stop();
    workspace?.remove();
  });
  afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-network-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

  it('refuses a self-signed certificate and says what can be done', async () => {
    await window.statusBar('KEDRec');
    await check();
    const text = await window.notification('is not trusted');
    assert.match(text, /DEPTH_ZERO_SELF_SIGNED_CERT.*kedrec\.endpoint\.caFile.*kedrec\.endpoint\.allowSelfSigned/s);
    await window.screenshot('network-refused');
    assert.deepEqual(secure.seen, []);
  });

  it('shows the certificate and trusts nothing when told not to', async () => {
    await set({ 'kedrec.endpoint.allowSelfSigned': true });
    await check();
    await dialog().waitFor();
    const text = await dialog().innerText();
    assert.match(text, /Nobody vouches for the certificate of localhost:\d+/);
    assert.match(text, /For: CN=localhost[\s\S]*SHA-256: (?:[\dA-F]{2}:){31}[\dA-F]{2}/);
    await window.screenshot('network-trust-question');
    await window.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await window.notification('is not trusted');
    assert.equal(secure.chats().length, 0);
  });

  it('works with the certificate that was trusted, and does not ask again', async () => {
    await check();
    await dialog().waitFor();
    await dialog().locator('.monaco-button', { hasText: 'Trust This Certificate' }).click();
    await window.notification('is reachable');
    await check();
    await window.notification('is reachable');
    assert.equal(await dialog().count(), 0);
    await window.screenshot('network-trusted');
  });

  it('refuses another certificate of the same server, and shows both when checked', async () => {
    secure.server.setSecureContext(certificate('server'));
    secure.server.closeAllConnections();
    const before = secure.seen.length;
    await window.open('cardiology-heart-failure.md');
    await window.goToLine(15);
    await window.page.keyboard.press('Control+Alt+R');
    const frame = await window.webview('#root .state.error, #root .error');
    assert.match(await frame.locator('#root').innerText(), /certificate of https:\/\/localhost:\d+\/v1 is not trusted/);
    assert.equal(secure.seen.length, before, 'nothing was sent');
    await check();
    await dialog().waitFor();
    assert.match(await dialog().innerText(), /The certificate of localhost:\d+ has changed[\s\S]*Trusted so far: /);
    await window.screenshot('network-changed-question');
    await window.page.keyboard.press('Escape');
    await window.notification('is not trusted');
    assert.equal(secure.seen.length, before, 'nothing was sent');
  });

  it('takes the file of the authority instead', async () => {
    await set({ 'kedrec.endpoint.allowSelfSigned': false, 'kedrec.endpoint.caFile': resolve('test/endpoint/certificates/ca.pem') });
    await check();
    await window.notification('is reachable');
    assert.equal(await dialog().count(), 0);
  });
});
