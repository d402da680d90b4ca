import lunrModule from 'lunr';

/** What this project uses of lunr 2.3.9 and @types/lunr does not describe. */
export interface LunrToken {
  toString(): string;
  update(change: (text: string) => string): LunrToken;
  clone(change?: (text: string) => string): LunrToken;
}

export type LunrPipelineFunction = (token: LunrToken) => LunrToken | readonly LunrToken[] | null | undefined;

export interface LunrPipeline {
  add(...functions: LunrPipelineFunction[]): void;
  run(tokens: readonly LunrToken[]): LunrToken[];
  runString(text: string, metadata?: object): string[];
  toJSON(): string[];
}

export interface LunrClause {
  term: string;
  fields: string[];
  boost: number;
  usePipeline: boolean;
  wildcard: number;
  presence: number;
  editDistance?: number;
}

export interface LunrQuery {
  readonly clauses: LunrClause[];
  readonly allFields: string[];
  term(term: string, options: Partial<Omit<LunrClause, 'term'>>): LunrQuery;
}

export interface LunrVector {
  readonly elements: number[];
}

/** A deterministic automaton over characters; `*` is an edge that eats any character. */
export interface LunrTokenSet {
  readonly final: boolean;
  readonly edges: Record<string, LunrTokenSet>;
  intersect(other: LunrTokenSet): { toArray(): string[] };
}

export type LunrMetadata = Record<string, Record<string, Record<string, unknown>>>;

export interface LunrMatchData {
  metadata: LunrMetadata;
  add(term: string, field: string, metadata: object): void;
}

export interface LunrResult {
  ref: string;
  score: number;
  matchData: LunrMatchData;
}

/** term -> its number (`_index`) and, by field, the references of the documents that hold it. */
export type LunrInvertedIndex = Record<string, { _index: number } & Record<string, unknown>>;

export interface LunrIndexAttributes {
  invertedIndex: LunrInvertedIndex;
  fieldVectors: Record<string, LunrVector>;
  tokenSet: Pick<LunrTokenSet, 'intersect'>;
  fields: string[];
  pipeline: LunrPipeline;
}

export interface LunrIndex extends LunrIndexAttributes {
  search(queryString: string): LunrResult[];
  query(build: (this: LunrQuery, query: LunrQuery) => void): LunrResult[];
  toJSON(): object;
}

export interface LunrBuilder {
  tokenizer: (text: unknown) => LunrToken[];
  pipeline: LunrPipeline;
  searchPipeline: LunrPipeline;
  ref(name: string): void;
  field(name: string): void;
  k1(value: number): void;
  b(value: number): void;
  add(document: object): void;
  build(): LunrIndex;
}

interface LunrModule {
  readonly version: string;
  readonly Token: new (text: string, metadata: object) => LunrToken;
  readonly Pipeline: {
    new (): LunrPipeline;
    registerFunction(fn: LunrPipelineFunction, label: string): void;
    load(labels: readonly string[]): LunrPipeline;
  };
  readonly Query: {
    new (fields: readonly string[]): LunrQuery;
    readonly presence: { readonly OPTIONAL: 1; readonly REQUIRED: 2; readonly PROHIBITED: 3 };
  };
  readonly Vector: new (elements: number[]) => LunrVector;
  readonly TokenSet: { fromArray(sortedTerms: readonly string[]): LunrTokenSet };
  readonly FieldRef: { fromString(text: string): { readonly fieldName: string; readonly docRef: string } };
  readonly MatchData: new () => LunrMatchData;
  readonly Index: { new (attributes: LunrIndexAttributes): LunrIndex; load(json: object): LunrIndex };
  readonly Builder: new () => LunrBuilder;
  stemmer(token: LunrToken): LunrToken;
  stopWordFilter(token: LunrToken): LunrToken | undefined;
  trimmer(token: LunrToken): LunrToken;
  tokenizer(text: unknown): LunrToken[];
}

/** Lunr with the types of the parts that @types/lunr leaves out. */
export const lunr = lunrModule as unknown as LunrModule;
