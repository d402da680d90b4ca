// A language model of VS Code, brought by another extension (languageModelProvider/): chosen, asked about privacy, streamed, cancelled, too small.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { copyWorkspace, openWorkbench, startServer, vsixPath } from './harness.mjs';
import { recorder, scripted } from './scripted.mjs';

/** The provider's folder as a package. */
function pack(folder) {
  const out = join(folder, 'models.vsix');
  execFileSync(process.execPath, [resolve('node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--skip-license', '--out', out], { cwd: 'test/e2e/languageModelProvider', stdio: 'pipe' });
  return out;
}

describe('a language model of VS Code', function () {
  this.timeout(150_000);
  let target;
  let endpoint;
  let workspace;
  let scratch;
  let server;
  let window;

  before(async function () {
    if (process.env.KEDREC_VSCODE === 'minimum') { this.skip(); } // providers came with 1.104
    // KEDREC_TEST_MODEL: a real server (address with /v1) instead of the scripted one.
    target = process.env.KEDREC_TEST_MODEL ? { url: process.env.KEDREC_TEST_MODEL.replace(/\/v1$/, ''), stop: () => undefined } : await scripted('unhurried');
    endpoint = await recorder(target.url);
    workspace = copyWorkspace();
    scratch = mkdtempSync(join(tmpdir(), 'kedrec-models-'));
    server = await startServer({
      theme: 'dark', vsix: [vsixPath(), pack(scratch)], env: { KEDREC_TEST_MODEL: `http://127.0.0.1:${endpoint.port}/v1` },
      settings: { 'chat.disableAIFeatures': false, 'window.dialogStyle': 'custom', 'kedrec.endpoints': { small: { kind: 'vscode-lm', model: 'kedrec-test/small' }, refusing: { kind: 'vscode-lm', model: 'kedrec-test/refusing' } } },
    });
    window = await openWorkbench(server, { folder: workspace.folder });
    await window.page.locator('.part.statusbar .statusbar-item', { hasText: 'KEDRec' }).first().waitFor({ timeout: 90_000 }); // two extensions start
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    endpoint?.close();
    target?.stop();
    workspace?.remove();
    if (scratch) { rmSync(scratch, { recursive: true, force: true }); }
  });
  afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-lm-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

  const row = text => window.quick.locator('.monaco-list-row', { hasText: text }).first();
  const recommend = async () => {
    await window.open('cardiology-heart-failure.md');
    await window.goToLine(15);
    await window.page.keyboard.press('Control+Alt+R');
  };
  const use = async name => {
    await window.page.locator('.part.statusbar .statusbar-item', { hasText: 'KEDRec' }).first().click();
    await row(name).click();
    await window.statusBar(`KEDRec: ${name}`);
  };

  it('is found and chosen step by step', async () => {
    await window.statusBar('KEDRec');
    await window.command('KEDRec: Add Endpoint...', { staysOpen: true });
    await row('Language model of VS Code').click();
    await row('kedrec-test/roomy').waitFor({ timeout: 30_000 });
    await window.screenshot('lm-models');
    await row('kedrec-test/roomy').click();
    await window.quick.locator('text=Name, such as student').first().waitFor();
    await window.page.keyboard.press('Control+A');
    await window.page.keyboard.type('editor');
    await window.page.keyboard.press('Enter');
    assert.match(await window.notification('VS Code has the language model'), /Test Model \(kedrec-test\/roomy\).*100,000 tokens/);
    await window.statusBar('KEDRec: editor');
    assert.deepEqual(endpoint.seen, [], 'nothing was sent');
  });

  it('is no program of this machine: the case is shown before it is sent', async () => {
    await recommend();
    await row('Do Not Send').waitFor();
    await window.page.waitForTimeout(500);
    await window.screenshot('lm-privacy');
    assert.deepEqual(endpoint.seen, []);
    await window.page.keyboard.press('Enter'); // de-identified, always
    const allow = window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Allow' });
    for (const end = Date.now() + 30_000; endpoint.chats().length === 0; await window.page.waitForTimeout(100)) {
      if (await allow.count() > 0) { await window.screenshot('lm-consent'); await allow.first().click(); }
      assert.ok(Date.now() < end, 'the model was not asked');
    }
    const frame = await window.webview('#root .card');
    assert.equal(await frame.locator('.state.working').count(), 1, 'cards come while it writes');
    await window.screenshot('lm-streaming');
    await frame.locator('footer').waitFor({ timeout: 120_000 });
    assert.match(await frame.locator('.engine').innerText(), /editor: kedrec-test\/roomy at VS Code/);
    assert.match(await frame.locator('footer .usage').innerText(), /tokens read.*tokens\/s/);
    await window.screenshot('lm-answer');
  });

  it('stops writing when it is cancelled', async () => {
    const before = endpoint.chats().length;
    await recommend();
    for (const end = Date.now() + 30_000; endpoint.chats().length === before; await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, 'not asked'); }
    await window.page.waitForTimeout(500);
    await window.command('KEDRec: Cancel Recommendation');
    for (const end = Date.now() + 10_000; !endpoint.chats().at(-1).aborted; await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, 'the model went on'); }
  });

  it('gets less evidence where it takes little', async () => {
    await use('small');
    await recommend();
    const frame = await window.webview('#root footer details.left-out', 90_000);
    assert.match(await frame.locator('footer details.left-out summary').innerText(), /left out to fit the model.s context of 3,000 tokens/);
    await window.screenshot('lm-small');
  });

  it('says so when a prompt is too long even with less evidence, without repeating it', async () => {
    await use('refusing');
    await recommend();
    const frame = await window.webview('#root .state.error, #root .error', 60_000);
    const text = await frame.locator('#root').innerText();
    assert.match(text, /does not fit the model.s context of 3000 tokens/);
    assert.ok(!/You are KEDRec/.test(text));
    await window.screenshot('lm-too-long');
  });
});
