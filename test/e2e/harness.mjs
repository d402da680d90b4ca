// A VS Code window with the packed extension, driven as a person would: key presses, clicks, webviews, screenshots.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { launchBrowser } from '../../tools/vscode/browser.mjs';
import { startServer as startVscode, stillSettings } from '../../tools/vscode/server.mjs';

/** The package under test: kedrec-<version>.vsix of this checkout, or env KEDREC_VSIX. */
export function vsixPath() {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const file = resolve(process.env.KEDREC_VSIX ?? `${name}-${version}.vsix`);
  if (!existsSync(file)) { throw new Error(`${file} is not there; run: npm run package`); }
  return file;
}

/** Theme names for startServer({ theme }). */
export const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern', contrast: 'Default High Contrast' };

/** A fresh copy of samples/ (or of `from`) that remove() deletes. */
export function copyWorkspace(from = 'samples') {
  const scratch = mkdtempSync(join(tmpdir(), 'kedrec-e2e-'));
  const folder = join(scratch, 'kedrec-samples'); // the name shows in the window's title
  cpSync(from, folder, { recursive: true });
  return { folder, file: name => join(folder, name), remove: () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The VS Code server with the packed extension, quiet and still. `theme` is a key of `themes` or a theme's name. */
export function startServer({ theme = 'dark', settings = {}, vsix = [vsixPath()], env = {}, workspaceTrust = false } = {}) {
  return startVscode({ vsix, env, workspaceTrust, settings: { ...stillSettings, 'workbench.colorTheme': themes[theme] ?? theme, ...settings } });
}

/** Opens the workbench on `folder` in a fresh browser profile. Close with close(). */
export async function openWorkbench(server, { folder, viewport = { width: 1400, height: 900 } } = {}) {
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://${server.authority}` });
  const page = await context.newPage();
  try {
    await page.goto(server.url(folder && resolve(folder)));
    await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
  } catch (error) {
    await browser.close();
    throw error;
  }
  return { browser, context, page, ...helpers(page), close: () => browser.close() };
}

function helpers(page) {
  const quick = page.locator('.quick-input-widget');
  const quickInput = quick.locator('input').first();

  // The list is made when the pick opens: opened before an extension or a file is known it never shows it, so it is opened again.
  async function pick(key, text, row = text) {
    const wanted = quick.locator('.monaco-list-row', { hasText: row }).first();
    for (const end = Date.now() + 30_000; ;) {
      await page.keyboard.press(key);
      await quickInput.waitFor({ state: 'visible' });
      await page.keyboard.type(text);
      const shown = await wanted.waitFor({ timeout: 5000 }).then(() => true, () => false);
      if (shown) { break; }
      const rows = (await quick.locator('.monaco-list-row').allInnerTexts()).join(' | ');
      await page.keyboard.press('Escape');
      if (Date.now() > end) { throw new Error(`no "${row}" in the list for "${text}"; it showed: ${rows}`); }
    }
    await page.keyboard.press('Enter');
  }

  return {
    /** Runs a command by its title in the command palette. `staysOpen`: the command opens a quick pick of its own. */
    async command(title, { staysOpen = false } = {}) {
      await pick('F1', title);
      if (!staysOpen) { await quick.waitFor({ state: 'hidden' }); }
    },

    /** Opens a workspace file by name through Quick Open and waits for its tab. */
    async open(path) {
      const name = basename(path);
      await pick('Control+P', path, name);
      await page.locator('.tab.active', { hasText: name }).waitFor();
      await page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
    },

    /** The rows of the open quick pick, as text. */
    quickPickRows: () => quick.locator('.monaco-list-row').allInnerTexts(),
    quick,

    /** Puts the cursor on line `line` (1-based) of the active editor. */
    async goToLine(line, column = 1) {
      await page.keyboard.press('Control+G');
      await quickInput.waitFor({ state: 'visible' });
      await page.keyboard.type(`${line}:${column}`);
      await page.keyboard.press('Enter');
      await quick.waitFor({ state: 'hidden' });
    },

    /** Selects whole lines first..last (1-based) of the active editor with the keyboard. */
    async selectLines(first, last) {
      await this.goToLine(first);
      for (let line = first; line < last; line++) { await page.keyboard.press('Shift+ArrowDown'); }
      await page.keyboard.press('Shift+End');
    },

    /** The extension's document inside the nested webview frames; pick it by a selector that only it has. */
    async webview(selector, timeout = 30_000) {
      for (const end = Date.now() + timeout; Date.now() < end; await page.waitForTimeout(100)) {
        for (const frame of page.frames()) {
          const ours = /\/webview\/browser\/pre\/fake\.html/.test(frame.url());
          if (ours && await frame.locator(selector).count().catch(() => 0) > 0) { return frame; }
        }
      }
      throw new Error(`no webview with ${selector} after ${timeout} ms`);
    },

    /** Texts of the notification toasts on screen. */
    notifications: () => page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts(),

    /** Waits for a toast whose text contains `text`; returns its whole text. */
    async notification(text, timeout = 30_000) {
      const toast = page.locator('.notifications-toasts .notification-list-item-message', { hasText: text }).first();
      await toast.waitFor({ timeout });
      return toast.innerText();
    },

    /** Presses a button of the toast whose text contains `text`. */
    async notificationButton(text, button) {
      const toast = page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
      await toast.locator('.monaco-button', { hasText: button }).click();
    },

    /** Clears every toast, so that a later look sees only new ones. */
    async clearNotifications() { await this.command('Notifications: Clear All Notifications'); },

    /** Text of the status bar entry whose text or label contains `text`. */
    async statusBar(text) {
      const item = page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
      await item.waitFor({ timeout: 30_000 });
      return item.innerText();
    },

    /** Text of the active editor, through the clipboard (the editor draws only the visible lines). */
    async editorText() {
      await page.locator('.editor-group-container.active .monaco-editor').first().click();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Control+C');
      await page.keyboard.press('ArrowLeft');
      return page.evaluate(() => navigator.clipboard.readText());
    },

    /** Saves out/shots/<name>.png. */
    async screenshot(name, target = page) {
      mkdirSync('out/shots', { recursive: true });
      await target.screenshot({ path: join('out/shots', `${name}.png`) });
    },
  };
}
