import type * as vscode from 'vscode';
import type { AnnotationEvent } from '../../core/dataset/annotationTypes';
import { encodeEvents, readAnnotatedLine, SidecarError, sidecarName } from '../../core/dataset/sidecar';
import { SidecarIndex } from '../../core/dataset/sidecarIndex';
import type { RecommendationResult } from '../../core/recommend/types';
import { appendToSidecar, readBytes, readSidecar } from './sidecarFile';

const keptResults = 32;

/** Who is told of ids whose state changed while a sidecar is read; awaited, so that the reader gives way to the editor. */
export type TakeChanged = (ids: ReadonlySet<string>) => Promise<void> | void;

/**
 * One document's sidecar: a light index in memory, results on disk. Reading and writing are one after another; what other windows and programs append
 * is read from where the last reading ended.
 */
export class SidecarStore {
  private index = new SidecarIndex();
  /** The bytes before the place up to which was read: if they are others now, the file was replaced. */
  private tail = Buffer.alloc(0);
  private queue: Promise<unknown> = Promise.resolve();
  /** Events that could not be written yet. */
  private pending: AnnotationEvent[] = [];
  /** Results that are not in the file yet. */
  private readonly unwritten = new Map<string, RecommendationResult>();
  /** Results that were read lately, the latest last. */
  private readonly recent = new Map<string, RecommendationResult>();

  /** `uri` is undefined where there is no place for a sidecar: then everything stays in memory. */
  constructor(readonly uri: vscode.Uri | undefined, private readonly name: string) {}

  get summaries(): SidecarIndex { return this.index; }
  get hasPending(): boolean { return this.pending.length > 0; }

  /** Reads what was appended since the last time. Rejects when the file cannot be read. */
  sync(take: TakeChanged): Promise<void> { return this.inTurn(() => this.read(take)); }

  /** Takes events into memory at once; they are written by `flush`. Returns the ids that changed. */
  add(events: readonly AnnotationEvent[]): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const event of events) {
      if (event.event === 'annotated') { this.unwritten.set(event.id, event.result); }
      if (this.index.add(event)) { changed.add(event.id); }
    }
    this.pending.push(...events);
    return changed;
  }

  /** Writes what was added, durably, and reads it back with what others wrote meanwhile. Rejects when it could not be written; it stays pending. */
  flush(take: TakeChanged): Promise<void> {
    return this.inTurn(async () => {
      const { uri, pending } = this;
      if (!uri || pending.length === 0) { return; }
      this.pending = [];
      try { await appendToSidecar(uri, pending); } catch (error) {
        this.pending = [...pending, ...this.pending];
        throw error;
      }
      // Written it is; what cannot be read back now is read the next time.
      await this.read(take).catch(() => undefined);
    });
  }

  /** The full result, checked by the schema. Undefined when the annotation is unknown; rejects with SidecarError when its line cannot be used. */
  async result(id: string): Promise<RecommendationResult | undefined> {
    const known = this.unwritten.get(id) ?? this.recent.get(id);
    if (known) { return this.keep(id, known); }
    const found = await this.lineOf(id) ?? await this.inTurn(() => this.read(() => undefined)).then(() => this.lineOf(id));
    if (!found) { return undefined; }
    const event = readAnnotatedLine(found.text, this.name, found.line);
    if (event.id !== id) { throw new SidecarError(`${this.name}, line ${found.line}: another annotation stands here now. Close the file and open it again.`, found.line); }
    return this.keep(id, event.result);
  }

  /** All events, as a file of its own would hold them: what is on disk and what is not yet. */
  async copy(): Promise<Uint8Array> {
    let written: Uint8Array = new Uint8Array();
    if (this.uri) { try { written = await readBytes(this.uri, 0, Infinity); } catch { /* it may be the very file that cannot be read */ } }
    const waiting = Buffer.from(encodeEvents(this.pending), 'utf8');
    const cutOff = written.length > 0 && written.at(-1) !== 0x0a;
    return Buffer.concat([written, ...(cutOff ? [Buffer.from('\n')] : []), waiting]);
  }

  private async lineOf(id: string): Promise<{ readonly text: string; readonly line: number } | undefined> {
    const place = this.index.place(id);
    if (!place || !this.uri) { return undefined; }
    const text = Buffer.from(await readBytes(this.uri, place.offset, place.length)).toString('utf8');
    // Cheap and sure enough: a file that was replaced has another line here.
    return text.includes(JSON.stringify(id)) ? { text, line: place.line } : undefined;
  }

  private keep(id: string, result: RecommendationResult): RecommendationResult {
    this.recent.delete(id);
    this.recent.set(id, result);
    if (this.recent.size > keptResults) { this.recent.delete(this.recent.keys().next().value!); }
    return result;
  }

  private async read(take: TakeChanged): Promise<void> {
    if (!this.uri) { return; }
    const before = this.tail;
    const outcome = await readSidecar(this.uri, this.index.position, before, async bytes => {
      this.tail = Buffer.from(Buffer.concat([this.tail, bytes.subarray(-64)]).subarray(-64));
      await this.taken(this.index.feed(bytes), take);
    });
    if (outcome === 'replaced') { await this.startAgain(take); return; }
    await this.taken(this.index.settle(), take);
  }

  /** Another file stands in its place (a checkout, a merge): what it holds counts, and what was not written yet. */
  private async startAgain(take: TakeChanged): Promise<void> {
    const gone = new Set(this.index.summaries().map(({ id }) => id));
    this.index = new SidecarIndex();
    this.tail = Buffer.alloc(0);
    this.recent.clear();
    for (const event of this.pending) { this.index.add(event); }
    await this.read(take);
    await take(gone);
  }

  private async taken(ids: ReadonlySet<string>, take: TakeChanged): Promise<void> {
    if (this.unwritten.size > 0) {
      for (const [id, result] of this.unwritten) {
        if (!this.index.place(id)) { continue; }
        this.unwritten.delete(id);
        this.keep(id, result);
      }
    }
    if (ids.size > 0) { await take(ids); }
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const next = this.queue.then(action);
    this.queue = next.catch(() => undefined);
    return next;
  }
}

/** `case.md.kedrec.jsonl` of a document. */
export function sidecarNameOf(document: vscode.TextDocument): string { return sidecarName(document.uri.path.split('/').pop() ?? ''); }
