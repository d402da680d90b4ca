// Reading and writing datasets against JSON.parse per line and papaparse alone, and memory by size, in one run:
// node --expose-gc --import=tsx test/bench/datasetIo.ts [records]
import { createReadStream, createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import Papa from 'papaparse';
import { indexRecords } from '../../src/core/dataset/records';
import { streamRecords } from '../../src/core/dataset/formats/streamRecords';
import { annotateCopy, stripCopy } from '../../src/core/dataset/inFile/copyFile';
import { annotateEdits } from '../../src/core/dataset/inFile/annotateEdits';
import { joinTables } from '../../src/core/dataset/join/joinTables';
import type { RecordValues } from '../../src/core/dataset/inFile/recordValues';

const folder = mkdtempSync(join(tmpdir(), 'kedrec-bench-'));
const records = Number(process.argv[2] ?? 200_000);
const words = 'synthetic patient with gout and chronic kidney disease takes allopurinol once a day since the last visit, no fever'.split(' ');
const values: RecordValues = { decision: 'recommend', drug: 'allopurinol', confidence: 0.5, rationale: 'Lowers urate.', citations: 'PMID:1', review: '', reviewer: '' };

const caseText = (i: number) => Array.from({ length: 60 }, (_, n) => words[(i * 7 + n * n) % words.length]).join(' ');

async function write(name: string, count: number, line: (i: number) => string, header = ''): Promise<string> {
  const path = join(folder, name);
  const out = createWriteStream(path);
  out.write(header);
  for (let i = 0; i < count; i++) { if (!out.write(line(i))) { await once(out, 'drain'); } }
  out.end();
  await once(out, 'finish');
  return path;
}
const jsonl = (count: number) => write(`${count}.jsonl`, count, i => `${JSON.stringify({ id: `r${i}`, text: caseText(i), disease: 'gout', candidates: ['allopurinol', 'donepezil'], n: i })}\n`);
const csv = (count: number) => write(`${count}.csv`, count, i => `r${i},"${caseText(i)}",gout,${i}\r\n`, 'id,text,disease,n\r\n');

/** Seconds of the best of three runs; runs of both sides alternate. */
async function compare(sides: Record<string, () => Promise<number>>): Promise<void> {
  const best: Record<string, number> = {};
  let count = 0;
  for (let round = 0; round < 3; round++) {
    for (const [name, run] of Object.entries(sides)) {
      const started = performance.now();
      count = await run();
      best[name] = Math.min(best[name] ?? Infinity, (performance.now() - started) / 1000);
    }
  }
  const [first] = Object.values(best);
  for (const [name, seconds] of Object.entries(best)) { console.log(`  ${name.padEnd(48)} ${Math.round(count / seconds).toLocaleString('en').padStart(10)} records/s  ${(seconds / first!).toFixed(2)} x`); }
}

async function count(path: string): Promise<number> {
  let found = 0;
  for await (const item of streamRecords(path)) { if (item.kind === 'record') { found++; } }
  return found;
}

async function parseLines(path: string, use?: (value: Record<string, unknown>) => void): Promise<number> {
  let found = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) { const value = JSON.parse(line) as Record<string, unknown>; use?.(value); found++; }
  return found;
}

function papa(path: string): Promise<number> {
  return new Promise((done, reject) => {
    let found = 0;
    Papa.parse<Record<string, string>>(createReadStream(path, 'utf8') as unknown as Papa.LocalFile, { header: true, step: () => { found++; }, complete: () => done(found), error: reject });
  });
}

/** Highest heap in use after a collection while a file is read, in MB. */
async function heap(path: string, size: number): Promise<number> {
  let peak = 0;
  let seen = 0;
  const step = size / 5;
  for await (const item of streamRecords(path)) {
    if (item.kind === 'record' && ++seen % step === 0) { globalThis.gc!(); peak = Math.max(peak, process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers); }
  }
  return peak / 1e6;
}

