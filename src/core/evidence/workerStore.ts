import { Worker } from 'node:worker_threads';
import { EvidenceIndexError } from './errors';
import type { IndexSource, StoreOptions } from './store';
import type { EvidenceDocument, EvidenceHit, EvidenceIndexInfo, EvidenceQuery, EvidenceStore } from './types';
import type { WorkerCall, WorkerFailure, WorkerReply, WorkerRequest, WorkerSetup } from './workerMessages';

/** A store that works in a thread of its own, started at the first call. `workerPath` is the bundled worker.ts. */
export function workerEvidenceStore(workerPath: string, sources: readonly IndexSource[], options: StoreOptions = {}): EvidenceStore {
  return new WorkerEvidenceStore(workerPath, { sources, options });
}

interface Pending {
  readonly call: WorkerCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Workers that this request was sent to. */
  attempts: number;
}

const MAX_ATTEMPTS = 2;

class WorkerEvidenceStore implements EvidenceStore {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private disposed = false;

  constructor(private readonly workerPath: string, private readonly setup: WorkerSetup) {}

  async info(): Promise<readonly EvidenceIndexInfo[]> {
    return (await this.ask({ kind: 'info' })) as readonly EvidenceIndexInfo[];
  }

  async search(query: EvidenceQuery, signal?: AbortSignal): Promise<readonly EvidenceHit[]> {
    return (await this.ask({ kind: 'search', query }, signal)) as readonly EvidenceHit[];
  }

  async document(id: string): Promise<EvidenceDocument | undefined> {
    return (await this.ask({ kind: 'document', documentId: id })) as EvidenceDocument | undefined;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const worker = this.worker;
    this.worker = undefined;
    this.failAll(closedError());
    await worker?.terminate();
  }

  private ask(call: WorkerCall, signal?: AbortSignal): Promise<unknown> {
    if (this.disposed) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      const onAbort = (): void => {
        if (!this.pending.delete(id)) return;
        this.worker?.postMessage({ cancel: id } satisfies WorkerRequest);
        this.rest();
        reject(signal?.reason as Error);
      };
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort, { once: true });
      const pending: Pending = {
        call,
        attempts: 0,
        resolve: value => {
          settled();
          resolve(value);
        },
        reject: error => {
          settled();
          reject(error as Error);
        },
      };
      this.pending.set(id, pending);
      try {
        this.send(id, pending);
      } catch (error) {
        // What cannot be handed to a thread (a value that is no plain data) must not keep the worker waiting for its answer.
        this.pending.delete(id);
        this.rest();
        pending.reject(error);
      }
    });
  }

  private send(id: number, pending: Pending): void {
    pending.attempts++;
    const worker = (this.worker ??= this.start());
    worker.ref();
    worker.postMessage({ id, call: pending.call } satisfies WorkerRequest);
  }

  private start(): Worker {
    const worker = new Worker(this.workerPath, { workerData: this.setup });
    let cause: unknown;
    worker.on('message', (reply: WorkerReply) => this.receive(reply));
    worker.on('error', error => (cause = error));
    worker.on('exit', () => this.restart(worker, cause));
    return worker;
  }

  private receive(reply: WorkerReply): void {
    const pending = this.pending.get(reply.id);
    if (pending === undefined) return;
    this.pending.delete(reply.id);
    this.rest();
    if ('failure' in reply) pending.reject(errorOf(reply.failure));
    else pending.resolve(reply.value);
  }

  /** An idle worker does not keep the process alive. */
  private rest(): void {
    if (this.pending.size === 0) this.worker?.unref();
  }

  /** After a worker stopped by itself: what it was asked goes to a new one, once. */
  private restart(stopped: Worker, cause: unknown): void {
    if (this.worker !== stopped) return;
    this.worker = undefined;
    for (const [id, pending] of [...this.pending]) {
      if (pending.attempts < MAX_ATTEMPTS) {
        this.send(id, pending);
        continue;
      }
      this.pending.delete(id);
      pending.reject(stoppedError(this.workerPath, cause));
    }
  }

  private failAll(error: Error): void {
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
  }
}

function closedError(): Error {
  return new Error('This evidence store is closed.');
}

function stoppedError(workerPath: string, cause: unknown): EvidenceIndexError {
  const reason = cause instanceof Error ? ` (${cause.message.split('\n')[0]})` : '';
  return new EvidenceIndexError('worker', workerPath, `The evidence search stopped unexpectedly${reason}. Try again; if it happens again, reload the window.`, { cause });
}

function errorOf({ message, index }: WorkerFailure): Error {
  return index === undefined ? new Error(message) : new EvidenceIndexError(index.reason, index.file, message);
}
