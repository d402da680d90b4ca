import { pageBytes, Pages } from './pages';

export interface TableOptions {
  /** Pages of 4 KiB kept in memory at most; 128 when absent. */
  readonly pagesInMemory?: number;
  /** For the temporary file; the system's when absent. */
  readonly folder?: string;
}

const defaultPages = 128;
/** A slot: four words of key, and the value plus one as a float; zero is free. */
const slotBytes = 24;
const slotsOfPage = Math.floor(pageBytes / slotBytes);
const load = 0.75;

/** A map from hashes (their first 128 bits) to numbers, in constant memory: a table with open addressing, of which only some pages are kept in memory. */
export class HashTable {
  private count = 0;
  private pageCount = 1;
  private pages: Pages;
  private readonly key = new Uint32Array(4);

  constructor(private readonly options: TableOptions = {}) { this.pages = this.empty(); }

  get size(): number { return this.count; }

  get residentBytes(): number { return this.pages.residentBytes; }

  get isOnDisk(): boolean { return this.pages.isOnDisk; }

  /** The value of a hash given as at least 32 hex digits, of which the first 32 count. Throws TempFileError. */
  get(hex: string): number | undefined {
    this.readKey(hex);
    const slot = this.find();
    const value = this.pages.at(pageOf(slot), false).numbers[numberIn(slot)]!;
    return value === 0 ? undefined : value - 1;
  }

  /** Sets a value from 0 up. Throws TempFileError; what the table held then stays. */
  set(hex: string, value: number): void {
    if (this.count + 1 > this.pageCount * slotsOfPage * load) { this.grow(); }
    this.readKey(hex);
    this.put(value + 1);
  }

  /** Gives memory and disk back; the table is empty then. */
  close(): void {
    this.pages.close();
    [this.count, this.pageCount, this.pages] = [0, 1, this.empty()];
  }

  private empty(): Pages { return new Pages(this.options.pagesInMemory ?? defaultPages, this.options.folder); }

  private readKey(hex: string): void { for (let i = 0; i < 4; i++) { this.key[i] = Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16); } }

  private put(stored: number): void {
    const slot = this.find();
    const { words, numbers } = this.pages.at(pageOf(slot), true);
    if (numbers[numberIn(slot)] === 0) { this.count++; }
    words.set(this.key, wordIn(slot));
    numbers[numberIn(slot)] = stored;
  }

  /** The slot of the key, or the free one where it would be. */
  private find(): number {
    const { key, pageCount } = this;
    const slots = pageCount * slotsOfPage;
    // By the leading bits, so that a grown table is filled in the order of the old one.
    let slot = Math.floor(key[0]! / 4_294_967_296 * slots);
    for (let page = -1, now: ReturnType<Pages['at']> | undefined; ; slot = slot + 1 === slots ? 0 : slot + 1) {
      if (pageOf(slot) !== page || !now) { page = pageOf(slot); now = this.pages.at(page, false); }
      const at = wordIn(slot);
      if (now.numbers[numberIn(slot)] === 0 || (now.words[at] === key[0] && now.words[at + 1] === key[1] && now.words[at + 2] === key[2] && now.words[at + 3] === key[3])) { return slot; }
    }
  }

  private grow(): void {
    const { pages: old, pageCount, count } = this;
    [this.pages, this.pageCount, this.count] = [this.empty(), pageCount * 2, 0];
    try {
      for (let slot = 0; slot < pageCount * slotsOfPage; slot++) {
        const { words, numbers } = old.at(pageOf(slot), false);
        const stored = numbers[numberIn(slot)]!;
        if (stored === 0) { continue; }
        this.key.set(words.subarray(wordIn(slot), wordIn(slot) + 4));
        this.put(stored);
      }
    } catch (error) {
      this.pages.close();
      [this.pages, this.pageCount, this.count] = [old, pageCount, count];
      throw error;
    }
    old.close();
  }
}

function pageOf(slot: number): number { return Math.floor(slot / slotsOfPage); }

/** Where a slot's key begins in its page, in words. */
function wordIn(slot: number): number { return slot % slotsOfPage * (slotBytes / 4); }

/** Where a slot's value stands in its page, in floats. */
function numberIn(slot: number): number { return slot % slotsOfPage * (slotBytes / 8) + 2; }
