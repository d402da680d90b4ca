// A folder that brings settings of its own: before it is trusted they decide nothing, afterwards they do, without a reload.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';
import { recorder, scripted } from './scripted.mjs';

/** The scripted server behind a recorder of everything that reaches it. */
async function recorded() {
  const target = await scripted();
  const front = await recorder(target.url);
  return { url: `http://127.0.0.1:${front.port}/v1`, seen: front.seen, close: () => { front.close(); target.stop(); } };
}

describe('a folder that is not trusted', function () {
  this.timeout(120_000);
  let endpoint;
  let workspace;
  let server;
  let window;

  before(async () => {
    endpoint = await recorded();
    workspace = copyWorkspace();
    mkdirSync(workspace.file('.vscode'), { recursive: true });
    writeFileSync(workspace.file('.vscode/settings.json'), JSON.stringify({
      'kedrec.engine': 'endpoint', 'kedrec.endpoint.active': 'folder', 'kedrec.endpoints': { folder: { baseUrl: endpoint.url, headers: { 'x-folder': 'synthetic' } } },
      'kedrec.endpoint.baseUrl': endpoint.url, 'kedrec.endpoint.headers': { 'x-folder': 'synthetic' },
    }));
    server = await startServer({ theme: 'light', workspaceTrust: true, settings: {
      'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'always', 'security.workspace.trust.untrustedFiles': 'open',
    } });
    window = await openWorkbench(server, { folder: workspace.folder });
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    endpoint?.close();
    workspace?.remove();
  });
  afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-trust-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

  const recommend = async () => {
    await window.open('cardiology-heart-failure.md');
    await window.goToLine(15);
    await window.page.keyboard.press('Control+Alt+R');
  };

  it('gets evidence, and nobody is asked whom the folder names', async () => {
    await recommend();
    const frame = await window.webview('#root .card');
    await frame.locator('footer').waitFor();
    assert.match(await frame.locator('.engine').innerText(), /Evidence engine/i);
    await window.page.waitForTimeout(500);
    await window.screenshot('trust-untrusted-panel');
    assert.deepEqual(endpoint.seen, [], 'no request reached the endpoint of the folder');
  });

  it('is told why, where the engine is chosen', async () => {
    await window.page.locator('.part.statusbar .statusbar-item', { hasText: 'KEDRec' }).first().click();
    const why = window.quick.locator('.monaco-list-row', { hasText: 'This folder is not trusted' });
    await why.waitFor();
    assert.match(await why.innerText(), /settings of engine, endpoint, prompt and privacy are ignored/);
    const rows = await window.quickPickRows();
    assert.ok(!rows.some(row => row.includes(new URL(endpoint.url).host)), rows.join(' | '));
    await window.screenshot('trust-untrusted-switcher');
    await window.page.keyboard.press('Escape');
    assert.deepEqual(endpoint.seen, []);
  });

  it('uses the settings of the folder once it is trusted, without a reload', async () => {
    await window.command('Workspaces: Manage Workspace Trust');
    const trust = window.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first();
    await trust.waitFor();
    await window.screenshot('trust-manage');
    await trust.click();
    await window.statusBar('KEDRec: folder');
    await window.page.locator('.modal-editor-block, .modal-editor-part, .monaco-modal-editor-block').locator('.codicon-close, .codicon-chrome-close').first().click({ timeout: 5000 }).catch(() => window.page.keyboard.press('Escape'));
    await recommend();
    for (const end = Date.now() + 30_000; !endpoint.seen.some(({ url }) => url.endsWith('/chat/completions')); await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, 'the endpoint of the folder was not asked'); }
    assert.ok(endpoint.seen.every(({ headers }) => headers['x-folder'] === 'synthetic'));
    const frame = await window.webview('#root .card');
    await frame.locator('.engine', { hasText: 'folder: ' }).waitFor({ timeout: 30_000 });
    await window.screenshot('trust-trusted-panel');
  });
});
