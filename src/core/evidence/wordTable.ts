import { wordTexts } from './analysis';
import type { Uint32List } from './bytes';

const SEPARATOR = 0;
const JOINER = 1;
const DIGIT = 2;
const LETTER = 3;
/** Kind of each ASCII character. Joiners are part of a word between letters or digits only. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return LETTER;
  if (/[0-9]/.test(character)) return DIGIT;
  return character === '-' || character === '\'' ? JOINER : SEPARATOR;
});
const HYPHEN = 45;
const LOWER_CASE = 32;
const LONGEST_KEPT = 64;
const MOST_WORDS = 1 << 19;

/**
 * Terms by word, for a build: what `wordTexts` and a pipeline give, without a string for every word of every text. Plain words are hashed as they are
 * scanned (in lower case); those with other than ASCII characters take the regular way.
 */
export class WordTable {
  private slots = new Int32Array(1 << 15);
  private hashes = new Uint32Array(1 << 14);
  private ends = new Uint32Array(1 << 14);
  private characters = new Uint8Array(1 << 16);
  /** By word: its term; -1 for none; below that, the place in `lists` counted from -2 down. */
  private values = new Int32Array(1 << 14);
  private lists: (readonly number[])[] = [];
  private count = 0;
  private readonly others = new Map<string, readonly number[]>();

  /** `make` gives the term numbers of a word. */
  constructor(private readonly make: (word: string) => readonly number[]) {}

  /** Appends the terms of a text, in order. */
  read(text: string, terms: Uint32List): void {
    const length = text.length;
    for (let start = 0; start < length; ) {
      let plain = true;
      let end = start;
      for (; end < length; end++) {
        const code = text.charCodeAt(end);
        if (code > 127) plain = false;
        else if (KINDS[code] === SEPARATOR) break;
      }
      if (end > start) {
        if (plain) this.readPlain(text, start, end, terms);
        else this.readOther(text.slice(start, end), terms);
      }
      start = end + 1;
    }
  }

  /** Words of a stretch of letters, digits, hyphens and apostrophes: the rule of WORD in analysis.ts for these. */
  private readPlain(text: string, from: number, end: number, terms: Uint32List): void {
    let at = from;
    while (at < end) {
      if (KINDS[text.charCodeAt(at)] === JOINER) {
        at++;
        continue;
      }
      const start = at;
      let hash = 0x811c9dc5;
      for (;;) {
        let code = 0;
        while (at < end && KINDS[(code = text.charCodeAt(at))]! >= DIGIT) {
          hash = Math.imul(hash ^ (code | LOWER_CASE), 0x01000193);
          at++;
        }
        if (at + 1 >= end) break;
        if (code !== HYPHEN) {
          if (KINDS[text.charCodeAt(at + 1)] !== LETTER) break;
          do {
            hash = Math.imul(hash ^ (code | LOWER_CASE), 0x01000193);
            at++;
          } while (at < end && KINDS[(code = text.charCodeAt(at))] === LETTER);
          if (at + 1 >= end || code !== HYPHEN) break;
        }
        if (KINDS[text.charCodeAt(at + 1)]! < DIGIT) break;
        hash = Math.imul(hash ^ HYPHEN, 0x01000193);
        at++;
      }
      this.append(this.valueOf(text, start, at, (hash ^ (hash >>> 15)) >>> 0), terms);
    }
  }

  private append(value: number, terms: Uint32List): void {
    if (value >= 0) terms.push(value);
    else if (value < -1) for (const term of this.lists[-value - 2]!) terms.push(term);
  }

  private valueOf(text: string, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (let word = this.slots[slot]!; word !== 0; word = this.slots[(slot = (slot + 1) & mask)]!) {
      if (this.hashes[word - 1] === hash && this.isWord(word - 1, text, start, end)) return this.values[word - 1]!;
    }
    const value = this.numberFor(this.make(text.slice(start, end)));
    if (end - start <= LONGEST_KEPT) this.keep(text, start, end, hash, value);
    return value;
  }

  private isWord(word: number, text: string, start: number, end: number): boolean {
    let place = word === 0 ? 0 : this.ends[word - 1]!;
    if (this.ends[word]! - place !== end - start) return false;
    for (let i = start; i < end; i++) if ((text.charCodeAt(i) | LOWER_CASE) !== this.characters[place++]) return false;
    return true;
  }

  private numberFor(terms: readonly number[]): number {
    return terms.length === 1 ? terms[0]! : terms.length === 0 ? -1 : -1 - this.lists.push(terms);
  }

  private keep(text: string, start: number, end: number, hash: number, value: number): void {
    if (this.count >= MOST_WORDS) this.forget();
    if (this.count * 2 >= this.slots.length) this.grow();
    const word = this.count++;
    const from = word === 0 ? 0 : this.ends[word - 1]!;
    if (from + end - start > this.characters.length) this.characters = grown(this.characters);
    for (let i = start; i < end; i++) this.characters[from + i - start] = text.charCodeAt(i) | LOWER_CASE;
    this.ends[word] = from + end - start;
    this.hashes[word] = hash;
    this.values[word] = value;
    this.place(word);
  }

  private place(word: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[word]! & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = word + 1;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    this.hashes = grown(this.hashes);
    this.ends = grown(this.ends);
    this.values = grown(this.values);
    for (let word = 0; word < this.count; word++) this.place(word);
  }

  private forget(): void {
    this.slots.fill(0);
    this.lists = [];
    this.count = 0;
  }

  private readOther(chunk: string, terms: Uint32List): void {
    for (const word of wordTexts(chunk)) {
      let known = this.others.get(word);
      if (known === undefined) {
        // A part of a string keeps the whole in memory.
        const own = Buffer.from(word, 'utf16le').toString('utf16le');
        known = this.make(own);
        if (this.others.size >= MOST_WORDS) this.others.clear();
        if (own.length <= LONGEST_KEPT) this.others.set(own, known);
      }
      for (const term of known) terms.push(term);
    }
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}
