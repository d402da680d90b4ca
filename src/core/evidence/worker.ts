import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { EvidenceIndexError } from './errors';
import { openEvidenceStore } from './store';
import type { EvidenceStore } from './types';
import type { WorkerCall, WorkerFailure, WorkerReply, WorkerRequest, WorkerSetup } from './workerMessages';

/* Entry of the worker thread: one store, asked by messages (see workerStore.ts). */

const running = new Map<number, AbortController>();

async function answer(store: EvidenceStore, call: WorkerCall, signal: AbortSignal): Promise<unknown> {
  // A cancellation that waits behind this request in the queue is seen first.
  await setImmediate();
  signal.throwIfAborted();
  switch (call.kind) {
    case 'info': return store.info();
    case 'search': return store.search(call.query, signal);
    case 'document': return store.document(call.documentId);
  }
}

function failureOf(error: unknown): WorkerFailure {
  if (error instanceof EvidenceIndexError) return { message: error.message, index: { reason: error.reason, file: error.file } };
  return { message: error instanceof Error ? error.message : String(error) };
}

function serve(port: NonNullable<typeof parentPort>): void {
  const { sources, options } = workerData as WorkerSetup;
  const store = openEvidenceStore(sources, options);
  port.on('message', (request: WorkerRequest) => {
    if ('cancel' in request) {
      running.get(request.cancel)?.abort();
      return;
    }
    const { id, call } = request;
    const abort = new AbortController();
    running.set(id, abort);
    const reply = (message: WorkerReply): void => {
      running.delete(id);
      port.postMessage(message);
    };
    answer(store, call, abort.signal).then(
      value => reply({ id, value }),
      (error: unknown) => reply({ id, failure: failureOf(error) }),
    );
  });
}

if (parentPort) serve(parentPort);
