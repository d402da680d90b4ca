import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceDocument } from '../types';
import { readFileRecords } from './readFile';
import { DocumentSpill } from './spill';
import type { CorpusFormat, CorpusProblem, CorpusRecord, FieldMapping } from './types';

export interface CorpusProgress {
  /** The file that is being read; absent once all are read. */
  readonly file?: string;
  readonly filesDone: number;
  readonly files: number;
  /** Bytes on disk. */
  readonly bytesRead: number;
  readonly bytes: number;
  readonly documents: number;
}

/** What reading a corpus came to. Files in an archive count each. */
export interface CorpusSummary {
  readonly files: Readonly<Partial<Record<CorpusFormat, number>>>;
  /** Files without a document: not recognised, broken or empty. */
  readonly filesWithoutDocuments: number;
  /** Distinct documents. */
  readonly documents: number;
  readonly passages: number;
  /** Characters of passages and titles. */
  readonly characters: number;
  /** Documents whose notice tells of a retraction, a concern or a correction. */
  readonly withNotice: number;
  /** Documents that gave way to a newer one of the same id. */
  readonly duplicates: number;
  /** Documents that their source had taken back. */
  readonly removed: number;
  /** Records that were skipped. */
  readonly skipped: number;
  /** Reasons for skipped records and files, and how often. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface ReadCorpusOptions {
  /** Columns or keys of generic tables and JSON; guessed from their names without it. */
  readonly mapping?: FieldMapping;
  /** Mappings of single files, by path; each goes before `mapping`. */
  readonly mappings?: Readonly<Record<string, FieldMapping>>;
  readonly onProblem?: (problem: CorpusProblem) => void;
  readonly onProgress?: (progress: CorpusProgress) => void;
  /** Called once after everything was read, before the first document is given. */
  readonly onSummary?: (summary: CorpusSummary) => void;
  /** Called with the characters read so far; may throw to stop. */
  readonly onCharacters?: (characters: number, documents: number) => void;
  readonly signal?: AbortSignal;
  /** Directory for temporary data, about as large as the corpus's text; the system's by default. */
  readonly workDirectory?: string;
}

/**
 * The documents of files and folders (with all below them, hidden ones left out), each id once: of several the newest by
 * date, else the one read last; a notice of one stays with the other. What its source took back goes. What cannot be read is reported and skipped.
 * Everything is read before the first document is given. Rejects with the signal's reason, or when a path does not exist.
 */
export async function* readCorpus(paths: readonly string[], options: ReadCorpusOptions = {}): AsyncGenerator<EvidenceDocument> {
  const tally = new Tally(options);
  const files = await corpusFiles(paths, tally.problem);
  const spill = await DocumentSpill.open(options.workDirectory);
  try {
    const gathered = new Gathered();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    let bytesRead = 0;
    const progress = (filesDone: number, file?: string): void =>
      options.onProgress?.({ ...(file === undefined ? {} : { file }), filesDone, files: files.length, bytesRead: Math.min(bytesRead, bytes), bytes, documents: gathered.size });
    for (const [done, { path }] of files.entries()) {
      options.signal?.throwIfAborted();
      progress(done, path);
      let told = bytesRead;
      const onBytes = (count: number): void => {
        bytesRead += count;
        if (bytesRead - told < 1 << 20) return;
        told = bytesRead;
        progress(done, path);
      };
      const records = readFileRecords(path, {
        mapping: options.mappings?.[path] ?? options.mapping, signal: options.signal, onBytes, onFile: tally.file, onProblem: tally.problem,
        onRemove: (id, format) => {
          tally.removal(format);
          gathered.remove(id);
        },
      });
      for await (const record of records) {
        tally.record(record);
        gathered.add(record, await spill.add(record.document));
        options.onCharacters?.(tally.characters, gathered.size);
      }
    }
    progress(files.length);
    tally.finish();
    options.onSummary?.(tally.summary(gathered));
    for await (const document of spill.read(number => gathered.isNewest(number))) {
      options.signal?.throwIfAborted();
      const notice = gathered.noticeOf(document.id);
      yield document.notice === undefined && notice !== undefined ? { ...document, notice } : document;
    }
  } finally {
    await spill.dispose();
  }
}

interface Newest {
  number: number;
  version?: string;
  notice?: string;
  passages: number;
  characters: number;
}

