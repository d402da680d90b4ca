import { createPipeline } from './analysis';
import { lunr } from './lunrInternals';
import type { LunrIndexAttributes, LunrInvertedIndex, LunrTokenSet, LunrVector } from './lunrInternals';
import type { Ranking } from './ranking';
import { findString, stringAt } from './stringTable';

const NO_METADATA = Object.freeze({});

/** Views of a ranking's arrays in the shape that Lunr's own query code reads. Nothing is built before that code asks for it. */
export function lunrAttributes(ranking: Ranking): LunrIndexAttributes {
  const references = lazy(() => Array.from(ranking.passageDocuments, (document, i) => `${stringAt(ranking.documentIds, document)}#${ranking.passageNumbers[i]!}`));
  return {
    fields: [...ranking.fieldNames],
    pipeline: createPipeline(),
    invertedIndex: invertedIndexView(ranking, references),
    fieldVectors: fieldVectorsView(ranking, references),
    tokenSet: tokenSetView(ranking),
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function allTerms(ranking: Ranking): string[] {
  return Array.from({ length: ranking.terms.offsets.length - 1 }, (_, i) => stringAt(ranking.terms, i));
}

function invertedIndexView(ranking: Ranking, references: () => string[]): LunrInvertedIndex {
  const posting = (number: number): LunrInvertedIndex[string] => {
    const entry: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    entry['_index'] = ranking.ordinals[number]!;
    ranking.fieldNames.forEach((name, field) => {
      const { offsets, passages, ready } = ranking.fields[field]!;
      ready(number);
      const holders: Record<string, object> = Object.create(null) as Record<string, object>;
      for (let i = offsets[number]!, end = offsets[number + 1]!; i < end; i++) holders[references()[passages[i]!]!] = NO_METADATA;
      entry[name] = holders;
    });
    return entry as LunrInvertedIndex[string];
  };
  const find = (key: string | symbol): number => (typeof key === 'string' ? findString(ranking.terms, key) : -1);
  return new Proxy(Object.create(null) as LunrInvertedIndex, {
    get: (_, key) => (find(key) < 0 ? undefined : posting(find(key))),
    has: (_, key) => find(key) >= 0,
    ownKeys: () => allTerms(ranking),
    getOwnPropertyDescriptor: (_, key) => (find(key) < 0 ? undefined : { enumerable: true, configurable: true, value: posting(find(key)) }),
  });
}

/** Terms of each passage in one field, by Lunr's term number. */
interface ForwardField {
  readonly starts: Uint32Array;
  readonly elements: Float64Array;
}

function forwardField(ranking: Ranking, field: number): ForwardField {
  const { offsets, passages, scores, ready } = ranking.fields[field]!;
  for (let term = 0; term + 1 < offsets.length; term++) ready(term);
  const starts = new Uint32Array(ranking.passageDocuments.length + 1);
  for (const passage of passages) starts[passage + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const next = starts.slice();
  const elements = new Float64Array(passages.length * 2);
  const byOrdinal = new Uint32Array(ranking.ordinals.length);
  ranking.ordinals.forEach((ordinal, term) => (byOrdinal[ordinal] = term));
  byOrdinal.forEach((term, ordinal) => {
    for (let i = offsets[term]!, end = offsets[term + 1]!; i < end; i++) {
      const slot = next[passages[i]!]!++ * 2;
      elements[slot] = ordinal;
      elements[slot + 1] = scores[i]! / 1000;
    }
  });
  return { starts, elements };
}

function fieldVectorsView(ranking: Ranking, references: () => string[]): Record<string, LunrVector> {
  const forward = ranking.fieldNames.map((_, field) => lazy(() => forwardField(ranking, field)));
  const numbers = lazy(() => new Map(references().map((reference, i) => [reference, i])));
  const vector = (key: string | symbol): LunrVector | undefined => {
    if (typeof key !== 'string' || !key.includes('/')) return undefined;
    const { fieldName, docRef } = lunr.FieldRef.fromString(key);
    const passage = numbers().get(docRef);
    const field = forward[ranking.fieldNames.indexOf(fieldName)]?.();
    if (passage === undefined || field === undefined) return undefined;
    return new lunr.Vector([...field.elements.subarray(field.starts[passage]! * 2, field.starts[passage + 1]! * 2)]);
  };
  return new Proxy({} as Record<string, LunrVector>, {
    get: (_, key) => vector(key),
    ownKeys: () => references().flatMap(reference => ranking.fieldNames.map(name => `${name}/${reference}`)),
    getOwnPropertyDescriptor: (_, key) => ({ enumerable: true, configurable: true, value: vector(key) }),
  });
}

/** Answers exact terms from the dictionary; Lunr's automaton of all terms is built for the first wildcard or fuzzy term only. */
function tokenSetView(ranking: Ranking): Pick<LunrTokenSet, 'intersect'> {
  const automaton = lazy(() => lunr.TokenSet.fromArray(allTerms(ranking).sort()));
  return {
    intersect(other) {
      const exact = singleString(other);
      if (exact === undefined) return automaton().intersect(other);
      return { toArray: () => (findString(ranking.terms, exact) < 0 ? [] : [exact]) };
    },
  };
}

/** The only string that a token set accepts, or undefined where there are others. */
function singleString(set: LunrTokenSet): string | undefined {
  let text = '';
  for (let node = set; ; ) {
    const edges = Object.keys(node.edges);
    if (node.final) return edges.length === 0 ? text : undefined;
    const edge = edges[0];
    if (edges.length !== 1 || edge === undefined || edge === '*') return undefined;
    text += edge;
    node = node.edges[edge]!;
  }
}
