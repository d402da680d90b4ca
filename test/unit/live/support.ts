import { after } from 'mocha';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/core/evidence/live/clock';
import type { LiveOptions } from '../../../src/core/evidence/live/fetchEvidence';
import { startLiveServer } from '../../live/server.mjs';
import type { LiveAnswer, LiveServer } from '../../live/server.mjs';

const made: string[] = [];
const running: LiveServer[] = [];
after(async () => {
  for (const server of running) await server.stop();
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kedrec-live-'));
  made.push(folder);
  return folder;
}

export async function serve(answer: (url: URL) => LiveAnswer): Promise<LiveServer> {
  const server = await startLiveServer(answer);
  running.push(server);
  return server;
}

/** A clock that jumps instead of waiting; `waits` are the milliseconds that were slept. */
export function jumpingClock(start = Date.parse('2026-03-01T12:00:00Z')): Clock & { readonly waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

export async function optionsFor(server: LiveServer, more: Partial<LiveOptions> = {}): Promise<LiveOptions & { readonly clock: ReturnType<typeof jumpingClock> }> {
  return { transport: fetch, cacheFolder: await temporaryFolder(), cacheDays: 7, version: '0.0.0', baseUrls: server.baseUrls, timeoutMs: 2000, ...more, clock: jumpingClock() };
}
