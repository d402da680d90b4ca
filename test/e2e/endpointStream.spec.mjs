// An answer that comes slowly: what can be read before it is whole, what is never shown, and that cancelling reaches the server. Light, dark and high contrast.
import assert from 'node:assert/strict';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';
import { recorder, scripted } from './scripted.mjs';

for (const theme of ['light', 'dark', 'contrast']) {
  describe(`a slow answer, ${theme}`, function () {
    this.timeout(120_000);
    let target;
    let endpoint;
    let workspace;
    let server;
    let window;

    before(async () => {
      target = await scripted('unhurried-thinking');
      endpoint = await recorder(target.url);
      workspace = copyWorkspace();
      server = await startServer({ theme, settings: { 'kedrec.engine': 'endpoint', 'kedrec.endpoint.baseUrl': `http://127.0.0.1:${endpoint.port}/v1` } });
      window = await openWorkbench(server, { folder: workspace.folder });
      await window.open('cardiology-heart-failure.md');
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      endpoint?.close();
      target?.stop();
      workspace?.remove();
    });
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-stream-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

    const recommend = async () => {
      await window.page.locator('.tab', { hasText: 'cardiology-heart-failure.md' }).first().click();
      await window.goToLine(15);
      await window.page.keyboard.press('Control+Alt+R');
    };

    it('shows the first drug and its first claim while the rest is written, and no thought', async () => {
      await recommend();
      const frame = await window.webview('#root .card .claim, #root .card [class*=claim]');
      assert.equal(await frame.locator('.state.working').count(), 1, 'still being written');
      const cards = await frame.locator('.card').count();
      assert.ok(cards >= 1);
      await window.screenshot(`stream-${theme}-first-claim`);
      let thoughts = 0;
      for (const end = Date.now() + 90_000; await frame.locator('footer').count() === 0; await window.page.waitForTimeout(400)) {
        if (/musing|<think>/.test(await frame.locator('#root').innerText())) { thoughts++; }
        assert.ok(Date.now() < end, 'the answer never ended');
      }
      assert.equal(thoughts, 0);
      assert.ok(await frame.locator('.card').count() > cards, 'more came after the first');
      assert.ok(!/musing|<think>/.test(await frame.locator('#root').innerText()));
      assert.match(await frame.locator('footer .usage').innerText(), /tokens\/s/);
      assert.match(await frame.locator('footer details.left-out summary').innerText(), /left out to fit the model.s context of 4,000 tokens/);
      await window.screenshot(`stream-${theme}-whole`);
    });

    it('is cancelled on the server, too', async () => {
      const before = endpoint.chats().length;
      await recommend();
      for (const end = Date.now() + 30_000; endpoint.chats().length === before; await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, 'not asked'); }
      const frame = await window.webview('#root .state.working');
      await frame.locator('.state.working vscode-button, .state.working button').first().click();
      for (const end = Date.now() + 10_000; !endpoint.chats().at(-1).aborted; await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, 'the server went on'); }
      await window.screenshot(`stream-${theme}-cancelled`);
    });
  });
}
