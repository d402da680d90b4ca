// Annotating a whole file and reviewing it in the queue, in a light and a dark window; and VS Code killed in the middle of it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer as startVscode, stillSettings } from '../../tools/vscode/server.mjs';
import { openWorkbench, vsixPath } from './harness.mjs';
import { annotatedIds, annotateFile, dialog, eventsIn, inWindow, showSideBar, until, viewOf } from './reviewing.mjs';

const diseases = ['gout', 'type 2 diabetes', 'hypertension', 'asthma', 'migraine', 'psoriasis', 'osteoporosis', 'epilepsy'];
const record = (i, more = {}) => ({ id: `P-${i}`, text: `Synthetic ${i}: an adult of ${20 + i} years with ${diseases[i % diseases.length]} asks for treatment.`, ...more });
const jsonl = records => records.map(one => `${JSON.stringify(one)}\n`).join('');

for (const theme of ['light', 'dark']) {
  inWindow('annotation queue', theme, {
    viewport: { width: 1500, height: 1000 },
    prepare: workspace => {
      mkdirSync(workspace.file('queue'));
      const records = Array.from({ length: 24 }, (_, i) => record(i, i === 3 || i === 9 ? { label: 'ibuprofen' } : {}));
      records.push({ id: 'W-1', text: 'Synthetic: the weather was fine.' });
      writeFileSync(workspace.file('queue/cohort.jsonl'), `${jsonl(records.slice(0, 12))}{"id": "broken"\n${jsonl(records.slice(12))}`);
    },
  }, room => {
    const { pane, rows, header } = viewOf(room, 'Annotation Queue');
    let window;
    let workspace;
    let sidecar;
    before(async () => {
      ({ window, workspace } = room);
      sidecar = workspace.file('queue/cohort.jsonl.kedrec.jsonl');
      await showSideBar(window);
    });
    const reviews = () => eventsIn(sidecar).filter(({ event }) => event === 'reviewed');

    /** Narrows the queue by the filter's name. */
    const narrow = async name => {
      await window.command('KEDRec: Filter Annotation Queue', { staysOpen: true });
      const row = window.quick.locator('.monaco-list-row', { hasText: name }).first();
      await row.waitFor({ timeout: 15_000 });
      if (name === 'Disagrees with label') { await window.screenshot(`queue-${theme}-filter`); }
      await row.click();
      await window.quick.waitFor({ state: 'hidden' });
    };

    it('an empty queue says what to do', async () => {
      await window.open('queue/cohort.jsonl');
      await pane().locator('text=Nothing in this file is annotated yet').waitFor({ timeout: 30_000 });
      await window.page.waitForTimeout(400);
      await window.screenshot(`queue-${theme}-empty`);
    });

    it('annotates the file after saying how many, by what, and where the answers go', async () => {
      await annotateFile(window);
      const box = window.page.locator('.monaco-dialog-box');
      await box.waitFor();
      await window.screenshot(`queue-${theme}-question`);
      const text = await dialog(window, 'Annotate 25 Records');
      assert.match(text, /Annotate 25 of 26 records of cohort\.jsonl\?/);
      assert.match(text, /1 record cannot be read/);
      assert.match(text, /evidence engine, on this machine: nothing is sent/);
      await window.page.locator('.part.statusbar .statusbar-item', { hasText: / of 26/ }).first().waitFor({ timeout: 30_000 });
      await window.screenshot(`queue-${theme}-progress`);
      await window.notification('25 annotated', 60_000);
      assert.equal(new Set(annotatedIds(sidecar)).size, 25);
    });

    it('lists every case with its state in words, progress and a badge', async () => {
      await until(async () => (await rows()).length >= 8 && /0 of 25 reviewed/.test(await header()), 'the rows');
      assert.match((await rows())[0], /^P-0 ?not reviewed .*recommend /);
      const label = await pane().locator('.monaco-list-row').first().getAttribute('aria-label');
      assert.match(label, /P-0, not reviewed/);
      await window.page.locator('.activitybar .badge-content', { hasText: '25' }).first().waitFor();
      await window.page.waitForTimeout(300);
      await window.screenshot(`queue-${theme}-list`);
    });

    it('is worked off by keys: select, accept, reject, skip, each goes on to the next record', async () => {
      await pane().locator('.monaco-list-row', { hasText: 'P-0' }).first().click();
      await window.page.locator('.part.statusbar .statusbar-item', { hasText: /^Ln 1,/ }).first().waitFor();
      for (const [key, line] of [['a', 2], ['r', 3], ['s', 4]]) {
        await window.page.keyboard.press(key);
        await window.page.locator('.part.statusbar .statusbar-item', { hasText: new RegExp(`^Ln ${line},`) }).first().waitFor({ timeout: 15_000 });
      }
      await until(async () => /3 of 25 reviewed/.test(await header()), 'the progress');
      assert.deepEqual(reviews().map(({ verdict, reviewer }) => `${verdict} ${reviewer}`), ['accepted A. Reviewer', 'rejected A. Reviewer', 'skipped A. Reviewer']);
      await window.page.waitForTimeout(300);
      await window.screenshot(`queue-${theme}-reviewed`);
    });

    it('filters with counts, and says why each row is there', async () => {
      await narrow('Disagrees with label');
      await until(async () => (await rows()).length === 2, 'two rows');
      assert.match((await rows())[0], /P-3.*Label ibuprofen; recommended/);
      await window.page.waitForTimeout(300);
      await window.screenshot(`queue-${theme}-label`);
      await narrow(/^All/);
    });

    it('a colleague\'s reviews are merged, agreement is shown, and a third person adjudicates', async () => {
      const own = readFileSync(sidecar, 'utf8');
      const [first, second] = own.trim().split('\n').map(line => JSON.parse(line)).filter(({ event }) => event === 'reviewed');
      const theirs = [{ ...first, reviewer: 'B. Colleague' }, { ...second, reviewer: 'B. Colleague', verdict: 'accepted', note: 'Synthetic reason.' }];
      writeFileSync(workspace.file('queue/cohort.jsonl.colleague.kedrec.jsonl'), own + theirs.map(event => `${JSON.stringify(event)}\n`).join(''));
      await window.clearNotifications();
      await window.command('KEDRec: Merge Reviews from File', { staysOpen: true });
      await until(async () => (await window.quickPickRows()).some(row => /colleague/.test(row)), 'the file beside');
      await window.page.keyboard.press('Enter');
      await window.notification('2 reviews by B. Colleague');
      await window.command('KEDRec: Show Reviewer Agreement');
      await window.page.locator('.tab.active', { hasText: 'Reviewer agreement' }).waitFor();
      await window.page.waitForTimeout(600);
      await window.screenshot(`queue-${theme}-agreement`);
      await window.open('queue/cohort.jsonl');
      await narrow('Reviewers disagree');
      await until(async () => (await rows()).length === 1 && /A\. Reviewer rejected, B\. Colleague accepted/.test((await rows())[0]), 'the disagreement');
      await pane().locator('.monaco-list-row').first().click();
      await window.page.keyboard.press('d');
      await dialog(window, 'Adjudicate Anyway');
      await until(async () => (await window.quickPickRows()).some(row => /Accept/.test(row)), 'the verdicts');
      await window.screenshot(`queue-${theme}-adjudicate`);
      await window.page.keyboard.press('Enter');
      await until(() => window.page.locator('.quick-input-widget input').first().isVisible(), 'the note');
      await window.page.waitForTimeout(300);
      await window.page.keyboard.type('Synthetic note.');
      await window.page.keyboard.press('Enter');
      await until(() => reviews().some(({ role, note, verdict }) => role === 'adjudicator' && note === 'Synthetic note.' && verdict === 'accepted'), 'the adjudication');
      await pane().locator('text=Nothing in this file matches the filter').waitFor();
    });

    it('shows what was skipped, with a way to it', async () => {
      await window.command('KEDRec: Show Skipped and Failed Records');
      await window.page.locator('.view-line', { hasText: 'line 13' }).first().waitFor();
      await window.page.waitForTimeout(400);
      await window.screenshot(`queue-${theme}-report`);
    });
  });
}

