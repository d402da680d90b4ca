import { EvidenceIndexError } from '../../core/evidence/errors';
import type { IndexSource } from '../../core/evidence/store';
import type { EvidenceDocument, EvidenceHit, EvidenceIndexInfo, EvidenceQuery, EvidenceStore } from '../../core/evidence/types';

/**
 * Searches several indexes as one and goes on without those that cannot be read: each is reported once by `onSkip`.
 * The first source (the bundled index) is never skipped: its fault is the caller's to tell.
 */
export class SkippingStore implements EvidenceStore {
  private store: EvidenceStore;
  private readonly left: EvidenceStore[] = [];
  private disposed = false;

  constructor(private readonly open: (sources: readonly IndexSource[]) => EvidenceStore, private sources: readonly IndexSource[], private readonly onSkip: (index: IndexSource, message: string) => void) {
    this.store = open(sources);
  }

  info(): Promise<readonly EvidenceIndexInfo[]> { return this.use(store => store.info()); }

  search(query: EvidenceQuery, signal?: AbortSignal): Promise<readonly EvidenceHit[]> { return this.use(store => store.search(query, signal)); }

  document(id: string): Promise<EvidenceDocument | undefined> { return this.use(store => store.document(id)); }

  async dispose(): Promise<void> {
    this.disposed = true;
    await Promise.all([this.store, ...this.left].map(store => store.dispose()));
  }

  private async use<T>(call: (store: EvidenceStore) => Promise<T>): Promise<T> {
    for (;;) {
      const { store } = this;
      try { return await call(store); } catch (error) {
        // Another call may have gone on without the bad index meanwhile.
        if (this.disposed || this.store === store && !this.skip(error)) { throw error; }
      }
    }
  }

  /** Whether the error was about an index that can be left out. */
  private skip(error: unknown): boolean {
    if (!(error instanceof EvidenceIndexError) || error.reason === 'worker' || error.reason === 'changed') { return false; }
    const bad = this.sources.slice(1).find(({ path }) => path === error.file);
    if (!bad) { return false; }
    this.sources = this.sources.filter(source => source !== bad);
    // Calls that are under way on the old store end there.
    this.left.push(this.store);
    this.store = this.open(this.sources);
    this.onSkip(bad, error.message);
    return true;
  }
}
