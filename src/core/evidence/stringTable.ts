import type { ByteWriter } from './bytes';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Strings as UTF-8 in one buffer: string i is bytes[offsets[i] .. offsets[i + 1]). */
export interface StringTable {
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Packs encoded strings into a table. */
export function packStrings(strings: readonly Uint8Array[]): StringTable {
  const offsets = new Uint32Array(strings.length + 1);
  let total = 0;
  strings.forEach((bytes, i) => {
    total += bytes.length;
    offsets[i + 1] = total;
  });
  const bytes = new Uint8Array(total);
  strings.forEach((part, i) => bytes.set(part, offsets[i]!));
  return { offsets, bytes };
}

/** Packs texts into a table, encoding them all at once. */
export function packTexts(texts: readonly string[]): StringTable {
  const offsets = new Uint32Array(texts.length + 1);
  const bytes = encoder.encode(texts.join(''));
  let total = 0;
  for (let i = 0; i < texts.length; i++) offsets[i + 1] = total += Buffer.byteLength(texts[i]!);
  // A half of a character alone takes as many bytes as U+FFFD that stands for it, but two halves side by side would become one.
  return total === bytes.length ? { offsets, bytes } : packStrings(texts.map(text => encoder.encode(text)));
}

export function stringAt(table: StringTable, index: number): string {
  return decoder.decode(bytesAt(table, index));
}

export function bytesAt(table: StringTable, index: number): Uint8Array {
  return table.bytes.subarray(table.offsets[index]!, table.offsets[index + 1]!);
}

/** Byte-wise order of two UTF-8 strings. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The strings' numbers, sorted byte-wise. */
export function sortStrings(table: StringTable): Uint32Array {
  const { offsets, bytes } = table;
  const order = new Uint32Array(offsets.length - 1);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => compareWithKey(bytes, offsets[a]!, offsets[a + 1]!, bytesAt(table, b)));
}

/** Index of a string in a table sorted byte-wise (or in `order`, a sorted permutation of the table), or -1. */
export function findString({ offsets, bytes }: StringTable, text: string, order?: Uint32Array): number {
  const key = encodeKey(text);
  let low = 0;
  let high = offsets.length - 2;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const index = order === undefined ? middle : order[middle]!;
    const difference = compareWithKey(bytes, offsets[index]!, offsets[index + 1]!, key);
    if (difference === 0) return index;
    if (difference < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

const keyBuffer = new Uint8Array(256);

function encodeKey(text: string): Uint8Array {
  if (text.length * 3 > keyBuffer.length) return encoder.encode(text);
  return keyBuffer.subarray(0, encoder.encodeInto(text, keyBuffer).written);
}

function compareWithKey(bytes: Uint8Array, start: number, end: number, key: Uint8Array): number {
  const shared = Math.min(end - start, key.length);
  for (let i = 0; i < shared; i++) {
    const difference = bytes[start + i]! - key[i]!;
    if (difference !== 0) return difference;
  }
  return end - start - key.length;
}

/** Front coding: each string as the length it shares with the one before, and the rest. */
export function writeStrings(table: StringTable, out: ByteWriter): void {
  let previous: Uint8Array = new Uint8Array(0);
  for (let i = 0; i + 1 < table.offsets.length; i++) {
    const current = bytesAt(table, i);
    let shared = 0;
    while (shared < previous.length && shared < current.length && previous[shared] === current[shared]) shared++;
    out.varint(shared);
    out.varint(current.length - shared);
    out.bytes(current.subarray(shared));
    previous = current;
  }
}

/** Undoes `writeStrings`. One loop without calls: it runs cold, once, over every term. Throws RangeError where the bytes cannot be that. */
export function readStrings(source: Uint8Array, count: number): StringTable {
  const offsets = new Uint32Array(count + 1);
  let bytes = new Uint8Array(Math.max(64, count * 8));
  let position = 0;
  let end = 0;
  let previous = 0;
  for (let i = 0; i < count; i++) {
    let shared = source[position++]!;
    if (shared > 127) {
      shared = readVarint(source, position - 1);
      position += varintLength(shared) - 1;
    }
    let rest = source[position++]!;
    if (rest > 127) {
      rest = readVarint(source, position - 1);
      position += varintLength(rest) - 1;
    }
    if (!(shared <= end - previous && position + rest <= source.length)) throw new RangeError('string out of place');
    if (end + shared + rest > bytes.length) {
      const grown = new Uint8Array(Math.max(bytes.length * 2, end + shared + rest));
      grown.set(bytes.subarray(0, end));
      bytes = grown;
    }
    for (let j = 0; j < shared; j++) bytes[end + j] = bytes[previous + j]!;
    previous = end;
    end += shared;
    for (const stop = end + rest; end < stop; ) bytes[end++] = source[position++]!;
    offsets[i + 1] = end;
  }
  return { offsets, bytes: bytes.slice(0, end) };
}

function readVarint(source: Uint8Array, from: number): number {
  let value = 0;
  for (let shift = 0, position = from; shift < 35; shift += 7) {
    const byte = source[position++];
    if (byte === undefined) break;
    value |= (byte & 127) << shift;
    if (byte < 128) return value >>> 0;
  }
  throw new RangeError('number out of place');
}

function varintLength(value: number): number {
  return value < 128 ? 1 : 1 + Math.floor(Math.log2(value) / 7);
}
