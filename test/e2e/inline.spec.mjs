// Reviewing a dataset in the editor, by keys: marks, lenses, next, accept-and-next, undo, reasons; in a light and a dark window.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dataset, sidecarText } from '../support/annotatedFile.mjs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

for (const theme of ['light', 'dark']) {
  describe(`reviewing in the editor, ${theme}`, function () {
    this.timeout(120_000);
    let server;
    let workspace;
    let window;
    let sidecar;

    before(async () => {
      workspace = copyWorkspace();
      mkdirSync(workspace.file('review'));
      const { text, records } = dataset(12, 0, index => (index === 5 ? 'aspirin' : undefined));
      writeFileSync(workspace.file('review/cohort.jsonl'), text);
      sidecar = workspace.file('review/cohort.jsonl.kedrec.jsonl');
      const reviews = [[1, 'accepted', 'lisinopril'], [2, 'rejected', 'colchicine'], [3, 'skipped', 'sertraline'], [4, 'edited', 'salbutamol']]
        .map(([index, verdict, drug]) => JSON.stringify({ event: 'reviewed', id: `synthetic-${index}`, at: `2026-02-01T00:00:0${index}.000Z`, reviewer: 'A. Reviewer', drug, verdict, ...(verdict === 'edited' ? { rationale: 'Synthetic words.' } : {}) }));
      const { anchor } = JSON.parse(sidecarText(records.slice(10, 11)));
      const failed = JSON.stringify({ event: 'failed', id: 'failed-10', at: '2026-02-01T00:00:00.000Z', anchor, reason: 'timeout', message: 'The server did not answer in 60 s.' });
      writeFileSync(sidecar, `${sidecarText(records.slice(0, 10), index => (index === 5 ? { confidence: 0.3, unsupported: 1 } : {}))}${reviews.join('\n')}\n${failed}\n`);
      const long = dataset(3, 200_000);
      writeFileSync(workspace.file('review/long.jsonl'), long.text);
      writeFileSync(workspace.file('review/long.jsonl.kedrec.jsonl'), sidecarText(long.records));
      server = await startServer({ theme, settings: { 'kedrec.reviewer': 'A. Reviewer' } });
      window = await openWorkbench(server, { folder: workspace.folder });
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      workspace?.remove();
    });
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-inline-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

    const generated = () => window.page.evaluate(() => [...document.querySelectorAll('.view-line span')]
      .flatMap(element => [document.defaultView.getComputedStyle(element, '::before').content, document.defaultView.getComputedStyle(element, '::after').content]).join(' ').replace(/\u00a0/g, ' '));
    const until = async (condition, what) => { for (const end = Date.now() + 30_000; !await condition(); await window.page.waitForTimeout(100)) { assert.ok(Date.now() < end, what); } };
    const lenses = async () => (await window.page.locator('.codelens-decoration a, .codelens-decoration > span').allInnerTexts()).join(' ').replace(/\u00a0/g, ' ');
    const line = () => window.page.locator('.part.statusbar .statusbar-item', { hasText: /^Ln \d+/ }).first().innerText().then(text => Number(/Ln (\d+)/.exec(text)[1]));
    const verdicts = () => readFileSync(sidecar, 'utf8').trim().split('\n').map(text => JSON.parse(text)).slice(15).map(({ verdict, event }) => verdict ?? event);

    it('marks every record by its state, in words and shapes', async () => {
      await window.open('review/cohort.jsonl');
      await until(async () => /Recommend metformin \u00b7/.test(await generated()), 'the marks');
      const text = await generated();
      for (const words of ['Recommend metformin \u00b7 not reviewed', 'lisinopril \u00b7 accepted', 'colchicine \u00b7 rejected', 'sertraline \u00b7 skipped', 'salbutamol \u00b7 edited', 'Failed (timeout)']) { assert.ok(text.includes(words), `${words} in ${text}`); }
      const icons = await window.page.evaluate(() => new Set([...document.querySelectorAll('.glyph-margin-widgets > *')].map(element => document.defaultView.getComputedStyle(element).backgroundImage)).size);
      assert.ok(icons >= 6, `${icons} different gutter icons`);
      await window.goToLine(1, 4);
      await until(async () => /Accept metformin/.test(await lenses()), 'the lenses');
      await window.screenshot(`inline-${theme}-marks`);
    });

    it('judges by keys and advances, and takes it back', async () => {
      await window.goToLine(1, 4);
      await until(async () => /Accept metformin/.test(await lenses()), 'the lenses');
      await window.page.keyboard.press('Control+Alt+Enter');
      await until(async () => await line() === 6, 'the next one without a review');
      await window.page.keyboard.press('Control+K');
      await window.page.keyboard.press('Alt+X');
      await until(() => verdicts().length === 2, 'the review is kept');
      assert.deepEqual(verdicts(), ['accepted', 'rejected']);
      await window.page.keyboard.press('Control+Alt+PageDown');
      await until(async () => await line() === 7, 'the next one');
      await window.page.keyboard.press('Control+Alt+PageUp');
      await until(async () => await line() === 10, 'around the start of the file');
      await window.page.keyboard.press('Control+K');
      await window.page.keyboard.press('Alt+Z');
      await until(async () => await line() === 6, 'what was undone');
      await window.page.keyboard.press('Control+K');
      await window.page.keyboard.press('Alt+Z');
      await until(async () => await line() === 1, 'what was undone before');
      assert.deepEqual(verdicts(), ['accepted', 'rejected', 'review-undone', 'review-undone']);
    });

    it('says why a record is here', async () => {
      await window.goToLine(6, 4);
      await until(async () => /Accept atorvastatin/.test(await lenses()), 'the lenses');
      await window.command('KEDRec: Why Is This One Here');
      assert.match(await window.notification('The confidence in atorvastatin is low'), /0\.30.*label is aspirin.*3 of 6 claims are not supported/s);
      await window.screenshot(`inline-${theme}-why`);
      await window.clearNotifications();
    });

    it('takes the reviewer\'s own words, with the rationale filled in', async () => {
      await window.goToLine(7, 4);
      await until(async () => /Accept metformin/.test(await lenses()), 'the lenses');
      await window.page.keyboard.press('Control+K');
      await window.page.keyboard.press('Alt+E');
      const input = window.quick.locator('input').first();
      await input.waitFor();
      assert.equal(await input.inputValue(), 'A synthetic summary about metformin.');
      await window.screenshot(`inline-${theme}-edit`);
      await window.page.keyboard.press('End');
      await window.page.keyboard.type(' And mine.');
      await window.page.keyboard.press('Enter');
      await until(() => verdicts().at(-1) === 'edited', 'the review is kept');
      assert.equal(JSON.parse(readFileSync(sidecar, 'utf8').trim().split('\n').at(-1)).rationale, 'A synthetic summary about metformin. And mine.');
    });

    it('shows the rationale and what it cites in the hover', async () => {
      const box = await window.page.locator('.view-line', { hasText: 'Synthetic record 1:' }).first().boundingBox();
      await window.page.mouse.move(box.x + 120, box.y + box.height / 2);
      const hover = window.page.locator('.monaco-hover', { hasText: 'Open Rationale' }).first();
      await hover.waitFor();
      assert.match(await hover.innerText(), /Synthetic claim 1 about lisinopril.*SYNTHETIC:1/s);
      await window.screenshot(`inline-${theme}-hover`);
      await window.page.keyboard.press('Escape');
      await window.page.mouse.move(900, 700);
    });

    it('shows what a colleague appends', async () => {
      appendFileSync(sidecar, `${JSON.stringify({ event: 'reviewed', id: 'synthetic-8', at: '2026-02-02T00:00:00.000Z', reviewer: 'B. Reviewer', drug: 'colchicine', verdict: 'rejected' })}\n`);
      await until(async () => /not reviewed \u00b7 rejected by B\. Reviewer/.test(await generated()), 'the review of another');
    });

    it('shows records of 200,000 characters with their state', async () => {
      await window.open('review/long.jsonl');
      await until(async () => /Recommend metformin \u00b7/.test(await generated()), 'the marks');
      await window.goToLine(2, 4);
      await until(async () => /Accept lisinopril/.test(await lenses()), 'the lenses');
      await window.screenshot(`inline-${theme}-long`);
    });
  });
}
