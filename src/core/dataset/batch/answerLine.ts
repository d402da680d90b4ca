import { isRecord } from '../../engine/answer/json';
import type { ChatOutput } from '../../engine/asking/chat';
import { readContextOverflow } from '../../engine/endpoint/contextError';
import { CaseFailure } from './caseFailure';

/** One line of an OpenAI batch output or error file, as OpenAI's service and `vllm run-batch` write them. */
export type AnswerLine = { readonly customId: string } & ({ readonly output: ChatOutput } | { readonly failure: CaseFailure });

/** Reads a line; undefined for what is none. Never throws. */
export function readAnswerLine(line: string): AnswerLine | undefined {
  let value: unknown;
  try { value = JSON.parse(line.replace(/^\uFEFF/, '')); } catch { return undefined; }
  if (!isRecord(value) || typeof value.custom_id !== 'string' || value.custom_id === '') { return undefined; }
  const customId = value.custom_id;
  const response = isRecord(value.response) ? value.response : undefined;
  // Some runners put the completion straight into `response`.
  const body = response && isRecord(response.body) ? response.body : response && 'choices' in response ? response : undefined;
  const status = typeof response?.status_code === 'number' ? response.status_code : 200;
  const output = body && status < 400 && !hasError(value) ? completion(body) : undefined;
  return output ? { customId, output } : { customId, failure: failureOf(status, value, body) };
}

function hasError(value: Record<string, unknown>): boolean { return value.error !== undefined && value.error !== null; }

function completion(body: Record<string, unknown>): ChatOutput | undefined {
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isRecord(choice) || !isRecord(choice.message)) { return undefined; }
  const { message } = choice;
  const usage = isRecord(body.usage) ? body.usage : {};
  const tokens = (name: string): number | undefined => { const count = usage[name]; return typeof count === 'number' ? count : undefined; };
  const [promptTokens, completionTokens] = [tokens('prompt_tokens'), tokens('completion_tokens')];
  return {
    content: textOf(message.content), reasoning: textOf(message.reasoning_content ?? message.reasoning), ...(typeof choice.finish_reason === 'string' ? { finish: choice.finish_reason } : {}),
    ...(typeof body.model === 'string' ? { model: body.model } : {}), usage: { ...(promptTokens === undefined ? {} : { promptTokens }), ...(completionTokens === undefined ? {} : { completionTokens }) },
    totalMs: 0, streamed: false, ranAway: false,
  };
}

/** Content is a text, or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') { return content; }
  return Array.isArray(content) ? content.map(part => (isRecord(part) && typeof part.text === 'string' ? part.text : '')).join('') : '';
}

function failureOf(status: number, value: Record<string, unknown>, body: Record<string, unknown> | undefined): CaseFailure {
  // vLLM nests the error once more, and OpenAI puts that of a refused request into the body.
  const nested = [value.error, body?.error].flatMap(error => (isRecord(error) ? [error, error.error] : [error]));
  const code = nested.flatMap(error => (isRecord(error) ? [error.code, error.type] : [])).find(found => typeof found === 'string' && /^[A-Za-z][\w.-]{1,60}$/.test(found));
  const said = `${status >= 400 ? ` with status ${status}` : ''}${typeof code === 'string' ? ` (${code})` : ''}`;
  const tooLong = nested.some(error => readContextOverflow(typeof error === 'string' ? error : JSON.stringify(error ?? '')) !== undefined);
  if (code === 'batch_expired' || code === 'batch_cancelled') { return new CaseFailure('not-answered', `The batch ended before this request was answered${said}. Send it again.`); }
  if (tooLong) { return new CaseFailure('context-too-long', `The request did not fit the model's context${said}. Export with --context-tokens, so that less evidence is given.`); }
  if (status === 404 && nested.some(error => isRecord(error) && /model/i.test(`${String(error.message)} ${String(error.param)}`))) {
    return new CaseFailure('not-found', `The server has no model of the name that was exported${said}. Serve it under that name (vLLM: --served-model-name), or export with --model as the server names it.`);
  }
  const reason = status === 429 ? 'rate-limited' : status === 401 || status === 403 ? 'unauthorized' : status >= 500 ? 'server-error' : status >= 400 ? 'bad-request' : hasError(value) ? 'server-error' : 'malformed-answer';
  return new CaseFailure(reason, reason === 'malformed-answer' ? 'The line for this request holds no completion.' : `The batch failed on this request${said}. See the line of the answer file, and send it again.`);
}
