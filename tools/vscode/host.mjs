// Runs a test module inside the real extension host of the VS Code server, as @vscode/test-electron's runTests does on the desktop.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { startServer, stillSettings } from './server.mjs';

const resolveModule = path => [path, `${path}.js`, `${path}.cjs`, `${path}.mjs`, join(path, 'index.js')].map(candidate => resolve(candidate))
  .find(candidate => existsSync(candidate) && !statSync(candidate).isDirectory()) ?? resolve(path);

/** A module whose run() leaves a proof file: VS Code reports exit code 0 when the extension host dies in mid-run. */
function writeWrapper(dir, testsPath) {
  const proof = join(dir, 'proof');
  const wrapper = join(dir, 'tests.cjs');
  writeFileSync(wrapper, `exports.run = async () => {
  console.log('@@tests start');
  const tests = await import(${JSON.stringify(pathToFileURL(resolveModule(testsPath)).href)});
  await (tests.run ?? tests.default.run)();
  require('node:fs').writeFileSync(${JSON.stringify(proof)}, 'ok');
};`);
  return { proof, wrapper };
}

/**
 * Loads the extension from its folder and runs `run()` of the test module in the extension host. Resolves to the exit code: 0 only when run() ended well.
 * `print` receives each line the tests write; a failure outside a test leaves a screenshot in out/shots.
 */
export async function runExtensionTests({ extensionDevelopmentPath, extensionTestsPath, folder, env, settings, extensionsDir, timeout = 300_000, print = console.log }) {
  const server = await startServer({ testDriver: true, env, settings: { ...stillSettings, ...settings }, extensionsDir });
  let browser;
  try {
    browser = await launchBrowser();
    const { proof, wrapper } = writeWrapper(server.dir, extensionTestsPath);
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://${server.authority}` });
    const page = await context.newPage();
    const early = [];
    let running = false;
    let finish;
    const exit = new Promise(done => { finish = done; });
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = format(...args);
      if (line === '@@tests start') { running = true; return; }
      if (running || process.env.VSCODE_HOST_VERBOSE) { print(line); } else { early.push(line); }
    });
    await page.exposeFunction('codeAutomationExit', code => finish(code));
    page.on('crash', () => finish('the page crashed'));
    const extensions = [extensionDevelopmentPath].flat().map(path => ['extensionDevelopmentPath', server.remote(resolve(path))]);
    await page.goto(server.url(folder && resolve(folder), [...extensions, ['extensionTestsPath', server.remote(wrapper)]]));
    const timer = setTimeout(() => finish(`the tests did not end in ${timeout / 1000} s`), timeout);
    let code = await exit;
    clearTimeout(timer);
    if (code === 0 && !existsSync(proof)) { code = 'the extension host ended before the tests did'; }
    if (code !== 0 && (code !== 1 || !running)) {
      mkdirSync('out/shots', { recursive: true });
      await page.screenshot({ path: 'out/shots/host-failure.png' }).catch(() => undefined);
      print(`extension host: ${code}; screenshot in out/shots/host-failure.png\n${(running ? [] : early).join('\n')}\n${server.log.join('').split('\n').slice(-15).join('\n')}`);
    }
    return typeof code === 'number' ? code : 1;
  } finally {
    await browser?.close();
    await server.stop();
  }
}

