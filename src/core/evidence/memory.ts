import { buildEvidenceIndex } from './build';
import { memorySource } from './byteSource';
import { IndexedEvidenceStore } from './store';
import type { EvidenceDocument, EvidenceStore } from './types';

/** A store over documents in memory: the same index and ranking as from a file. Nothing is built before the first call. */
export function memoryEvidenceStore(documents: Iterable<EvidenceDocument>, name = 'memory'): EvidenceStore {
  let built: Promise<Uint8Array> | undefined;
  return new IndexedEvidenceStore([{ name, bytes: memorySource(name, () => (built ??= buildEvidenceIndex(documents, { name }))) }]);
}
