import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BenchEngine } from './indexEngines';
import { plainTerms } from './plainTerms';

/*
 * The bound: BM25 over typed arrays with nothing else: no Lunr, no query language, no checksum, no several indexes, whole-number scores computed at build.
 * One file: counts of 32 bits, then term offsets, posting offsets, passages, scores, term bytes, id offsets, id bytes.
 */
const PARTS = [Uint32Array, Uint32Array, Uint32Array, Uint16Array, Uint8Array, Uint32Array, Uint8Array] as const;
const fileOf = (directory: string): string => join(directory, 'bound.bin');

function packed(strings: readonly string[]): [Uint32Array, Uint8Array] {
  const offsets = new Uint32Array(strings.length + 1);
  const bytes = strings.map(text => Buffer.from(text));
  bytes.forEach((part, i) => (offsets[i + 1] = offsets[i]! + part.length));
  return [offsets, Buffer.concat(bytes)];
}

export const BOUND: BenchEngine = {
  async build(documents, directory) {
    const numbers = new Map<string, number>();
    const lists: number[][] = [];
    const lengths: number[] = [];
    const ids: string[] = [];
    for (const { id, title, text } of documents) {
      const counts = new Map<number, number>();
      const terms = plainTerms(`${title} ${text}`);
      for (const term of terms) {
        let number = numbers.get(term);
        if (number === undefined) { numbers.set(term, number = lists.push([]) - 1); }
        counts.set(number, (counts.get(number) ?? 0) + 1);
      }
      for (const [number, count] of counts) lists[number]!.push(ids.length, count);
      lengths.push(terms.length);
      ids.push(id);
    }
    const average = lengths.reduce((sum, length) => sum + length, 0) / ids.length;
    const sorted = [...numbers].map(([term, number]) => ({ term, number, key: Buffer.from(term) })).sort((a, b) => Buffer.compare(a.key, b.key));
    const offsets = new Uint32Array(sorted.length + 1);
    sorted.forEach(({ number }, i) => (offsets[i + 1] = offsets[i]! + lists[number]!.length / 2));
    const passages = new Uint32Array(offsets[sorted.length]!);
    const scores = new Uint16Array(passages.length);
    sorted.forEach(({ number }, i) => {
      const list = lists[number]!;
      const idf = Math.log(1 + (ids.length - list.length / 2 + 0.5) / (list.length / 2 + 0.5));
      for (let j = 0, place = offsets[i]!; j < list.length; j += 2, place++) {
        const count = list[j + 1]!;
        passages[place] = list[j]!;
        scores[place] = Math.round(1000 * idf * (count * 1.9) / (count + 0.9 * (0.6 + (0.4 * lengths[list[j]!]!) / average)));
      }
    });
    const [termOffsets, termBytes] = packed(sorted.map(({ term }) => term));
    const [idOffsets, idBytes] = packed(ids);
    const parts = [termOffsets, offsets, passages, scores, termBytes, idOffsets, idBytes];
    const padded = parts.map(part => Buffer.concat([Buffer.from(part.buffer, part.byteOffset, part.byteLength), Buffer.alloc(-part.byteLength & 7)]));
    writeFileSync(fileOf(directory), Buffer.concat([Buffer.from(Uint32Array.from([...parts.map(part => part.length), 0]).buffer), ...padded]));
  },
  shippedBytes: directory => gzipSync(readFileSync(fileOf(directory))).length,
  async open(directory) {
    const { buffer } = readFileSync(fileOf(directory));
    const lengths = new Uint32Array(buffer, 0, 8);
    let at = 32;
    const [termOffsets, offsets, passages, scores, termBytes, idOffsets, idBytes] = PARTS.map((type, i) => {
      const part = new type(buffer, at, lengths[i]!);
      at += Math.ceil(part.byteLength / 8) * 8;
      return part;
    }) as [Uint32Array, Uint32Array, Uint32Array, Uint16Array, Uint8Array, Uint32Array, Uint8Array];
    const count = idOffsets.length - 1;
    const totals = new Uint32Array(count);
    const touched = new Uint32Array(count);
    const find = (term: string): number => {
      const key = Buffer.from(term);
      for (let low = 0, high = termOffsets.length - 2; low <= high;) {
        const middle = (low + high) >> 1;
        const order = Buffer.compare(termBytes.subarray(termOffsets[middle]!, termOffsets[middle + 1]!), key);
        if (order === 0) { return middle; }
        if (order < 0) { low = middle + 1; } else { high = middle - 1; }
      }
      return -1;
    };
    return (text, limit) => {
      let met = 0;
      for (const term of new Set(plainTerms(text))) {
        const number = find(term);
        if (number < 0) { continue; }
        for (let i = offsets[number]!, end = offsets[number + 1]!; i < end; i++) {
          const passage = passages[i]!;
          if (totals[passage] === 0) { touched[met++] = passage; }
          totals[passage]! += scores[i]!;
        }
      }
      const best: { passage: number; score: number }[] = [];
      let least = 0;
      for (let i = 0; i < met; i++) {
        const passage = touched[i]!;
        const score = totals[passage]!;
        totals[passage] = 0;
        if (best.length === limit && score <= least) { continue; }
        let place = best.length < limit ? best.length : limit - 1;
        for (; place > 0 && best[place - 1]!.score < score; place--) best[place] = best[place - 1]!;
        best[place] = { passage, score };
        least = best[best.length - 1]!.score;
      }
      return best.map(({ passage }) => Buffer.from(idBytes.subarray(idOffsets[passage]!, idOffsets[passage + 1]!)).toString());
    };
  },
};
