import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** As many layers as there may be around a text: a compressed text, in base64, compressed again. */
const deepest = 4;
const longestPacked = 64 * 1024 * 1024;

const gzipStart = '\u001f\u008b\u0008';
const zlibStarts = ['\u0078\u0001', '\u0078\u005e', '\u0078\u009c', '\u0078\u00da'];
/** Long enough to be no word. */
const base64Run = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** Bytes that may be cut off, or followed by others. */
const lenient = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: longestPacked };

/**
 * What is packed in bytes, as texts with one character a byte: whatever of it is gzip or zlib, in itself or in base64 or hex,
 * layer by layer.
 */
export function unpacked(text: string, depth = 0): string[] {
  if (depth >= deepest) return [];
  const inner = [...compressedIn(text), ...encodedIn(text)];
  return inner.flatMap((layer) => [layer, ...unpacked(layer, depth + 1)]);
}

function compressedIn(text: string): string[] {
  const unzipped = placesOf(text, [gzipStart]).map((at) => opened(from(text, at)));
  const inflated = placesOf(text, zlibStarts).map((at) => attempt(() => inflateSync(from(text, at), lenient)));
  return [...unzipped, ...inflated].filter((layer) => layer !== null && layer !== '') as string[];
}

/** What follows the end of a gzip is no gzip for zlib; behind the shortest header the deflated text itself has an end. */
const shortestHeader = 10;
const opened = (bytes: Buffer): string | null =>
  attempt(() => gunzipSync(bytes, lenient)) ?? attempt(() => inflateRawSync(bytes.subarray(shortestHeader), lenient));

/** Base64 and hex whose bytes begin as something compressed does; others hold no more than the forms of a secret show. */
function encodedIn(text: string): string[] {
  return [...text.matchAll(base64Run)].flatMap(([run]) => {
    const candidates = [Buffer.from(run, 'base64'), ...(/^[0-9a-f]+$/i.test(run) ? [Buffer.from(run, 'hex')] : [])];
    return candidates
      .map((bytes) => bytes.toString('latin1'))
      .filter((decoded) => [gzipStart, ...zlibStarts].some((start) => decoded.startsWith(start)));
  });
}

function placesOf(text: string, starts: readonly string[]): number[] {
  return starts.flatMap((start) => {
    const places: number[] = [];
    for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) places.push(at);
    return places;
  });
}

const from = (text: string, at: number): Buffer => Buffer.from(text.slice(at), 'latin1');

function attempt(open: () => Buffer): string | null {
  try {
    return open().toString('latin1');
  } catch {
    return null;
  }
}
