import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startScriptedServer, type ScriptedServer } from '../endpoint/scriptedServer';
import { cursorAt, extension, goutNote, open, recommend, setting, until, writeFile } from './support';

describe('endpoint', () => {
  let server: ScriptedServer;

  before(async () => { server = await startScriptedServer('normal'); });
  after(async () => {
    await setting('engine', undefined);
    await setting('endpoint.baseUrl', undefined);
    await server.close();
  });
  beforeEach(async () => {
    server.play('normal');
    await setting('engine', 'endpoint');
    await setting('endpoint.baseUrl', `${server.url}/v1`);
    cursorAt(await open(writeFile('note.md', goutNote)), 'acute flare');
  });
  afterEach(async () => { await vscode.commands.executeCommand('workbench.action.closeAllEditors'); });

  it('streams a grounded answer of the model', async () => {
    const { result } = await recommend('done');
    assert.equal(result.engine, 'endpoint');
    assert.equal(result.provenance.languageModel, true);
    assert.ok(result.provenance.model);
    assert.ok(result.recommendations.length > 1);
    const body = server.chats.at(-1)!.body;
    assert.ok(body.includes('acute flare of gout'), 'the case is in the prompt');
    assert.ok(!body.includes('see again'), 'and nothing else of the file');
  });

  it('asks nobody but the server that was set', async () => {
    const before = server.requests.length;
    await setting('engine', 'evidence');
    await recommend('done');
    assert.equal(server.requests.length, before, 'the evidence engine asks nobody');
  });

  it('aborts the request when cancelled', async () => {
    server.play('hang-before-first-token');
    const { view } = await extension();
    const sent = server.chats.length;
    const running = vscode.commands.executeCommand('kedrec.recommend.selection');
    await until(() => server.chats.length > sent, 'the request');
    await vscode.commands.executeCommand('kedrec.recommend.cancel');
    await running;
    await server.chats.at(-1)!.closed;
    assert.equal(server.chats.at(-1)!.aborted, true);
    assert.equal(view.current.kind === 'error' && view.current.message, 'Cancelled.');
  });

  it('offers the next step when the key is refused', async () => {
    server.play('models-401');
    const { message, advice, actions } = await recommend('error');
    assert.match(message, /401|key|refus/i);
    assert.match(advice, /Set Endpoint API Key/);
    assert.ok(actions.includes('setApiKey'));
    assert.ok(actions.includes('useEvidenceEngine'));
  });

  it('gives a clear error when nobody listens', async () => {
    await setting('endpoint.baseUrl', 'http://127.0.0.1:9/v1');
    const { advice, actions } = await recommend('error');
    assert.match(advice, /kedrec\.endpoint\.baseUrl/);
    assert.ok(actions.includes('openSettings'));
  });

  it('asks for an address when none is set', async () => {
    await setting('endpoint.baseUrl', undefined);
    const { advice } = await recommend('error');
    assert.match(advice, /kedrec\.endpoint\.baseUrl/);
  });

  it('keeps an unusable answer for the log only on request', async () => {
    server.play('malformed-always');
    const { message } = await recommend('error');
    assert.ok(!message.includes('gout'));
    assert.ok((await vscode.commands.getCommands()).includes('kedrec.log.rawAnswer'));
  });
});
