import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** An answer of a real model to one request, kept so that tests run without the model and a changed prompt shows in review. */
export interface Recording {
  /** Which prompt and case: "recommend.v2". Also the name of its file. */
  readonly name: string;
  /** SHA-256 of the request's body, its keys in order. */
  readonly key: string;
  /** What answered: the model that it named. */
  readonly model: string;
  readonly recordedAt: string;
  readonly request: unknown;
  readonly reply: { readonly status: number; readonly contentType: string; /** By lines. */ readonly body: readonly string[] };
}

const folder = fileURLToPath(new URL('./recorded/', import.meta.url));

/** Key of a request: equal for equal content, whatever the order of keys. */
export function requestKey(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(sorted(body))).digest('hex');
}

/** Recordings of this folder by key. */
export function recordings(): Map<string, Recording> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  return new Map(files.map((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as Recording).map((recording) => [recording.key, recording]));
}

/** Where real answers come from: set KEDREC_RECORD=1 and KEDREC_RECORD_URL=http://host:port/v1 to record; undefined when answers are replayed. */
export function recordFrom(): string | undefined {
  return process.env['KEDREC_RECORD'] === '1' ? (process.env['KEDREC_RECORD_URL'] ?? 'http://127.0.0.1:8080/v1') : undefined;
}

export interface ReplayServer {
  readonly url: string;
  /** What went wrong, for the test's message: a request without a recording. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** A local server that answers with recordings, or records from a real one. Requests are named `name`, `name-2` ... in their order. */
export async function startReplayServer(name: string): Promise<ReplayServer> {
  const known = recordings();
  const problems: string[] = [];
  let count = 0;
  const server = createServer((req, res) => {
    void (async () => {
      if (!req.url?.endsWith('/chat/completions')) {
        res.writeHead(req.url?.endsWith('/models') ? 200 : 404, { 'content-type': 'application/json' });
        res.end(req.url?.endsWith('/models') ? JSON.stringify({ data: [{ id: 'recorded', owned_by: 'llamacpp' }] }) : '{}');
        return;
      }
      const request = JSON.parse(await readAll(req)) as unknown;
      const own = count++ === 0 ? name : `${name}-${count}`;
      const key = requestKey(request);
      const recording = recordFrom() ? await record(own, key, request) : known.get(key);
      if (!recording) {
        problems.push(changeMessage(own, request, [...known.values()].find((other) => other.name === own)));
        res.writeHead(501, { 'content-type': 'application/json' }).end('{"error":{"message":"no recording"}}');
        return;
      }
      res.writeHead(recording.reply.status, { 'content-type': recording.reply.contentType });
      res.end(recording.reply.body.join('\n'));
    })().catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, problems,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function record(name: string, key: string, request: unknown): Promise<Recording> {
  const response = await fetch(`${recordFrom()}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
  // Some servers name a model by its path on their disk: only the file's name is kept.
  const body = (await response.text()).replace(/\r\n/g, '\n').replace(/"model":"[^"]*\//g, '"model":"').split('\n');
  const model = /"model":"([^"]*)"/.exec(body.join('\n'))?.[1] ?? 'unknown';
  const recording: Recording = {
    name, key, model: process.env['KEDREC_RECORD_MODEL'] ?? model, recordedAt: new Date().toISOString(), request,
    reply: { status: response.status, contentType: response.headers.get('content-type') ?? 'text/event-stream', body },
  };
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(recording, undefined, 1)}\n`);
  return recording;
}

/** Says which prompt changed and where first, and how to record anew. */
function changeMessage(name: string, request: unknown, recorded: Recording | undefined): string {
  const again = `If the change is meant, record anew with a real server: KEDREC_RECORD=1 KEDREC_RECORD_URL=http://127.0.0.1:8080/v1 (see test/endpoint/recordedServer.ts).`;
  if (!recorded) {
    return `There is no recorded answer "${name}". ${again}`;
  }
  const [before, after] = [recorded.request, request].map((value) => JSON.stringify(sorted(value), undefined, 1).replace(/\\n/g, '\n').split('\n'));
  const at = after?.findIndex((line, index) => line !== before?.[index]) ?? 0;
  return `The request "${name}" is not the one that was recorded. First difference:\n- ${before?.[at] ?? '(end)'}\n+ ${after?.[at] ?? '(end)'}\n${again}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, sorted(entry)])) : value;
}

async function readAll(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
