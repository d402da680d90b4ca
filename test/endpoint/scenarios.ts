import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnswerEntry, PromptParts } from './answerFromPrompt';
import { endStream, openStream, sendJson, streamText, writeChunk } from './wire';

/** The parts of a chat request that scenarios look at. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema: unknown } };
  readonly stream_options?: unknown;
  readonly temperature?: number;
}

/** One chat request to be answered. */
export interface ChatCall {
  readonly res: ServerResponse;
  readonly body: ChatBody;
  readonly parts: PromptParts;
  /** A genuine answer to it. */
  readonly answer: { recommendations: AnswerEntry[] };
  /** 1 for the first chat request of this server. */
  readonly number: number;
}

/** A dialect or a fault. */
export interface Scenario {
  /** Where the API stands; `/v1` when absent. */
  readonly root?: string;
  /** What `/models` lists; null makes it a 404. */
  readonly models?: readonly Record<string, unknown>[] | null;
  /** Sees every request first; true when it has answered. */
  readonly intercept?: (req: IncomingMessage, res: ServerResponse, requests: readonly unknown[]) => boolean | Promise<boolean>;
  readonly chat: (call: ChatCall) => void | Promise<void>;
}

const model = 'scripted-model';
const usage = { prompt_tokens: 2000, completion_tokens: 120 };

/** Streams a genuine answer. */
export async function normalChat(call: ChatCall): Promise<void> {
  await streamText(call.res, textFor(call), { model, usage });
  endStream(call.res);
}

/** The answer's text; for questions that are not ours (the check's greeting) what the format asks for. */
export function textFor(call: ChatCall): string {
  if (call.parts.candidates.length > 0) {
    return JSON.stringify(call.answer);
  }
  return call.body.response_format?.type === 'json_schema' ? '{"greeting":"hello","done":true}' : call.body.response_format ? '{"text":"Hello."}' : 'Hello.';
}

const status = (code: number, body: unknown, headers: Record<string, string> = {}): Scenario['chat'] => (call) => sendJson(call.res, code, body, headers);
const refuse = (message: string, code = 400): unknown => ({ error: { message, type: 'invalid_request_error', code } });
/** Half a second for each answer; those that are not wanted are no answer. */
const slowly = (wanted: (call: ChatCall) => boolean): Scenario['chat'] => async (call) => {
  await pause(500);
  await streamText(call.res, wanted(call) ? textFor(call) : 'I would rather not say.', { model, usage });
  endStream(call.res);
};
const edit = (change: (text: string, call: ChatCall) => string, finish?: string | null): Scenario['chat'] => async (call) => {
  await streamText(call.res, change(textFor(call), call), { model, usage, ...(finish === undefined ? {} : { finish }) });
  endStream(call.res);
};
const half = (text: string): string => text.slice(0, Math.floor(text.length / 2));
const never = (): Promise<void> => new Promise(() => undefined);
const withStranger = (call: ChatCall): string => JSON.stringify({
  recommendations: [...call.answer.recommendations, { drug: 'unobtainium', decision: 'recommend', confidence: 0.9, summary: 'A drug that nobody listed.', claims: [] }],
});
const html = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>';

