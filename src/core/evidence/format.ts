import { promisify } from 'node:util';
import { brotliCompress, brotliDecompressSync, constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AnalysisSettings } from './analysis';
import { damagedIndex, EvidenceIndexError } from './errors';
import type { IndexOrigin } from './live/origin';
import type { EvidenceSource } from './types';

/*
 * An index file (.kdx):
 *   8 bytes  magic (as PNG's: a transfer that changes line ends or strips bit 8 damages it visibly)
 *   u32 LE   format version     u32 LE  length of the head     u32 LE  crc32 of the head
 *   head     JSON, see IndexHead
 *   body     sections, each compressed by itself and checked by its crc32; see SectionName
 */
const MAGIC = Uint8Array.of(0x89, 0x4b, 0x44, 0x58, 0x0d, 0x0a, 0x1a, 0x0a);
const FORMAT_VERSION = 2;
const PREFIX_LENGTH = 20;
const LARGEST_CHUNK = 64 << 20;

/**
 * `terms` front-coded, sorted byte-wise; `termRanks` place of a term among those first seen in the same passage; `lengths` terms per passage;
 * `frequencies` passages per term, `gaps` between them, `counts` of the term in each (the three per field); `documents` ids; `layout` source of
 * each document and numbers of its passages; `directory` of the blocks; `headers` and `passages` blocks of JSON.
 */