/** Process ids of the extension hosts below a server. */
function extensionHosts(pid) {
  const below = parent => readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number).flatMap(child => [child, ...below(child)]);
  return below(pid).filter(child => { try { return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('--type=extensionHost'); } catch { return false; } });
}

describe('VS Code killed in the middle of a batch', function () {
  this.timeout(240_000);
  const count = 400;
  const settings = { ...stillSettings, 'kedrec.reviewer': 'A. Reviewer' };
  let scratch;
  let folder;
  let server;
  let window;
  let sidecar;

  const start = async port => {
    server = await startVscode({ settings, vsix: [vsixPath()], userDataDir: join(scratch, 'user'), extensionsDir: join(scratch, 'ext'), ...(port ? { port } : {}) });
  };

  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'kedrec-kill-'));
    folder = join(scratch, 'work');
    mkdirSync(folder);
    writeFileSync(join(folder, 'cohort.jsonl'), jsonl(Array.from({ length: count }, (_, i) => record(i))));
    sidecar = join(folder, 'cohort.jsonl.kedrec.jsonl');
    await start();
    window = await openWorkbench(server, { folder });
    await window.open('cohort.jsonl');
    await annotateFile(window);
    await dialog(window, `Annotate ${count} Records`).catch(async error => { await window.screenshot('failed-kill-start'); throw error; });
    await until(() => annotatedIds(sidecar).length >= 25, 'some answers on disk');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-kill-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); }
    await window?.close();
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  });

  const finish = async () => {
    const before = annotatedIds(sidecar).length;
    assert.ok(before < count, `all ${count} were done before the kill`);
    await window.notification('The annotation of cohort.jsonl was interrupted', 60_000);
    const offer = await window.page.locator('.notifications-toasts .notification-list-item', { hasText: 'was interrupted' }).first().innerText();
    assert.match(offer, new RegExp(`Resume \\(${before} of ${count} done\\)`));
    await window.screenshot('queue-resume');
    await window.notificationButton('The annotation of cohort.jsonl was interrupted', 'Resume');
    await until(() => new Set(annotatedIds(sidecar)).size === count, 'every record', 120_000);
    await window.notification('were annotated before', 30_000);
    const ids = annotatedIds(sidecar);
    assert.equal(ids.length, count, 'a record was annotated twice');
    assert.deepEqual([...new Set(ids)].length, count);
    assert.deepEqual(readdirSync(folder).sort(), ['cohort.jsonl', 'cohort.jsonl.kedrec.jsonl']);
  };

  it('the extension host by SIGKILL: the window offers to resume, and every record is there exactly once', async () => {
    const hosts = extensionHosts(server.pid);
    assert.ok(hosts.length > 0, 'no extension host found');
    for (const pid of hosts) { process.kill(pid, 'SIGKILL'); }
    await window.page.waitForTimeout(1500);
    await window.page.reload();
    await window.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
    await finish();
  });

  it('the whole server by SIGKILL: after a new start the window offers to resume', async () => {
    const { port } = server;
    const pids = [server.pid, ...extensionHosts(server.pid)];
    for (const pid of pids) { process.kill(pid, 'SIGKILL'); }
    await server.ended;
    await start(port);
    await window.page.goto(server.url(folder));
    await window.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
    await finish();
  });
});
