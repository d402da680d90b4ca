// The Chromium that drives the VS Code window in tests.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Path of the installed Chromium or Chrome (env CHROMIUM first), or undefined. */
export const chromiumPath = () => [process.env.CHROMIUM, ...places].find(path => path && existsSync(path));

/** A headless browser that makes no request of its own. */
export async function launchBrowser() {
  const executablePath = chromiumPath();
  if (!executablePath) { throw new Error('no Chromium found; install it with: sudo apt-get install -y chromium, or set CHROMIUM to its path'); }
  return chromium.launch({
    executablePath, headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--disable-dev-shm-usage'],
  });
}
