/** A map from 64-bit hashes to numbers in typed arrays: 16 bytes a slot, between 20 and 30 bytes an entry. */
export class HashTable {
  private count = 0;
  private capacity: number;
  private high: Uint32Array;
  private low: Uint32Array;
  /** -1 where the slot is free. */
  private values: Float64Array;

  constructor(expected = 1000) {
    this.capacity = Math.ceil(expected / load);
    [this.high, this.low, this.values] = [new Uint32Array(this.capacity), new Uint32Array(this.capacity), new Float64Array(this.capacity).fill(-1)];
  }

  get size(): number { return this.count; }

  /** The value of a hash given as hex digits, of which the first 16 count. */
  get(hex: string): number | undefined {
    const value = this.values[this.find(wordAt(hex, 0), wordAt(hex, 8))]!;
    return value < 0 ? undefined : value;
  }

  /** Sets a value from 0 up. */
  set(hex: string, value: number): void {
    if (this.count + 1 > this.capacity * load) { this.grow(); }
    this.put(wordAt(hex, 0), wordAt(hex, 8), value);
  }

  private put(high: number, low: number, value: number): void {
    const slot = this.find(high, low);
    if (this.values[slot]! < 0) { this.count++; }
    [this.high[slot], this.low[slot], this.values[slot]] = [high, low, value];
  }

  /** The slot of a hash, or the free one where it would be. */
  private find(high: number, low: number): number {
    let slot = Math.floor(high / 4_294_967_296 * this.capacity);
    while (this.values[slot]! >= 0 && (this.high[slot] !== high || this.low[slot] !== low)) { slot = slot + 1 === this.capacity ? 0 : slot + 1; }
    return slot;
  }

  private grow(): void {
    const { high, low, values } = this;
    this.capacity = Math.ceil(this.capacity * 1.5);
    [this.high, this.low, this.values, this.count] = [new Uint32Array(this.capacity), new Uint32Array(this.capacity), new Float64Array(this.capacity).fill(-1), 0];
    for (let slot = 0; slot < values.length; slot++) { if (values[slot]! >= 0) { this.put(high[slot]!, low[slot]!, values[slot]!); } }
  }
}

const load = 0.8;

function wordAt(hex: string, at: number): number { return Number.parseInt(hex.slice(at, at + 8), 16); }
