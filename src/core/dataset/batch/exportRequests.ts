import { randomBytes } from 'node:crypto';
import { requestFor, type RecommendContext } from '../../recommend/pipeline';
import { retrieveFor, stopIfCancelled, understandCase } from '../../recommend/prepare';
import { maxCaseLength } from '../../recommend/limits';
import type { DatasetRecord, RecordItem, RecordProblem } from '../recordTypes';
import { writingEngine, type WrittenRequest } from './batchEngine';
import { HashTable } from '../table/hashTable';
import { caseHash, recordHash } from './identity';
import { requestId, storeRetrieved, type ManifestEntry, type ManifestHead } from './manifest';
import type { RequestFiles } from './requestFiles';
import type { BatchMemory } from './types';

export interface ExportCounts {
  readonly records: number;
  readonly requests: number;
  /** Records whose case another record has, too: one request answers them all. */
  readonly identical: number;
  /** Cases about which nothing can be asked; the import says why. */
  readonly nothing: number;
  /** Records that an earlier run annotated. */
  readonly earlier: number;
  /** Cases above the longest that can be asked about; the import lists them. */
  readonly tooLong: number;
  /** Broken records. */
  readonly skipped: number;
}

export interface ExportOptions {
  readonly limit?: number;
  /** What is done already gets no request. */
  readonly memory?: BatchMemory;
  readonly onProblem?: (problem: RecordProblem) => void;
  readonly report?: (counts: ExportCounts) => void;
  readonly signal: AbortSignal;
}

/** Wraps an engine of a question, such as de-identification does. */
export type WrapEngine = (make: RecommendContext['engine']) => RecommendContext['engine'];

/**
 * Writes a request in the OpenAI batch format for every distinct case of a file, and the manifest that brings the answers back. Constant memory.
 * Rejects with EngineError `cancelled`, EvidenceIndexError, TempFileError, or the system's error.
 */
export async function exportRequests(items: AsyncIterable<RecordItem>, head: ManifestHead, context: Omit<RecommendContext, 'engine'>, files: RequestFiles, options: ExportOptions, wrap: WrapEngine = make => make): Promise<ExportCounts> {
  const { limit = Infinity, memory, signal } = options;
  const counts = { records: 0, requests: 0, identical: 0, nothing: 0, earlier: 0, tooLong: 0, skipped: 0 };
  const [cases, seen] = [new HashTable(), new HashTable()];
  const salt = randomBytes(16).toString('hex');
  try {
    await files.addToManifest(JSON.stringify(head));
    for await (const item of items) {
      stopIfCancelled(signal);
      if (item.kind === 'problem') {
        options.onProblem?.(item.problem);
        if (item.problem.severity === 'error') { counts.skipped++; }
        continue;
      }
      if (counts.records - counts.earlier >= limit) { break; }
      counts.records++;
      const { record } = item;
      const text = recordHash(record);
      const occurrence = seen.get(text) ?? 0;
      seen.set(text, occurrence + 1);
      const hash = caseHash(record);
      if (memory?.isDone(text, occurrence)) { counts.earlier++; } else if (cases.get(hash) !== undefined) { counts.identical++; } else {
        cases.set(hash, 1);
        const outcome = await write(record, hash);
        counts[outcome]++;
      }
      options.report?.(counts);
    }
  } finally {
    cases.close();
    seen.close();
  }
  return counts;

  async function write(record: DatasetRecord, hash: string): Promise<'requests' | 'nothing' | 'tooLong'> {
    const add = (entry: ManifestEntry) => files.addToManifest(JSON.stringify(entry));
    if (record.caseText.length > maxCaseLength) {
      // The import finds the length again; the entry says that the record was part of the export.
      await add({ case: hash, nothing: { code: 'empty-case', reason: 'The case is too long.', advice: 'Shorten or split the record.' } });
      return 'tooLong';
    }
    const understood = understandCase({ text: record.caseText, disease: record.disease, candidates: record.candidates }, context.knowledge);
    const retrieved = await retrieveFor(understood, context.knowledge, context.evidence, head, () => undefined, signal);
    if ('nothing' in retrieved) { await add({ case: hash, nothing: retrieved.nothing }); return 'nothing'; }
    let written: WrittenRequest | undefined;
    const make = wrap(() => writingEngine({ id: head.model, ...(head.contextTokens === undefined ? {} : { contextTokens: head.contextTokens }) }, { maxTokens: head.maxTokens }, head.answerFormat, request => { written = request; }));
    await make(understood.names).recommend(requestFor(understood, retrieved, context.knowledge), () => undefined, signal);
    if (!written) { throw new Error('no request was written'); }
    const id = requestId(hash, salt);
    await files.addRequest(JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: written.body }));
    await add(storeRetrieved(hash, id, written.prompt, retrieved));
    return 'requests';
  }
}
