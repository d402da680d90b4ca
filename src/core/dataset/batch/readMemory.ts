import { createHash } from 'node:crypto';
import { HashTable } from '../table/hashTable';
import { fileLines } from './lines';
import type { BatchMemory } from './types';
import type { Anchor, AnnotationEvent } from '../annotationTypes';
import type { Provenance } from '../../recommend/types';

/** Of a result, what makes its answers comparable with those of another run. */
export type AnswerKind = Pick<Provenance, 'engine' | 'condition' | 'model'>;

/** What a sidecar says about earlier runs, with what of it could not be read. */
export interface FileMemory extends BatchMemory {
  /** Lines that are events of any kind. */
  readonly events: number;
  readonly annotated: number;
  readonly failed: number;
  /** Each kind of answer in the file, in order of its first appearance; at most twenty. */
  readonly kinds: readonly AnswerKind[];
  /** Lines that are no events, from 1: torn by a crash, or foreign. At most 1,000. */
  readonly unreadable: readonly number[];
  /** Gives back what it is kept in; nothing is known then. */
  close(): void;
}

/** Nothing was done before. */
export const noMemory: FileMemory = { isDone: () => false, hasFailed: () => false, events: 0, annotated: 0, failed: 0, kinds: [], unreadable: [], close: () => undefined };

/** Reads a sidecar of any size line by line, in constant memory: kept are hashes and positions. A file that is not there is an empty one. Rejects with the system's error. */
export async function readMemory(path: string, signal?: AbortSignal): Promise<FileMemory> {
  try {
    const first = await new Reader(new Set()).read(path, signal);
    if (first.removed.size === 0) { return first; }
    // Whom a removal concerns is known only when it comes; people remove few.
    first.close();
    return await new Reader(first.removed).read(path, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') { return noMemory; }
    throw error;
  }
}

class Reader implements FileMemory {
  events = 0;
  annotated = 0;
  failed = 0;
  readonly kinds: AnswerKind[] = [];
  readonly unreadable: number[] = [];
  readonly removed = new Set<string>();
  /** By text: where the answer stands, and in the last ten bits how many of its occurrences are done. */
  private readonly done = new HashTable();
  /** By text: how many of its occurrences have failed and are not done. */
  private readonly failures = new HashTable();
  /** By text and place, so that one record annotated twice does not count for its twin elsewhere in the file. */
  private readonly places = new HashTable();

  constructor(private readonly gone: ReadonlySet<string>) {}

  isDone(sha256: string, occurrence: number): boolean { return occurrence < this.doneCount(sha256); }

  hasFailed(sha256: string, occurrence: number): boolean {
    const done = this.doneCount(sha256);
    return occurrence >= done && occurrence < done + (this.failures.get(sha256) ?? 0);
  }

  position(sha256: string): number | undefined {
    const known = this.done.get(sha256);
    return known === undefined ? undefined : Math.floor(known / counts);
  }

  private doneCount(sha256: string): number {
    const count = (this.done.get(sha256) ?? 0) % counts;
    return count === counts - 1 ? Infinity : count;
  }

  close(): void {
    this.done.close();
    this.failures.close();
    this.places.close();
  }

  async read(path: string, signal?: AbortSignal): Promise<this> {
    try { await this.readLines(path, signal); } catch (error) {
      this.close();
      throw error;
    }
    return this;
  }

  private async readLines(path: string, signal?: AbortSignal): Promise<void> {
    for await (const { bytes, number, position } of fileLines(path, signal)) {
      const event = bytes.length > 0 ? parse(bytes.toString('utf8')) : undefined;
      if (event) { this.events++; }
      if (!event) {
        if (bytes.toString('utf8').trim() !== '' && this.unreadable.length < 1000) { this.unreadable.push(number); }
      } else if (event.event === 'removed') { this.removed.add(event.id); } else if (!this.gone.has(event.id)) { this.note(event, position); }
    }
  }

  private note(event: AnnotationEvent, position: number): void {
    if (event.event === 'moved' && event.edited === false) { this.noteRewritten(event.anchor.sha256); }
    if (event.event !== 'annotated' && event.event !== 'failed') { return; }
    const { anchor } = event;
    const place = placeHash(anchor);
    const before = this.places.get(place);
    const failed = this.failures.get(anchor.sha256) ?? 0;
    if (event.event === 'annotated') {
      this.annotated++;
      this.noteKind(event.result.provenance);
      const count = (this.done.get(anchor.sha256) ?? 0) % counts;
      this.done.set(anchor.sha256, position * counts + Math.min(counts - 1, before === isDone ? count : count + 1));
      if (before === isDone) { return; }
      this.places.set(place, isDone);
      if (before === hasFailed) { this.failures.set(anchor.sha256, failed - 1); this.failed--; }
    } else if (before === undefined) {
      this.failed++;
      this.places.set(place, hasFailed);
      this.failures.set(anchor.sha256, failed + 1);
    }
  }

  /** The annotation was written into its record: the text that the file has now is done, too. Where the answer stands is not looked up. */
  private noteRewritten(sha256: string): void {
    if (this.doneCount(sha256) === 0) { this.done.set(sha256, 1); }
  }

  private noteKind({ engine, condition, model }: Provenance): void {
    const same = (kind: AnswerKind) => kind.engine === engine && kind.condition === condition && kind.model === model;
    if (this.kinds.length < 20 && !this.kinds.some(same)) { this.kinds.push({ engine, condition, ...(model === undefined ? {} : { model }) }); }
  }
}

/** A text that stands this often in a file and was done each time is done for good. */
const counts = 1024;

const isDone = 1;
const hasFailed = 0;

/** The hash of a text with its place mixed in. */
function placeHash({ sha256, start }: Anchor): string { return createHash('sha256').update(`${sha256} ${start}`).digest('hex'); }

/** An event, checked as far as a batch relies on it. */
function parse(line: string): AnnotationEvent | undefined {
  let value: Partial<AnnotationEvent> | null;
  try { value = JSON.parse(line.replace(/^\uFEFF/, '')) as Partial<AnnotationEvent> | null; } catch { return undefined; }
  if (typeof value !== 'object' || value === null || typeof value.event !== 'string' || typeof value.id !== 'string') { return undefined; }
  if (value.event === 'annotated' || value.event === 'failed' || value.event === 'moved') {
    if (!/^[0-9a-f]{64}$/.test(value.anchor?.sha256 ?? '') || typeof value.anchor?.start !== 'number') { return undefined; }
    if (value.event === 'annotated' && value.result?.schema !== 'kedrec.recommendation/1') { return undefined; }
  }
  return value as AnnotationEvent;
}
