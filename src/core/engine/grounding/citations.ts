import type { BackgroundPassage } from '../types';
import { searchable, type SearchableText } from './names';
import { sentencesOf, type Sentence } from './sentenceMatch';

/** A passage made ready for checking claims against it. */
export interface CheckedPassage {
  readonly item: BackgroundPassage;
  readonly text: SearchableText;
  readonly title: SearchableText;
  /** Population, comparison and other facts of the document. */
  readonly facts: SearchableText;
  readonly sentences: readonly Sentence[];
}

/** What one citation of a draft points at: passages that were retrieved (several for a document id), or nothing. */
export interface ResolvedCitation {
  /** As the engine wrote it, shortened. */
  readonly written: string;
  readonly passages: readonly CheckedPassage[];
}

/** Finds passages by label ("E1"), passage id ("PMID:1#2") or document id ("PMID:1"). */
export class CitationIndex {
  private readonly byKey = new Map<string, CheckedPassage[]>();

  constructor(passages: readonly BackgroundPassage[]) {
    for (const item of passages) {
      const checked: CheckedPassage = { item, text: searchable(item.passage.text), title: searchable(item.header.title), facts: searchable(Object.values(item.header.facts ?? {}).join(' ; ')), sentences: sentencesOf(item.passage.text) };
      for (const name of new Set([item.label, item.passage.id, item.passage.documentId].map(key))) {
        this.byKey.set(name, [...(this.byKey.get(name) ?? []), checked]);
      }
    }
  }

  /** Resolves what a draft cites; each target once. */
  resolve(citations: readonly string[]): ResolvedCitation[] {
    const seen = new Set<string>();
    return citations.flatMap((written) => {
      const name = key(written);
      if (name === '' || seen.has(name)) {
        return [];
      }
      seen.add(name);
      return [{ written: written.trim().slice(0, 80), passages: this.byKey.get(name) ?? [] }];
    });
  }
}

function key(citation: string): string {
  return citation.replace(/[[\]()\s]/g, '').toLowerCase();
}
