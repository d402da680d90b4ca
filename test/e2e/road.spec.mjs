// The main road, as a researcher walks it, in a light, a dark and a high-contrast window: select, recommend, read, judge, insert, search.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

for (const theme of ['light', 'dark', 'contrast']) {
  describe(`the main road, ${theme}`, function () {
    this.timeout(120_000);
    let server;
    let workspace;
    let window;
    const complaints = [];

    before(async () => {
      workspace = copyWorkspace();
      server = await startServer({ theme, settings: { 'kedrec.reviewer': 'A. Reviewer' } });
      window = await openWorkbench(server, { folder: workspace.folder });
      window.page.on('console', message => { if (/Content Security Policy/i.test(message.text())) { complaints.push(message.text()); } });
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      workspace?.remove();
    });

    /** Texts that decorations add to the editor: they are generated content, not text of the page. */
    const decorations = () => window.page.evaluate(() => [...document.querySelectorAll('.view-line span')]
      .flatMap(element => [document.defaultView.getComputedStyle(element, '::before').content, document.defaultView.getComputedStyle(element, '::after').content]).join(' ').replace(/\u00a0/g, ' '));
    const panel = () => window.webview('#root .card');
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });
    const wide = async () => {
      const sidebar = await window.page.locator('.part.sidebar').boundingBox();
      await window.page.mouse.move(sidebar.x + sidebar.width, 450);
      await window.page.mouse.down();
      await window.page.mouse.move(sidebar.x + sidebar.width + 210, 450, { steps: 6 });
      await window.page.mouse.up();
      await window.page.mouse.move(900, 700);
    };

    it('shows an empty panel that says what to do', async () => {
      await window.page.locator('.activitybar a[aria-label="KEDRec"], .activitybar .action-label[aria-label^="KEDRec"]').first().click();
      await wide();
      const frame = await window.webview('.state.empty');
      await frame.locator('text=Nothing to review yet').waitFor();
      await window.page.waitForTimeout(400);
      await window.screenshot(`${theme}-empty`);
    });

    it('recommends for the paragraph under the cursor, by key', async () => {
      await window.open('cardiology-heart-failure.md');
      await window.goToLine(15);
      await window.page.keyboard.press('Control+Alt+R');
      const frame = await panel();
      await frame.locator('footer').waitFor();
      assert.match(await frame.locator('.card').first().getAttribute('aria-label'), /Recommend/);
      assert.match(await frame.locator('.case-text').innerText(), /^Newly diagnosed heart failure/);
      assert.deepEqual(await frame.locator('mark.mention.disease').allInnerTexts(), ['heart failure with reduced ejection fraction', 'type 2 diabetes', 'Angioedema']);
      assert.deepEqual(await frame.locator('mark.mention.allergy').allInnerTexts(), ['ramipril']);
      assert.match(await frame.locator('.card.avoid .safety.avoid').first().innerText(), /Avoid: .*ramipril.*same class/s);
      assert.match(await frame.locator('.engine').innerText(), /no language model/);
      assert.match(await frame.locator('footer .research').innerText(), /research only/);
      await window.page.locator('.view-line', { hasText: 'Newly diagnosed' }).first().waitFor();
      assert.match(await decorations(), /KEDRec: Recommend/);
      await window.page.waitForTimeout(300);
      await window.screenshot(`${theme}-recommendation`);
    });

    it('opens the passage behind a claim, with its sentence marked and its source', async () => {
      const frame = await panel();
      const item = frame.locator('.card').first().locator('.claim').filter({ hasText: 'PMID:' }).first();
      const citation = item.locator('.citation').first();
      const claim = (await item.locator('.claim-text').innerText()).trim();
      await citation.click();
      const passage = frame.locator('.passage').first();
      await passage.locator('blockquote').waitFor();
      assert.equal((await passage.locator('mark.quoted').innerText()).trim(), claim);
      assert.match(await passage.locator('.link').getAttribute('title'), /^https:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/\d+\/$/);
      await citation.scrollIntoViewIfNeeded();
      await window.page.waitForTimeout(200);
      await window.screenshot(`${theme}-passage`);
      await citation.click();
      assert.equal(await frame.locator('.passage').count(), 0);
    });

    it('judges by keys: accept, reject, skip, edit, undo', async () => {
      const frame = await panel();
      const card = n => frame.locator('.card').nth(n);
      await card(0).locator('h3').click();
      await card(0).focus();
      await window.page.keyboard.press('a');
      await card(0).locator('.verdict', { hasText: 'accepted by A. Reviewer' }).waitFor();
      await window.page.keyboard.press('r'); // focus has moved to the next one without a verdict
      await card(1).locator('.verdict', { hasText: 'rejected' }).waitFor();
      await window.page.keyboard.press('s');
      await card(2).locator('.verdict', { hasText: 'skipped' }).waitFor();
      await window.page.keyboard.press('e');
      await card(3).locator('vscode-text-area').waitFor();
      for (const end = Date.now() + 5000; await frame.evaluate(() => document.activeElement?.localName) !== 'vscode-text-area'; await window.page.waitForTimeout(50)) { assert.ok(Date.now() < end, 'the text has the focus'); }
      // Not Ctrl+A: the workbench handles it for webviews, some time later, and would select what is typed meanwhile.
      await card(3).locator('textarea').selectText();
      await window.page.keyboard.type('In my own words: a synthetic remark.');
      await window.screenshot(`${theme}-edit`);
      await window.page.keyboard.press('Control+Enter');
      await card(3).locator('.own-words', { hasText: 'In my own words' }).waitFor();
      await window.page.keyboard.press('u');
      await card(3).locator('.verdict').waitFor({ state: 'detached' });
      await window.screenshot(`${theme}-reviewed`);
      const events = readFileSync(workspace.file('case-notes/cardiology-heart-failure.md.kedrec.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line));
      assert.deepEqual(events.map(({ event, verdict }) => verdict ?? event), ['annotated', 'accepted', 'rejected', 'skipped', 'edited', 'review-undone']);
      assert.ok(!readFileSync(workspace.file('case-notes/cardiology-heart-failure.md.kedrec.jsonl'), 'utf8').includes('Newly diagnosed'), 'no text of the case is kept');
    });

    it('shows a hover on the case that opens the panel', async () => {
      const word = window.page.locator('.view-line', { hasText: 'Newly diagnosed' }).first();
      const box = await word.boundingBox();
      await window.page.mouse.move(box.x + 40, box.y + box.height / 2);
      const hover = window.page.locator('.monaco-hover', { hasText: 'Open Rationale' }).first();
      await hover.waitFor();
      assert.match((await hover.innerText()).replace(/\u00a0/g, ' '), /research only/i);
      await window.screenshot(`${theme}-hover`);
      await window.page.keyboard.press('Escape');
      await window.page.mouse.move(900, 700);
    });

    it('inserts a readable block, and takes it back with one undo', async () => {
      const file = workspace.file('case-notes/cardiology-heart-failure.md');
      const before = readFileSync(file, 'utf8');
      await window.page.locator('.view-line', { hasText: 'Newly diagnosed' }).first().click();
      await window.command('KEDRec: Insert Recommendation into File');
      await window.page.locator('.view-line', { hasText: 'KEDRec recommendation' }).first().waitFor();
      await window.screenshot(`${theme}-insert`);
      assert.match(await window.editorText(), /### KEDRec recommendation\n\n- \*\*Recommend: .*accepted by A\. Reviewer/);
      await window.page.keyboard.press('Control+Z');
      await window.page.keyboard.press('Control+S');
      await window.page.waitForTimeout(500);
      assert.equal(readFileSync(file, 'utf8'), before);
    });

    it('searches the evidence while typing and opens an entry', async () => {
      await window.command('KEDRec: Search Evidence', { staysOpen: true });
      await window.quick.locator('input').first().waitFor();
      await window.page.keyboard.type('colchicine gout');
      await window.quick.locator('.monaco-list-row', { hasText: /colchicine/i }).first().waitFor();
      await window.screenshot(`${theme}-search`);
      await window.page.keyboard.press('Enter');
      await window.page.locator('.view-line', { hasText: 'https://' }).first().waitFor();
      await window.screenshot(`${theme}-entry`);
    });

    it('says why nothing is recommended for a healthy person', async () => {
      await window.open('health-check.md');
      await window.goToLine(5);
      await window.page.keyboard.press('Control+Alt+R');
      const frame = await window.webview('.state.nothing');
      assert.match(await frame.locator('.state.nothing').innerText(), /no disease that is present now.*asthma \(ruled out\)/s);
      await window.page.waitForTimeout(300);
      await window.screenshot(`${theme}-nothing`);
      assert.ok(!existsSync(workspace.file('case-notes/health-check.md.kedrec.jsonl')));
    });

    it('restores annotations when the window is opened again', async () => {
      await window.page.reload();
      await window.page.waitForSelector('.monaco-workbench .part.statusbar');
      await window.page.locator('.tab', { hasText: /^cardiology-heart-failure\.md$/ }).click();
      for (const end = Date.now() + 60_000; !/KEDRec: Recommend/.test(await decorations()); await window.page.waitForTimeout(200)) { assert.ok(Date.now() < end, 'the case is marked again'); }
      const row = window.page.locator('.sidebar .monaco-list-row', { hasText: /3\/\d+ reviewed/ }).first();
      await row.waitFor({ timeout: 30_000 });
      await row.click();
      const frame = await panel();
      await frame.locator('.verdict', { hasText: 'accepted by A. Reviewer' }).waitFor();
    });

    it('breaks no rule of its content security policy', () => assert.deepEqual(complaints, []));
  });
}