export const scenarios = {
  normal: { chat: normalChat },
  slow: { chat: async (call) => {
    await streamText(call.res, textFor(call), { model, usage, pieceLength: 24, pauseMs: 10 });
    endStream(call.res);
  } },
  /** Long enough to be seen in a window. */
  unhurried: { chat: async (call) => {
    await streamText(call.res, textFor(call), { model, usage, pieceLength: 24, pauseMs: 60 });
    endStream(call.res);
  } },
  /** Thinks first, then writes; both can be seen coming. */
  'unhurried-thinking': { models: [{ id: model, owned_by: 'vllm', max_model_len: 4000 }], chat: async (call) => {
    await streamText(call.res, `<think>Synthetic musing: {"recommendations": [{"drug": "nothing"</think>\n${textFor(call)}`, { model, usage, pieceLength: 20, pauseMs: 90 });
    endStream(call.res);
  } },
  'hang-before-headers': { chat: never },
  'hang-before-first-token': { chat: async (call) => {
    openStream(call.res);
    call.res.write(': waiting\n\n');
    await never();
  } },
  'hang-mid-stream': { chat: async (call) => {
    await streamText(call.res, half(textFor(call)), { model, finish: null });
    await never();
  } },
  'dies-mid-stream': { chat: async (call) => {
    await streamText(call.res, half(textFor(call)), { model, finish: null, pieceLength: 100, pauseMs: 10 });
    call.res.destroy();
  } },
  'models-401': { intercept: (_req, res) => {
    sendJson(res, 401, { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } });
    return true;
  }, chat: normalChat },
  'chat-401': { chat: status(401, { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } }) },
  'chat-403': { chat: status(403, { error: 'forbidden' }) },
  'unknown-model': { chat: status(404, { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 }) },
  'unknown-model-vllm': { chat: status(404, { error: { message: 'The model `x` does not exist. Valid aliases: y.', type: 'NotFoundError', param: 'model', code: 404 } }) },
  // The next five as transformers serve 5.19 (pinned, models-500, no-done) and LiteLLM 1.106 do it.
  'unknown-model-pinned': { chat: status(400, { detail: "Server is pinned to 'y'; requested 'scripted-model'." }) },
  'unknown-model-litellm': { chat: status(400, { error: { message: '/chat/completions: Invalid model name passed in model=scripted-model. Call `/v1/models` to view available models for your key.', type: 'invalid_request_error', param: null, code: '400' } }) },
  'wrong-key-litellm': { chat: status(400, { error: { message: 'No connected db.', type: 'no_db_connection', param: null, code: '400' } }) },
  'models-500': { intercept: (req, res) => {
    const isList = req.url?.endsWith('/models') === true;
    if (isList) {
      res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Internal Server Error');
    }
    return isList;
  }, chat: normalChat },
  'no-done': { chat: (call) => streamText(call.res, textFor(call), { model, usage, usageWithContent: true }).then(() => void call.res.end()) },
  'chat-404': { chat: status(404, { detail: 'Not Found' }) },
  'rate-limited-once': { chat: async (call) => (call.number === 1
    ? sendJson(call.res, 429, { error: { message: 'slow down', type: 'rate_limit' } }, { 'retry-after': '0.05' }) : normalChat(call)) },
  'rate-limited-long': { chat: status(429, { error: { message: 'quota' } }, { 'retry-after': '3600' }) },
  'half-a-second': { chat: slowly(() => true) },
  'slow-refusing': { chat: slowly((call) => !call.body.messages.some(({ content }) => content.includes('Synthetic refusal'))) },
  'rate-limited': { chat: status(429, { error: { message: 'slow down' } }) },
  'chat-500': { chat: status(500, { error: { message: 'CUDA out of memory', type: 'InternalServerError' } }) },
  'loading-then-ready': { chat: async (call) => (call.number <= 3 ? sendJson(call.res, 503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } }) : normalChat(call)) },
  'chat-503': { chat: status(503, { error: { message: 'overloaded' } }) },
  html: { intercept: (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html' }).end(html);
    return true;
  }, chat: normalChat },
  'html-502': { chat: (call) => {
    call.res.writeHead(502, { 'content-type': 'text/html' }).end(html);
  } },
  'html-untyped': { chat: (call) => {
    call.res.writeHead(200, { 'content-type': 'text/plain' }).end(html);
  } },
  'cut-off-json': { chat: edit(half, null) },
  'cut-off-but-stopped': { chat: edit(half) },
  'finish-length': { chat: edit(half, 'length') },
  'content-filter': { chat: edit(half, 'content_filter') },
  'no-finish': { chat: edit((text) => text, null) },
  'error-in-stream': { chat: async (call) => {
    await streamText(call.res, half(textFor(call)), { model, finish: null });
    call.res.write(`data: ${JSON.stringify({ error: { message: `internal error while answering ${call.body.messages[1]?.content ?? ''}`, type: 'InternalServerError', code: 500 } })}\n\n`);
    endStream(call.res);
  } },
  'garbled-stream': { chat: (call) => {
    openStream(call.res);
    call.res.write(`data: {"choices": [ ${call.body.messages[1]?.content.slice(0, 40) ?? ''}\n\n`);
    endStream(call.res);
  } },
  'json-reply': { chat: (call) => sendJson(call.res, 200, {
    id: 'chatcmpl-1', object: 'chat.completion', created: 1, model, choices: [{ index: 0, message: { role: 'assistant', content: textFor(call) }, finish_reason: 'stop' }], usage,
  }) },
  'json-error-200': { chat: status(200, { error: { message: 'backend gone', type: 'backend_error' } }) },
  'empty-stream': { chat: (call) => {
    openStream(call.res);
    endStream(call.res);
  } },
  'reasoning-field': { chat: async (call) => {
    openStream(call.res);
    await streamText(call.res, 'Let me weigh the candidates first.', { model, field: 'reasoning_content', finish: null });
    await streamText(call.res, textFor(call), { model, usage, role: false });
    endStream(call.res);
  } },
  'answer-in-reasoning': { chat: async (call) => {
    await streamText(call.res, textFor(call), { model, field: 'reasoning', usage });
    endStream(call.res);
  } },
  'think-tags': { chat: edit((text) => `<think>{"recommendations": "not yet"} Let me think.</think>\n${text}`) },
  'think-end-only': { chat: edit((text) => `I should weigh {both}.\n</think>\n\n${text}`) },
  fenced: { chat: edit((text) => `Here is the answer:\n\`\`\`json\n${text}\n\`\`\`\nI hope this helps.`) },
  azure: { chat: async (call) => {
    await streamText(call.res, textFor(call), { model, usage, emptyChoicesFirst: true, role: false });
    endStream(call.res);
  } },
  'usage-with-content': { chat: async (call) => {
    await streamText(call.res, textFor(call), { model, usage, usageWithContent: true });
    endStream(call.res);
  } },
  'stranger-then-repaired': { chat: (call) => edit((text) => (call.number === 1 ? withStranger(call) : text))(call) },
  'stranger-always': { chat: edit((_text, call) => withStranger(call)) },
  'malformed-then-repaired': { chat: (call) => edit((text) => (call.number === 1 ? text.replaceAll('"decision":', '"verdict":') : text))(call) },
  'malformed-always': { chat: edit(() => 'I recommend rest and plenty of fluids.') },
  'duplicate-drug': { chat: edit((_text, call) => JSON.stringify({
    recommendations: [...call.answer.recommendations, { ...call.answer.recommendations[0], decision: 'avoid', confidence: 0.1, claims: [{ text: 'Another claim.', stance: 'against', citations: [] }] }],
  })) },
  'left-out': { chat: edit((_text, call) => JSON.stringify({ recommendations: call.answer.recommendations.slice(1) })) },
  'whitespace-run': { chat: async (call) => {
    if (call.body.response_format?.type !== 'json_schema') {
      return normalChat(call);
    }
    await streamText(call.res, `{"recommendations":[${' \n'.repeat(20_000)}`, { model, pieceLength: 40, pauseMs: 1 });
    return endStream(call.res);
  } },
  'whitespace-always': { chat: async (call) => {
    await streamText(call.res, `{"recommendations":[${' \n'.repeat(20_000)}`, { model, pieceLength: 40, pauseMs: 1 });
    endStream(call.res);
  } },
  'no-response-format': { chat: (call) => (call.body.response_format ? sendJson(call.res, 400, refuse('response_format is not supported')) : normalChat(call)) },
  'json-schema-only': { chat: (call) => (call.body.response_format?.type === 'json_object'
    ? sendJson(call.res, 400, { error: "'response_format.type' must be 'json_schema' or 'text'" }) : normalChat(call)) },
  'no-array-bounds': { chat: (call) => (JSON.stringify(call.body.response_format ?? {}).includes('minItems')
    ? sendJson(call.res, 400, refuse("Invalid schema for response_format 'answer': 'minItems' is not permitted.")) : normalChat(call)) },
  'no-tuples': { chat: (call) => (JSON.stringify(call.body.response_format ?? {}).includes('prefixItems')
    ? sendJson(call.res, 400, refuse("Invalid schema for response_format 'answer': In context=('properties', 'recommendations'), array schema missing items.")) : normalChat(call)) },
  'completion-tokens-only': { chat: (call) => {
    if (call.body.max_tokens !== undefined) {
      return sendJson(call.res, 400, refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."));
    }
    return call.body.temperature !== undefined ? sendJson(call.res, 400, refuse("Unsupported value: 'temperature' does not support 0 with this model.")) : normalChat(call);
  } },
  'no-system-role': { chat: (call) => (call.body.messages[0]?.role === 'system' ? sendJson(call.res, 400, refuse('System role not supported')) : normalChat(call)) },
  'string-error': { chat: status(400, { error: 'the model crashed' }) },
  'unwrapped-error': { chat: status(400, { object: 'error', message: 'bad thing', type: 'BadRequestError', param: null, code: 400 }) },
  'redirect-elsewhere': { intercept: (req, res) => {
    res.writeHead(307, { location: `http://localhost:9/v1${req.url ?? ''}` }).end();
    return true;
  }, chat: normalChat },
  'redirect-same-host': { root: '/api/v1', intercept: (req, res) => {
    if (req.url?.startsWith('/api/')) {
      return false;
    }
    res.writeHead(307, { location: `/api${req.url ?? ''}` }).end();
    return true;
  }, chat: normalChat },
  'no-v1': { root: '', chat: normalChat },
  prefixed: { root: '/llm/v1', chat: normalChat },
  'no-models-list': { models: null, chat: normalChat },
  'embedding-first': { models: [{ id: 'nomic-embed-text', owned_by: 'library' }, { id: 'llama3.2:3b', owned_by: 'library' }], chat: normalChat },
  'small-context': { models: [{ id: model, owned_by: 'vllm', max_model_len: 3000 }], chat: normalChat },
  'overflow-once': { chat: (call) => (call.number === 1
    ? sendJson(call.res, 400, { object: 'error', message: "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens (6000 in the messages, 3000 in the completion).", code: 400 })
    : normalChat(call)) },
  /** LiteLLM 1.106 names the context of the server behind it in this way. */
  'small-context-litellm': { models: [{ id: model, object: 'model', owned_by: 'openai', max_input_tokens: 3000, max_output_tokens: 3000 }], chat: normalChat },
  /** vLLM 0.32 counts no further than the limit, here 2.4 of its tokens for one that is estimated. */
  'overflow-counted-to-the-limit': { models: [{ id: model, owned_by: 'vllm', max_model_len: 6000 }], chat: (call) => {
    const tokens = Math.ceil((call.body.messages.reduce((sum, message) => sum + message.content.length, 0) / 4) * 2.4);
    return tokens <= 6000 ? normalChat(call) : sendJson(call.res, 400, { error: { message: "This model's maximum context length is 6000 tokens. However, your prompt contains at least 6001 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=6001)", type: 'BadRequestError', param: 'input_tokens', code: 400 } });
  } },
  /** vLLM 0.32 takes a prompt that leaves the answer little room, and ends the answer where the context ends. */
  'answer-cut-by-context': { models: [{ id: model, owned_by: 'vllm', max_model_len: 6000 }], chat: async (call) => {
    if (call.number > 1) {
      return normalChat(call);
    }
    await streamText(call.res, half(textFor(call)), { model, usage: { prompt_tokens: 5950, completion_tokens: 50 }, finish: 'length' });
    endStream(call.res);
  } },
  'overflow-always': { chat: status(400, { error: { code: 400, message: 'request (9000 tokens) exceeds the available context size (512 tokens)', type: 'exceed_context_size_error', n_prompt_tokens: 9000, n_ctx: 512 } }) },
  'overflow-in-stream': { chat: (call) => {
    if (call.number > 1) {
      return normalChat(call);
    }
    openStream(call.res);
    writeChunk(call.res, { choices: [{ index: 0, delta: { role: 'assistant' } }] }, model);
    call.res.write(`data: ${JSON.stringify({ error: { message: "The input (9000 tokens) is longer than the model's context length (4096 tokens)." } })}\n\n`);
    return endStream(call.res);
  } },
  'silently-cut': { chat: async (call) => {
    await streamText(call.res, textFor(call), { model, usage: { prompt_tokens: 300, completion_tokens: 10 } });
    endStream(call.res);
  } },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

