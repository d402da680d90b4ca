import { cancelled } from '../asking/chat';
import type { EndpointConnection } from './connection';
import { HttpFailure, seconds } from './errors';

/** True for a reply that means: the model is still being loaded. */
export function isLoading(failure: HttpFailure): boolean {
  return failure.status === 503 && /loading|starting|warming|not ready/i.test(failure.body);
}

const pollMs = 1000;
const pollTimeoutMs = 5000;

/**
 * Waits while a server that loads its model says so at `/health`. Resolves to false at once where it has no such page, and when time is up.
 */
export async function waitUntilLoaded(connection: EndpointConnection, patienceMs: number, status: (message: string) => void, signal: AbortSignal): Promise<boolean> {
  const started = performance.now();
  const interval = Math.min(pollMs, connection.config.retry?.maxWaitMs ?? pollMs);
  for (;;) {
    const waited = performance.now() - started;
    const state = await health(connection, signal);
    if (state !== 'loading') {
      return state === 'ready';
    }
    if (waited + interval > patienceMs) {
      return false;
    }
    status(`The server is loading its model (${seconds(Math.round(waited / 1000) * 1000)} so far).`);
    await pause(interval, signal);
  }
}

async function health(connection: EndpointConnection, signal: AbortSignal): Promise<'ready' | 'loading' | 'unknown'> {
  try {
    await connection.look('/health', AbortSignal.any([signal, AbortSignal.timeout(pollTimeoutMs)]));
    return 'ready';
  } catch (error) {
    if (signal.aborted) {
      throw cancelled();
    }
    return error instanceof HttpFailure && error.status === 503 ? 'loading' : 'unknown';
  }
}

/** `Retry-After` in seconds or as a date, and OpenAI's `retry-after-ms`. */
export function retryAfterMs(headers: Headers): number | undefined {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) {
    return Math.max(0, exact);
  }
  const value = headers.get('retry-after');
  if (!value) {
    return undefined;
  }
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number.parseFloat(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** Waits; rejects with EngineError `cancelled` when the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(cancelled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
