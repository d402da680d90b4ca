// The editor with many annotations, in the real VS Code with the packed extension: node test/bench/editor.mjs [ANNOTATIONS] [MEGABYTES] [KEYS] (default 10000 40 120).
// Time from opening a synthetic JSON Lines file to its annotations in sight, and the time from a key press to the changed line on screen with and
// without annotations, in turns in the same window. Take the difference between the two, not the absolute times.
/* global document, MutationObserver, requestAnimationFrame */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dataset, sidecarText } from '../support/annotatedFile.mjs';
import { copyWorkspace, openWorkbench, startServer } from '../e2e/harness.mjs';

const [annotations = 10_000, megabytes = 40, keys = 120] = process.argv.slice(2).map(Number);
const rounds = 3;

const workspace = copyWorkspace();
mkdirSync(workspace.file('bench'));
const { text, records } = dataset(annotations, Math.floor((megabytes * 1e6) / annotations) - 1);
for (const name of ['annotated.jsonl', 'plain.jsonl']) { writeFileSync(workspace.file(`bench/${name}`), text); }
// Claims as many as a real answer has: some ten kilobytes a record.
writeFileSync(workspace.file('bench/annotated.jsonl.kedrec.jsonl'), sidecarText(records, () => ({ claims: 6, recommendations: 6 })));
const size = name => (statSync(workspace.file(`bench/${name}`)).size / 1e6).toFixed(1);
console.log(`${annotations.toLocaleString('en')} annotations, ${size('annotated.jsonl')} MB of records, sidecar of ${size('annotated.jsonl.kedrec.jsonl')} MB, Node ${process.version}`);

const server = await startServer({ theme: 'dark', settings: { 'editor.quickSuggestions': false, 'workbench.editor.enablePreview': false, 'files.autoSave': 'off', 'workbench.editorLargeFileConfirmation': 200, 'kedrec.reviewer': 'A. Reviewer' } });
const window = await openWorkbench(server, { folder: workspace.folder });
const { page } = window;

const marks = () => page.evaluate(() => document.querySelectorAll('.glyph-margin-widgets > *').length);
const percentile = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

async function toStart(line) {
  await page.locator('.editor-group-container.active .monaco-editor').first().click();
  await window.goToLine(line, 3);
  await page.waitForTimeout(1500);
}

/** Milliseconds from each key press to the frame in which its line is another one, measured in the page. */
async function typing() {
  await page.evaluate(() => {
    window.kedrecTimes = [];
    let pressed = 0;
    const onKey = () => { pressed = performance.now(); };
    document.addEventListener('keydown', onKey, true);
    const observer = new MutationObserver(() => {
      if (pressed === 0) { return; }
      const started = pressed;
      pressed = 0;
      requestAnimationFrame(() => window.kedrecTimes.push(performance.now() - started));
    });
    observer.observe(document.querySelector('.editor-group-container.active .monaco-editor .view-lines'), { subtree: true, childList: true, characterData: true });
    window.kedrecStop = () => { document.removeEventListener('keydown', onKey, true); observer.disconnect(); return window.kedrecTimes; };
  });
  for (let i = 0; i < keys; i++) {
    await page.keyboard.press('x');
    await page.waitForTimeout(60);
  }
  return page.evaluate(() => window.kedrecStop());
}

try {
  await window.open('cardiology-heart-failure.md'); // the extension is active, as in a window in use
  await page.waitForTimeout(5000);
  const started = performance.now();
  await window.open('bench/plain.jsonl');
  const plainShown = performance.now() - started;
  const begun = performance.now();
  await window.open('bench/annotated.jsonl');
  const shown = performance.now() - begun;
  while (await marks() < 5) { await page.waitForTimeout(20); }
  const marked = performance.now() - begun;
  console.log(`opening: text in sight after ${plainShown.toFixed(0)} ms without and ${shown.toFixed(0)} ms with annotations; first annotations in sight after ${marked.toFixed(0)} ms`);
  await window.goToLine(annotations - 5, 3);
  while (await marks() < 5) { await page.waitForTimeout(20); }
  console.log(`the last annotations of the file in sight after ${(performance.now() - begun).toFixed(0)} ms (a jump to them included)`);
  await page.waitForTimeout(8000);
  const times = { plain: [], annotated: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? ['plain', 'annotated'] : ['annotated', 'plain']) {
      await page.locator('.tab', { hasText: `${name}.jsonl` }).click();
      await page.locator('.tab.active', { hasText: `${name}.jsonl` }).waitFor();
      await toStart(Math.floor(annotations / 2) + round * 10);
      const measured = await typing();
      times[name].push(...measured);
    }
  }
  console.log('| file | keys | p50 ms | p95 ms | max ms |\n| --- | --- | --- | --- | --- |');
  for (const [name, list] of Object.entries(times)) { console.log(`| ${name} | ${list.length} | ${percentile(list, 0.5).toFixed(1)} | ${percentile(list, 0.95).toFixed(1)} | ${Math.max(...list).toFixed(1)} |`); }
} finally {
  await window.close();
  await server.stop();
  workspace.remove();
}
