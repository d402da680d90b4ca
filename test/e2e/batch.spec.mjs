// A batch against an endpoint in the real window: progress with tokens, pause and resume, the endpoint dying in the middle, failed records, cancel; and a file above 50 MB.
import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { annotatedIds, annotateFile, dialog, eventsIn, inWindow, serve, showSideBar, until, viewOf } from './reviewing.mjs';

const diseases = ['gout', 'type 2 diabetes', 'hypertension', 'asthma', 'migraine', 'psoriasis', 'osteoporosis', 'epilepsy'];
const record = (i, words = '') => ({ id: `P-${i}`, text: `Synthetic ${i}: an adult of ${20 + i} years with ${diseases[i % diseases.length]} asks for treatment.${words}` });
const jsonl = records => records.map(one => `${JSON.stringify(one)}\n`).join('');
const refused = [5, 11];

let endpoint;

inWindow('batch by an endpoint', 'dark', {
  viewport: { width: 1500, height: 1000 },
  settings: () => ({ 'kedrec.engine': 'endpoint', 'kedrec.endpoint.baseUrl': `${endpoint.url}/v1`, 'kedrec.batch.concurrency': 2 }),
  prepare: async workspace => {
    endpoint = await serve('slow-refusing');
    mkdirSync(workspace.file('batch'));
    writeFileSync(workspace.file('batch/cohort.jsonl'), `${jsonl(Array.from({ length: 30 }, (_, i) => record(i, refused.includes(i) ? ' Synthetic refusal.' : '')))}{"id": "broken"\n`);
    writeFileSync(workspace.file('batch/second.jsonl'), jsonl(Array.from({ length: 20 }, (_, i) => record(i + 100))));
  },
}, room => {
  after(() => endpoint?.stop());
  const status = () => room.window.page.locator('.part.statusbar .statusbar-item', { hasText: /KEDRec: .*\d+ of \d+/ }).first();
  const statusText = async () => (await status().innerText().catch(() => '')).replace(/\u00a0/g, ' ').trim();
  const toast = text => room.window.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  const sidecar = name => room.workspace.file(`batch/${name}.jsonl.kedrec.jsonl`);
  const fromMenu = async (action, shot) => {
    await status().click();
    const row = room.window.quick.locator('.monaco-list-row', { hasText: action }).first();
    await row.waitFor({ timeout: 15_000 });
    if (shot) { await room.window.screenshot(shot); }
    await row.click();
  };

  it('shows done and total, rate, time left and tokens; pauses and goes on', async () => {
    const { window } = room;
    await showSideBar(window);
    await window.open('batch/cohort.jsonl');
    await annotateFile(window);
    await window.page.locator('.monaco-dialog-box').waitFor();
    await window.screenshot('batch-endpoint-question');
    assert.match(await dialog(window, 'Annotate 30 Records'), /By .*scripted|By .*2 at a time/);
    await until(async () => /\d+ of 31.* · [\d.]+\/(s|min) · .* left · [\d.]+k tokens/.test(await statusText()), 'the progress');
    await until(async () => /\d+ of 31.*tokens/.test(await toast('KEDRec annotates cohort.jsonl').innerText()), 'the progress in the notification');
    await window.screenshot('batch-endpoint-progress');
    await fromMenu('Pause', 'batch-endpoint-menu');
    await until(async () => /paused/.test(await statusText()), 'the pause');
    const atPause = annotatedIds(sidecar('cohort')).length;
    await window.page.waitForTimeout(4000); // what was under way is let end; eight more would be answered without the pause
    const before = annotatedIds(sidecar('cohort')).length;
    await window.screenshot('batch-endpoint-paused');
    assert.ok(before <= atPause + 2 && before < 28, `${before} answers, ${atPause} at the pause: at most those under way may follow`);
    await fromMenu('Resume');
    await until(() => annotatedIds(sidecar('cohort')).length > before, 'the next answers');
  });

  it('rests while the endpoint is dead, says why, and goes on when it is back', async () => {
    const { window } = room;
    await until(() => annotatedIds(sidecar('cohort')).length >= 14, 'half of the answers');
    await endpoint.stop();
    await until(async () => /waiting: trying again in \d+ s/.test(await statusText()), 'the rest');
    await window.screenshot('batch-endpoint-dead');
    const before = annotatedIds(sidecar('cohort')).length;
    assert.ok(before < 28, `${before} were done before it died`);
    assert.equal(eventsIn(sidecar('cohort')).filter(({ event, reason }) => event === 'failed' && reason !== 'malformed-answer').length, 0, 'the endpoint\'s death is no failure of a record');
    endpoint = await serve('slow-refusing', endpoint.port);
    await window.notification('28 annotated, 2 failed', 60_000);
    const ids = annotatedIds(sidecar('cohort'));
    assert.equal(ids.length, 28);
    assert.equal(new Set(ids).size, 28, 'a record was annotated twice');
    await window.page.waitForTimeout(400);
    await window.screenshot('batch-endpoint-ended');
  });

  it('lists failed records with their reasons and asks for them again on request', async () => {
    const { window } = room;
    await window.notificationButton('28 annotated, 2 failed', 'Show Skipped and Failed');
    await window.page.locator('.view-line', { hasText: 'line 6' }).first().waitFor();
    const text = await window.editorText();
    for (const i of refused) { assert.match(text, new RegExp(`line ${i + 1}, record P-${i}: .*\\(malformed`)); }
    assert.match(text, /line 31/);
    await window.page.waitForTimeout(400);
    await window.screenshot('batch-endpoint-report');
    await endpoint.stop();
    endpoint = await serve('half-a-second', endpoint.port);
    await window.open('batch/cohort.jsonl');
    await until(async () => (await viewOf(room, 'Annotation Queue').rows()).length > 0, 'the queue');
    await window.command('KEDRec: Retry Failed Records');
    assert.match(await dialog(window, 'Annotate 2 Records'), /Annotate 2 of 31 records/);
    await until(() => new Set(annotatedIds(sidecar('cohort'))).size === 30, 'the two that had failed');
    await window.notification('2 annotated', 30_000);
    assert.equal(annotatedIds(sidecar('cohort')).length, 30);
    await window.clearNotifications();
  });

  it('is cancelled by the button of the notification, keeps what was answered, and resumes exactly there', async () => {
    const { window } = room;
    await window.open('batch/second.jsonl');
    await annotateFile(window);
    await dialog(window, 'Annotate 20 Records');
    await until(() => annotatedIds(sidecar('second')).length >= 4, 'some answers');
    await toast('KEDRec annotates second.jsonl').hover();
    await toast('KEDRec annotates second.jsonl').locator('.monaco-button', { hasText: 'Cancel' }).first().click();
    await window.notification('second.jsonl: cancelled', 30_000);
    const before = annotatedIds(sidecar('second')).length;
    assert.ok(before >= 4 && before < 20, `${before} of 20`);
    await window.screenshot('batch-endpoint-cancelled');
    await window.notificationButton('second.jsonl: cancelled', 'Resume');
    await window.notification(`${before} were annotated before`, 30_000);
    assert.equal(annotatedIds(sidecar('second')).length, 20);
    assert.equal(new Set(annotatedIds(sidecar('second'))).size, 20);
  });
});

