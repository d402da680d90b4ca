import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LineCutter } from '../formats/lineCutter';
import { openText } from '../formats/fileText';
import { joinSchemas, type Fact, type JoinSchema, type JoinTable } from './schemas';
import { tableRows } from './tables';

/** The folder holds no tables that can be joined; the message says what is missing. */
export class JoinError extends Error {
  override readonly name = 'JoinError';
}

export interface JoinOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly table: string; readonly rows: number; readonly share: number }) => void;
}

export interface JoinSummary {
  readonly schema: string;
  readonly key: string;
  readonly records: number;
  /** Stays without a diagnosis and a note: there is nothing to ask about. */
  readonly withoutCase: number;
  readonly rows: Readonly<Record<string, number>>;
  /** Rows that could not be read, with their first lines. */
  readonly broken: readonly { readonly table: string; readonly count: number; readonly firstLine: number }[];
  /** Rows of stays that the table of stays does not have. */
  readonly orphans: number;
}

interface Stay { id: string; facts: Fact[] }

// So much of the tables is held at a time.
const bytesOfPart = 32 << 20;
const mostParts = 200;

/**
 * Joins a folder of MIMIC or eICU tables (`.csv`, `.csv.gz`) to JSON Lines, a record a stay: `{ id, text, disease?, label }`. Rows are
 * divided by their key into parts on disk first, so that memory stays bounded whatever the size of the tables. The file appears
 * whole or not at all. Rejects with JoinError, the signal's reason or the error of the file system.
 */
