// Overhead of a batch's own code: an engine that answers at once. npx tsx test/bench/batch.ts [records...] (default 1000 10000 100000 1000000)
// For each size in a process of its own: annotate a JSON Lines file into a file of events, then resume over it when all is done.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSink } from '../../src/core/dataset/batch/fileSink';
import { noMemory, readMemory, type FileMemory } from '../../src/core/dataset/batch/readMemory';
import { runBatch } from '../../src/core/dataset/batch/runBatch';
import { whileUnchanged } from '../../src/core/dataset/batch/whileUnchanged';
import { streamRecords } from '../../src/core/dataset/formats/streamRecords';
import type { RecommendationResult } from '../../src/core/recommend/types';

const concurrency = 8;

/** About 1 kB a line, every case another one. */
async function writeCases(path: string, count: number): Promise<void> {
  const filler = 'Synthetic note: an adult with a chronic illness is seen for follow-up; findings are stable and the plan is unchanged. '.repeat(8);
  const out = createWriteStream(path);
  for (let i = 0; i < count; i++) { if (!out.write(`${JSON.stringify({ id: `r${i}`, text: `Case ${i}. ${filler}` })}\n`)) { await once(out, 'drain'); } }
  out.end();
  await once(out, 'close');
}

const answer: RecommendationResult = {
  schema: 'kedrec.recommendation/1', engine: 'evidence', case: { diseases: [], drugs: [], allergies: [], textLength: 1000 }, recommendations: [], nothing: { code: 'no-disease', reason: 'No disease was found in the case.', advice: 'Name one.' }, warnings: [],
  provenance: { engine: 'evidence', languageModel: false, condition: 'both', knowledgeVersion: 'bench', indexes: [], kedrecVersion: '0', createdAt: '2026-01-01T00:00:00.000Z', durationMs: 0 },
};

/** Runs one batch; resolves to milliseconds and the most memory seen, in MB. */
async function measure(file: string, out: string, memory: FileMemory): Promise<{ ms: number; done: number; earlier: number; rssMb: number; heapMb: number }> {
  const sink = await FileSink.open(out);
  let [rss, heap] = [0, 0];
  const look = setInterval(() => {
    const used = process.memoryUsage();
    rss = Math.max(rss, used.rss);
    heap = Math.max(heap, used.heapUsed + used.external);
  }, 50);
  const started = performance.now();
  const { done, earlier, stopped } = await runBatch(whileUnchanged(file, streamRecords(file)), () => Promise.resolve(answer), sink, memory, { concurrency }, () => undefined).finished;
  const ms = performance.now() - started;
  clearInterval(look);
  await sink.close();
  if (stopped) { throw new Error(stopped); }
  return { ms, done, earlier, rssMb: rss / 1e6, heapMb: heap / 1e6 };
}

async function one(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kedrec-bench-'));
  try {
    const [file, out] = [join(folder, 'cases.jsonl'), join(folder, 'out.jsonl')];
    await writeCases(file, count);
    const baseline = process.memoryUsage().rss / 1e6;
    const first = await measure(file, out, noMemory);
    const started = performance.now();
    const memory = await readMemory(out);
    const readMs = performance.now() - started;
    const again = await measure(file, out, memory);
    memory.close();
    if (first.done !== count || again.earlier !== count) { throw new Error('not every record was done'); }
    const row = [count.toLocaleString('en-US'), `${(statSync(file).size / 1e6).toFixed(1)} MB`, `${(first.ms / count).toFixed(3)} ms`, `${Math.round(count / first.ms * 1000)}/s`, `${baseline.toFixed(0)} MB`, `${first.rssMb.toFixed(0)} MB`, `${first.heapMb.toFixed(0)} MB`,
      `${(readMs / 1000).toFixed(2)} s`, `${(again.ms / 1000).toFixed(2)} s`, `${again.rssMb.toFixed(0)} MB`];
    console.log(`| ${row.join(' | ')} |`);
  } finally { rmSync(folder, { recursive: true, force: true }); }
}

const sizes = process.argv.slice(2).filter(text => /^\d+$/.test(text)).map(Number);
if (process.argv.includes('--one')) { await one(sizes[0]!); } else {
  console.log('| records | file | a record | rate | before | peak RSS | peak heap + buffers | read OUT | resume | peak RSS |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const size of sizes.length > 0 ? sizes : [1000, 10_000, 100_000, 1_000_000]) { execFileSync(process.execPath, ['--import=tsx', fileURLToPath(import.meta.url), '--one', String(size)], { stdio: 'inherit' }); }
}
