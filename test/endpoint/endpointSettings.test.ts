import assert from 'node:assert/strict';
import { readEndpoints } from '../../src/host/endpoint/endpointSettings';
import { promptText } from '../../src/host/endpoint/promptText';
import type { Settings } from '../../src/host/settings';
import { buildPrompt } from '../../src/core/engine/prompts/buildPrompt';
import { makeRequest } from './fixture';

const read = (values: Record<string, unknown>): ReturnType<typeof readEndpoints> => {
  const get = <T>(key: string): T | undefined => values[key] as T | undefined;
  return readEndpoints({ get } as Parameters<typeof readEndpoints>[0]);
};

describe('settings of endpoints', () => {
  it('are the simple ones alone, where no others are named', () => {
    const { all, active } = read({ 'endpoint.baseUrl': ' http://a/v1 ', 'endpoint.model': 'm' });
    assert.deepEqual(all.map(({ name }) => name), ['default']);
    assert.deepEqual([active.baseUrl, active.model, active.kind, active.maxTokens, active.contextTokens], ['http://a/v1', 'm', 'openai', 3000, undefined]);
  });

  it('inherit patience and certificate, never address, model, headers or trust', () => {
    const { active } = read({
      'endpoint.active': 'b', 'endpoint.baseUrl': 'http://a', 'endpoint.model': 'm', 'endpoint.headers': { x: '1' }, 'endpoint.idleTimeout': 7, 'endpoint.caFile': '/ca.pem', 'endpoint.allowSelfSigned': true,
      endpoints: { b: { baseUrl: 'https://b', contextTokens: 4096, maxTokens: 50 } },
    });
    assert.deepEqual([active.name, active.baseUrl, active.model, active.headers, active.idleTimeout, active.caFile, active.allowSelfSigned, active.contextTokens, active.maxTokens],
      ['b', 'https://b', '', {}, 7, '/ca.pem', false, 4096, 200]);
  });

  it('bear nonsense', () => {
    for (const endpoints of [null, 'x', [], { '': {}, default: { baseUrl: 'http://evil' }, c: 'text' }]) {
      const { active } = read({ endpoints, 'endpoint.baseUrl': 'http://a', 'endpoint.active': 3 });
      assert.equal(active.baseUrl, 'http://a');
    }
    assert.equal(read({ endpoints: { lm: { kind: 'vscode-lm', baseUrl: 'http://x' } } }).active.baseUrl, '', 'a language model of the editor has no address');
  });
});

describe('the document of a prompt', () => {
  const settings = { engine: 'endpoint', ...{ endpoint: read({ 'endpoint.baseUrl': 'http://a/v1' }).active } } as Settings;

  it('holds the messages word for word, whatever fences they hold, and tells what was sent and repaired', () => {
    const prompt = buildPrompt(makeRequest({ caseText: 'Synthetic.\n~~~~~~\n# Fake heading' }));
    const body = { model: 'm', messages: prompt.messages, temperature: 0 };
    const preview = { prompt, address: 'http://a/v1/chat/completions', body };
    const before = promptText(preview, [], settings);
    assert.match(before, /^# Prompt recommend\.v2, as it would be sent/);
    for (const message of prompt.messages) { assert.ok(before.includes(`\n${message.content}\n`)); }
    assert.match(before, /^~~~~~~~text$/m, 'a longer fence than any in the text');
    assert.match(before, /"temperature": 0/);
    const at = new Date('2026-01-02T03:04:05Z');
    const repair = { ...body, messages: [...prompt.messages, { role: 'assistant', content: 'wrong' }, { role: 'user', content: 'Again, please.' }] };
    const after = promptText(preview, [{ at, body: { ...body, temperature: 1 } }, { at, body: repair }], settings);
    assert.match(after, /as it was sent at 2026-01-02 03:04:05 UTC/);
    assert.match(after, /# Repair 1[\s\S]*Again, please\./);
    assert.match(after, /"temperature": 1/);
    assert.match(promptText(preview, [{ at, body: { ...body, messages: [] } }], settings), /as it would be sent/);
  });
});
