import type { Ranking, ScoredPostings } from './ranking';

/* A ranking as typed arrays one after the other: tables first, postings by themselves. */

const ARRAY_TYPES = { Uint8Array, Uint16Array, Uint32Array } as const;
type ArrayType = keyof typeof ARRAY_TYPES;
export type NumberArray = Uint8Array | Uint16Array | Uint32Array;

interface ArrayEntry {
  readonly name: string;
  readonly type: ArrayType;
  /** From the start of its part. */
  readonly offset: number;
  readonly length: number;
}

/** Where each array lies. */
export interface RankingLayout {
  readonly fieldNames: readonly string[];
  readonly tables: readonly ArrayEntry[];
  readonly tablesLength: number;
  readonly postings: readonly ArrayEntry[];
  readonly postingsLength: number;
}

type Placed = readonly { readonly array: NumberArray; readonly offset: number }[];

/** The arrays of a ranking, every score computed, and their places. */
export function flatten(ranking: Ranking): { readonly tables: Placed; readonly postings: Placed; readonly layout: RankingLayout } {
  for (const { offsets, ready } of ranking.fields) for (let term = 0; term + 1 < offsets.length; term++) ready(term);
  const tables = place([
    ['terms.offsets', ranking.terms.offsets],
    ['terms.bytes', ranking.terms.bytes],
    ['ordinals', ranking.ordinals],
    ...ranking.fields.map(({ offsets }, i): [string, NumberArray] => [`fields.${i}.offsets`, offsets]),
    ['documentIds.offsets', ranking.documentIds.offsets],
    ['documentIds.bytes', ranking.documentIds.bytes],
    ['documentSources', ranking.documentSources],
    ['documentSegments', ranking.documentSegments],
    ['documentLocals', ranking.documentLocals],
    ['passageDocuments', ranking.passageDocuments],
    ['passageNumbers', ranking.passageNumbers],
    ['passageLocals', ranking.passageLocals],
  ]);
  const postings = place(ranking.fields.flatMap(({ passages, scores }, i): [string, NumberArray][] => [
    [`fields.${i}.passages`, passages],
    [`fields.${i}.scores`, scores],
  ]));
  const layout = { fieldNames: ranking.fieldNames, tables: tables.entries, tablesLength: tables.end, postings: postings.entries, postingsLength: postings.end };
  return { tables: tables.placed, postings: postings.placed, layout };
}

function place(arrays: readonly [string, NumberArray][]): { entries: ArrayEntry[]; placed: Placed; end: number } {
  let end = 0;
  const placed = arrays.map(([name, array]) => {
    const offset = end;
    end = Math.ceil((end + array.byteLength) / 8) * 8;
    return { name, array, offset };
  });
  return { placed, end, entries: placed.map(({ name, array, offset }) => ({ name, type: array.constructor.name as ArrayType, offset, length: array.length })) };
}

/** Where a part begins. */
export interface PartBytes {
  readonly buffer: ArrayBuffer;
  readonly start: number;
}

/** The ranking over arrays that lie as `layout` says. `need` makes a stretch of the postings' part present. */
export function unflatten(layout: RankingLayout, tables: PartBytes, postings: PartBytes, need: (from: number, to: number) => void): Ranking {
  const find = (entries: readonly ArrayEntry[], name: string): ArrayEntry => {
    const entry = entries.find(candidate => candidate.name === name);
    if (entry === undefined) throw new Error(`no array ${name}`);
    return entry;
  };
  const at = <T extends NumberArray>({ buffer, start }: PartBytes, { type, offset, length }: ArrayEntry): T => new ARRAY_TYPES[type](buffer, start + offset, length) as T;
  const get = <T extends NumberArray>(name: string): T => at<T>(tables, find(layout.tables, name));
  return {
    fieldNames: layout.fieldNames,
    terms: { offsets: get('terms.offsets'), bytes: get('terms.bytes') },
    ordinals: get('ordinals'),
    fields: layout.fieldNames.map((_, i): ScoredPostings => {
      const passagesEntry = find(layout.postings, `fields.${i}.passages`);
      const scoresEntry = find(layout.postings, `fields.${i}.scores`);
      const offsets = get<Uint32Array>(`fields.${i}.offsets`);
      const passages = at<Uint16Array | Uint32Array>(postings, passagesEntry);
      const scores = at<Uint16Array | Uint32Array>(postings, scoresEntry);
      const ready = (term: number): void => {
        const start = offsets[term]!;
        const end = offsets[term + 1]!;
        need(passagesEntry.offset + start * passages.BYTES_PER_ELEMENT, passagesEntry.offset + end * passages.BYTES_PER_ELEMENT);
        need(scoresEntry.offset + start * scores.BYTES_PER_ELEMENT, scoresEntry.offset + end * scores.BYTES_PER_ELEMENT);
      };
      return { offsets, passages, scores, ready };
    }),
    documentIds: { offsets: get('documentIds.offsets'), bytes: get('documentIds.bytes') },
    documentSources: get('documentSources'),
    documentSegments: get('documentSegments'),
    documentLocals: get('documentLocals'),
    passageDocuments: get('passageDocuments'),
    passageNumbers: get('passageNumbers'),
    passageLocals: get('passageLocals'),
  };
}