const largeCount = 1500;

inWindow('a file above 50 MB', 'light', {
  viewport: { width: 1500, height: 1000 },
  prepare: workspace => {
    const file = openSync(workspace.file('large.jsonl'), 'w');
    const filler = 'Synthetic words of no meaning. '.repeat(1200);
    for (let i = 0; i < largeCount; i++) { writeSync(file, `${JSON.stringify({ ...record(i), id: `L-${i}`, notes: `${filler}${i}` })}\n`); }
    closeSync(file);
    assert.ok(statSync(workspace.file('large.jsonl')).size > 52 * 1024 * 1024);
  },
}, room => {
  const sidecar = () => room.workspace.file('large.jsonl.kedrec.jsonl');

  it('is chosen in a dialog and annotated without being opened, cancelled, resumed, and its result is opened from the queue', async () => {
    const { window } = room;
    await showSideBar(window);
    await window.command('KEDRec: Annotate Dataset File', { staysOpen: true });
    const input = window.quick.locator('input').first();
    await until(async () => (await window.quickPickRows()).some(row => row.includes('large.jsonl')), 'the files');
    await input.fill(room.workspace.file('large.jsonl'));
    await window.page.waitForTimeout(300);
    await window.screenshot('batch-large-dialog');
    await window.page.keyboard.press('Enter');
    await window.page.locator('.monaco-dialog-box').waitFor({ timeout: 30_000 });
    await window.screenshot('batch-large-question');
    assert.match(await dialog(window, 'Annotate'), /large\.jsonl\?[\s\S]*5\d MB; its records are counted while it is annotated/);
    const running = window.page.locator('.notifications-toasts .notification-list-item', { hasText: 'KEDRec annotates large.jsonl' }).first();
    await until(() => annotatedIds(sidecar()).length >= 100, 'some answers');
    await window.screenshot('batch-large-progress');
    await running.hover();
    await running.locator('.monaco-button', { hasText: 'Cancel' }).first().click();
    await window.notification('large.jsonl: cancelled', 30_000);
    const before = annotatedIds(sidecar()).length;
    assert.ok(before < largeCount, 'all were done before the cancel');
    await window.page.waitForTimeout(500);
    await window.screenshot('batch-large-cancelled');
    await window.notificationButton('large.jsonl: cancelled', 'Resume');
    await window.notification('were annotated before', 240_000);
    const ids = annotatedIds(sidecar());
    assert.equal(ids.length, largeCount);
    assert.equal(new Set(ids).size, largeCount);
    const queue = viewOf(room, 'Annotation Queue');
    await until(async () => /0 of 1,\d+ reviewed/.test(await queue.header()), 'the queue of the file that is not open');
    await window.screenshot('batch-large-done');
    await queue.pane().locator('.monaco-list-row', { hasText: 'L-2' }).first().click();
    await window.page.locator('.tab.active', { hasText: 'large.jsonl' }).waitFor({ timeout: 30_000 });
    await until(async () => /Ln 3,/.test(await window.page.locator('.part.statusbar').innerText()), 'the line of the record', 30_000);
    await window.page.waitForTimeout(800);
    await window.screenshot('batch-large-opened');
    await queue.pane().locator('.monaco-list-row', { hasText: 'L-2' }).first().click();
    await window.page.keyboard.press('a');
    await until(() => eventsIn(sidecar()).some(({ event, verdict }) => event === 'reviewed' && verdict === 'accepted'), 'the review of a record of a file that is too large to be open');
    await until(async () => /1 of 1,\d+ reviewed/.test(await queue.header()), 'the progress');
    await window.screenshot('batch-large-reviewed');
    assert.ok(existsSync(sidecar()) && readFileSync(room.workspace.file('large.jsonl')).length > 52 * 1024 * 1024);
  }).timeout(400_000); // 1,500 records by a real engine
});
