// Evidence of one's own: an index from files (with a table whose fields are asked), one from the official services (played by a local server), and the list of both.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLiveServer, syntheticServices } from '../live/server.mjs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

for (const theme of ['light', 'dark']) {
  describe(`evidence of one's own, ${theme}`, function () {
    this.timeout(120_000);
    let live;
    let server;
    let workspace;
    let window;
    let corpus;

    before(async () => {
      live = await startLiveServer(syntheticServices());
      corpus = mkdtempSync(join(tmpdir(), 'kedrec-corpus-'));
      writeFileSync(join(corpus, 'trials.jsonl'), ['{"_id":"SYN-1","title":"Zorvaxil in quibbler fever","text":"Synthetic. Zorvaxil shortened quibbler fever."}', '{broken', ''].join('\n'));
      writeFileSync(join(corpus, 'table.csv'), 'heading,wording\nPlimdorane,"Synthetic. Plimdorane did not help against quibbler fever."\n');
      workspace = copyWorkspace();
      server = await startServer({ theme });
      // Addresses of services are settings of the machine, not of a workspace.
      mkdirSync(join(server.userDataDir, 'Machine'), { recursive: true });
      writeFileSync(join(server.userDataDir, 'Machine/settings.json'), JSON.stringify({ 'kedrec.fetch.baseUrls': live.baseUrls }));
      window = await openWorkbench(server, { folder: workspace.folder });
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      await live?.stop();
      workspace?.remove();
      if (corpus) { rmSync(corpus, { recursive: true, force: true }); }
    });
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-evidence-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

    const row = text => window.quick.locator('.monaco-list-row', { hasText: text }).first();
    const enter = () => window.page.keyboard.press('Enter');
    const title = text => window.quick.locator('.quick-input-title', { hasText: text }).waitFor();
    /** The dialog of a server window is a path to type. It puts one of its own first, some time after it opened. */
    const typePath = async (path, button, name) => {
      const input = window.quick.locator('input').first();
      await window.quick.locator('.monaco-list-row', { hasText: '..' }).first().waitFor();
      await window.page.waitForTimeout(1500);
      await input.fill(path);
      await window.page.waitForTimeout(1000);
      if (name) { await shot(name); }
      await window.quick.locator('.monaco-button', { hasText: button }).first().click();
    };
    const shot = async name => {
      await window.page.waitForTimeout(300);
      await window.screenshot(`evidence-${theme}-${name}`);
    };

    it('builds an index from a folder, asking for the fields of a table', async () => {
      await window.command('KEDRec: Build Evidence Index', { staysOpen: true });
      await row('Folder...').click();
      await typePath(`${corpus}/`, 'Build Index', 'build-folder');
      await row('In this workspace').waitFor();
      await shot('build-where');
      await enter();
      await title('Fields of table.csv');
      await row('heading').waitFor();
      await shot('build-fields');
      await row('None').click();
      await window.quick.locator('input[placeholder*="title"]').waitFor();
      await row('heading').click();
      await window.quick.locator('input[placeholder*="text"]').waitFor();
      await row('wording').click();
      await enter();
      const told = await window.notification('Evidence index "');
      assert.match(told, /: 2 documents, 2 passages; 1 records skipped, 0 duplicates merged/);
      await shot('build-done');
      await window.notificationButton('Evidence index "', 'Show Details');
      await window.page.locator('.view-line', { hasText: 'broken JSON' }).first().waitFor();
      await shot('build-details');
      await window.clearNotifications();
    });

    it('fetches evidence: disease of the case, what is sent, counts, index', async () => {
      await window.open('rheumatology-gout.md');
      await window.goToLine(5);
      await window.command('KEDRec: Fetch Evidence', { staysOpen: true });
      await title('Fetch Evidence (1/3): Disease');
      await row('gout').waitFor();
      await shot('fetch-disease');
      await window.quick.locator('input').first().fill('quibbler fever');
      await row('as typed').waitFor();
      await enter();
      await title('Fetch Evidence (2/3): Drug');
      await row('No drug').waitFor();
      await shot('fetch-drug');
      await window.quick.locator('input').first().fill('zorvaxil');
      await row('as typed').waitFor();
      assert.equal(live.requests.length, 0);
      await enter();
      const dialog = window.page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      assert.match((await dialog.innerText()).replace(/\s+/g, ' '), /Send the names "quibbler fever" and "zorvaxil" to ClinicalTrials\.gov, PubMed, Europe PMC, openFDA\?.*never text of a case.*127\.0\.0\.1/);
      await shot('fetch-consent');
      assert.equal(live.requests.length, 0);
      await dialog.locator('.monaco-button', { hasText: 'Send in This Workspace' }).click();
      await title('Fetch Evidence (3/3)');
      await row('120 records').waitFor();
      await row('7 records').waitFor();
      await row('2 records').waitFor();
      await shot('fetch-sources');
      await row('Europe PMC').locator('.monaco-checkbox, input[type=checkbox], .quick-input-list-checkbox').first().click();
      await window.quick.locator('.monaco-button', { hasText: 'OK' }).click();
      const told = await window.notification('Evidence on quibbler fever, zorvaxil', 60_000);
      assert.match(told, /129 documents, \d+ passages\. Search and recommendations use it/);
      assert.ok(!live.requests.some(({ url }) => url.pathname.includes('fullTextXML')));
      assert.ok(live.requests.every(({ url }) => !/72-year|man with|flare|metatars/i.test(decodeURIComponent(url.search))), 'names only');
      await shot('fetch-done');
      await window.notificationButton('Evidence on quibbler fever', 'Show What Was Asked');
      await window.page.locator('.view-line', { hasText: /Disease:\s+quibbler\s+fever/ }).first().waitFor();
      await shot('fetch-asked');
      await window.clearNotifications();
    });

    it('shows a retraction in the search, and the index in the list', async () => {
      await window.command('KEDRec: Search Evidence', { staysOpen: true });
      await title('KEDRec: Search Evidence');
      await window.page.keyboard.type('synthetic report 1 zorvaxil 11 invented patients');
      await row('Retracted').waitFor();
      await shot('search-retracted');
      await window.page.keyboard.press('Escape');
      await window.command('KEDRec: Manage Evidence Indexes', { staysOpen: true });
      await row('quibbler fever, zorvaxil (fetched)').waitFor();
      const text = (await window.quickPickRows()).join('\n').replace(/\u00a0/g, ' ');
      assert.match(text, /fetched \d{4}-\d\d-\d\d: ClinicalTrials\.gov 7 of 7, PubMed 120 of 120, openFDA 2 of 2/);
      assert.match(text, /Bundled evidence/);
      await shot('manage');
      await row('quibbler fever, zorvaxil (fetched)').hover();
      const asked = live.requests.length;
      await row('quibbler fever, zorvaxil (fetched)').locator('.codicon-sync').click();
      await window.notification('Evidence on quibbler fever, zorvaxil', 60_000);
      assert.ok(live.requests.length > asked);
      await window.clearNotifications();
    });

    it('says what to do without network, and uses saved answers', async () => {
      const gone = { reset: true };
      live.faults.push(...Array.from({ length: 200 }, () => gone));
      await window.command('KEDRec: Manage Evidence Indexes', { staysOpen: true });
      await row('quibbler fever, zorvaxil (fetched)').hover();
      await row('quibbler fever, zorvaxil (fetched)').locator('.codicon-sync').click();
      const told = await window.notification('No evidence was fetched', 90_000);
      assert.match(told, /cannot be reached \(\w+\)\. Check the network and the proxy settings/);
      await shot('no-network');
      await window.notificationButton('No evidence was fetched', 'Use Saved Answers');
      await window.notification('Evidence on quibbler fever, zorvaxil', 60_000);
      live.faults.length = 0;
      await window.clearNotifications();
    });

    it('goes on when an index of the list is damaged, and leads to the list', async () => {
      const bad = join(corpus, 'bad.kdx');
      writeFileSync(bad, 'no index any more');
      await window.command('KEDRec: Build Evidence Index', { staysOpen: true });
      await row('Folder...').click();
      await typePath(`${corpus}/`, 'Build Index');
      await row('Save As').click();
      await typePath(join(corpus, 'other.kdx'), 'OK');
      await row('Same Fields as Before').waitFor();
      await shot('fields-again');
      await enter();
      await window.notification('Evidence index "other"');
      await window.clearNotifications();
      writeFileSync(join(corpus, 'other.kdx'), 'damaged');
      await window.command('KEDRec: Search Evidence', { staysOpen: true });
      await title('KEDRec: Search Evidence');
      await window.page.keyboard.type('gout colchicine');
      await row('colchicine').waitFor();
      await window.page.keyboard.press('Escape');
      assert.match(await window.notification('other.kdx is not searched'), /the others are/);
      await shot('damaged');
      await window.notificationButton('other.kdx is not searched', 'Manage Evidence Indexes');
      await row('Bundled evidence').waitFor();
      await window.page.keyboard.press('Escape');
    });
  });
}