const SECTION_NAMES = ['terms', 'termRanks', 'lengths', 'frequencies', 'gaps', 'counts', 'documents', 'layout', 'directory', 'headers', 'passages'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

export interface Section {
  /** From the start of the body. */
  readonly offset: number;
  readonly length: number;
  /** Bytes before compression; 0 for `headers` and `passages`, which are many blocks. */
  readonly rawLength: number;
  readonly crc: number;
  /** Brotli where absent. */
  readonly codec?: Codec;
}

/** Raw deflate, which is made and undone faster. */
export type Codec = 'deflate';

/** A section's bytes as the file holds them, in parts that follow each other. */
export interface PackedSection {
  readonly parts: readonly Uint8Array[];
  readonly rawLength: number;
  readonly codec?: Codec;
}

export interface IndexHead {
  readonly name: string;
  readonly version: string;
  /** ISO 8601. */
  readonly builtAt?: string;
  /** What live sources were asked; absent for an index of files. */
  readonly origin?: IndexOrigin;
  readonly analysis: AnalysisSettings;
  readonly documents: number;
  readonly passages: number;
  readonly terms: number;
  readonly licences: readonly string[];
  /** Sources by the number that `layout` gives to a document. */
  readonly sources: readonly EvidenceSource[];
  readonly sections: Readonly<Record<SectionName, Section>>;
}

/** An index file's head, and where its body starts. */
export interface OpenedHead {
  readonly head: IndexHead;
  readonly bodyStart: number;
  /** Stands for the whole file's content: the head holds every section's checksum. */
  readonly identity: number;
}

/** Bytes to read for a first look at a file: enough for the head of any index but a huge one. */
export const FIRST_READ = 1 << 13;

/** `small` takes fifty times as long for a sixth less. */
export type Compression = 'small' | 'fast';

const QUALITY = { small: 11, fast: 4 } as const;

const compress = promisify<Uint8Array, object, Uint8Array>(brotliCompress);

/** Compresses a section or block, beside this thread. */
export function pack(raw: Uint8Array, compression: Compression): Promise<Uint8Array> {
  return compress(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY[compression],
      [constants.BROTLI_PARAM_LGWIN]: windowBits(raw.length),
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
}

/** Compresses a block of text: `small` as `pack` does, `fast` at once with deflate (a quarter of the processor time and a third of the memory, about the size of fast brotli). */
export function packBlock(raw: Uint8Array, compression: Compression): Uint8Array | Promise<Uint8Array> {
  return compression === 'small' ? pack(raw, compression) : deflateRawSync(raw, { level: 4 });
}

/** What `packBlock` made. */
export function blockCodec(compression: Compression): Codec | undefined {
  return compression === 'small' ? undefined : 'deflate';
}

/** Compresses gaps or counts: they hardly repeat, so that codes without matches (deflate) are as small as brotli for them and undone in a third of the time. */
export function packNumbers(raw: Uint8Array): Uint8Array {
  return deflateRawSync(raw, { strategy: constants.Z_HUFFMAN_ONLY });
}

/** The smallest window that holds everything: a larger one only costs memory and time. */
function windowBits(length: number): number {
  return Math.min(constants.BROTLI_MAX_WINDOW_BITS, Math.max(16, Math.ceil(Math.log2(length + 1)) + 1));
}

/** Undoes packing. `rawLength` (as known, or a guess) saves putting the result together from parts. Throws zlib's error on damage. */
export function unpack(packed: Uint8Array, rawLength: number, codec?: Codec): Uint8Array {
  if (packed.length === 0) return packed;
  const options = { chunkSize: Math.min(Math.max(rawLength, 1024), LARGEST_CHUNK) };
  return codec === 'deflate' ? inflateRawSync(packed, options) : brotliDecompressSync(packed, options);
}

/** Lays out a whole file, as parts to be written one after the other (an index of many documents is not copied once more). Equal input gives equal bytes. */
export function layOutIndexFile(head: Omit<IndexHead, 'sections'>, contents: Readonly<Record<SectionName, PackedSection>>): Uint8Array[] {
  const sections: Partial<Record<SectionName, Section>> = {};
  let offset = 0;
  for (const [name, { parts, rawLength, codec }] of Object.entries(contents) as [SectionName, PackedSection][]) {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    sections[name] = { offset, length, rawLength, crc: parts.reduce((sum, part) => crc32(part, sum), 0), ...(codec === undefined ? {} : { codec }) };
    offset += length;
  }
  const headBytes = new TextEncoder().encode(JSON.stringify({ ...head, sections }));
  const prefix = new Uint8Array(PREFIX_LENGTH);
  const view = new DataView(prefix.buffer);
  prefix.set(MAGIC);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, headBytes.length, true);
  view.setUint32(16, crc32(headBytes), true);
  return [prefix, headBytes, ...Object.values(contents).flatMap(({ parts }) => parts)];
}

/** Length of prefix and head together, from the first bytes of a file. Throws EvidenceIndexError when it is no index of this version. */
export function headEnd(file: string, start: Uint8Array): number {
  const magic = MAGIC.every((byte, i) => start[i] === byte);
  if (start.length < PREFIX_LENGTH || !magic) {
    const what = start.length === 0 ? 'is empty' : 'is not an evidence index';
    throw new EvidenceIndexError('not-an-index', file, `${file} ${what}. Choose a file made by "KEDRec: Build Evidence Index".`);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const version = view.getUint32(8, true);
  if (version > FORMAT_VERSION) {
    throw new EvidenceIndexError(
      'newer-version', file,
      `The evidence index ${file} has format version ${version}; this version of KEDRec reads up to ${FORMAT_VERSION}. Update KEDRec, or build the index again.`,
    );
  }
  if (version < 1) throw damagedIndex(file, 'corrupt', 'is damaged (no format version)');
  if (version < FORMAT_VERSION) {
    throw new EvidenceIndexError('incompatible', file, `The evidence index ${file} was built by an older version of KEDRec (format ${version}; now ${FORMAT_VERSION}). Build it again.`);
  }
  return PREFIX_LENGTH + view.getUint32(12, true);
}

/** Reads the head and checks the file's length against it. `start` holds at least `headEnd` bytes unless the file is shorter. */
export function readHead(file: string, start: Uint8Array, fileLength: number): OpenedHead {
  const bodyStart = headEnd(file, start);
  if (start.length < bodyStart) throw damagedIndex(file, 'truncated', 'is cut off');
  const headBytes = start.subarray(PREFIX_LENGTH, bodyStart);
  const identity = new DataView(start.buffer, start.byteOffset, start.byteLength).getUint32(16, true);
  if (crc32(headBytes) !== identity) throw damagedIndex(file, 'corrupt', 'is damaged (its head does not match its checksum)');
  const head = parseHead(file, headBytes);
  const end = Math.max(...Object.values(head.sections).map(section => bodyStart + section.offset + section.length));
  if (fileLength < end) throw damagedIndex(file, 'truncated', `is cut off (${fileLength} of ${end} bytes)`);
  if (fileLength > end) throw damagedIndex(file, 'corrupt', `is damaged (${fileLength - end} bytes too long)`);
  return { head, bodyStart, identity };
}

function parseHead(file: string, bytes: Uint8Array): IndexHead {
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes)) as IndexHead;
    const complete = SECTION_NAMES.every(name => Number.isSafeInteger(head.sections[name].offset + head.sections[name].length));
    if (complete && Array.isArray(head.sources) && Array.isArray(head.analysis.fields)) return head;
  } catch (error) {
    throw damagedIndex(file, 'corrupt', 'is damaged (its head cannot be read)', error);
  }
  throw damagedIndex(file, 'corrupt', 'is damaged (its head is incomplete)');
}

/** Checks every section of a file's body. */
export function verifyBody(file: string, head: IndexHead, body: Uint8Array): void {
  for (const [name, section] of Object.entries(head.sections)) {
    const content = body.subarray(section.offset, section.offset + section.length);
    if (crc32(content) !== section.crc) throw damagedIndex(file, 'corrupt', `is damaged (its part "${name}" does not match its checksum)`);
  }
}
