import { findDefinitions, missingForms } from './abbreviations';
import { ANALYSIS } from './analysis';
import type { AnalysisSettings } from './analysis';
import { BlockWriter } from './blocks';
import type { BlockDirectory } from './blocks';
import { ByteWriter } from './bytes';
import { EvidenceDocumentError } from './errors';
import { blockCodec, layOutIndexFile, pack, packNumbers } from './format';
import type { Compression, PackedSection } from './format';
import type { IndexOrigin } from './live/origin';
import { PostingsBuilder } from './postings';
import { packTexts, writeStrings } from './stringTable';
import type { EvidenceDocument, EvidenceSource } from './types';

export interface BuildOptions {
  readonly name: string;
  readonly version?: string;
  /** ISO 8601. Left out by default, so that equal documents give equal bytes. */
  readonly builtAt?: string;
  /** What live sources were asked for these documents. */
  readonly origin?: IndexOrigin;
  /** Other settings than the shipped ones, for measurements. Indexes with different settings cannot be searched together. */
  readonly analysis?: AnalysisSettings;
  /** `fast` by default; `small` is for an index that ships. */
  readonly compression?: Compression;
}

// Characters: larger packs better, smaller shows a passage sooner.
const HEADER_BLOCK = 16_000;
const PASSAGE_BLOCK = 16_000;

/**
 * Builds an index file (.kdx) in memory. Documents are read one at a time and not kept.
 * Throws EvidenceDocumentError for a repeated document id or a passage id that is not `documentId#n`, n rising.
 */
export async function buildEvidenceIndex(documents: Iterable<EvidenceDocument> | AsyncIterable<EvidenceDocument>, options: BuildOptions): Promise<Uint8Array> {
  return Buffer.concat(await buildEvidenceIndexParts(documents, options));
}

/** The same, as parts of the file to be written one after the other. */
export async function buildEvidenceIndexParts(documents: Iterable<EvidenceDocument> | AsyncIterable<EvidenceDocument>, options: BuildOptions): Promise<Uint8Array[]> {
  const build = new IndexBuild(options.analysis ?? ANALYSIS, options.compression ?? 'fast');
  for await (const document of documents) {
    build.add(document);
    const behind = build.behind();
    if (behind !== undefined) await behind;
  }
  return build.finish(options);
}

class IndexBuild {
  private readonly postings: PostingsBuilder;
  private readonly headers: BlockWriter;
  private readonly texts: BlockWriter;
  private readonly layout = new ByteWriter();
  private readonly ids = new Set<string>();
  private readonly sources: EvidenceSource[] = [];
  private readonly licences = new Set<string>();
  private passages = 0;

  constructor(private readonly analysis: AnalysisSettings, private readonly compression: Compression) {
    this.postings = new PostingsBuilder(analysis.fields);
    this.headers = new BlockWriter(HEADER_BLOCK, compression);
    this.texts = new BlockWriter(PASSAGE_BLOCK, compression);
  }

  add(document: EvidenceDocument): void {
    if (this.ids.has(document.id)) throw new EvidenceDocumentError(document.id, `The evidence document ${document.id} comes twice.`);
    this.ids.add(document.id);
    const { passages, ...header } = document;
    this.headers.add(header);
    if (header.licence !== undefined) this.licences.add(header.licence);
    this.layout.varint(this.sourceNumber(document.source));
    this.layout.varint(passages.length);
    // A single passage holds what the document explains; in one of several, an abbreviation or its long form may be missing.
    const definitions = passages.length > 1 ? findDefinitions([document.title, ...passages.map(({ text }) => text)].join('\n')) : [];
    let previous = 0;
    for (const passage of passages) {
      const number = passageNumber(document.id, passage.id, previous);
      this.layout.varint(number - previous - 1);
      previous = number;
      this.texts.add(passage.section === undefined ? [passage.text] : [passage.text, passage.section]);
      this.postings.add(fieldTexts(this.analysis.fields, document.title, [passage.text, ...missingForms(`${document.title} ${passage.text}`, definitions)]));
      this.passages++;
    }
  }

  /** What to hold the next documents back for: blocks that are still being compressed. */
  behind(): Promise<unknown> | undefined {
    return this.texts.behind();
  }

  async finish(options: BuildOptions): Promise<Uint8Array[]> {
    const { termCount, ...postings } = this.postings.finish();
    const documents = new ByteWriter();
    const encoder = new TextEncoder();
    writeStrings(packTexts([...this.ids]), documents);
    const [headers, passages] = await Promise.all([this.headers.finish(), this.texts.finish()]);
    const directory: BlockDirectory = { headers: headers.entries, passages: passages.entries };
    const raw = { ...postings, documents: documents.finish(), layout: this.layout.finish(), directory: encoder.encode(JSON.stringify(directory)) };
    const packed = await packAll(raw, this.compression);
    const codec = blockCodec(this.compression);
    return layOutIndexFile(
      {
        name: options.name,
        version: options.version ?? '1',
        builtAt: options.builtAt,
        origin: options.origin,
        analysis: this.analysis,
        documents: this.ids.size,
        passages: this.passages,
        terms: termCount,
        licences: [...this.licences].sort(),
        sources: this.sources,
      },
      { ...packed, headers: { parts: headers.parts, rawLength: 0, codec }, passages: { parts: passages.parts, rawLength: 0, codec } },
    );
  }

  private sourceNumber(source: EvidenceSource): number {
    const known = this.sources.indexOf(source);
    return known >= 0 ? known : this.sources.push(source) - 1;
  }
}

const NUMBERS: readonly string[] = ['gaps', 'counts'];

async function packAll<Name extends string>(raw: Record<Name, Uint8Array>, compression: Compression): Promise<Record<Name, PackedSection>> {
  const names = Object.keys(raw) as Name[];
  const packed = await Promise.all(names.map(async (name): Promise<[Name, PackedSection]> => {
    const rawLength = raw[name].length;
    return [name, NUMBERS.includes(name) ? { parts: [packNumbers(raw[name])], rawLength, codec: 'deflate' } : { parts: [await pack(raw[name], compression)], rawLength }];
  }));
  return Object.fromEntries(packed) as Record<Name, PackedSection>;
}

function passageNumber(documentId: string, passageId: string, previous: number): number {
  const suffix = passageId.startsWith(`${documentId}#`) ? passageId.slice(documentId.length + 1) : '';
  const number = /^[1-9]\d{0,8}$/.test(suffix) ? Number(suffix) : 0;
  if (number <= previous) {
    throw new EvidenceDocumentError(documentId, `Passage "${passageId}" of ${documentId} must be named "${documentId}#n", n from 1 and rising.`);
  }
  return number;
}

/** What is indexed of a passage, by field: `title`, `text`, or with `text` alone both together. */
function fieldTexts(fields: readonly string[], title: string, texts: readonly string[]): (readonly string[])[] {
  if (fields.length === 1) return [[title, ...texts]];
  return fields.map(field => (field === 'title' ? [title] : texts));
}
