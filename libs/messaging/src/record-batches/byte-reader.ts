import { Unreadable } from './unreadable.js';

/**
 * Reads numbers and byte strings of Kafka's protocol. Never past its end: kafkajs reads zeros there, so that a damaged
 * count makes it loop two thousand million times.
 */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    private position = 0,
    private readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.position;
  }

  int8(): number {
    return this.bytes.readInt8(this.advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  /** As a number: offsets and times stay below 2^53. */
  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.advance(8)));
  }

  /** A producer's id may be any of 64 bits. */
  bigInt64(): bigint {
    return this.bytes.readBigInt64BE(this.advance(8));
  }

  /** Zigzag, at most ten bytes; a number for the same reason as `int64`. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      const byte = this.bytes[this.advance(1)]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 0x80;
    }
    throw new Unreadable('a number in it has more than ten bytes');
  }

  take(length: number): Buffer {
    if (length < 0) throw new Unreadable('a length in it is negative');
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Bytes behind their length as varint; -1 is null. */
  nullableBytes(): Buffer | null {
    const length = this.varint();
    return length === -1 ? null : this.take(length);
  }

  /** A text behind its length in two bytes. */
  text(): string {
    return this.take(this.int16()).toString('utf8');
  }

  /** A reader of the next `length` bytes; this one goes on behind them. */
  part(length: number): ByteReader {
    if (length < 0) throw new Unreadable('a length in it is negative');
    const start = this.advance(length);
    return new ByteReader(this.bytes, start, start + length);
  }

  /** As many items as the four bytes before them say; -1 means none. */
  list<Item>(read: () => Item): Item[] {
    const count = this.int32();
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) items.push(read());
    return items;
  }

  private advance(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw new Unreadable('it ends too early');
    this.position = start + length;
    return start;
  }
}
