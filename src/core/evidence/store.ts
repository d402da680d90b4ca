import { ANALYSIS, Analyzer } from './analysis';
import { fileSource } from './byteSource';
import type { ByteSource } from './byteSource';
import { EvidenceIndexError } from './errors';
import { IndexFile } from './indexFile';
import { CompactLunrIndex } from './lunrIndex';
import { openRanking } from './openRanking';
import { planQuery } from './plan';
import { SOURCES } from './ranking';
import type { Ranking } from './ranking';
import { findString, sortStrings, stringAt } from './stringTable';
import type { EvidenceDocument, EvidenceHit, EvidenceIndexInfo, EvidenceQuery, EvidenceSource, EvidenceStore, Passage } from './types';

/** An index to search: its name for people and its file. */
export interface IndexSource {
  readonly name: string;
  readonly path: string;
}

export interface StoreOptions {
  /** Directory for the decoded form of the indexes; without it they are decoded at each start. */
  readonly cacheDir?: string;
}

/** Searches index files in this process, several ranked as one. Nothing is read before the first call. */
export function openEvidenceStore(sources: readonly IndexSource[], options: StoreOptions = {}): EvidenceStore {
  return new IndexedEvidenceStore(sources.map(({ name, path }) => ({ name, bytes: fileSource(path) })), options);
}

interface OpenIndexes {
  readonly files: readonly IndexFile[];
  readonly index: CompactLunrIndex;
  /** Documents sorted by id; made when the first one is asked for. */
  documentOrder?: Uint32Array;
}

/** The store over index bytes, wherever they are. Where several indexes hold a document, the last of them counts. */
export class IndexedEvidenceStore implements EvidenceStore {
  private opening: Promise<OpenIndexes> | undefined;
  private files: Promise<readonly IndexFile[]> | undefined;
  private readonly analyzer = new Analyzer();
  private cached: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor(private readonly sources: readonly { readonly name: string; readonly bytes: ByteSource }[], private readonly options: StoreOptions = {}) {}

  async info(): Promise<readonly EvidenceIndexInfo[]> {
    return (await this.openFiles()).map(({ name, head, length }) => ({
      name,
      version: head.version,
      documents: head.documents,
      passages: head.passages,
      bytes: length,
      ...(head.builtAt === undefined ? {} : { builtAt: head.builtAt }),
      licences: head.licences,
      ...(head.origin === undefined ? {} : { origin: head.origin }),
    }));
  }

  async search(query: EvidenceQuery, signal?: AbortSignal): Promise<readonly EvidenceHit[]> {
    return this.withIndexes(opened => {
      signal?.throwIfAborted();
      const { index } = opened;
      const terms = planQuery(query, index, this.analyzer);
      const limit = Math.max(0, Math.floor(query.limit));
      if (terms.length === 0 || limit === 0) return [];
      const best = index.best(
        lunrQuery => {
          for (const { term, boost } of terms) lunrQuery.term(term, { usePipeline: false, boost });
        },
        limit,
        sourceFilter(index.ranking, query.sources),
      );
      return best.map(({ passage, score }) => ({ ...readPassage(opened, passage), score }));
    });
  }

  async document(id: string): Promise<EvidenceDocument | undefined> {
    return this.withIndexes(opened => {
      const { ranking } = opened.index;
      opened.documentOrder ??= sortStrings(ranking.documentIds);
      const document = findString(ranking.documentIds, id, opened.documentOrder);
      if (document < 0) return undefined;
      const file = opened.files[ranking.documentSegments[document]!]!;
      const header = file.header(ranking.documentLocals[document]!);
      const passages: Passage[] = [];
      const first = lowerBound(ranking.passageDocuments, document);
      for (let i = first; ranking.passageDocuments[i] === document; i++) passages.push(readPassage(opened, i).passage);
      return { ...header, passages };
    });
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.opening = undefined;
    this.files = undefined;
    await this.cached;
  }

  /** Runs with open indexes; once more from the start when a file was replaced meanwhile. */
  private async withIndexes<T>(use: (opened: OpenIndexes) => T): Promise<T> {
    try {
      const opened = await this.openIndexes();
      for (const file of opened.files) file.assertUnchanged();
      return use(opened);
    } catch (error) {
      if (!(error instanceof EvidenceIndexError && error.reason === 'changed')) throw error;
      this.opening = undefined;
      this.files = undefined;
      return use(await this.openIndexes());
    }
  }

  private openFiles(): Promise<readonly IndexFile[]> {
    if (this.disposed) return Promise.reject(new Error('This evidence store is closed.'));
    this.files ??= Promise.all(this.sources.map(({ name, bytes }) => IndexFile.open(name, bytes))).catch((error: unknown) => {
      this.files = undefined;
      throw error;
    });
    return this.files;
  }

  private openIndexes(): Promise<OpenIndexes> {
    this.opening ??= this.openFiles()
      .then(files => {
        for (const file of files) assertKnownAnalysis(file);
        const { ranking, cached } = openRanking(files, this.options.cacheDir);
        this.cached = cached;
        return { files, index: new CompactLunrIndex(ranking) };
      })
      .catch((error: unknown) => {
        this.opening = undefined;
        this.files = undefined;
        throw error;
      });
    return this.opening;
  }
}

/** A query is analysed by the rules of this version: an index made by others would silently miss terms. */
function assertKnownAnalysis({ file, head }: IndexFile): void {
  if (head.analysis.id === ANALYSIS.id) return;
  const message = `The evidence index ${file} was built with text analysis "${head.analysis.id}"; this version of KEDRec has "${ANALYSIS.id}". Build it again.`;
  throw new EvidenceIndexError('incompatible', file, message);
}

function readPassage({ files, index }: OpenIndexes, number: number): Omit<EvidenceHit, 'score'> {
  const { ranking } = index;
  const document = ranking.passageDocuments[number]!;
  const file = files[ranking.documentSegments[document]!]!;
  const header = file.header(ranking.documentLocals[document]!);
  const [text, section] = file.passage(ranking.passageLocals[number]!);
  const documentId = stringAt(ranking.documentIds, document);
  return { header, passage: { id: index.reference(number), documentId, ...(section === undefined ? {} : { section }), text } };
}

function sourceFilter(ranking: Ranking, sources: readonly EvidenceSource[] | undefined): ((passage: number) => boolean) | undefined {
  if (sources === undefined) return undefined;
  const wanted = SOURCES.map(source => sources.includes(source));
  return passage => wanted[ranking.documentSources[ranking.passageDocuments[passage]!]!]!;
}

/** First place in an ascending list that is not below `value`. */
function lowerBound(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
