// Choosing a VS Code to show the extension in, and the workspace to show it on. Plain Node 20, nothing installed.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root } from './prepare.mjs';
import { onPath, Problem, run, tail } from './run.mjs';

const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** The desktop `code` where it can be used, else the reason why not. */
export function desktopCode() {
  const code = onPath('code');
  if (!code) { return { reason: 'no desktop VS Code: there is no `code` on PATH' }; }
  if (process.env.VSCODE_IPC_HOOK_CLI || process.env.WSL_DISTRO_NAME) { return { reason: '`code` here belongs to a remote window, which cannot load an extension from its folder' }; }
  if (!hasDisplay()) { return { reason: 'there is a `code` on PATH but no display' }; }
  if (process.getuid?.() === 0) { return { reason: 'desktop VS Code does not run as root' }; }
  return { code };
}

/** Opens a desktop window with the extension loaded from its folder. */
export async function openDesktop(code, folder, note) {
  const result = await run(code, [`--extensionDevelopmentPath=${root}`, '--new-window', folder, ...(note ? [note] : [])], { quiet: true, label: 'code' });
  if (result.code !== 0) { throw new Problem(`VS Code did not open (exit ${result.code}):\n${tail(result.output)}`); }
}

/** A fresh copy of samples/: in `wanted` when that is given and empty or missing (a folder with files is opened as it is), else in a temporary folder. */
export function sampleWorkspace(wanted) {
  const samples = join(root, 'samples');
  const folder = wanted ? resolve(wanted) : join(mkdtempSync(join(tmpdir(), 'kedrec-')), 'kedrec-samples');
  if (existsSync(folder) && !statSync(folder).isDirectory()) { throw new Problem(`--folder: ${folder} is a file, not a folder`); }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    console.log(`opening ${folder} as it is (it is not empty, so no samples are copied into it)`);
    return folder;
  }
  try {
    mkdirSync(folder, { recursive: true });
    if (existsSync(samples)) { cpSync(samples, folder, { recursive: true }); }
  } catch (error) {
    throw new Problem(`the samples cannot be copied to ${folder}: ${error.message}`);
  }
  return folder;
}

/** The note to show first: the workspace's first text note by name, if it has one. */
export function firstNote(folder) {
  const notes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(txt|md)$/.test(entry.name) && !/^readme/i.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map(entry => join(entry.parentPath, entry.name)).sort();
  return notes[0];
}

const portIsFree = port => new Promise(done => {
  const probe = createServer();
  probe.once('error', () => done(false));
  probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
});

/** The port asked for, or the first free one from 7350 on. */
export async function choosePort(wanted) {
  if (wanted !== undefined) {
    if (await portIsFree(wanted)) { return wanted; }
    throw new Problem(`port ${wanted} cannot be used: something else has it, or it needs more rights. Try another: npm start -- --port ${wanted < 65535 ? wanted + 1 : 7350}`);
  }
  for (let port = 7350; port < 7400; port++) {
    if (await portIsFree(port)) { return port; }
  }
  throw new Problem('no free port from 7350 to 7399; choose one with npm start -- --port N');
}

/** Opens the URL in the user's browser where there is one; never fails. */
export function openBrowser(url) {
  const opener = { darwin: 'open', linux: 'xdg-open' }[process.platform];
  if (!opener || !hasDisplay() || !onPath(opener)) { return; }
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
