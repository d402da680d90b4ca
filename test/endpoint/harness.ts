import assert from 'node:assert/strict';
import { createEndpointEngine } from '../../src/core/engine/endpointEntry';
import type { EndpointConfig, EndpointLogEvent } from '../../src/core/engine/endpoint/config';
import { EngineError, type EngineAnswer, type EngineErrorReason, type EngineEvent, type EngineRequest } from '../../src/core/engine/types';
import { caseText, makeConfig, makeRequest } from './fixture';
import { startScriptedServer, type ScriptedServer } from './scriptedServer';
import type { Scenario, ScenarioName } from './scenarios';

/** What one run brought. */
export interface RunResult {
  readonly answer?: EngineAnswer;
  readonly error?: EngineError;
  readonly events: readonly EngineEvent[];
  readonly log: readonly EndpointLogEvent[];
}

export interface RunOptions {
  readonly config?: Partial<EndpointConfig>;
  readonly request?: EngineRequest;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineEvent) => void;
  /** Added to the server's address. */
  readonly path?: string;
}

const servers: ScriptedServer[] = [];

/** Starts a server that `closeServers` ends. */
export async function serve(scenario: ScenarioName | Scenario): Promise<ScriptedServer> {
  const server = await startScriptedServer(scenario);
  servers.push(server);
  return server;
}

export async function closeServers(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}

/** Runs the engine once against a server, and checks that nothing private shows in errors, warnings, status or log. */
export async function run(server: ScriptedServer, options: RunOptions = {}): Promise<RunResult> {
  const events: EngineEvent[] = [];
  const log: EndpointLogEvent[] = [];
  const config = makeConfig(server.url + (options.path ?? '/v1'), { log: (event) => log.push(event), ...options.config });
  const engine = createEndpointEngine(config);
  let result: RunResult;
  try {
    const answer = await engine.recommend(options.request ?? makeRequest(), (event) => {
      events.push(event);
      options.onEvent?.(event);
    }, options.signal ?? new AbortController().signal);
    result = { answer, events, log };
  } catch (error) {
    assert.ok(EngineError.is(error), `not an EngineError: ${String(error)}`);
    result = { error, events, log };
  } finally {
    engine.dispose();
  }
  assertNothingPrivate(result, config);
  return result;
}

/** Runs and expects a failure of this kind. */
export async function fail(server: ScriptedServer, reason: EngineErrorReason, options: RunOptions = {}): Promise<EngineError> {
  const { error } = await run(server, options);
  assert.ok(error, 'expected a failure');
  assert.equal(error.reason, reason, error.message);
  assert.ok(error.message.length > 10 && error.advice.length > 10);
  return error;
}

/** Runs and expects an answer. */
export async function succeed(server: ScriptedServer, options: RunOptions = {}): Promise<RunResult & { answer: EngineAnswer }> {
  const result = await run(server, options);
  assert.ok(result.answer, result.error?.message);
  return { ...result, answer: result.answer };
}

function assertNothingPrivate(result: RunResult, config: EndpointConfig): void {
  const shown = JSON.stringify([
    result.error && [result.error.message, result.error.advice, String(result.error.cause), result.error.stack],
    result.answer?.warnings, result.events.filter((event) => event.type === 'status'), result.log,
  ]);
  for (const secret of ['Zanzibar-Quokka', caseText.slice(0, 40), config.apiKey ?? 'none', 'HbA1c by 1.1%']) {
    assert.ok(!shown.includes(secret), `something private was shown: ${secret.slice(0, 12)}`);
  }
  assert.ok(!(result.error?.rawAnswer ?? '').includes(config.apiKey ?? 'none'), 'the key is in the raw answer');
}
