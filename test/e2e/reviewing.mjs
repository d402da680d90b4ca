// What the tests of annotating and reviewing share: a window with a workspace of its own, and what is looked at in it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

/** Waits until `condition` gives something true, and returns that. */
export const until = async (condition, what, ms = 30_000) => {
  for (const end = Date.now() + ms; ; await new Promise(done => setTimeout(done, 50))) {
    const value = await condition();
    if (value) { return value; }
    assert.ok(Date.now() < end, `waited for ${what}`);
  }
};

/**
 * A suite with a window of its own. `prepare(workspace)` fills a fresh workspace before the window opens; `tests(room)` adds the tests: `room.window` and
 * `room.workspace` are there once they run. A failed test leaves a picture.
 */
export function inWindow(name, theme, { settings = {}, viewport, prepare }, tests) {
  describe(`${name}, ${theme}`, function () {
    this.timeout(120_000);
    const room = {};
    before(async () => {
      room.workspace = copyWorkspace();
      await prepare?.(room.workspace);
      const wanted = typeof settings === 'function' ? settings() : settings;
      room.server = await startServer({ theme, settings: { 'kedrec.reviewer': 'A. Reviewer', ...wanted } });
      room.window = await openWorkbench(room.server, { folder: room.workspace.folder, viewport });
    });
    after(async () => {
      await room.window?.close();
      await room.server?.stop();
      room.workspace?.remove();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') { await room.window?.screenshot(`failed-${name.replace(/\W+/g, '-')}-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); }
    });
    tests(room);
  });
}

/** What the active editor shows beside its text. */
export function marksOf(room) {
  const styles = property => room.window.page.evaluate(name => [...document.querySelectorAll('.editor-group-container.active .view-line span')]
    .flatMap(element => ['::before', '::after'].map(part => document.defaultView.getComputedStyle(element, part)).filter(style => style.content !== 'none').map(style => style[name])), property);
  return {
    /** The words before and behind the lines. */
    generated: async () => (await styles('content')).join(' ').replace(/\u00a0/g, ' '),
    colors: () => styles('color'),
    lenses: async () => (await room.window.page.locator('.codelens-decoration a, .codelens-decoration > span').allInnerTexts()).join(' ').replace(/\u00a0/g, ' '),
    /** How many different gutter icons are in sight. */
    icons: () => room.window.page.evaluate(() => new Set([...document.querySelectorAll('.glyph-margin-widgets > *')].map(element => document.defaultView.getComputedStyle(element).backgroundImage)).size),
    line: async () => Number(/Ln (\d+)/.exec(await room.window.page.locator('.part.statusbar .statusbar-item', { hasText: /^Ln \d+/ }).first().innerText())[1]),
  };
}

/** The events of a sidecar; a line that is just being written is left out. */
export const eventsIn = sidecar => (existsSync(sidecar) ? readFileSync(sidecar, 'utf8').split('\n').filter(Boolean) : [])
  .flatMap(line => { try { return [JSON.parse(line)]; } catch { return []; } });

/** Record ids in the order in which they were annotated. */
export const annotatedIds = sidecar => eventsIn(sidecar).filter(({ event }) => event === 'annotated').map(({ anchor }) => anchor.record.id);

/** Settings of the workspace, as a person would write them into .vscode/settings.json. */
export function workspaceSettings(workspace, settings) {
  mkdirSync(workspace.file('.vscode'), { recursive: true });
  writeFileSync(workspace.file('.vscode/settings.json'), JSON.stringify(settings));
}

/** Shows the KEDRec side bar wide enough to read. */
export async function showSideBar({ page }) {
  await page.locator('.activitybar .action-label[aria-label^="KEDRec"]').first().click();
  const bar = await page.locator('.part.sidebar').boundingBox();
  await page.mouse.move(bar.x + bar.width, 450);
  await page.mouse.down();
  await page.mouse.move(bar.x + bar.width + 210, 450, { steps: 6 });
  await page.mouse.up();
  await page.mouse.move(900, 700);
}

/** A view of the side bar by its title: its rows, its header. */
export function viewOf(room, title) {
  const pane = () => room.window.page.locator('.pane', { has: room.window.page.locator(`.pane-header[aria-label*="${title}"]`) });
  return {
    pane,
    rows: async () => (await pane().locator('.monaco-list-row').allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim()),
    header: async () => (await pane().locator('.pane-header').innerText()).replace(/\s+/g, ' '),
  };
}

/** Runs "Annotate File" by its whole name: the palette puts "Annotate Dataset File..." first. */
export async function annotateFile({ page, quick }) {
  await page.keyboard.press('F1');
  const row = quick.locator('.monaco-list-row[aria-label^="KEDRec: Annotate File"]').first();
  for (const end = Date.now() + 30_000; ;) {
    await quick.locator('input').first().waitFor({ state: 'visible' });
    await page.keyboard.type('KEDRec: Annotate File');
    if (await row.waitFor({ timeout: 5000 }).then(() => true, () => false)) { break; }
    assert.ok(Date.now() < end, 'the command is not in the palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
  }
  await row.click();
}

/** Presses a button of the modal dialog and returns the dialog's words. */
export async function dialog({ page }, button) {
  const box = page.locator('.monaco-dialog-box');
  await box.waitFor({ timeout: 30_000 });
  const text = await box.innerText();
  await box.locator('.monaco-button', { hasText: button }).first().click();
  return text;
}

/** The scripted endpoint of test/endpoint as a process of its own, so that it can be killed; `port` 0 takes a free one. */
export async function serve(scenario, port = 0) {
  const child = spawn(process.execPath, ['--import=tsx', 'test/endpoint/serve.ts', '--scenario', scenario, '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', data => resolve(String(data).trim()));
    child.once('exit', code => reject(new Error(`the scripted server ended with ${code}`)));
  });
  const ended = new Promise(resolve => child.once('exit', resolve));
  return { url, port: Number(new URL(url).port), stop: async () => { child.kill('SIGKILL'); await ended; } };
}
