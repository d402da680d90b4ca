import type { Terminology } from '../terminology/terminology';
import type { EvidenceQuery, EvidenceStore } from './types';

// Chosen on one half of the judged queries, checked on the other (see BENCHMARKS.md): more names, or more weight, find worse.
const NAMES_PER_CONCEPT = 4;
const BOOST = 0.1;

/** Other names of the drugs, classes and diseases that a text names: its `related` terms. */
export function relatedNames(text: string, terminology: Terminology): NonNullable<EvidenceQuery['related']> {
  const names = new Set<string>();
  for (const { kind, conceptId } of terminology.find(text)) {
    const concept = kind === 'drug' ? terminology.drug(conceptId) : kind === 'disease' ? terminology.disease(conceptId) : terminology.drugClass(conceptId);
    if (concept === undefined) continue;
    for (const name of [concept.name, ...concept.abbreviations, ...concept.synonyms].slice(0, NAMES_PER_CONCEPT)) names.add(name);
  }
  return [...names].map(name => ({ text: name, boost: BOOST }));
}

/** A store whose searches also look for the other names of what a query names. */
export function expandingStore(store: EvidenceStore, terminology: Terminology): EvidenceStore {
  return {
    info: () => store.info(),
    search: (query, signal) => store.search(query.related === undefined ? { ...query, related: relatedNames(query.text, terminology) } : query, signal),
    document: id => store.document(id),
    dispose: () => store.dispose(),
  };
}
