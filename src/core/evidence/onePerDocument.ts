import type { EvidenceHit } from './types';

/** The best passage of each document, best first: for lists of documents. */
export function onePerDocument(hits: readonly EvidenceHit[]): EvidenceHit[] {
  const seen = new Set<string>();
  return hits.filter(({ header }) => !seen.has(header.id) && seen.add(header.id));
}
