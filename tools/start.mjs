// npm start: from a clean clone to VS Code on a copy of the sample workspace with the extension running.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkNode, ensurePackages, ensureVscodeServer, root } from './lib/prepare.mjs';
import { Problem, report, run } from './lib/run.mjs';
import { choosePort, desktopCode, firstNote, openBrowser, openDesktop, sampleWorkspace } from './lib/workbench.mjs';

const help = `Opens VS Code with KEDRec on a copy of the sample workspace.

usage: npm start -- [options]

  --folder DIR   the workspace: samples are copied into it when it is empty or missing;
                 a folder with files is opened as it is (default: a new temporary copy)
  --port N       port of the VS Code server (default: the first free one from 7350 on)
  --desktop      use the desktop VS Code (\`code\` on PATH), or fail
  --server       use the VS Code server in a browser, even where a desktop \`code\` exists
  --no-open      only print the server's address, do not open a browser
  --no-build     use what is built already
  --help         this text

Without --desktop or --server the desktop VS Code is used where there is one, else the server.`;

function readOptions() {
  let values;
  try {
    values = parseArgs({
      options: {
        folder: { type: 'string' }, port: { type: 'string' }, desktop: { type: 'boolean' }, server: { type: 'boolean' },
        'no-open': { type: 'boolean' }, 'no-build': { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new Problem(`${error.message.split('. ')[0]}. See npm start -- --help`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65535)) { throw new Problem(`--port: ${values.port} is not a port (1 to 65535)`); }
  if (values.desktop && values.server) { throw new Problem('--desktop and --server exclude each other'); }
  return { ...values, port };
}

async function build(options, args) {
  if (options['no-build']) {
    if (!existsSync(join(root, 'dist/extension.cjs'))) { throw new Problem('--no-build: nothing is built yet (dist/extension.cjs is missing)'); }
    return;
  }
  const { code } = await run(process.execPath, ['esbuild.mjs', ...args], { cwd: root });
  if (code !== 0) { throw new Problem('The build failed; its errors are above.'); }
}

async function serve(options) {
  const port = await choosePort(options.port);
  await ensureVscodeServer();
  await build(options, ['--production']);
  const { makePackage } = await import('./package.mjs');
  const vsix = await makePackage({ build: false });
  const folder = sampleWorkspace(options.folder);
  const { startServer } = await import('./vscode/server.mjs');
  const home = join(root, '.kedrec-start', String(port));
  console.log('starting the VS Code server ...');
  const server = await startServer({ vsix: [vsix], port, userDataDir: join(home, 'user'), extensionsDir: join(home, 'extensions'), keepSettings: true });
  let stopping = false;
  const stop = async signal => {
    if (stopping) { return; }
    stopping = true;
    console.log(`\n${signal}: stopping`);
    await server.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) { process.on(signal, () => void stop(signal)); }
  const note = firstNote(folder);
  const url = server.url(folder, note ? [['openFile', server.remote(note)]] : undefined);
  console.log(`\nVS Code with KEDRec is at\n\n  ${url}\n\nworkspace: ${folder}\nOnly this machine can open it. Ctrl-C stops it.`);
  if (!options['no-open']) { openBrowser(url); }
  const code = await server.ended;
  if (!stopping) { throw new Problem(`The VS Code server ended by itself (exit ${code}):\n${server.log.join('').split('\n').slice(-15).join('\n')}`); }
}

async function main() {
  const options = readOptions();
  if (options.help) { console.log(help); return; }
  checkNode();
  const { code, reason } = desktopCode();
  if (options.desktop && !code) { throw new Problem(`--desktop: ${reason}`); }
  await ensurePackages();
  if (code && !options.server) {
    await build(options, []);
    const folder = sampleWorkspace(options.folder);
    await openDesktop(code, folder, firstNote(folder));
    console.log(`VS Code opened on ${folder}`);
    return;
  }
  if (!options.server) { console.log(`${reason}; using the VS Code server`); }
  await serve(options);
}

main().catch(report);
