// What goes wrong says what to do, in the real window.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

/** The scripted OpenAI-compatible server, as a program of its own. */
async function scripted(scenario) {
  const child = spawn(process.execPath, ['--import=tsx', 'test/endpoint/serve.ts', '--scenario', scenario], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { url: url.trim(), stop: () => child.kill() };
}

describe('bad input', () => {
  let server;
  let workspace;
  let window;

  before(async () => {
    workspace = copyWorkspace();
    writeFileSync(workspace.file('empty.md'), '');
    writeFileSync(workspace.file('long.txt'), `gout ${'word '.repeat(210_000)}`);
    writeFileSync(workspace.file('gone.md'), 'Another text stands here now.\n');
    mkdirSync(workspace.file('sidecar-in-the-way'));
    writeFileSync(workspace.file('sidecar-in-the-way/note.md'), 'Synthetic: acute flare of gout.\n');
    mkdirSync(workspace.file('sidecar-in-the-way/note.md.kedrec.jsonl'));
    server = await startServer({ theme: 'light' });
    window = await openWorkbench(server, { folder: workspace.folder });
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    workspace?.remove();
  });

  const recommend = () => window.command('KEDRec: Recommend Drugs for Selection');

  it('no editor open', async () => {
    await recommend();
    assert.match(await window.notification('Open a case note'), /Open Sample Workspace|select the text/);
    await window.clearNotifications();
  });

  it('an empty file', async () => {
    await window.open('empty.md').catch(() => undefined); // an empty editor has no line to wait for
    await recommend();
    await window.notification('This file is empty');
    await window.clearNotifications();
  });

  it('a selection of 1 MB', async () => {
    await window.open('long.txt');
    await window.page.keyboard.press('Control+A');
    await window.page.keyboard.press('Control+Alt+R');
    assert.match(await window.notification('a case can have 100,000'), /Select only the part/);
    await window.clearNotifications();
  });

  it('a line without text', async () => {
    await window.open('rheumatology-gout.md');
    await window.goToLine(4);
    await window.page.keyboard.press('Control+Alt+R');
    await window.notification('empty line');
    await window.clearNotifications();
  });

  it('a sidecar that cannot be written: the recommendation stays, with a way out', async () => {
    await window.open('sidecar-in-the-way/note.md');
    await window.page.keyboard.press('Control+Alt+R');
    await window.notification('folder of that name is in the way');
    const frame = await window.webview('.note');
    assert.match(await frame.locator('.note').first().innerText(), /folder of that name is in the way/);
    assert.ok(await frame.locator('.card').count() > 0);
    await window.screenshot('bad-sidecar');
    await window.clearNotifications();
  });
});

describe('a corrupt index', () => {
  let server;
  let workspace;
  let window;

  before(async () => {
    workspace = copyWorkspace();
    server = await startServer({ theme: 'dark' });
    const installed = readdirSync(server.extensionsDir).find(name => name.startsWith('kedrec.kedrec'));
    const index = join(server.extensionsDir, installed, 'dist/bundle/evidence.kdx');
    assert.ok(existsSync(index));
    writeFileSync(index, 'this is no index');
    window = await openWorkbench(server, { folder: workspace.folder });
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    workspace?.remove();
  });

  it('is named, with what to do', async () => {
    await window.open('rheumatology-gout.md');
    await window.goToLine(5);
    await window.page.keyboard.press('Control+Alt+R');
    const frame = await window.webview('.state.error');
    const text = await frame.locator('.state.error').innerText();
    assert.match(text, /evidence\.kdx/);
    assert.match(text, /Reinstall the extension/);
    await window.screenshot('bad-index');
  });
});

describe('the endpoint', () => {
  let endpoint;
  let server;
  let workspace;
  let window;

  before(async () => {
    endpoint = await scripted('unhurried');
    workspace = copyWorkspace();
    server = await startServer({ theme: 'dark', settings: { 'kedrec.engine': 'endpoint', 'kedrec.endpoint.baseUrl': `${endpoint.url}/v1` } });
    window = await openWorkbench(server, { folder: workspace.folder });
  });
  after(async () => {
    await window?.close();
    await server?.stop();
    workspace?.remove();
    endpoint?.stop();
  });

  it('is checked: reachability, model, latency, structured output', async () => {
    await window.command('KEDRec: Check Endpoint');
    const text = await window.notification('is reachable', 60_000);
    assert.match(text, /model \S+.*latency \d+ ms.*structured output: json_schema.*streaming/s);
    await window.screenshot('endpoint-check');
    await window.clearNotifications();
  });

  it('streams into the panel and says which model answered', async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="KEDRec"]').first().click();
    await window.webview('.state.empty');
    await window.open('rheumatology-gout.md');
    await window.goToLine(5);
    await window.page.keyboard.press('Control+Alt+R');
    const frame = await window.webview('.state.working');
    await frame.locator('.card').first().waitFor();
    await window.screenshot('endpoint-streaming');
    await frame.locator('footer').waitFor({ timeout: 60_000 });
    assert.match(await frame.locator('.provenance').innerText(), /Model \S+/);
    await window.screenshot('endpoint-done');
  });

  it('gives a clear error and a way back when it is gone', async () => {
    endpoint.stop();
    await window.open('neurology-migraine.md');
    await window.goToLine(5);
    await window.page.keyboard.press('Control+Alt+R');
    const frame = await window.webview('.state.error');
    assert.match(await frame.locator('.state.error').innerText(), /kedrec\.endpoint\.baseUrl/);
    await window.screenshot('endpoint-gone');
    await frame.locator('vscode-button', { hasText: 'Use the Evidence Engine' }).click();
    await frame.locator('footer').waitFor({ timeout: 30_000 });
    assert.match(await frame.locator('.engine').innerText(), /no language model/);
  });
});
