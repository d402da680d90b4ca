import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { buildEvidenceIndex } from '../../src/core/evidence/build';
import { openEvidenceStore } from '../../src/core/evidence/store';
import type { EvidenceStore } from '../../src/core/evidence/types';
import { workerEvidenceStore } from '../../src/core/evidence/workerStore';
import { benchQueries, missingData, readCorpus, writeCorpus, type BenchQueries } from './indexCorpus';

/* `prepare|measure COUNT DIRECTORY`, see hostBlocking.mjs. */

const [, , phase, count, directory] = process.argv as unknown as [string, string, string, string, string];
const file = join(directory, 'index.kdx');
const cacheDir = join(directory, 'cache');
const MEGABYTE = 2 ** 20;

async function prepare(): Promise<void> {
  const missing = missingData();
  if (missing.length > 0) { throw new Error(`${missing.join(', ')} missing: set KEDREC_TEST_DATA.`); }
  const corpus = join(directory, 'corpus.jsonl');
  writeCorpus(corpus, Number(count));
  const documents = function* () {
    for (const { id, title, text } of readCorpus(corpus)) yield { id: `D:${id}`, source: 'literature' as const, title, passages: [{ id: `D:${id}#1`, documentId: `D:${id}`, text }] };
  };
  writeFileSync(file, await buildEvidenceIndex(documents(), { name: 'bench' }));
}

/** Processor time of the main thread alone, in milliseconds (Linux; elsewhere NaN): not disturbed by what else the machine does. */
function hostProcessorMs(): number {
  try { return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6; } catch { return NaN; }
}

/** The most processor time that one step took from this thread: it cannot have been blocked for longer by its own work. */
let longestStep = 0;

async function step<T>(run: () => Promise<T>): Promise<T> {
  const before = hostProcessorMs();
  const value = await run();
  longestStep = Math.max(longestStep, hostProcessorMs() - before);
  return value;
}

/** Longest and 99th percentile delay of this thread's event loop while something runs, in milliseconds, beyond the timer's own step; and the time this thread was busy. */
async function watched(what: string, run: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = performance.eventLoopUtilization();
  const start = performance.now();
  delay.enable();
  longestStep = 0;
  await run();
  const own = longestStep;
  await pause(20);
  delay.disable();
  const { active } = performance.eventLoopUtilization(before);
  const milliseconds = (nanoseconds: number): string => Math.max(0, nanoseconds / 1e6 - 1).toFixed(1);
  console.log(`| ${what} | ${milliseconds(delay.max)} | ${milliseconds(delay.percentile(99))} | ${own === 0 ? '–' : own.toFixed(1)} | ${active.toFixed(1)} | ${(performance.now() - start).toFixed(0)} |`);
}

function memory(): { resident: number; used: number } {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / MEGABYTE, used: (heapUsed + external) / MEGABYTE };
}

async function searchAll(store: EvidenceStore, { short, notes }: BenchQueries): Promise<void> {
  for (const text of [...short.slice(0, 150), ...notes.slice(0, 50)]) await step(() => store.search({ text, limit: 30 }));
}

async function measure(): Promise<void> {
  const queries = benchQueries();
  const sources = [{ name: 'bench', path: file }];
  const warm = workerEvidenceStore(join(directory, 'worker.cjs'), [], {});
  await warm.search({ text: 'x', limit: 1 });
  await warm.dispose();
  console.log(`\n${count} documents; milliseconds\n\n| | longest delay of the host | 99 % | most processor time of the host for one search | host busy, all together | time |\n| --- | --- | --- | --- | --- | --- |`);
  await watched('idle', () => pause(2000));
  const before = memory();
  let store = workerEvidenceStore(join(directory, 'worker.cjs'), sources, { cacheDir });
  await watched('first search, from the file', () => step(() => store.search({ text: queries.short[0]!, limit: 30 })));
  await watched('200 searches (150 short, 50 case notes), 30 results each', () => searchAll(store, queries));
  const open = memory();
  await pause(1500);
  await watched('dispose', () => store.dispose());
  await pause(300);
  const after = memory();
  store = workerEvidenceStore(join(directory, 'worker.cjs'), sources, { cacheDir });
  await watched('first search, from the decoded cache', () => step(() => store.search({ text: queries.short[1]!, limit: 30 })));
  await store.dispose();
  const mb = ({ resident }: { resident: number }): string => `${resident.toFixed(0)} MB`;
  console.log(`\nResident memory of the process: ${mb(before)} before, ${mb(open)} with the index open and searched, ${mb(after)} after dispose.`);
  const beforeHere = memory();
  const here = openEvidenceStore(sources, { cacheDir });
  await searchAll(here, queries);
  const openHere = memory();
  await here.dispose();
  await pause(50);
  const afterHere = memory();
  console.log(`Without a worker, heap and external: ${beforeHere.used.toFixed(1)} MB before, ${openHere.used.toFixed(1)} MB open, ${afterHere.used.toFixed(1)} MB after dispose.`);
}

void (phase === 'prepare' ? prepare() : measure()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
