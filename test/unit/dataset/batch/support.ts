import { createHash } from 'node:crypto';
import type { AskCase, BatchEvent, BatchMemory, BatchOptions, BatchProgress, BatchSink } from '../../../../src/core/dataset/batch/types';
import { runBatch } from '../../../../src/core/dataset/batch/runBatch';
import type { FileRecord, RecordItem } from '../../../../src/core/dataset/recordTypes';
import { EngineError, type EngineErrorReason } from '../../../../src/core/engine/types';
import type { RecommendationResult } from '../../../../src/core/recommend/types';

/** A small valid result; `textLength` tells which case it was made for. */
export function resultFor(caseText: string): RecommendationResult {
  return {
    schema: 'kedrec.recommendation/1', engine: 'endpoint', case: { diseases: [], drugs: [], allergies: [], textLength: caseText.length },
    recommendations: [], nothing: { code: 'no-disease', reason: createHash('sha256').update(caseText).digest('hex'), advice: 'none' }, warnings: [],
    provenance: { engine: 'endpoint', languageModel: true, condition: 'both', knowledgeVersion: '1', indexes: [], kedrecVersion: '0', createdAt: '2026-01-01T00:00:00.000Z', durationMs: 1, usage: { promptTokens: 10, completionTokens: 2 } },
  };
}

export const nobody: BatchMemory = { isDone: () => false, hasFailed: () => false };

/** Records of a JSON Lines text; a line that is no JSON is a problem. */
export async function* recordsOf(lines: Iterable<string>): AsyncGenerator<RecordItem> {
  let [index, line, start] = [0, 0, 0];
  for (const source of lines) {
    line++;
    const span = { start, end: start + source.length };
    start = span.end + 1;
    let value: { id?: string; text: string; disease?: string; candidates?: string[] };
    try { value = JSON.parse(source) as typeof value; } catch {
      yield { kind: 'problem', problem: { line, span, severity: 'error', message: `line ${line} is not valid JSON` } };
      continue;
    }
    const record: FileRecord = { index: index++, span, line, source, id: value.id, caseText: value.text, disease: value.disease, candidates: value.candidates };
    yield { kind: 'record', record };
  }
}

export const line = (text: string, more: object = {}): string => JSON.stringify({ ...more, text });
export const linesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => line(`Synthetic case ${i}.`, { id: `r${i}` }));
export const failing = (reason: EngineErrorReason): EngineError => new EngineError(reason, `It failed: ${reason}.`, 'Do something.');

/** A sink in memory that can read back. */
export class MemorySink implements BatchSink {
  readonly events: BatchEvent[] = [];
  appends = 0;
  private running = false;
  constructor(private readonly write: (count: number) => Promise<void> | void = () => undefined) {}

  async append(events: readonly BatchEvent[]): Promise<readonly number[]> {
    if (this.running) { throw new Error('append was called while one was running'); }
    this.running = true;
    this.appends++;
    await this.write(this.events.length + events.length);
    this.running = false;
    this.events.push(...events);
    return events.map((_, i) => this.events.length - events.length + i);
  }

  read(position: number): Promise<BatchEvent | undefined> { return Promise.resolve(this.events[position]); }

  /** Of each annotated event: the record's number, and that its result is the one for its own text. */
  get indexes(): number[] { return this.events.flatMap(({ anchor }) => anchor.record?.index ?? []).sort((a, b) => a - b); }
}

export const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Asks that count, and that never overlap more than they should. */
export function counting(answer: (text: string, call: number) => Promise<RecommendationResult> | RecommendationResult = resultFor): { ask: AskCase; asked: string[]; most: () => number } {
  const asked: string[] = [];
  let [running, most] = [0, 0];
  const ask: AskCase = async ({ caseText }) => {
    asked.push(caseText);
    most = Math.max(most, ++running);
    try { return await answer(caseText, asked.length); } finally { running--; }
  };
  return { ask, asked, most: () => most };
}

export interface RunOptions extends Partial<BatchOptions> {
  readonly sink?: BatchSink;
  readonly memory?: BatchMemory;
  readonly report?: (progress: BatchProgress) => void;
}

export function start(lines: Iterable<string>, ask: AskCase, { sink = new MemorySink(), memory = nobody, report = () => undefined, ...options }: RunOptions = {}): ReturnType<typeof runBatch> {
  return runBatch(recordsOf(lines), ask, sink, memory, { concurrency: 4, rest: { firstMs: 1, mostMs: 4 }, ...options }, report);
}

/** Numbers from 0 up to 1 that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