export async function joinTables(folder: string, output: string, options: JoinOptions = {}): Promise<JoinSummary> {
  const { schema, files } = await findTables(folder);
  if ([...files.values()].some(path => resolve(path) === resolve(output))) { throw new JoinError(`${output} is one of the tables; name another file for the dataset`); }
  const work = await mkdtemp(join(dirname(resolve(output)), '.kedrec-join-'));
  try {
    const summary = await joined(schema, files, work, join(work, 'out.jsonl'), options);
    const handle = await open(join(work, 'out.jsonl'), 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(join(work, 'out.jsonl'), output);
    return summary;
  } finally { await rm(work, { recursive: true, force: true, maxRetries: 3 }); }
}

/** Which known tables a folder (and the folders in it) holds. */
async function findTables(folder: string): Promise<{ readonly schema: JoinSchema; readonly files: ReadonlyMap<JoinTable, string> }> {
  const names = (await readdir(folder, { recursive: true })).filter(name => /\.csv(\.gz)?$/i.test(name));
  const byName = new Map(names.map(name => [basename(name).replace(/\.csv(\.gz)?$/i, '').toLowerCase(), join(folder, name)]));
  const tried = joinSchemas.map(schema => ({ schema, missing: schema.tables.filter(({ name, required }) => required && !byName.has(name)) }));
  const found = tried.find(({ missing }) => missing.length === 0);
  if (!found) {
    const needs = tried.map(({ schema, missing }) => `${schema.name} lacks ${missing.map(({ name }) => name).join(', ')}`).join('; ');
    throw new JoinError(`${folder} does not hold the tables of a known database (.csv or .csv.gz): ${needs}`);
  }
  return { schema: found.schema, files: new Map(found.schema.tables.flatMap(table => (byName.has(table.name) ? [[table, byName.get(table.name)!] as const] : []))) };
}

async function joined(schema: JoinSchema, files: ReadonlyMap<JoinTable, string>, work: string, output: string, { signal, onProgress }: JoinOptions): Promise<JoinSummary> {
  const sizes = await Promise.all([...files.values()].map(async path => (await stat(path)).size * (path.endsWith('.gz') ? 6 : 1)));
  const total = sizes.reduce((a, b) => a + b, 0);
  const parts = Array.from({ length: Math.min(mostParts, Math.ceil(total / bytesOfPart) || 1) }, (_, i) => createWriteStream(join(work, `${i}.part`)));
  const lookups = new Map<string, string>();
  const counts: Record<string, number> = {};
  const broken = new Map<string, { count: number; firstLine: number }>();
  let read = 0;
  let failure: Error | undefined;
  for (const part of parts) { part.on('error', (error: Error) => { failure ??= error; }); }
  try {
    for (const [table, path] of files) {
      let rows = 0;
      const factor = path.endsWith('.gz') ? 6 : 1;
      const tell = () => onProgress?.({ table: table.name, rows, share: total === 0 ? 1 : Math.min(1, read / total) });
      const noted = (line: number) => { const known = broken.get(table.name); broken.set(table.name, { count: (known?.count ?? 0) + 1, firstLine: known?.firstLine ?? line }); };
      for await (const row of tableRows(path, { signal, onBytes: count => { read += count * factor; } }, noted)) {
        if (++rows % 10_000 === 0) { tell(); }
        const pair = table.lookup?.(row);
        if (pair) { lookups.set(...pair); continue; }
        const key = row(schema.key).trim();
        const found = key === '' ? undefined : table.fact?.(row, lookups);
        if (!found) { continue; }
        const part = parts[hash(key) % parts.length]!;
        if (!part.write(`${JSON.stringify([key, found])}\n`)) { await drained(part); }
        if (failure) { throw failure; }
      }
      counts[table.name] = rows;
      tell();
    }
  } finally { await Promise.all(parts.map(part => new Promise<void>(done => { part.end(() => done()); part.once('close', done); }))); }
  if (failure) { throw failure; }

  const handle = await open(output, 'w');
  const summary = { records: 0, withoutCase: 0, orphans: 0 };
  try {
    for (let i = 0; i < parts.length; i++) {
      signal?.throwIfAborted();
      const stays = await readPart(join(work, `${i}.part`));
      let text = '';
      for (const stay of stays.values()) {
        if (!stay.facts.some(({ kind }) => kind === 'stay')) { summary.orphans += stay.facts.length; continue; }
        const record = compose(stay);
        if (!record) { summary.withoutCase++; continue; }
        summary.records++;
        text += `${JSON.stringify(record)}\n`;
        if (text.length > 1 << 20) { await handle.write(text); text = ''; }
      }
      await handle.write(text);
      await rm(join(work, `${i}.part`));
    }
  } finally { await handle.close(); }
  return { schema: schema.name, key: schema.key, ...summary, rows: counts, broken: [...broken].map(([table, found]) => ({ table, ...found })) };
}

async function readPart(path: string): Promise<ReadonlyMap<string, Stay>> {
  const stays = new Map<string, Stay>();
  const cutter = new LineCutter();
  const take = ({ text }: { text: string }): void => {
    const [id, fact] = JSON.parse(text) as [string, Fact];
    const stay = stays.get(id) ?? { id, facts: [] };
    stay.facts.push(fact);
    stays.set(id, stay);
  };
  for await (const chunk of openText(path)) { cutter.push(chunk, take); }
  cutter.end(take);
  return stays;
}

/** A stay as a record; undefined when it has neither a diagnosis nor a note. */
function compose({ id, facts }: Stay): { id: string; text: string; disease?: string; label?: string[] } | undefined {
  const of = (kind: Fact['kind']) => [...new Set(facts.filter(fact => fact.kind === kind).sort((a, b) => a.rank - b.rank).map(({ text }) => text))];
  const [diagnoses, drugs, notes] = [of('diagnosis'), of('drug'), of('note')];
  const about = of('stay').join(' ');
  if (diagnoses.length === 0 && notes.length === 0 && !about.includes('Admission diagnosis')) { return undefined; }
  const list = (title: string, items: readonly string[]) => (items.length > 0 ? [`${title}: ${items.join('; ')}.`] : []);
  const text = [about, ...list('Diagnoses', diagnoses), ...list('Past medical history', of('history')), ...list('Allergies', of('allergy')), ...notes.map(note => `\n${note}`)].join('\n');
  return { id, text, ...(diagnoses[0] ? { disease: diagnoses[0] } : {}), ...(drugs.length > 0 ? { label: drugs } : {}) };
}

/** Until more can be written, or the stream was closed by an error. */
function drained(stream: WriteStream): Promise<void> {
  // One that an error has closed says nothing more.
  if (stream.closed) { return Promise.resolve(); }
  return new Promise(resolve => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) { value = Math.imul(value ^ text.charCodeAt(i), 0x01000193); }
  return value >>> 0;
}
