import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How a stream is written. */
export interface StreamOptions {
  readonly model: string;
  /** Field of the delta that carries the text. */
  readonly field?: 'content' | 'reasoning_content' | 'reasoning';
  readonly pieceLength?: number;
  readonly pauseMs?: number;
  /** Set to null to leave the finish out. */
  readonly finish?: string | null;
  readonly done?: boolean;
  readonly emptyChoicesFirst?: boolean;
  readonly role?: boolean;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
  /** Usage rides on the last content chunk instead of a chunk of its own. */
  readonly usageWithContent?: boolean;
}

/** Starts an event stream. */
export function openStream(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
}

/** Writes one chunk of a chat completion. */
export function writeChunk(res: ServerResponse, chunk: Record<string, unknown>, model: string): void {
  res.write(`data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, ...chunk })}\n\n`);
}

/** Streams a text piece by piece and, unless told otherwise, ends it properly. */
export async function streamText(res: ServerResponse, text: string, options: StreamOptions): Promise<void> {
  const { model, field = 'content', pieceLength = 24, pauseMs = 0 } = options;
  if (!res.headersSent) {
    openStream(res);
  }
  if (options.emptyChoicesFirst) {
    writeChunk(res, { choices: [], prompt_filter_results: [] }, model);
  }
  if (options.role !== false) {
    writeChunk(res, { choices: [{ index: 0, delta: { role: 'assistant', content: null }, finish_reason: null }] }, model);
  }
  for (let at = 0; at < text.length && !res.destroyed; at += pieceLength) {
    const last = at + pieceLength >= text.length;
    const usage = last && options.usageWithContent ? { usage: options.usage } : {};
    writeChunk(res, { choices: [{ index: 0, delta: { [field]: text.slice(at, at + pieceLength) }, finish_reason: null }], ...usage }, model);
    if (pauseMs > 0) {
      await pause(pauseMs);
    }
  }
  if (options.finish !== null) {
    writeChunk(res, { choices: [{ index: 0, delta: {}, finish_reason: options.finish ?? 'stop' }] }, model);
  }
  if (options.usage && !options.usageWithContent) {
    writeChunk(res, { choices: [], usage: options.usage }, model);
  }
}

/** Ends an event stream. */
export function endStream(res: ServerResponse): void {
  res.write('data: [DONE]\n\n');
  res.end();
}

/** Answers with JSON. */
export function sendJson(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
}
