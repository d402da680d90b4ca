import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startScriptedServer, type ScriptedServer } from '../endpoint/scriptedServer';
import { cursorAt, extension, open, recommend, setting, until, writeFile } from './support';

const note = 'Patient: Alvina Quennell, MRN 0045821, seen on 03/14/2021. She has an acute flare of gout. Allergies: penicillin.\n';
const secrets = ['Alvina', 'Quennell', '0045821', '03/14'];

describe('privacy', function () {
  this.timeout(90_000);
  let server: ScriptedServer;
  let remote: string;

  const ask = () => vscode.commands.executeCommand('kedrec.recommend.selection');
  const diff = () => vscode.window.tabGroups.all.flatMap(group => group.tabs).find(({ input }) => input instanceof vscode.TabInputTextDiff);
  /** Chooses the nth item of the question that stands beside the diff. */
  const choose = async (nth: number) => {
    await until(() => diff(), 'the diff');
    await new Promise(resolve => setTimeout(resolve, 1200)); // the question follows the diff
    for (let step = 0; step < nth; step++) { await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext'); }
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  };
  const policy = async (nth: number) => {
    const running = vscode.commands.executeCommand('kedrec.privacy.choose');
    await new Promise(resolve => setTimeout(resolve, 500));
    for (let step = 0; step < nth; step++) { await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext'); }
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return running;
  };

  before(async () => {
    server = await startScriptedServer('normal');
    // An address of this machine that is not known as one: as good as any other host.
    remote = server.url.replace('127.0.0.1', '0.0.0.0');
    assert.notEqual(remote, server.url);
  });
  after(async () => {
    for (const name of ['engine', 'endpoint.baseUrl', 'privacy.remoteHosts']) { await setting(name, undefined); }
    await server.close();
  });
  beforeEach(async () => {
    server.play('normal');
    await setting('engine', 'endpoint');
    await setting('endpoint.baseUrl', `${remote}/v1`);
    cursorAt(await open(writeFile('note.md', note)), 'acute flare');
  });
  afterEach(async () => {
    await setting('privacy.remoteHosts', undefined);
    await vscode.workspace.getConfiguration('kedrec').update('privacy.remoteHosts', undefined, vscode.ConfigurationTarget.Workspace);
    await policy(1); // ask: forgets what was chosen
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  const sent = () => server.chats.map(({ body }) => body);

  it('sends nothing when the answer is no, or Escape', async () => {
    const before = server.requests.length;
    const running = ask();
    await choose(3);
    assert.equal(await running, undefined);
    const again = ask();
    await until(() => diff(), 'the diff');
    await new Promise(resolve => setTimeout(resolve, 400));
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal(await again, undefined);
    assert.equal(server.requests.length, before, 'not even a look at its models');
    assert.equal(diff(), undefined, 'the diff is closed again');
  });

  it('shows what would be sent, and sends exactly that; the kept answer names the patient again', async () => {
    const { view } = await extension();
    const running = ask();
    const tab = await until(() => diff(), 'the diff');
    const { original, modified } = tab.input as vscode.TabInputTextDiff;
    const [left, right] = await Promise.all([original, modified].map(async uri => (await vscode.workspace.openTextDocument(uri)).getText().trim().replace(/\n/g, '')));
    // Long lines are broken for reading; nothing else differs.
    assert.equal(left, note.trim());
    for (const secret of secrets) { assert.ok(!right!.includes(secret), secret); }
    assert.match(right!, /Patient: \[NAME-1\], MRN \[RECORD-1\], seen on \[DATE-1 2021\]\. She has an acute flare of gout/);
    await choose(1);
    assert.ok(await running);
    const body = sent().at(-1)!;
    for (const secret of secrets) { assert.ok(!body.includes(secret), secret); }
    assert.ok((JSON.parse(body) as { messages: { content: string }[] }).messages.at(-1)!.content.includes(right!), 'word for word what was shown');
    assert.equal(view.current.kind, 'done');
  });

  it('asks again after "this time", and not after "always"', async () => {
    let running = ask();
    await choose(1);
    await running;
    running = ask();
    await choose(0);
    await running;
    const before = sent().length;
    const result = await recommend('done');
    assert.ok(result);
    assert.equal(diff(), undefined);
    assert.ok(sent().length > before);
    for (const secret of secrets) { assert.ok(!sent().at(-1)!.includes(secret), secret); }
  });

  it('never sends where the user said never, and a workspace cannot loosen that', async () => {
    const before = server.requests.length;
    await setting('privacy.remoteHosts', { '*': 'never' });
    await vscode.workspace.getConfiguration('kedrec').update('privacy.remoteHosts', { '*': 'ask', [new URL(remote).host]: 'deidentify' }, vscode.ConfigurationTarget.Workspace);
    assert.equal(await ask(), undefined);
    assert.equal(server.requests.length, before);
    assert.equal(diff(), undefined);
  });

  it('lets a workspace be stricter', async () => {
    await setting('privacy.remoteHosts', { '*': 'ask' });
    await vscode.workspace.getConfiguration('kedrec').update('privacy.remoteHosts', { '*': 'never' }, vscode.ConfigurationTarget.Workspace);
    const before = server.requests.length;
    assert.equal(await ask(), undefined);
    assert.equal(server.requests.length, before);
  });

  it('changes the policy of the host by command', async () => {
    assert.equal(await policy(2), 'never');
    const before = server.requests.length;
    assert.equal(await ask(), undefined);
    assert.equal(server.requests.length, before);
    assert.equal(await policy(1), 'ask');
  });

  it('previews a case at any time', async () => {
    await setting('engine', 'evidence');
    await vscode.commands.executeCommand('kedrec.privacy.preview');
    assert.ok(diff());
  });

  it('shows the prompt as another machine would get it', async () => {
    await vscode.commands.executeCommand('kedrec.prompt.show');
    const shown = () => vscode.workspace.textDocuments.find(document => document.uri.scheme === 'kedrec-prompt' && document.getText().includes(new URL(remote).host));
    const text = (await until(shown, 'the prompt for this host')).getText();
    for (const secret of secrets) { assert.ok(!text.includes(secret), secret); }
    assert.match(text, /Patient: \[NAME-1\]/);
  });

  it('sends the text as it is to this machine, without asking', async () => {
    await setting('endpoint.baseUrl', `${server.url}/v1`);
    await recommend('done');
    assert.ok(sent().at(-1)!.includes('Alvina Quennell'));
    assert.equal(diff(), undefined);
    await setting('endpoint.baseUrl', `${remote}/v1`);
  });
});
