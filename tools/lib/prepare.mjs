// Brings in what is missing: npm packages, the VS Code server, Chromium. Plain Node 20, nothing installed.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath, Problem, run, tail } from './run.mjs';

/** The checkout's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const readJson = file => JSON.parse(readFileSync(file, 'utf8'));

/** Throws a Problem unless this Node is new enough (package.json's engines.node). */
export function checkNode() {
  const wanted = readJson(join(root, 'package.json')).engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor = 0] = wanted.split('.').map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    throw new Problem(`Node.js ${wanted} or newer is needed; this is ${process.versions.node}. Get it from https://nodejs.org or with your version manager.`);
  }
}

/** True when node_modules holds what package-lock.json asks for. */
function packagesInstalled() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) { return false; }
  const installed = readJson(installedFile).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages)
    .every(([path, entry]) => path === '' || entry.optional || entry.peer || installed[path]?.version === entry.version);
}

/** What an npm failure means for the user. */
function npmProblem(what, output) {
  const explain = [
    [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/, 'the npm registry cannot be reached; check the network, the proxy (npm config get proxy) and the registry (npm config get registry)'],
    [/E401|E403|ENEEDAUTH/, 'the npm registry refused access; check npm config get registry and your login'],
    [/ENOSPC/, 'the disk is full'],
    [/EACCES|EPERM|EROFS/, 'a file could not be written; check who owns this folder'],
    [/EUSAGE/, 'package.json and package-lock.json do not belong together; run npm install and look at the difference'],
  ].find(([pattern]) => pattern.test(output));
  return new Problem(`${what} failed:\n${tail(output)}\n\n${what} failed${explain ? `: ${explain[1]}` : ''}.`);
}

/** Runs `npm ci` unless node_modules is complete. */
export async function ensurePackages() {
  if (packagesInstalled()) { return; }
  if (!onPath('npm')) { throw new Problem('npm is not on PATH; it comes with Node.js (https://nodejs.org), or as the package npm of your system.'); }
  console.log('installing npm packages (npm ci) ...');
  const started = Date.now();
  const { code, output } = await run(npm, ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'], { cwd: root, quiet: true, label: 'npm ci' });
  if (code !== 0) { throw npmProblem('npm ci', output); }
  console.log(`  done in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Installs the VS Code server from npm unless it is there; a Problem names everything that is missing for that. */
export async function ensureVscodeServer() {
  const home = process.env.KEDREC_VSCODE === 'minimum' ? join(root, 'tools/vscode/minimum') : join(root, 'tools/vscode');
  const script = join(home, 'install.sh');
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Problem(`The VS Code server from npm runs on Linux x64; this is ${process.platform} ${process.arch}.\nInstall VS Code (https://code.visualstudio.com) with its shell command 'code' on PATH instead.`);
  }
  if (!existsSync(join(home, 'node_modules/.ready'))) {
    const missing = ['bash', 'gcc', 'g++', 'make', 'python3'].filter(name => !onPath(name));
    if (missing.length > 0) {
      throw new Problem(`The VS Code server needs ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not on PATH (two small native modules are compiled).\nOn Debian or Ubuntu: sudo apt-get install -y build-essential python3`);
    }
    console.log('installing the VS Code server from npm (about a minute, once) ...');
  }
  const { code, output } = await run('bash', [script], { cwd: root, quiet: true, label: 'VS Code server' });
  if (code !== 0) { throw npmProblem('Installing the VS Code server', output); }
}

/** Installs Debian's Chromium when allowed to, else throws a Problem with the one command to run. */
export async function ensureChromium() {
  const { chromiumPath } = await import('../vscode/browser.mjs');
  if (chromiumPath()) { return; }
  const packages = ['chromium', 'fonts-dejavu-core'];
  const problem = new Problem(`Chromium is needed for the tests in a VS Code window. Run:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}\nor set CHROMIUM to the path of a Chromium or Chrome.`);
  if (process.getuid?.() !== 0 || !onPath('apt-get')) { throw problem; }
  console.log('installing Chromium (apt-get) ...');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update', '-q'], ['install', '-y', '-q', '--no-install-recommends', ...packages]]) {
    const { code, output } = await run('apt-get', args, { quiet: true, env, label: `apt-get ${args[0]}` });
    if (code !== 0) { throw new Problem(`apt-get ${args[0]} failed:\n${tail(output)}\n${problem.message}`); }
  }
}
