import { endianness } from 'node:os';
import { wordTexts } from './analysis';

const SEPARATOR = 0;
const JOINER = 1;
const OTHER = 2;
const DIGIT = 3;
const LETTER = 4;
/** Kind of each UTF-16 code unit. Joiners are part of a word between letters or digits only; what is not ASCII is left to the regular rules. */
const KINDS = new Uint8Array(1 << 16).fill(OTHER);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  KINDS[code] = /[a-z]/i.test(character) ? LETTER : /[0-9]/.test(character) ? DIGIT : character === '-' || character === '\'' ? JOINER : SEPARATOR;
}
const HYPHEN = 45;
const LOWER_CASE = 32;
const LONGEST_KEPT = 64;
const MOST_WORDS = 1 << 19;
const BIG_ENDIAN = endianness() === 'BE';

/** What takes the terms of a text, in order. */
export interface TermSink {
  push(term: number): void;
}

/** A word's record: hash, where its characters start and end, and its term (-1 for none; below that, the place in `lists` counted from -2 down). */
const RECORD = 4;

/**
 * Terms by word, for a build: what `wordTexts` and a pipeline give, without a string for every word of every text. Plain words are hashed as they are
 * scanned (in lower case); those with other than ASCII characters take the regular way.
 */
export class WordTable {
  /** The text being read as UTF-16: reading numbers is much faster than asking a string for each. */
  private units = new Uint16Array(1 << 14);
  private unitBytes = Buffer.from(this.units.buffer);
  private slots = new Int32Array(1 << 15);
  private records = new Int32Array(RECORD << 14);
  private characters = Buffer.alloc(1 << 16);
  private charactersUsed = 0;
  private lists: (readonly number[])[] = [];
  private count = 0;
  private readonly others = new Map<string, readonly number[]>();

  /** `make` gives the term numbers of a word. */
  constructor(private readonly make: (word: string) => readonly number[]) {}

  /** Passes the terms of a text on, in order. */
  read(text: string, terms: TermSink): void {
    const { length } = text;
    this.load(text);
    const { units } = this;
    for (let start = 0; start < length; ) {
      // Nearly every word is letters or digits alone: those need only this one pass.
      let hash = 0x811c9dc5;
      let end = start;
      let kind = SEPARATOR;
      for (; end < length; end++) {
        const code = units[end]!;
        kind = KINDS[code]!;
        if (kind < DIGIT) break;
        hash = Math.imul(hash ^ (code | LOWER_CASE), 0x01000193);
      }
      if (end === length) kind = SEPARATOR;
      if (kind !== SEPARATOR) end = this.readChunk(text, start, length, terms);
      else if (end > start) this.append(this.valueOf(start, end, hash ^ (hash >>> 15)), terms);
      start = end + 1;
    }
  }

  private load(text: string): void {
    if (text.length > this.units.length) {
      this.units = new Uint16Array(2 ** Math.ceil(Math.log2(text.length)));
      this.unitBytes = Buffer.from(this.units.buffer);
    }
    this.unitBytes.write(text, 0, 'utf16le');
    if (BIG_ENDIAN) this.unitBytes.subarray(0, text.length * 2).swap16();
  }

  /** What stands between two separators and is more than letters and digits; returns where it ends. */
  private readChunk(text: string, start: number, length: number, terms: TermSink): number {
    let plain = true;
    let end = start;
    for (; end < length; end++) {
      const kind = KINDS[this.units[end]!]!;
      if (kind === SEPARATOR) break;
      if (kind === OTHER) plain = false;
    }
    if (plain) this.readPlain(start, end, terms);
    else this.readOther(text.slice(start, end), terms);
    return end;
  }

