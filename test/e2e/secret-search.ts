import { createHash, randomBytes } from 'node:crypto';

import { unpacked } from './packed-bytes.js';

/** Secrets by what they are, each unique, so that a hit anywhere names what leaked (P20). Keys are bytes. */
export type Canaries = Readonly<Record<string, string | Buffer>>;

/** Characters that JSON, URLs and base64 each write in another way are part of it. */
export function newCanary(): string {
  return `test+canary/${randomBytes(16).toString('hex')}&"=`;
}

const inUrl = encodeURIComponent;
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const inHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** Every form in which a secret is looked for. */
export function formsOf(secret: string | Buffer): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const own = typeof secret === 'string' ? textFormsOf(secret) : byteFormsOf(bytes);
  return new Map([...own, ['hex', hex], ['hex, capitals', hex.toUpperCase()], ...base64FormsOf(bytes)]);
}

/** A key, of which half would be enough to find the rest. */
function byteFormsOf(bytes: Buffer): Map<string, string> {
  const text = bytes.toString('latin1');
  return new Map([
    ['bytes', text],
    ['bytes, first half', text.slice(0, Math.ceil(text.length / 2))],
    ['bytes, last half', text.slice(Math.floor(text.length / 2))],
    ['bytes, reversed', [...text].reverse().join('')],
  ]);
}

function textFormsOf(secret: string): Map<string, string> {
  return new Map([
    ['raw', secret],
    ['first half', secret.slice(0, Math.ceil(secret.length / 2))],
    ['last half', secret.slice(Math.floor(secret.length / 2))],
    ['reversed', [...secret].reverse().join('')],
    ['in JSON', inJson(secret)],
    ['in JSON in JSON', inJson(inJson(secret))],
    ['in a URL', inUrl(secret)],
    ['in a URL, small letters', inUrl(secret).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['in a URL in a URL', inUrl(inUrl(secret))],
    ['in a form', new URLSearchParams({ v: secret }).toString().slice(2)],
    ['in HTML', inHtml(secret)],
    ['UTF-16', wide(secret).toString('latin1')],
    ['UTF-16, big end first', wide(secret).swap16().toString('latin1')],
  ]);
}

/** Base64 has three, by where in the encoded text the secret begins. */
function base64FormsOf(bytes: Buffer): Map<string, string> {
  const forms = new Map<string, string>();
  for (let offset = 0; offset < 3; offset += 1) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Characters that also encode a neighbour of the secret differ from place to place.
    const inner = text.slice(offset === 0 ? 0 : offset + 1, (bytes.length + offset) % 3 === 0 ? undefined : -1);
    forms.set(`base64 at ${offset}`, inner);
    forms.set(`base64url at ${offset}`, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

/** Whether a form is one character a byte already. */
export const isOfBytes = (form: string): boolean => form.startsWith('UTF-16') || form.startsWith('bytes');

/** Digests without a key, from which a weak secret can be found by trying. */
export function digestsOf(secret: string | Buffer): ReadonlyMap<string, string> {
  const forms = ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) =>
    (['hex', 'base64', 'base64url'] as const).map((encoding) => {
      const digest = createHash(algorithm).update(secret).digest(encoding);
      return [`${algorithm} in ${encoding}`, digest.replace(/=+$/, '')] as const;
    }),
  );
  return new Map(forms);
}

/** Searches texts and bytes for all forms of all canaries, also in what is compressed. */
export class SecretSearch {
  /** What was searched, by place. */
  readonly searched: Record<string, number> = {};
  readonly hits: string[] = [];
  private readonly needles: readonly (readonly [name: string, needle: string])[];

  /** @param hashed names of random secrets that are stored as their SHA-256 and recognised by it */
  constructor(canaries: Canaries, hashed: readonly string[] = []) {
    this.needles = Object.entries(canaries).flatMap(([name, secret]) => {
      const forms = [...formsOf(secret), ...(hashed.includes(name) ? [] : digestsOf(secret))];
      return forms.map(([form, needle]) => [`${name} (${form})`, isOfBytes(form) ? needle : bytesOf(needle)] as const);
    });
  }

  search(place: string, text: string | Buffer): void {
    this.searched[place] = (this.searched[place] ?? 0) + 1;
    const bytes = typeof text === 'string' ? bytesOf(text) : text.toString('latin1');
    for (const layer of [bytes, ...unpacked(bytes)]) this.searchPlain(place, layer);
  }

  private searchPlain(place: string, text: string): void {
    for (const [name, needle] of this.needles) if (text.includes(needle)) this.hits.push(`${place}: ${name}`);
  }
}
