import { BlockMap } from './blocks';
import type { BlockDirectory } from './blocks';
import type { ByteSource, OpenBytes } from './byteSource';
import { damagedIndex, EvidenceIndexError } from './errors';
import { FIRST_READ, headEnd, readHead, unpack, verifyBody } from './format';
import type { IndexHead, OpenedHead } from './format';
import { SOURCES } from './ranking';
import { decodeSegment } from './segment';
import type { Segment } from './segment';
import type { EvidenceHeader } from './types';

/** Text and section label of a passage, as stored. */
export type StoredPassage = readonly [text: string, section?: string];

const KEPT_BLOCKS = 128;
const USUAL_BLOCK = 24_000;

/** An open index file: its head, its postings on demand, and single headers and passages out of their blocks. */
export class IndexFile {
  private directory: { readonly headers: BlockMap; readonly passages: BlockMap } | undefined;
  /** Decoded blocks, least recently used first. */
  private readonly blocks = new Map<string, readonly unknown[]>();

  private constructor(readonly name: string, readonly file: string, private readonly bytes: OpenBytes, private readonly opened: OpenedHead) {}

  /** Reads and checks the head only. Throws EvidenceIndexError. */
  static async open(name: string, source: ByteSource): Promise<IndexFile> {
    const bytes = await source.open();
    let start = bytes.read(0, Math.min(FIRST_READ, bytes.length));
    const end = headEnd(source.file, start);
    if (end > start.length && end <= bytes.length) start = bytes.read(0, end);
    return new IndexFile(name, source.file, bytes, readHead(source.file, start, bytes.length));
  }

  get head(): IndexHead {
    return this.opened.head;
  }

  /** Bytes of the whole file. */
  get length(): number {
    return this.bytes.length;
  }

  /** Stands for this content at this place: changes when the file is replaced, touched or rebuilt. */
  get key(): string {
    return `${this.opened.identity}:${this.bytes.stamp}`;
  }

  /** Throws EvidenceIndexError "changed" when the file is not the one that was opened. */
  assertUnchanged(): void {
    this.bytes.assertUnchanged();
  }

  /** Reads and checks the whole file, and decodes what scoring needs. */
  segment(): Segment {
    this.assertUnchanged();
    const { head, bodyStart } = this.opened;
    const body = this.bytes.read(bodyStart, this.length - bodyStart);
    verifyBody(this.file, head, body);
    const sourceNumbers = head.sources.map(source => SOURCES.indexOf(source));
    if (sourceNumbers.includes(-1)) {
      throw new EvidenceIndexError('newer-version', this.file, `The evidence index ${this.file} holds a kind of source that this version of KEDRec does not know. Update KEDRec.`);
    }
    return decodeSegment(this.file, head, body, sourceNumbers);
  }

  /** Header of the document with this number. */
  header(document: number): EvidenceHeader {
    return this.record('headers', document) as EvidenceHeader;
  }

  /** Text of the passage with this number. */
  passage(passage: number): StoredPassage {
    return this.record('passages', passage) as StoredPassage;
  }

  private record(section: 'headers' | 'passages', index: number): unknown {
    this.directory ??= this.readDirectory();
    const place = this.directory[section].find(index);
    const key = `${section}:${place.block}`;
    const block = this.blocks.get(key) ?? (this.readJson(section, place.offset, place.length) as readonly unknown[]);
    this.blocks.delete(key);
    this.blocks.set(key, block);
    if (this.blocks.size > KEPT_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    const record = block[place.within];
    if (record === undefined) throw damagedIndex(this.file, 'corrupt', 'is damaged (an entry is missing)');
    return record;
  }

  private readDirectory(): { readonly headers: BlockMap; readonly passages: BlockMap } {
    const directory = this.readJson('directory', 0, this.head.sections.directory.length) as BlockDirectory;
    return { headers: new BlockMap(directory.headers), passages: new BlockMap(directory.passages) };
  }

  private readJson(section: 'directory' | 'headers' | 'passages', offset: number, length: number): unknown {
    const { offset: start, codec } = this.head.sections[section];
    const bytes = this.bytes.read(this.opened.bodyStart + start + offset, length);
    try {
      return JSON.parse(new TextDecoder().decode(unpack(bytes, USUAL_BLOCK, codec)));
    } catch (error) {
      this.assertUnchanged();
      throw damagedIndex(this.file, 'corrupt', `is damaged (its part "${section}" cannot be decoded)`, error);
    }
  }
}