try {
  const [lines, table] = [await jsonl(records), await csv(records)];
  console.log(`${records.toLocaleString('en')} synthetic records, Node ${process.version}`);
  console.log('JSON Lines, reading');
  await compare({ 'readline + JSON.parse per line': () => parseLines(lines), streamRecords: () => count(lines) });
  console.log('CSV, reading');
  await compare({ 'papaparse (streaming, header)': () => papa(table), streamRecords: () => count(table) });
  console.log('JSON Lines, reading and writing every record');
  await compare({
    'readline + JSON.parse + JSON.stringify per line': async () => {
      const out = createWriteStream(join(folder, 'peer.jsonl'));
      const found = await parseLines(lines, value => { out.write(`${JSON.stringify({ ...value, ...values })}\n`); });
      out.end();
      await once(out, 'finish');
      return found;
    },
    annotateCopy: async () => (await annotateCopy(lines, join(folder, 'out.jsonl'), () => values, { prefix: 'kedrec_' })).changed,
    stripCopy: async () => (await stripCopy(join(folder, 'out.jsonl'), join(folder, 'back.jsonl'), { prefix: 'kedrec_' })).changed,
  });
  console.log(`  stripped copy is the original: ${readFileSync(lines).equals(readFileSync(join(folder, 'back.jsonl')))}`);
  console.log('in the editor, 40 MB of JSON Lines');
  const text = readFileSync(lines, 'utf8').slice(0, 40_000_000);
  let started = performance.now();
  const index = indexRecords(text, 'jsonl');
  console.log(`  index of ${index.length.toLocaleString('en')} records  ${(performance.now() - started).toFixed(0)} ms`);
  started = performance.now();
  for (let i = 0; i < 100; i++) { index.read(index.nearest(i * 400_000)!); }
  console.log(`  reading the record at a place  ${((performance.now() - started) / 100).toFixed(3)} ms`);
  started = performance.now();
  annotateEdits(text, 'jsonl', { index: index.length >> 1 }, values, 'kedrec_');
  console.log(`  edits for one record  ${(performance.now() - started).toFixed(1)} ms`);
  if (globalThis.gc) {
    console.log('heap while reading, after collection');
    for (const size of [1000, 10_000, 100_000, 1_000_000]) {
      const path = await jsonl(size);
      console.log(`  ${size.toLocaleString('en').padStart(9)} records  ${(await heap(path, size)).toFixed(1)} MB`);
      rmSync(path);
    }
  }
  const data = resolve(process.env['KEDREC_TEST_DATA'] ?? '../shared/data');
  if (existsSync(data)) {
    console.log('real records');
    const eicu = join(folder, 'eicu.jsonl');
    await joinTables(join(data, 'ehr-demo/eicu-demo'), eicu);
    const notes = join(data, 'clinical-notes');
    const reports = readdirSync(join(data, 'e3c-case-reports')).filter(name => name.endsWith('.json')).map(name => join(data, 'e3c-case-reports', name));
    const sets: Record<string, readonly string[]> = {
      'aci-bench': [join(notes, 'aci-bench/train.csv'), join(notes, 'aci-bench/valid.csv')], 'MTS-Dialog': readdirSync(join(notes, 'mts-dialog')).map(name => join(notes, 'mts-dialog', name)),
      'TREC topics': [join(data, 'trec-ct/trec_2021/queries.jsonl')], 'E3C case reports': reports, 'eICU demo, joined': [eicu],
    };
    for (const [name, paths] of Object.entries(sets)) {
      let [found, problems] = [0, 0];
      for (const path of paths) { for await (const item of streamRecords(path)) { if (item.kind === 'record') { found++; } else { problems++; } } }
      console.log(`  ${name.padEnd(20)} ${String(found).padStart(5)} records, ${problems} problems, ${paths.length} files`);
    }
  }
} finally { rmSync(folder, { recursive: true }); }
