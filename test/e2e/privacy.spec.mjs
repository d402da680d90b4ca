// What leaves this machine: the diff and the question before the first send, in a light and a dark window; the policy of a host.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';
import { recorder, scripted } from './scripted.mjs';

const note = `Patient: Alvina Quennell, MRN 0045821, DOB 03/14/1951. Mrs Quennell, a 70-year-old woman from Ashby, Ohio, was seen
by Dr. Fernsby at Northgate Memorial Hospital on 11/02/2021 with an acute flare of gout and Parkinson disease. Her daughter
Odalys (555-555-0142, odalys@example.org) gives her colchicine 0.5 mg, 1/2 tablet at night. BP 132/84. Allergies: penicillin.
`;
const secrets = ['Alvina', 'Quennell', '0045821', '03/14', 'Ashby', 'Fernsby', 'Northgate', '11/02', 'Odalys', '555-0142', 'odalys@'];

/** The scripted server behind a recorder, at an address that is not known as this machine's: as good as any other host. */
async function recorded() {
  const target = await scripted();
  const front = await recorder(target.url);
  return { url: `http://0.0.0.0:${front.port}/v1`, get bodies() { return front.seen.map(({ body }) => body); }, close: () => { front.close(); target.stop(); } };
}

for (const theme of ['light', 'dark']) {
  describe(`privacy, ${theme}`, function () {
    this.timeout(120_000);
    let endpoint;
    let workspace;
    let server;
    let window;

    before(async () => {
      endpoint = await recorded();
      workspace = copyWorkspace();
      writeFileSync(workspace.file('case-notes/identified.md'), note);
      server = await startServer({ theme, settings: { 'kedrec.engine': 'endpoint', 'kedrec.endpoint.baseUrl': endpoint.url, 'window.dialogStyle': 'custom' } });
      window = await openWorkbench(server, { folder: workspace.folder });
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      endpoint?.close();
      workspace?.remove();
    });
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-privacy-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

    const row = text => window.quick.locator('.monaco-list-row', { hasText: text }).first();
    const diff = () => window.page.locator('.monaco-diff-editor');
    const ask = async () => {
      await window.page.locator('.tab', { hasText: 'identified.md' }).first().click();
      await window.goToLine(2);
      await window.page.keyboard.press('Control+Alt+R');
      await diff().waitFor();
      await row('Do Not Send').waitFor();
      await window.page.waitForTimeout(600);
    };

    it('shows the case beside what would be sent, and asks', async () => {
      await window.open('identified.md');
      await ask();
      await window.screenshot(`${theme}-privacy-question`);
      assert.match(await window.quick.innerText(), /Send the case to 0\.0\.0\.0:\d+\?/);
      const rows = await window.quickPickRows();
      assert.equal(rows.length, 4, rows.join(' | '));
      const placeholder = await window.quick.locator('input').first().getAttribute('placeholder');
      for (const part of [/4 names/, /\d places?/, /\d dates?/, /1 phone number/]) { assert.match(placeholder, part); }
      for (const secret of secrets) { assert.ok(!placeholder.includes(secret)); }
    });

    it('sends nothing when told not to', async () => {
      await row('Do Not Send').click();
      await diff().waitFor({ state: 'detached' });
      assert.deepEqual(endpoint.bodies, []);
    });

    it('asks twice before the text goes as it is', async () => {
      await ask();
      await row('Send as It Is').click();
      const dialog = window.page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      await window.screenshot(`${theme}-privacy-as-it-is`);
      await window.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await diff().waitFor({ state: 'detached' });
      assert.deepEqual(endpoint.bodies, []);
    });

    it('sends the de-identified case, shows the answer, and does not ask again', async () => {
      await ask();
      await window.page.keyboard.press('Enter'); // de-identified, always: the first one
      const frame = await window.webview('#root .card');
      await frame.locator('footer').waitFor();
      await diff().waitFor({ state: 'detached' });
      const chats = endpoint.bodies.filter(body => body.includes('messages'));
      assert.ok(chats.length > 0);
      for (const body of chats) { for (const secret of secrets) { assert.ok(!body.includes(secret), secret); } }
      for (const kept of ['acute flare of gout', 'Parkinson disease', 'colchicine 0.5 mg, 1/2 tablet', 'BP 132/84', '[NAME-1]', 'Ohio', '70-year-old']) { assert.ok(chats.at(-1).includes(kept), kept); }
      assert.match(await frame.locator('.case-text').innerText(), /^Patient: Alvina Quennell/, 'the panel shows the case as it is');
      const before = chats.length;
      await window.page.locator('.tab', { hasText: 'identified.md' }).first().click();
      await window.goToLine(2);
      await window.page.keyboard.press('Control+Alt+R');
      for (const end = Date.now() + 20_000; endpoint.bodies.filter(body => body.includes('messages')).length === before; await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, 'asked again'); }
      assert.equal(await diff().count(), 0);
    });

    it('shows and changes the policy of the host', async () => {
      await window.command('KEDRec: Privacy for This Host', { staysOpen: true });
      await row('Never Send').waitFor();
      assert.match((await window.quickPickRows()).join(' | '), /Always De-identify.*current \(workspace\)/s);
      await window.screenshot(`${theme}-privacy-policy`);
      await row('Never Send').click();
      await window.quick.waitFor({ state: 'hidden' });
      const before = endpoint.bodies.length;
      await window.page.locator('.tab', { hasText: 'identified.md' }).first().click();
      await window.goToLine(2);
      await window.page.keyboard.press('Control+Alt+R');
      await window.notification('Nothing is sent to 0.0.0.0');
      assert.equal(endpoint.bodies.length, before);
    });

    it('previews the de-identified case at any time', async () => {
      await window.page.locator('.tab', { hasText: 'identified.md' }).first().click();
      await window.goToLine(2);
      await window.command('KEDRec: Preview De-identified Case');
      await diff().waitFor();
      await window.notification('De-identified: ');
      await window.page.waitForTimeout(500);
      await window.screenshot(`${theme}-privacy-preview`);
    });
  });
}
