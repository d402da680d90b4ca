import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLanguageModelEngine } from '../../src/core/engine/endpointEntry';
import { EngineError, type EngineEvent } from '../../src/core/engine/types';
import { proxySettings } from '../../src/host/endpoint/endpointConfig';
import { selectModel } from '../../src/host/endpoint/vscodeModel';
import type { Services } from '../../src/host/services';
import { readSettings } from '../../src/host/settings';
import { answerFor, parsePrompt } from '../endpoint/answerFromPrompt';
import { makeRequest } from '../endpoint/fixture';
import { startProxy } from '../endpoint/secure';
import { startScriptedServer, type ScriptedServer } from '../endpoint/scriptedServer';
import { cursorAt, extension, goutNote, open, recommend, setting, until, writeFile } from './support';

const services = async (): Promise<Services> => (await extension() as unknown as { services: Services }).services;

describe('endpoints', () => {
  let student: ScriptedServer;
  let teacher: ScriptedServer;

  before(async () => {
    student = await startScriptedServer('normal');
    teacher = await startScriptedServer({ ...(await import('../endpoint/scenarios')).scenarios['small-context'] });
  });
  after(async () => {
    for (const name of ['engine', 'endpoints', 'endpoint.active', 'endpoint.baseUrl', 'prompt.template']) { await setting(name, undefined); }
    await Promise.all([student.close(), teacher.close()]);
  });
  beforeEach(async () => {
    await setting('endpoint.baseUrl', undefined);
    await setting('endpoints', { student: { baseUrl: `${student.url}/v1`, headers: { 'x-lab': 'a' } }, teacher: { baseUrl: `${teacher.url}/v1`, maxTokens: 900 } });
    await setting('endpoint.active', 'student');
    await setting('engine', 'endpoint');
    cursorAt(await open(writeFile('note.md', goutNote)), 'acute flare');
  });
  afterEach(async () => {
    await setting('prompt.template', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are switched by name, each with its own address, headers and limits', async () => {
    const { engine } = await recommend('done');
    assert.match(engine.label, /^student: /);
    assert.equal(student.chats.at(-1)?.headers['x-lab'], 'a');
    const before = student.chats.length;
    await setting('endpoint.active', 'teacher');
    const done = await recommend('done');
    assert.match(done.engine.label, /^teacher: /);
    assert.equal(student.chats.length, before);
    assert.equal(teacher.chats.at(-1)?.headers['x-lab'], undefined, 'headers of one endpoint go to no other');
    assert.equal((JSON.parse(teacher.chats.at(-1)!.body) as { max_tokens: number }).max_tokens, 900);
  });

  it('say what did not fit the context, and how fast they were', async () => {
    await setting('endpoint.active', 'teacher');
    const { result: { provenance, recommendations } } = await recommend('done');
    assert.ok(provenance.leftOut, 'something was left out');
    assert.equal(provenance.leftOut.limitTokens, 3000);
    assert.deepEqual(provenance.leftOut.perCandidate.map(({ drugId }) => drugId).sort(), recommendations.map(({ drug }) => drug.id).sort());
    assert.equal(typeof provenance.promptSeed, 'number');
    assert.equal(provenance.usage?.promptTokens, 2000);
    assert.ok(provenance.usage?.firstTokenMs !== undefined);
  });

  it('are remembered: model, kind and context, found once', async () => {
    await setting('endpoint.active', 'teacher');
    await recommend('done');
    const known = (await services()).capabilities.get(`${teacher.url}/v1`);
    assert.equal(known?.model, 'scripted-model');
    assert.equal(known?.serverKind, 'vLLM');
    assert.equal(known?.contextTokens, 3000);
    assert.equal(known?.profile.format, 'json_schema_bounded');
  });

  it('fall back to the first that has an address when the active one is gone', async () => {
    await setting('endpoint.active', 'no such');
    assert.equal(readSettings().endpoint.name, 'student');
    await setting('endpoint.baseUrl', `${student.url}/v1`);
    assert.equal(readSettings().endpoint.name, 'default');
  });

  it('show the prompt as it would be sent, without sending it, then as it was sent', async () => {
    const sent = student.requests.length;
    // A case that no other test has sent.
    const note = await open(writeFile('unsent.md', goutNote.replace('Zebediah', 'Obadiah')));
    cursorAt(note, 'acute flare');
    await vscode.commands.executeCommand('kedrec.prompt.show');
    const shown = await until(() => (vscode.window.activeTextEditor?.document.uri.scheme === 'kedrec-prompt' ? vscode.window.activeTextEditor.document : undefined), 'the prompt');
    const text = shown.getText();
    assert.equal(student.requests.length, sent, 'nothing is sent to show it');
    assert.match(text, /^# Prompt recommend\.v2, as it would be sent/);
    assert.match(text, /endpoint "student"/);
    for (const part of ['# System message', '# User message', 'acute flare of gout', '"json_schema"', 'Seed of the candidates', '<case-text mark="']) { assert.ok(text.includes(part), part); }
    await vscode.window.showTextDocument(note.document);
    cursorAt(vscode.window.activeTextEditor!, 'acute flare');
    await recommend('done');
    const user = (JSON.parse(student.chats.at(-1)!.body) as { messages: { content: string }[] }).messages[1]!.content;
    await vscode.window.showTextDocument(note.document);
    cursorAt(vscode.window.activeTextEditor!, 'acute flare');
    await vscode.commands.executeCommand('kedrec.prompt.show');
    const now = await until(() => vscode.workspace.textDocuments.find(document => document.uri.scheme === 'kedrec-prompt' && !document.isClosed && /as it was sent at/.test(document.getText())), 'the prompt as it was sent');
    assert.ok(now.getText().includes(user), 'word for word');
  });

  it('use the user\u2019s own prompt, named by its content', async () => {
    const file = writeFile('mine.md', '<!-- kedrec:system -->\nBe brief.\n<!-- kedrec:user -->\n{{caseText}}\n# Candidates\n{{candidates}}\n# Evidence\n{{evidence}}\n');
    await setting('prompt.template', file);
    const { result } = await recommend('done');
    assert.match(result.provenance.promptVersion ?? '', /^user:[0-9a-f]{8}$/);
    assert.ok(student.chats.at(-1)!.body.includes('Be brief.'));
  });

  it('name file, line and column of a prompt that cannot be used, in the panel and in its editor', async () => {
    const file = writeFile('wrong.md', '<!-- kedrec:user -->\n{{caseText}}\n{{candidates}} {{evidense}}\n{{evidence}}\n');
    await setting('prompt.template', file);
    const before = student.chats.length;
    const { message } = await recommend('error');
    assert.ok(message.includes(`${file}:3:16`), message);
    assert.equal(student.chats.length, before);
    const { document } = await open(file);
    const problems = await until(() => { const found = vscode.languages.getDiagnostics(document.uri); return found.length > 0 ? found : undefined; }, 'the problem');
    assert.equal(problems[0]!.range.start.line, 2);
    assert.match(problems[0]!.message, /evidense/);
  });

  it('go through the proxy of VS Code\u2019s settings', async () => {
    const proxy = await startProxy(Number(new URL(student.url).port));
    const http = vscode.workspace.getConfiguration('http');
    await http.update('proxy', `http://127.0.0.1:${proxy.port}`, vscode.ConfigurationTarget.Global);
    try {
      await setting('endpoints', { student: { baseUrl: 'http://llm.institute.test/v1' } });
      const own = await services();
      const models = await (await own.endpoint()).listModels(await own.endpointConfig(readSettings()));
      assert.deepEqual(models.map(({ id }) => id), ['scripted-model']);
      assert.ok(proxy.seen.some(line => line.includes('llm.institute.test')), proxy.seen.join());
    } finally {
      await http.update('proxy', undefined, vscode.ConfigurationTarget.Global);
      await proxy.close();
    }
  });

  it('read VS Code\u2019s proxy settings, else the environment', () => {
    const http = (values: Record<string, unknown>) => ({ get: <T>(key: string) => values[key] as T });
    assert.equal(proxySettings(http({}), {}), undefined);
    assert.equal(proxySettings(http({ proxy: 'http://p:1', proxySupport: 'off' }), {}), undefined);
    assert.deepEqual(proxySettings(http({ proxy: 'http://p:1', proxyAuthorization: 'Basic x', noProxy: ['a.test'], proxyStrictSSL: false }), { HTTPS_PROXY: 'http://q:2' }),
      { http: 'http://p:1', https: 'http://p:1', authorization: 'Basic x', noProxy: ['a.test'], strictSSL: false });
    assert.deepEqual(proxySettings(http({ proxy: '' }), { HTTPS_PROXY: 'http://q:2', NO_PROXY: 'b.test' }), { https: 'http://q:2', noProxy: ['b.test'] });
  });
});

describe('language models of VS Code', () => {
  const signal = new AbortController().signal;
  const timeouts = { connectMs: 1000, firstTokenMs: 2000, idleMs: 2000 };
  type Send = (messages: vscode.LanguageModelChatMessage[], options: vscode.LanguageModelChatRequestOptions | undefined, token: vscode.CancellationToken | undefined) => AsyncIterable<string>;
  const textOf = (message: vscode.LanguageModelChatMessage) => message.content.map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');

  const fake = (send: Send): vscode.LanguageModelChat => ({
    name: 'Fake', id: 'fake-1', vendor: 'tests', family: 'fake', version: '1', maxInputTokens: 6000,
    countTokens: async text => Math.ceil((typeof text === 'string' ? text : textOf(text)).length / 4),
    sendRequest: async (messages, options, token) => { const text = send(messages, options, token); return { text, stream: text } as vscode.LanguageModelChatResponse; },
  });
  const answer: Send = async function* (messages) {
    const text = JSON.stringify(answerFor(parsePrompt(textOf(messages[0]!))));
    for (let at = 0; at < text.length; at += 40) { yield text.slice(at, at + 40); }
  };
  const ask = (send: Send, report: (event: EngineEvent) => void = () => undefined, stop: AbortSignal = signal) =>
    createLanguageModelEngine({ timeouts, model: () => selectModel('tests/fake-1', async () => [fake(send)]) }).recommend(makeRequest(), report, stop);
  const refuse = (error: unknown): Send => () => { throw error; };

  it('answer through the same prompts, streamed, counted and checked', async () => {
    const events: EngineEvent[] = [];
    let roles: vscode.LanguageModelChatMessageRole[] = [];
    let justification = '';
    const result = await ask((messages, options, token) => {
      roles = messages.map(({ role }) => role);
      justification = options?.justification ?? '';
      return answer(messages, options, token);
    }, event => events.push(event));
    assert.equal(result.drafts.length, 3);
    assert.equal(result.model, 'Fake');
    assert.equal(result.promptVersion, 'recommend.v2');
    assert.ok((result.usage?.promptTokens ?? 0) > 500 && (result.usage?.completionTokens ?? 0) > 50);
    assert.deepEqual(roles, [vscode.LanguageModelChatMessageRole.User], 'the rules stand in the first message');
    assert.ok(justification.length > 10);
    assert.ok(events.filter(({ type }) => type === 'drafts').length >= 1);
    assert.deepEqual(result.warnings, []);
  });

  it('are asked once to repair a malformed answer', async () => {
    let asked = 0;
    const result = await ask((messages, options, token) => (asked++ === 0 ? (async function* () { yield 'I would rather talk.'; })() : answer(messages, options, token)));
    assert.equal(asked, 2);
    assert.match(result.warnings.join(), /repaired/);
  });

  it('stop when cancelled', async () => {
    const stop = new AbortController();
    let cancelled = false;
    await assert.rejects(ask(async function* (_messages, _options, token) {
      token?.onCancellationRequested(() => { cancelled = true; });
      yield '{"recommendations":[';
      stop.abort();
      await new Promise(() => undefined);
    }, () => undefined, stop.signal), error => EngineError.is(error, 'cancelled'));
    assert.ok(cancelled, 'the model is told');
  });

  const failures: readonly [string, unknown, EngineError['reason'], RegExp][] = [
    ['no permission', vscode.LanguageModelError.NoPermissions('no case here'), 'unauthorized', /Manage Language Model Access/],
    ['a model that is gone', vscode.LanguageModelError.NotFound('gone'), 'not-found', /status bar/],
    ['a quota', vscode.LanguageModelError.Blocked('Quota exceeded'), 'rate-limited', /Wait/],
    ['a rate limit', new Error('Too many requests, rate limited'), 'rate-limited', /Wait/],
    ['anything else', new Error('Zanzibar-Quokka'), 'server-error', /another model/],
  ];
  for (const [name, error, reason, advice] of failures) {
    it(`turn ${name} into ${reason}`, async () => {
      await assert.rejects(ask(refuse(error)), (found: unknown) => EngineError.is(found, reason) && advice.test(found.advice) && !found.message.includes('Zanzibar'));
    });
  }

  it('say so when there is none', async () => {
    await assert.rejects(selectModel('', async () => []), (error: unknown) => EngineError.is(error, 'not-configured'));
    await assert.rejects(selectModel('x/y', async () => [fake(answer)]), (error: unknown) => EngineError.is(error, 'not-found') && /tests\/fake-1/.test(error.advice));
  });
});
