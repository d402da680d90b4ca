import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BenchEngine } from './indexEngines';
import { plainTerm, plainTerms } from './plainTerms';

/* Search libraries of others, each with the same plain analysis where it takes one. They come from test/bench/peers (see index.mjs). */

/* What is used of each library. They are not installed with the project, so that their own types cannot be named here. */
interface MiniSearch {
  add(document: object): void;
  search(text: string): unknown[];
}
type MiniSearchClass = (new (options: object) => MiniSearch) & { loadJSON(json: string, options: object): MiniSearch };
interface FlexSearch {
  readonly Index: new (options: object) => {
    add(id: number, text: string): void;
    search(text: string, options: object): unknown[];
    export(write: (key: string, data: string) => void): Promise<void>;
    import(key: string, data: string): void;
  };
}
interface Orama {
  create(options: object): object;
  insert(index: object, document: object): void;
  save(index: object): object;
  load(index: object, data: object): void;
  search(index: object, query: object): unknown;
}
interface Sqlite {
  readonly Database: new (file: string, options?: object) => {
    exec(sql: string): void;
    prepare(sql: string): { run(values: unknown[]): void; all(values: unknown[]): unknown[]; finalize(): void };
    close(): void;
  };
}

const load = createRequire(resolve(process.env['KEDREC_BENCH_PEERS'] ?? '.', 'package.json'));
const gzipped = (directory: string): number => readdirSync(directory).reduce((sum, name) => sum + gzipSync(readFileSync(join(directory, name))).length, 0);
const jsonOf = (directory: string): string => join(directory, 'index.json');

let minisearch: MiniSearchClass;
const miniOptions = { fields: ['title', 'text'], idField: 'number', tokenize: (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [], processTerm: (word: string) => plainTerm(word) ?? null };
const MINISEARCH: BenchEngine = {
  load: async () => { minisearch = load('minisearch') as MiniSearchClass; },
  async build(documents, directory) {
    const index = new minisearch(miniOptions);
    let number = 0;
    for (const { title, text } of documents) index.add({ number: number++, title, text });
    writeFileSync(jsonOf(directory), JSON.stringify(index));
  },
  shippedBytes: gzipped,
  async open(directory) {
    const index = minisearch.loadJSON(readFileSync(jsonOf(directory), 'utf8'), miniOptions);
    return (text, limit) => index.search(text).slice(0, limit);
  },
};

let flexsearch: FlexSearch;
const flexIndex = (): InstanceType<FlexSearch['Index']> => new flexsearch.Index({ tokenize: 'strict', encode: plainTerms });
const FLEXSEARCH: BenchEngine = {
  load: async () => { flexsearch = load('flexsearch') as FlexSearch; },
  async build(documents, directory) {
    const index = flexIndex();
    let number = 0;
    for (const { title, text } of documents) index.add(number++, `${title} ${text}`);
    await index.export((key: string, data: string) => { if (data) { writeFileSync(join(directory, `flex.${key}`), data); } });
  },
  shippedBytes: gzipped,
  async open(directory) {
    const index = flexIndex();
    for (const name of readdirSync(directory)) index.import(name.slice(5), readFileSync(join(directory, name), 'utf8'));
    return (text, limit) => index.search(text, { limit, suggest: true });
  },
};

let orama: Orama;
const oramaIndex = (once: boolean): object => orama.create({
  schema: { title: 'string', text: 'string' },
  components: { tokenizer: { language: 'english', normalizationCache: new Map(), tokenize: (text: string) => (once ? [...new Set(plainTerms(text))] : plainTerms(text)) } },
});
const ORAMA: BenchEngine = {
  load: async () => { orama = load('@orama/orama') as Orama; },
  async build(documents, directory) {
    const index = oramaIndex(false);
    for (const { title, text } of documents) orama.insert(index, { title, text });
    writeFileSync(jsonOf(directory), JSON.stringify(orama.save(index)));
  },
  shippedBytes: gzipped,
  async open(directory) {
    const index = oramaIndex(true);
    orama.load(index, JSON.parse(readFileSync(jsonOf(directory), 'utf8')) as object);
    return (term, limit) => orama.search(index, { term, limit });
  },
};

let sqlite: Sqlite;
const FTS5: BenchEngine = {
  load: async () => { sqlite = load('node-sqlite3-wasm') as Sqlite; },
  async build(documents, directory) {
    const db = new sqlite.Database(join(directory, 'fts.db'));
    db.exec('pragma journal_mode = off; pragma synchronous = off');
    db.exec(`create virtual table passages using fts5(title, text, content = '', tokenize = 'porter unicode61')`);
    db.exec('begin');
    const insert = db.prepare('insert into passages (rowid, title, text) values (?, ?, ?)');
    let number = 1;
    for (const { title, text } of documents) insert.run([number++, title, text]);
    insert.finalize();
    db.exec('commit');
    db.exec(`insert into passages (passages) values ('optimize')`);
    db.close();
  },
  shippedBytes: gzipped,
  async open(directory) {
    const db = new sqlite.Database(join(directory, 'fts.db'), { readOnly: true });
    const select = db.prepare('select rowid from passages where passages match ? order by rank limit ?');
    return (text, limit) => {
      const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].filter(word => plainTerm(word) !== undefined);
      return words.length === 0 ? [] : select.all([words.map(word => `"${word}"`).join(' OR '), limit]);
    };
  },
};

export const PEERS: Readonly<Record<string, BenchEngine>> = { MiniSearch: MINISEARCH, FlexSearch: FLEXSEARCH, Orama: ORAMA, 'SQLite FTS5 (wasm)': FTS5 };