/** Which of the documents that came is the newest of its id. */
class Gathered {
  private readonly byId = new Map<string, Newest>();
  private readonly replaced = new Set<number>();
  private readonly takenBack = new Set<number>();

  get size(): number { return this.byId.size; }
  get duplicates(): number { return this.replaced.size; }
  get removed(): number { return this.takenBack.size; }
  values(): Iterable<Newest> { return this.byId.values(); }

  add({ document, version }: CorpusRecord, number: number): void {
    const characters = document.passages.reduce((sum, { text }) => sum + text.length, document.title.length);
    const entry: Newest = { number, passages: document.passages.length, characters };
    if (version !== undefined) entry.version = version;
    if (document.notice !== undefined) entry.notice = document.notice;
    const known = this.byId.get(document.id);
    if (known === undefined) { this.byId.set(document.id, entry); return; }
    const older = version !== undefined && known.version !== undefined && version < known.version;
    const [winner, loser] = older ? [known, entry] : [entry, known];
    winner.notice ??= loser.notice;
    this.replaced.add(loser.number);
    this.byId.set(document.id, winner);
  }

  /** What came until now of this id goes. */
  remove(id: string): void {
    const known = this.byId.get(id);
    if (known === undefined) return;
    this.takenBack.add(known.number);
    this.byId.delete(id);
  }

  isNewest(number: number): boolean { return !this.replaced.has(number) && !this.takenBack.has(number); }
  noticeOf(id: string): string | undefined { return this.byId.get(id)?.notice; }
}

/** Counts for the summary. */
class Tally {
  characters = 0;
  private skipped = 0;
  private withoutDocuments = 0;
  private readonly files: Partial<Record<CorpusFormat, number>> = {};
  private readonly reasons: Record<string, number> = {};
  /** The file being read, until its first document says its format. */
  private pending: string | undefined;
  private reported = false;

  constructor(private readonly options: ReadCorpusOptions) {}

  readonly file = (name: string, recognised: boolean): void => {
    this.finish();
    this.reported = false;
    if (recognised) this.pending = name;
    else this.withoutDocuments++;
  };

  readonly problem = (problem: CorpusProblem): void => {
    if (problem.record !== undefined) this.skipped++;
    this.reported = true;
    // Line numbers would make every reason another one.
    const reason = problem.reason.replace(/, line \d+ of the record$/, '');
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    this.options.onProblem?.(problem);
  };

  record({ format, document }: CorpusRecord): void {
    if (this.pending !== undefined) this.files[format] = (this.files[format] ?? 0) + 1;
    this.pending = undefined;
    this.characters += document.passages.reduce((sum, { text }) => sum + text.length, document.title.length);
  }

  removal(format: CorpusFormat): void {
    if (this.pending !== undefined) this.files[format] = (this.files[format] ?? 0) + 1;
    this.pending = undefined;
  }

  finish(): void {
    if (this.pending === undefined) return;
    this.withoutDocuments++;
    if (!this.reported) this.problem({ file: this.pending, reason: 'it holds no record' });
    this.pending = undefined;
  }

  summary(gathered: Gathered): CorpusSummary {
    let [passages, characters, withNotice] = [0, 0, 0];
    for (const newest of gathered.values()) {
      passages += newest.passages;
      characters += newest.characters;
      if (newest.notice !== undefined) withNotice++;
    }
    return {
      files: this.files, filesWithoutDocuments: this.withoutDocuments, documents: gathered.size, passages, characters, withNotice,
      duplicates: gathered.duplicates, removed: gathered.removed, skipped: this.skipped, reasons: this.reasons,
    };
  }
}

/** Files of the paths in a fixed order; each once. What a folder holds but cannot be looked at is reported. */
async function corpusFiles(paths: readonly string[], onProblem: (problem: CorpusProblem) => void): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const found = new Map<string, number>();
  // Links may lead in a circle.
  const folders = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    const entry = await stat(path);
    if (entry.isFile()) { found.set(path, entry.size); return; }
    const place = await realpath(path);
    if (!entry.isDirectory() || folders.has(place)) return;
    folders.add(place);
    for (const name of (await readdir(path)).filter(item => !item.startsWith('.')).sort()) {
      try { await visit(join(path, name)); } catch (error) {
        onProblem({ file: join(path, name), reason: `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` });
      }
    }
  };
  for (const path of paths) await visit(path);
  return [...found].map(([path, bytes]) => ({ path, bytes }));
}
