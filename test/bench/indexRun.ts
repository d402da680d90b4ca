import { performance } from 'node:perf_hooks';
import { benchQueries, readCorpus, writeCorpus } from './indexCorpus';
import { ENGINES } from './indexEngines';

/* One phase of one engine in its own process: `build|prepare|load ENGINE CORPUS DIRECTORY`, or `corpus COUNT FILE`; one JSON line out. */

const [, , phase, name, corpus, directory] = process.argv as unknown as [string, string, string, string, string, string];
const MEGABYTE = 2 ** 20;
/** Milliseconds for each kind of query. */
const TIME_FOR_QUERIES = 12_000;

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
  const deadline = performance.now() + TIME_FOR_QUERIES;
  for (const query of queries.slice(0, 10)) if (performance.now() < deadline - TIME_FOR_QUERIES / 2) await search(query, 10);
  const best: number[] = [];
  for (let i = 0; i < queries.length * 3 && performance.now() < deadline; i++) {
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
  if (phase === 'corpus') return { real: writeCorpus(corpus, Number(name)) };
  const engine = ENGINES[name]!;
  await engine.load?.();
  if (phase === 'build') {
    let documents = 0;
    const counted = function* () {
      for (const document of readCorpus(corpus)) {
        documents++;
        yield document;
      }
    };
    const before = process.cpuUsage();
    await engine.build(counted(), directory);
    const seconds = processorMs(before) / 1000;
    return { docsPerSecond: documents / seconds, peakMb: process.resourceUsage().maxRSS / 1024 };
  }
  if (phase === 'prepare') {
    await engine.prepare?.(directory);
    return { bytes: engine.shippedBytes(directory) };
  }
  const { short, notes } = benchQueries();
  const before = usedBytes();
  const start = performance.now();
  const startUsage = process.cpuUsage();
  const search = await engine.open(directory);
  await search(short[0]!, 10);
  const firstMs = performance.now() - start;
  const firstCpuMs = processorMs(startUsage);
  const memoryMb = (usedBytes() - before) / MEGABYTE;
  const openPeakMb = process.resourceUsage().maxRSS / 1024;
  if (process.argv.includes('--open-only')) return { firstMs, firstCpuMs, memoryMb, openPeakMb };
  return { firstMs, firstCpuMs, memoryMb, openPeakMb, short: await timings(search, short), notes: await timings(search, notes) };
}

measure().then(
  result => console.log(JSON.stringify(result)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