  /** Words of a stretch of letters, digits, hyphens and apostrophes: the rule of WORD in analysis.ts for these. */
  private readPlain(from: number, end: number, terms: TermSink): void {
    const { units } = this;
    let at = from;
    while (at < end) {
      if (KINDS[units[at]!] === JOINER) {
        at++;
        continue;
      }
      const start = at;
      let hash = 0x811c9dc5;
      for (;;) {
        let code = 0;
        while (at < end && KINDS[(code = units[at]!)]! >= DIGIT) {
          hash = Math.imul(hash ^ (code | LOWER_CASE), 0x01000193);
          at++;
        }
        if (at + 1 >= end) break;
        if (code !== HYPHEN) {
          if (KINDS[units[at + 1]!] !== LETTER) break;
          do {
            hash = Math.imul(hash ^ (code | LOWER_CASE), 0x01000193);
            at++;
          } while (at < end && KINDS[(code = units[at]!)] === LETTER);
          if (at + 1 >= end || code !== HYPHEN) break;
        }
        if (KINDS[units[at + 1]!]! < DIGIT) break;
        hash = Math.imul(hash ^ HYPHEN, 0x01000193);
        at++;
      }
      this.append(this.valueOf(start, at, hash ^ (hash >>> 15)), terms);
    }
  }

  private append(value: number, terms: TermSink): void {
    if (value >= 0) terms.push(value);
    else if (value < -1) for (const term of this.lists[-value - 2]!) terms.push(term);
  }

  private valueOf(start: number, end: number, hash: number): number {
    const { slots, records } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let word = slots[slot]!; word !== 0; word = slots[(slot = (slot + 1) & mask)]!) {
      const record = (word - 1) * RECORD;
      if (records[record] === hash && this.isWord(records[record + 1]!, records[record + 2]!, start, end)) return records[record + 3]!;
    }
    return this.add(start, end, hash);
  }

  private isWord(from: number, to: number, start: number, end: number): boolean {
    if (to - from !== end - start) return false;
    const { units, characters } = this;
    for (let i = start, place = from; i < end; i++, place++) if ((units[i]! | LOWER_CASE) !== characters[place]) return false;
    return true;
  }

  /** Asks for the terms of a new word, which gets a string of its own: a part of a text would keep the whole text in memory. */
  private add(start: number, end: number, hash: number): number {
    if (end - start > LONGEST_KEPT) return this.numberFor(this.make(this.unitBytes.toString('utf16le', start * 2, end * 2)));
    if (this.count >= MOST_WORDS) this.forget();
    if (this.count * 2 >= this.slots.length) this.grow();
    const from = this.charactersUsed;
    const to = from + end - start;
    if (to > this.characters.length) this.characters = Buffer.concat([this.characters], this.characters.length * 2);
    for (let i = start, place = from; i < end; i++, place++) this.characters[place] = this.units[i]! | LOWER_CASE;
    const value = this.numberFor(this.make(this.characters.toString('latin1', from, to)));
    this.charactersUsed = to;
    this.records.set([hash, from, to, value], this.count * RECORD);
    this.place(this.count++);
    return value;
  }

  private numberFor(terms: readonly number[]): number {
    return terms.length === 1 ? terms[0]! : terms.length === 0 ? -1 : -1 - this.lists.push(terms);
  }

  private place(word: number): void {
    const mask = this.slots.length - 1;
    let slot = this.records[word * RECORD]! & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = word + 1;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const records = new Int32Array(this.records.length * 2);
    records.set(this.records);
    this.records = records;
    for (let word = 0; word < this.count; word++) this.place(word);
  }

  private forget(): void {
    this.slots.fill(0);
    this.lists = [];
    this.count = 0;
    this.charactersUsed = 0;
  }

  private readOther(chunk: string, terms: TermSink): void {
    for (const word of wordTexts(chunk)) {
      let known = this.others.get(word);
      if (known === undefined) {
        const own = Buffer.from(word, 'utf16le').toString('utf16le');
        known = this.make(own);
        if (this.others.size >= MOST_WORDS) this.others.clear();
        if (own.length <= LONGEST_KEPT) this.others.set(own, known);
      }
      for (const term of known) terms.push(term);
    }
  }
}
