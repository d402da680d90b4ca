import assert from 'node:assert/strict';
import type { ContextOverflow } from '../../src/core/engine/asking/chat';
import { readContextOverflow } from '../../src/core/engine/endpoint/contextError';
import { makeRequest, passage } from './fixture';
import { closeServers, serve, succeed } from './harness';
import { normalChat } from './scenarios';
import { sendJson } from './wire';

/** As servers write it, with the numbers that can be read from it. */
const wordings: readonly (readonly [server: string, status: number, body: unknown, limit: number | undefined, counted: number | Partial<ContextOverflow> | undefined])[] = [
  ['OpenAI', 400, { error: { message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.", type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' } }, 8192, 9001],
  ['vLLM, older', 400, { object: 'error', message: "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens (6000 in the messages, 3000 in the completion). Please reduce the length of the messages or completion.", type: 'BadRequestError', param: null, code: 400 }, 4096, { prompt: 6000 }],
  ['vLLM, newer', 400, { error: { message: "This model's maximum context length is 4096 tokens. However, your request has 5000 input tokens. Please reduce the length of the input messages. (parameter=input_tokens, value=5000)", type: 'BadRequestError', code: 400 } }, 4096, { prompt: 5000 }],
  // The next three as version 0.32.0 sent them.
  ['vLLM 0.32', 400, { error: { message: "This model's maximum context length is 4096 tokens. However, your prompt contains at least 4097 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=4097)", type: 'BadRequestError', param: 'input_tokens', code: 400 } }, 4096, { promptAtLeast: 4097 }],
  ['vLLM 0.32, very long', 400, { error: { message: "This model's maximum context length is 4096 tokens. However, your prompt contains 3000148 characters (more than 331776 characters, which is the upper bound for 4096 input tokens). Please reduce the length of the input prompt. (parameter=input_text, value=3000148)", type: 'BadRequestError', param: 'input_text', code: 400 } }, 4096, undefined],
  ['vLLM 0.32, answer', 400, { error: { message: 'max_tokens=9000 cannot be greater than max_model_len=4096. Please request fewer output tokens. (parameter=max_tokens, value=9000)', type: 'BadRequestError', param: 'max_tokens', code: 400 } }, 4096, undefined],
  ['vLLM, prompt', 400, { error: { message: 'The decoder prompt (length 7000) is longer than the maximum model length of 4096. Make sure that `max_model_len` is no smaller than the number of text tokens.', type: 'BadRequestError', code: 400 } }, 4096, { prompt: 7000 }],
  ['SGLang', 400, { object: 'error', message: "The input (9000 tokens) is longer than the model's context length (4096 tokens).", type: 'BadRequestError', code: 400 }, 4096, 9000],
  ['SGLang, total', 400, { object: 'error', message: "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 6001 tokens: 5001 tokens from the input messages and 1000 tokens for the completion.", type: 'BadRequestError' }, 4096, { prompt: 5001 }],
  ['llama.cpp', 400, { error: { code: 400, message: 'the request exceeds the available context size, try increasing it', type: 'exceed_context_size_error', n_prompt_tokens: 9000, n_ctx: 4096 } }, 4096, { prompt: 9000 }],
  ['llama.cpp, newer', 400, { error: { code: 400, message: 'request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it', type: 'exceed_context_size_error', n_prompt_tokens: 9000, n_ctx: 4096 } }, 4096, { prompt: 9000 }],
  ['TGI', 422, { error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 6000 `inputs` tokens and 3000 `max_new_tokens`', error_type: 'validation' }, 4096, { prompt: 6000 }],
  ['TGI, input', 422, { error: 'Input validation error: `inputs` must have less than 4095 tokens. Given: 6000', error_type: 'validation' }, 4095, 6000],
  ['LM Studio', 400, { error: 'Trying to keep the first 6000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input' }, 4096, 6000],
  ['LM Studio, other', 400, { error: 'The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 6000>= n_ctx: 4096). Try to load the model with a larger context length.' }, 4096, 6000],
  ['LiteLLM', 400, { error: { message: "litellm.ContextWindowExceededError: litellm.BadRequestError: OpenAIException - This model's maximum context length is 4096 tokens. However, you requested 9000 tokens", type: null, param: null, code: '400' } }, 4096, 9000],
  ['LiteLLM before vLLM', 400, { error: { message: "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: Hosted_vllmException - {\"error\":{\"message\":\"This model's maximum context length is 4096 tokens. However, your prompt contains at least 4097 input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=4097)\",\"type\":\"BadRequestError\",\"param\":\"input_tokens\",\"code\":400}}\nmodel=kedrec-small. context_window_fallbacks=None. fallbacks=None.\n\nSet 'context_window_fallback' - https://docs.litellm.ai/docs/routing#fallbacks", type: 'invalid_request_error', param: null, code: '400' } }, 4096, { promptAtLeast: 4097 }],
  ['Azure', 400, { error: { message: "This model's maximum context length is 4096 tokens, however you requested 9000 tokens (8000 in your prompt; 1000 for the completion). Please reduce your prompt; or completion length.", type: 'invalid_request_error', code: null } }, 4096, { prompt: 8000 }],
  ['Ollama', 400, { error: { message: 'input length exceeds maximum context length', type: 'invalid_request_error' } }, undefined, undefined],
  ['Anthropic style gateway', 400, { error: { type: 'invalid_request_error', message: 'prompt is too long: 9000 tokens > 4096 maximum' } }, 4096, 9000],
  ['Gemini style gateway', 400, { error: { code: 400, message: 'The input token count (9000) exceeds the maximum number of tokens allowed (4096).', status: 'INVALID_ARGUMENT' } }, 4096, 9000],
];

describe('endpoint: "context too long" in every wording', () => {
  afterEach(closeServers);
  const many = makeRequest({ background: { condition: 'both', omitted: 0, passages: ['metformin', 'glipizide', 'empagliflozin'].flatMap((drug, d) => [1, 2, 3, 4].map((n) =>
    passage(`E${d * 4 + n}`, `TEST:${d}${n}`, `Synthetic: ${drug} was studied. ${'The follow-up was long. '.repeat(60)}`, { drugIds: [drug], score: n }))) } });

  for (const [server, status, body, limit, counted] of wordings) {
    it(`${server}: is recognised with its numbers, and leads to one smaller retry`, async () => {
      assert.deepEqual(readContextOverflow(JSON.stringify(body)), { ...(limit === undefined ? {} : { limit }), ...(typeof counted === 'number' ? { requested: counted } : counted) });
      const scripted = await serve({ chat: (call) => (call.number === 1 ? sendJson(call.res, status, body) : normalChat(call)) });
      const { answer } = await succeed(scripted, { request: many });
      const [first = '', second = ''] = scripted.chats.map((chat) => chat.body);
      assert.equal(scripted.chats.length, 2);
      assert.ok(second.length < first.length, 'the second prompt is smaller');
      assert.ok((answer.leftOut?.passages.length ?? 0) > 0);
    });
  }

  for (const text of ['The model does not exist.', 'Rate limit reached for tokens per minute', 'invalid max_tokens', 'CUDA out of memory', "'temperature' must be below 2"]) {
    it(`is not seen in: ${text}`, () => assert.equal(readContextOverflow(JSON.stringify({ error: { message: text } })), undefined));
  }
});
