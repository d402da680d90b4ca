import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFor, parsePrompt, type PromptParts } from './answerFromPrompt';
import { scenarios, type ChatBody, type Scenario, type ScenarioName } from './scenarios';
import { sendJson } from './wire';

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  /** As text; empty for GET. */
  readonly body: string;
  /** The client closed the connection before the answer had ended. */
  aborted: boolean;
  /** Settles when the connection of this request is done with, either way. */
  readonly closed: Promise<void>;
}

/** A running scripted server. */
export interface ScriptedServer {
  /** Without `/v1`. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Requests for an answer only. */
  readonly chats: readonly RecordedRequest[];
  play(scenario: ScenarioName | Scenario): void;
  close(): Promise<void>;
}

/** Starts a local server that speaks the OpenAI API in the dialect, or with the fault, of a scenario. */
export async function startScriptedServer(first: ScenarioName | Scenario, port = 0): Promise<ScriptedServer> {
  let scenario = find(first);
  const requests: RecordedRequest[] = [];
  const server = createServer((req, res) => {
    void answer(req, res).catch(() => res.destroy());
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req);
    const { pathname: path, search: query } = new URL(req.url ?? '/', 'http://localhost');
    const record: RecordedRequest = {
      method: req.method ?? '', path, query, headers: req.headers, body, aborted: false,
      closed: new Promise((resolve) => res.on('close', () => {
        record.aborted = !res.writableFinished;
        resolve();
      })),
    };
    requests.push(record);
    if (await scenario.intercept?.(req, res, requests)) {
      return;
    }
    const root = scenario.root ?? '/v1';
    if (path === `${root}/models` && scenario.models !== null) {
      sendJson(res, 200, { object: 'list', data: scenario.models ?? [{ id: 'scripted-model', object: 'model', created: 1, owned_by: 'scripted' }] });
    } else if (path === `${root}/chat/completions` && req.method === 'POST') {
      const chat = JSON.parse(body) as ChatBody;
      const users = chat.messages.filter((message) => message.role === 'user').map((message) => message.content);
      const parts: PromptParts = parsePrompt(users.find((text) => text.includes('# Candidates')) ?? '');
      const number = requests.filter((seen) => seen.path.endsWith('/chat/completions')).length;
      await scenario.chat({ res, body: chat, parts, answer: answerFor(parts), number });
    } else {
      sendJson(res, 404, { detail: 'Not Found' });
    }
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    requests,
    get chats() {
      return requests.filter((request) => request.path.endsWith('/chat/completions'));
    },
    play: (next) => {
      scenario = find(next);
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function find(scenario: ScenarioName | Scenario): Scenario {
  return typeof scenario === 'string' ? scenarios[scenario] : scenario;
}

async function readBody(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
