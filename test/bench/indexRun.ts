import { performance } from 'node:perf_hooks';
import { benchDocuments, benchQueries } from './indexCorpus';
import { ENGINES } from './indexEngines';

/* One phase of one engine in its own process: `build|prepare|load ENGINE COUNT DIRECTORY DATA`, one JSON line out. */

const [, , phase, name, count, directory, data] = process.argv as unknown as [string, string, string, string, string, string, string];
const engine = ENGINES[name]!;

function collectGarbage(): void {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Milliseconds per query, the best of up to three rounds for each (what else the machine does only ever adds). */
async function timings(search: (text: string, limit: number) => unknown, queries: readonly string[]): Promise<{ p50: number; p95: number }> {
  for (const query of queries.slice(0, 10)) await search(query, 10);
  const best: number[] = [];
  const deadline = performance.now() + 20_000;
  for (let i = 0; i < queries.length * 3 && (performance.now() < deadline || best.length < 20); i++) {
    const query = i % queries.length;
    const start = performance.now();
    await search(queries[query]!, 10);
    best[query] = Math.min(best[query] ?? Infinity, performance.now() - start);
  }
  best.sort((a, b) => a - b);
  const at = (share: number): number => best[Math.min(best.length - 1, Math.floor(best.length * share))]!;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Milliseconds of processor time of this process since `before`. */
function processorMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function measure(): Promise<object> {
  if (phase === 'build') {
    const documents = benchDocuments(data, Number(count));
    collectGarbage();
    const before = process.cpuUsage();
    await engine.build(documents, directory);
    const seconds = processorMs(before) / 1000;
    return { docsPerSecond: documents.length / seconds, peakMb: process.resourceUsage().maxRSS / 1024, bytes: engine.shippedBytes(directory) };
  }
  if (phase === 'prepare') {
    await engine.prepare?.(directory);
    return {};
  }
  const { short, notes } = benchQueries(data);
  const before = usedBytes();
  const start = performance.now();
  const startUsage = process.cpuUsage();
  const search = await engine.open(directory);
  await search(short[0]!, 10);
  const firstMs = performance.now() - start;
  const firstCpuMs = processorMs(startUsage);
  const memoryMb = (usedBytes() - before) / 2 ** 20;
  return { firstMs, firstCpuMs, memoryMb, short: await timings(search, short), notes: await timings(search, notes) };
}

measure().then(
  result => console.log(JSON.stringify(result)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
