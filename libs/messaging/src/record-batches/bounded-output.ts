import { Unreadable } from './unreadable.js';

const firstBytes = 64 * 1024;
/** Up to here a loop is faster than a call. */
const shortLength = 32;

/** What a decompressor writes: it grows with what really comes, up to a limit, whatever the input announces. */
export class BoundedOutput {
  private bytes: Buffer;
  private length = 0;

  constructor(private readonly limit: number) {
    this.bytes = Buffer.allocUnsafe(Math.min(firstBytes, limit));
  }

  get left(): number {
    return this.limit - this.length;
  }

  append(source: Buffer, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    const { bytes } = this;
    if (length > shortLength) source.copy(bytes, this.length, start, end);
    else for (let at = start, to = this.length; at < end; at += 1, to += 1) bytes[to] = source[at]!;
    this.length += length;
  }

  /** Repeats `length` bytes from `distance` before the end; the two may overlap, which repeats a pattern. */
  repeat(distance: number, length: number): void {
    if (distance <= 0 || distance > this.length) throw new Unreadable('its compressed data refers to nothing');
    this.reserve(length);
    const from = this.length - distance;
    if (length <= shortLength) {
      const { bytes } = this;
      for (let at = from, to = this.length, end = from + length; at < end; at += 1, to += 1) bytes[to] = bytes[at]!;
      this.length += length;
      return;
    }
    for (let copied = 0; copied < length;) {
      const step = Math.min(length - copied, distance + copied);
      this.bytes.copyWithin(this.length + copied, from, from + step);
      copied += step;
    }
    this.length += length;
  }

  take(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (more > this.left) throw tooLarge(this.limit);
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.limit, Math.max(needed, this.bytes.length * 2)));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

export const tooLarge = (limit: number): Unreadable =>
  new Unreadable(`it decompresses to more than ${Math.round(limit / 1024 / 1024)} MiB`);
