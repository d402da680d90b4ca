import { packBlock } from './format';
import type { Compression } from './format';

/** One block: how many records it holds and its length in the file. */
export type BlockEntry = readonly [records: number, bytes: number];

/** `directory` section: the blocks of `headers` and of `passages`, in order. */
export interface BlockDirectory {
  readonly headers: readonly BlockEntry[];
  readonly passages: readonly BlockEntry[];
}

const MOST_IN_WORK = 64;
const LARGE = 1 << 20;
const [OPENING, COMMA, CLOSING] = [...Buffer.from('[,]')] as [number, number, number];

/** JSON records in compressed blocks of about `blockLength` characters, so that showing one record decodes one block. */
export class BlockWriter {
  private readonly blocks: { readonly records: number; readonly packed: Uint8Array | Promise<Uint8Array> }[] = [];
  /** The block that is being filled, as UTF-8. */
  private bytes = Buffer.allocUnsafe(1 << 16);
  private used = 0;
  private records = 0;
  private characters = 0;

  constructor(private readonly blockLength: number, private readonly compression: Compression) {}

  add(record: unknown): void {
    const json = JSON.stringify(record);
    this.reserve(json.length * 3 + 2);
    this.bytes[this.used++] = this.records++ === 0 ? OPENING : COMMA;
    this.used += this.bytes.write(json, this.used);
    this.characters += json.length;
    if (this.characters >= this.blockLength) this.flush();
  }

  /** What to wait for until no more than a few blocks are still being compressed; undefined where there is nothing. */
  behind(): Promise<unknown> | undefined {
    const packed = this.blocks[this.blocks.length - MOST_IN_WORK]?.packed;
    return packed instanceof Promise ? packed : undefined;
  }

  async finish(): Promise<{ readonly entries: BlockEntry[]; readonly parts: readonly Uint8Array[] }> {
    this.flush();
    const packed = await Promise.all(this.blocks.map(async ({ packed: bytes }) => bytes));
    return { entries: packed.map((bytes, i) => [this.blocks[i]!.records, bytes.length]), parts: packed };
  }

  private reserve(count: number): void {
    if (this.used + count <= this.bytes.length) return;
    this.bytes = Buffer.concat([this.bytes.subarray(0, this.used)], Math.max(this.bytes.length * 2, this.used + count));
  }

  private flush(): void {
    if (this.records === 0) return;
    this.bytes[this.used++] = CLOSING;
    this.blocks.push({ records: this.records, packed: packBlock(this.bytes.subarray(0, this.used), this.compression) });
    // A block that is compressed beside this thread keeps its bytes; a large one is not kept for small ones.
    if (this.compression === 'small' || this.bytes.length > LARGE) this.bytes = Buffer.allocUnsafe(1 << 16);
    this.used = 0;
    this.records = 0;
    this.characters = 0;
  }
}

/** Where the block that holds record `index` is: its place in the section, and the record's place in it. */
export interface BlockPlace {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
  readonly within: number;
}

/** Finds blocks by record number. */
export class BlockMap {
  private readonly firstRecords: Uint32Array;
  private readonly offsets: Float64Array;

  constructor(entries: readonly BlockEntry[]) {
    this.firstRecords = new Uint32Array(entries.length + 1);
    this.offsets = new Float64Array(entries.length + 1);
    entries.forEach(([records, bytes], i) => {
      this.firstRecords[i + 1] = this.firstRecords[i]! + records;
      this.offsets[i + 1] = this.offsets[i]! + bytes;
    });
  }

  find(record: number): BlockPlace {
    let low = 0;
    let high = this.firstRecords.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firstRecords[middle]! <= record) low = middle;
      else high = middle - 1;
    }
    const offset = this.offsets[low]!;
    return { block: low, offset, length: this.offsets[low + 1]! - offset, within: record - this.firstRecords[low]! };
  }
}
