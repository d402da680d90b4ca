/** Append-only byte buffer that grows as needed. */
export class ByteWriter {
  private buffer = new Uint8Array(1 << 12);
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** Unsigned integer below 2^32, least significant 7 bits first. */
  varint(value: number): void {
    this.reserve(5);
    while (value > 127) {
      this.buffer[this.used++] = (value & 127) | 128;
      value >>>= 7;
    }
    this.buffer[this.used++] = value;
  }

  bytes(source: Uint8Array): void {
    this.reserve(source.length);
    this.buffer.set(source, this.used);
    this.used += source.length;
  }

  finish(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  private reserve(count: number): void {
    if (this.used + count <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + count));
    grown.set(this.buffer.subarray(0, this.used));
    this.buffer = grown;
  }
}

/** Reads what ByteWriter wrote. Throws RangeError past the end. */
export class ByteReader {
  private position = 0;

  constructor(private readonly source: Uint8Array) {}

  varint(): number {
    const source = this.source;
    let byte = source[this.position++];
    if (byte === undefined) throw new RangeError('past the end');
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = source[this.position++];
      if (byte === undefined) throw new RangeError('past the end');
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new RangeError('number too long');
  }

  /** Fills `target` with the next numbers. One tight loop: an index holds millions of them. */
  varints<T extends Uint16Array | Uint32Array>(target: T): T {
    const source = this.source;
    const count = target.length;
    if (source.length - this.position === count) {
      // As many bytes as numbers: each is one byte.
      target.set(source.subarray(this.position));
      this.position = source.length;
      return target;
    }
    let position = this.position;
    for (let i = 0; i < count; i++) {
      let byte = source[position++]!;
      let value = byte & 127;
      for (let shift = 7; byte > 127; shift += 7) {
        byte = source[position++]!;
        value |= (byte & 127) << shift;
      }
      target[i] = value;
    }
    if (position > source.length) throw new RangeError('past the end');
    this.position = position;
    return target;
  }

  /** Gaps to numbers: run r, ascending and below `limit`, is target[starts[r] .. starts[r + 1]). Throws RangeError where one is not. */
  ascendingRuns<T extends Uint16Array | Uint32Array>(target: T, starts: Uint32Array, limit: number): T {
    const source = this.source;
    let position = this.position;
    let i = 0;
    for (let run = 0; run + 1 < starts.length; run++) {
      const end = starts[run + 1]!;
      let previous = -1;
      for (; i < end; i++) {
        let byte = source[position++]!;
        let value = byte & 127;
        for (let shift = 7; byte > 127; shift += 7) {
          byte = source[position++]!;
          value |= (byte & 127) << shift;
        }
        previous += value + 1;
        target[i] = previous;
      }
      if (previous >= limit) throw new RangeError('number too high');
    }
    if (position > source.length) throw new RangeError('past the end');
    this.position = position;
    return target;
  }
}

/** Growable list of unsigned 32-bit integers. */
export class Uint32List {
  values = new Uint32Array(1 << 12);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Uint32Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  finish(): Uint32Array {
    return this.values.slice(0, this.length);
  }
}
