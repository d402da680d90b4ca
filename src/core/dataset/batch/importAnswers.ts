import { open, type FileHandle } from 'node:fs/promises';
import { answerWith, nothingFor, type RecommendContext } from '../../recommend/pipeline';
import { understandCase } from '../../recommend/prepare';
import type { DatasetRecord, RecordItem } from '../recordTypes';
import type { AnswerFiles } from './answerFiles';
import { recordedEngine } from './batchEngine';
import { CaseFailure } from './caseFailure';
import type { WrapEngine } from './exportRequests';
import { HashTable } from '../table/hashTable';
import { caseHash } from './identity';
import { fileLines } from './lines';
import { PassageShelf, type ManifestEntry, type ManifestHead } from './manifest';
import type { AskCase } from './types';

/** A file is no manifest of this version, or not whole. */
export class ManifestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ManifestError';
  }
}

/** A manifest of any size, in constant memory: kept is for each case a hash and where its entry stands. */
export class Manifest {
  private constructor(readonly head: ManifestHead, private readonly file: FileHandle, private readonly entries: HashTable, private readonly requests: HashTable) {}

  /** Rejects with ManifestError or the system's error. */
  static async open(path: string, signal?: AbortSignal): Promise<Manifest> {
    const [entries, requests] = [new HashTable(), new HashTable()];
    let head: ManifestHead | undefined;
    for await (const { bytes, number, position } of fileLines(path, signal)) {
      let value: Partial<ManifestHead> & { case?: string; custom_id?: string };
      try { value = JSON.parse(bytes.toString('utf8')) as typeof value; } catch { throw new ManifestError(`${path}, line ${number} is not JSON: the manifest is damaged. Export again.`); }
      if (!head) {
        if (value.schema !== 'kedrec.batch/1') { throw new ManifestError(`${path} is no manifest of kedrec batch export (schema kedrec.batch/1).`); }
        head = value as ManifestHead;
      } else if (value.case !== undefined) {
        entries.set(value.case, position);
        if (value.custom_id !== undefined) { requests.set(idHash(value.custom_id), position); }
      }
    }
    if (!head) { throw new ManifestError(`${path} is empty: the export did not come to its end. Export again.`); }
    return new Manifest(head, await open(path, 'r'), entries, requests);
  }

  has(caseHashHex: string): boolean { return this.entries.get(caseHashHex) !== undefined; }

  isRequest(customId: string): boolean { return this.requests.get(idHash(customId)) !== undefined; }

  async entry(caseHashHex: string): Promise<ManifestEntry | undefined> {
    const position = this.entries.get(caseHashHex);
    if (position === undefined) { return undefined; }
    const parts: Buffer[] = [];
    for (let at = position; ;) {
      const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(1 << 16), 0, 1 << 16, at);
      const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
      parts.push(buffer.subarray(0, end < 0 ? bytesRead : end));
      if (end >= 0 || bytesRead === 0) { return JSON.parse(Buffer.concat(parts).toString('utf8')) as ManifestEntry; }
      at += bytesRead;
    }
  }

  async close(): Promise<void> {
    this.entries.close();
    this.requests.close();
    await this.file.close();
  }
}

/** Ids are `kedrec-` and hex digits; an id of others hashes to something that is never asked. */
function idHash(customId: string): string { return /^kedrec-[0-9a-f]{40}$/.test(customId) ? customId.slice('kedrec-'.length) : 'f'.repeat(32); }

/** The records that were exported, and all problems; `others` counts those that were not. */
export async function* exported(items: AsyncIterable<RecordItem>, manifest: Manifest, others: { count: number }): AsyncGenerator<RecordItem> {
  for await (const item of items) { if (item.kind === 'problem' || manifest.has(caseHash(item.record))) { yield item; } else { others.count++; } }
}

/** Answers each case with what the batch answered, through the same reading, validation and grounding as a live answer. Rejects with CaseFailure or EngineError. */
export function askAnswers(manifest: Manifest, answers: AnswerFiles, context: Omit<RecommendContext, 'engine'>, wrap: WrapEngine = make => make): AskCase {
  const shelf = new PassageShelf(context.evidence);
  const { head } = manifest;
  const model = { id: head.model, ...(head.contextTokens === undefined ? {} : { contextTokens: head.contextTokens }) };
  return async ({ caseText, disease, candidates }: DatasetRecord, signal) => {
    const started = (context.now ?? (() => new Date()))();
    const hash = caseHash({ caseText, disease, candidates });
    const entry = await manifest.entry(hash);
    if (!entry) { throw new CaseFailure('not-exported', 'The case was not exported.'); }
    const understood = understandCase({ text: caseText, disease, candidates }, context.knowledge);
    const nobody: RecommendContext['engine'] = () => ({ id: 'endpoint', recommend: () => Promise.reject(new Error('nothing is asked')) });
    if ('nothing' in entry) { return nothingFor(understood, entry.nothing, { ...context, engine: nobody }, head, started); }
    const answer = await answers.find(entry.custom_id);
    if (!answer) { throw new CaseFailure('missing-answer', `The answer files hold no line for ${entry.custom_id}.`); }
    if ('failure' in answer) { throw answer.failure; }
    const engine = wrap(() => recordedEngine(model, { maxTokens: head.maxTokens }, answer.output, entry.prompt));
    return await answerWith(understood, await shelf.restore(entry, head), { ...context, engine }, head, () => undefined, signal, started);
  };
}
