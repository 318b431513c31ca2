/**
 * Cheap looks at the bytes of an event, because a first load brings hundreds of thousands that start nothing and parsing
 * one costs more than all the rest. They read the order in which `encodeEvent` writes; on anything else they give no
 * answer, and the event is parsed.
 */

const beforeId = Buffer.from('{"specversion":"1.0","id":"');
const beforeSource = Buffer.from('","source":"');
const beforeType = Buffer.from('","type":"');
const quote = 0x22;
const backslash = 0x5c;

/** The type of an event, or null when only a parser can say. */
export function peekType(bytes: Buffer): string | null {
  const id = textAfter(bytes, 0, beforeId);
  const source = id === null ? null : textAfter(bytes, id.end, beforeSource);
  const type = source === null ? null : textAfter(bytes, source.end, beforeType);
  return type === null ? null : bytes.toString('latin1', type.start, type.end);
}

interface Span {
  readonly start: number;
  /** Position of the closing quote. */
  readonly end: number;
}

/** A plain ASCII text that follows `prefix` at `at`; an escape or a character beyond ASCII is left to the parser. */
function textAfter(bytes: Buffer, at: number, prefix: Buffer): Span | null {
  const start = at + prefix.length;
  for (let i = 0; i < prefix.length; i += 1) if (bytes[at + i] !== prefix[i]) return null;
  for (let end = start; end < bytes.length; end += 1) {
    const byte = bytes[end]!;
    if (byte === quote) return { start, end };
    if (byte === backslash || byte >= 0x80) return null;
  }
  return null;
}

const initialAtEnd = Buffer.from('"initial":true}}}');
const causeKey = Buffer.from('"cause":{');

/**
 * True when the event surely comes from a run before the integration's first completed one: the cause ends `data`, and
 * `data` ends the event. False says nothing. Records hold the cause of their creation too, hence the look at the end.
 */
export function peekInitial(bytes: Buffer): boolean {
  const tail = bytes.length - initialAtEnd.length;
  if (tail < 0 || bytes.compare(initialAtEnd, 0, initialAtEnd.length, tail) !== 0) return false;
  const key = bytes.lastIndexOf(causeKey);
  if (key === -1) return false;
  return isFlatObject(bytes.toString('utf8', key + causeKey.length - 1, bytes.length - 2));
}

/** One whole object without objects inside: so the key before it belongs to the object that closes right after it. */
function isFlatObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && (parsed as { initial?: unknown }).initial === true;
  } catch {
    return false;
  }
}
