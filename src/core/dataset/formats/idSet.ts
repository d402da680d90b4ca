/** Remembers on which line each id was first seen, in 24 bytes an id at most: ids are known by a 64-bit hash. */
export class IdSet {
  private low = new Uint32Array(1 << 10);
  private high = new Uint32Array(1 << 10);
  private lines = new Uint32Array(1 << 10);
  private count = 0;

  /** The line of the first record with this id; undefined when this is the first. */
  add(id: string, line: number): number | undefined {
    let a = 0x811c9dc5;
    let b = 0x9747b28c;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
    }
    const place = this.place(a >>> 0, b >>> 0);
    if (this.lines[place] !== 0) { return this.lines[place]; }
    this.put(place, a >>> 0, b >>> 0, line);
    if (++this.count * 2 > this.lines.length) { this.grow(); }
    return undefined;
  }

  private place(a: number, b: number): number {
    const mask = this.lines.length - 1;
    let place = (a ^ b) & mask;
    while (this.lines[place] !== 0 && (this.low[place] !== a || this.high[place] !== b)) { place = (place + 1) & mask; }
    return place;
  }

  private put(place: number, a: number, b: number, line: number): void {
    this.low[place] = a;
    this.high[place] = b;
    this.lines[place] = line;
  }

  private grow(): void {
    const { low, high, lines } = this;
    this.low = new Uint32Array(lines.length * 2);
    this.high = new Uint32Array(lines.length * 2);
    this.lines = new Uint32Array(lines.length * 2);
    for (let i = 0; i < lines.length; i++) {
      if (lines[i] !== 0) { this.put(this.place(low[i]!, high[i]!), low[i]!, high[i]!, lines[i]!); }
    }
  }
}
