/** Bytes that are not what they claim to be. The message says why, in words that hold nothing of the bytes. */
export class Unreadable extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'Unreadable';
  }
}
