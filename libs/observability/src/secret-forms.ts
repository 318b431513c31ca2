import { isOrdinary } from './ordinary-text.js';

/** How one secret may look inside a text. */
export interface SecretForms {
  /** Found exactly as written, longest first so that a longer form is not broken by a shorter one. */
  readonly literals: readonly string[];
  /** Hex and percent forms, lower case; encoders differ in case. */
  readonly caseless: readonly string[];
  readonly caselessPattern: RegExp;
  /** The characters that the secret forces inside a base64 text, for each alignment. */
  readonly cores: readonly string[];
  readonly corePattern: RegExp;
  /** Of a secret that is an ordinary word: where it stands as a value. Of a short one: where it is a word. Null for all others. */
  readonly standing: RegExp | null;
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
const alternatives = (texts: readonly string[]): string => texts.map(escapePattern).join('|');
const longestFirst = (texts: Iterable<string>): string[] =>
  [...new Set(texts)].filter((text) => text.length > 0).sort((a, b) => b.length - a.length);

/** Computes all forms of a secret that the redactor looks for. */
export function secretForms(value: string): SecretForms {
  const standing = isOrdinary(value) ? standingPattern(value) : wordPattern(value);
  const literals = standing !== null ? [] : longestFirst([value, ...jsonForms(value), ...htmlForms(value)]);
  const encoded = [...urlForms(value), ...hexForms(value)].map((form) => form.toLowerCase());
  const caseless = longestFirst(encoded.filter((form) => form !== value.toLowerCase()));
  const cores = longestFirst(base64Cores(value));
  return {
    literals,
    caseless,
    caselessPattern: new RegExp(alternatives(caseless), 'gi'),
    cores,
    corePattern: new RegExp(`[A-Za-z0-9+/_-]*(?:${alternatives(cores)})[A-Za-z0-9+/_=-]*`, 'g'),
    standing,
  };
}

/** Quoted, behind an equals sign, or as the password of an address: there somebody said that it is a value. */
function standingPattern(value: string): RegExp {
  const word = escapePattern(value);
  const quoted = ['"', "'", '`', '\\\\"'].map((mark) => `(?<=${mark})${word}(?=${mark})`);
  const assigned = `(?<==)${word}(?![A-Za-z0-9])`;
  const ofAddress = `(?<=://[^\\s/@]*:)${word}(?=@)`;
  return new RegExp([...quoted, assigned, ofAddress].join('|'), 'g');
}

const shortestInsideWords = 8;

/**
 * A short secret of letters alone is not looked for inside longer words, nor one of digits inside longer numbers: there it
 * is chance, and lines would lose parts of their words. Escapes before it end with a letter or a digit and are no part of a
 * word. Null for secrets of other kinds.
 */
function wordPattern(value: string): RegExp | null {
  const kind = ['\\p{L}\\p{M}', '\\p{N}'].find((letters) => new RegExp(`^[${letters}]+$`, 'u').test(value));
  if (kind === undefined || value.length >= shortestInsideWords) return null;
  const escape = '%[0-9A-Fa-f]{2}|\\\\[bfnrt]|\\\\u[0-9A-Fa-f]{4}';
  const forms = alternatives(longestFirst([value, ...jsonForms(value)]));
  return new RegExp(`(?:(?<![${kind}])|(?<=${escape}))(?:${forms})(?![${kind}])`, 'gu');
}

/** Escaped once, as in a JSON text, and twice, as in a JSON text that is itself a string of a JSON text. */
function jsonForms(value: string): string[] {
  const escape = (text: string): string => JSON.stringify(text).slice(1, -1);
  const ascii = (text: string): string =>
    text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const once = escape(value);
  return [once, escape(once), ascii(once), once.replaceAll('/', '\\/')];
}

function htmlForms(value: string): string[] {
  const escaped = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [
    escaped,
    escaped.replaceAll("'", '&#39;'),
    escaped.replaceAll("'", '&#x27;'),
    escaped.replaceAll("'", '&apos;'),
  ];
}

/** Percent-encoded by the habits in use: components, whole URLs, forms, RFC 3986 to the letter, every byte; and twice. */
function urlForms(value: string): string[] {
  // Half surrogates make encodeURIComponent throw; through a buffer they become U+FFFD.
  const whole = Buffer.from(value).toString();
  const component = encodeURIComponent(whole);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  const form = new URLSearchParams([['', whole]]).toString().slice(1);
  const everyByte = [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const once = [component, strict, form, encodeURI(whole), everyByte];
  return [...once, ...once.map(encodeURIComponent)].filter((text) => text !== value);
}

function hexForms(value: string): string[] {
  const bytes = Buffer.from(value);
  const pairs = bytes.toString('hex').match(/../g) ?? [];
  return [pairs.join(''), pairs.join(' '), pairs.join(':'), Buffer.from(value, 'utf16le').toString('hex')];
}

/**
 * Three bytes become four characters, so a secret after n other bytes starts inside a group: with 0, 1 or 2 bytes
 * before it, these characters depend on the secret alone. That finds `base64("user:secret")` for any user.
 */
function base64Cores(value: string): string[] {
  const bytes = Buffer.from(value);
  const cores = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return cores.flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]);
}
