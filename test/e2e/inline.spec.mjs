// Reviewing a dataset in the editor, by keys: marks, lenses, next, accept-and-next, undo, reasons; in a light and a dark window, its marks in high contrast, too.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dataset, sidecarText } from '../support/annotatedFile.mjs';
import { inWindow, marksOf, until, workspaceSettings } from './reviewing.mjs';

/** Twelve records: one in each state, some not reviewed, one that failed, one without an annotation; and records of 200,000 characters. */
function prepare(workspace) {
  mkdirSync(workspace.file('review'));
  const { text, records } = dataset(12, 0, index => (index === 5 ? 'aspirin' : undefined));
  writeFileSync(workspace.file('review/cohort.jsonl'), text);
  const reviews = [[1, 'accepted', 'lisinopril'], [2, 'rejected', 'colchicine'], [3, 'skipped', 'sertraline'], [4, 'edited', 'salbutamol']]
    .map(([index, verdict, drug]) => JSON.stringify({ event: 'reviewed', id: `synthetic-${index}`, at: `2026-02-01T00:00:0${index}.000Z`, reviewer: 'A. Reviewer', drug, verdict, ...(verdict === 'edited' ? { rationale: 'Synthetic words.' } : {}) }));
  const { anchor } = JSON.parse(sidecarText(records.slice(10, 11)));
  const failed = JSON.stringify({ event: 'failed', id: 'failed-10', at: '2026-02-01T00:00:00.000Z', anchor, reason: 'timeout', message: 'The server did not answer in 60 s.' });
  writeFileSync(workspace.file('review/cohort.jsonl.kedrec.jsonl'), `${sidecarText(records.slice(0, 10), index => (index === 5 ? { confidence: 0.3, unsupported: 1 } : {}))}${reviews.join('\n')}\n${failed}\n`);
  const long = dataset(3, 200_000);
  writeFileSync(workspace.file('review/long.jsonl'), long.text);
  writeFileSync(workspace.file('review/long.jsonl.kedrec.jsonl'), sidecarText(long.records));
}

/** Contrast of two CSS colours as WCAG 2.2 defines it; the second one is opaque. */
function contrast(front, back) {
  const parts = color => color.match(/[\d.]+/g).map(Number);
  const [r, g, b, alpha = 1] = parts(front);
  const behind = parts(back);
  const luminance = rgb => rgb.map(value => value / 255).map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const [one, other] = [luminance([r, g, b].map((value, i) => value * alpha + behind[i] * (1 - alpha))), luminance(behind.slice(0, 3))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

for (const theme of ['light', 'dark']) {
  inWindow('reviewing in the editor', theme, { prepare }, room => {
    const { generated, lenses, line, icons, colors } = marksOf(room);
    let window;
    let sidecar;
    before(() => { ({ window } = room); sidecar = room.workspace.file('review/cohort.jsonl.kedrec.jsonl'); });
    const verdicts = () => readFileSync(sidecar, 'utf8').trim().split('\n').map(text => JSON.parse(text)).slice(15).map(({ verdict, event }) => verdict ?? event);
    /** The words are readable and every state in sight has an icon of its own. */
    const looksRight = async least => {
      const back = await window.page.locator('.editor-group-container.active .monaco-editor-background').first().evaluate(element => document.defaultView.getComputedStyle(element).backgroundColor);
      for (const color of new Set(await colors())) { assert.ok(contrast(color, back) >= least, `${color} on ${back}: contrast ${contrast(color, back).toFixed(2)}`); }
      assert.ok(await icons() >= 6, `${await icons()} different gutter icons`);
    };

    it('marks every record by its state, in words and shapes', async () => {
      await window.open('review/cohort.jsonl');
      await until(async () => /Recommend metformin \u00b7/.test(await generated()), 'the marks');
      const text = await generated();
      for (const words of ['Recommend metformin \u00b7 not reviewed', 'lisinopril \u00b7 accepted', 'colchicine \u00b7 rejected', 'sertraline \u00b7 skipped', 'salbutamol \u00b7 edited', 'Failed (timeout)']) { assert.ok(text.includes(words), `${words} in ${text}`); }
      await looksRight(4.5);
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
      assert.match(await window.notification('Best confidence 0.30 is under 0.40'), /Label aspirin; recommended atorvastatin\. Atorvastatin: one claim not supported/);
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

    if (theme === 'dark') {
      for (const [name, wanted, look] of [['Default High Contrast', 'hc-black', 'contrast'], ['Default High Contrast Light', 'hc-light', 'contrast-light']]) {
        it(`${name}: marks, lenses and hover can be told apart and read`, async () => {
          workspaceSettings(room.workspace, { 'workbench.colorTheme': name });
          await window.page.locator(`.monaco-workbench.${wanted}`).waitFor({ timeout: 20_000 });
          await window.goToLine(1, 4);
          await until(async () => /Accept metformin|Undo Review/.test(await lenses()), 'the lenses');
          await until(async () => /Failed \(timeout\)/.test(await generated()), 'the marks');
          await looksRight(4.5);
          await window.screenshot(`inline-${look}-marks`);
          const box = await window.page.locator('.view-line', { hasText: 'Synthetic record 1:' }).first().boundingBox();
          await window.page.mouse.move(box.x + 120, box.y + box.height / 2);
          await window.page.locator('.monaco-hover', { hasText: 'Open Rationale' }).first().waitFor();
          await window.screenshot(`inline-${look}-hover`);
          await window.page.keyboard.press('Escape');
          await window.page.mouse.move(900, 700);
        });
      }
    }

    it('shows records of 200,000 characters with their state', async () => {
      await window.open('review/long.jsonl');
      await until(async () => /Recommend metformin \u00b7/.test(await generated()), 'the marks');
      await window.goToLine(2, 4);
      await until(async () => /Accept lisinopril/.test(await lenses()), 'the lenses');
      await window.screenshot(`inline-${theme}-long`);
    });
  });
}
