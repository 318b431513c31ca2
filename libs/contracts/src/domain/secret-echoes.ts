/** Shorter values (a single space is a legal password, R6) would be found in ordinary text. */
const shortest = 6;
const mask = '[secret]';
/** Longer texts are lists of users, in which every form would be looked for in vain for each page. */
const longestWords = 64 * 1024;

/**
 * A text of a vendor without the secrets that the vendor was sent. It may repeat them, and its words go into messages, records
 * and logs. Each is found as it is, in JSON (also twice, also with escaped slashes), in HTML, in URLs and forms, as hex, and
 * within base64, which takes the whole encoded word with it: so also in an Authorization header that is repeated. In long texts
 * only the forms of JSON and of URLs are looked for.
 */
export function withoutEchoes(text: string, secrets: readonly string[]): string {
  const isLong = text.length > longestWords;
  let clean = text;
  for (const secret of new Set(secrets.filter(({ length }) => length >= shortest))) {
    for (const echo of isLong ? plainEchoesOf(secret) : echoesOf(secret))
      if (clean.includes(echo)) clean = clean.replaceAll(echo, mask);
    for (const core of isLong ? [] : base64CoresOf(secret)) if (clean.includes(core)) clean = withoutWords(clean, core);
  }
  return clean;
}

function plainEchoesOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams({ v: secret }).toString().slice(2);
  return [...new Set([secret, json, json.replaceAll('/', '\\/'), form, form.replaceAll('+', '%20')])];
}

/** Longest first, so that a longer form is not broken by a shorter one. */
function echoesOf(secret: string): string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const ascii = once.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const json = [once, JSON.stringify(once).slice(1, -1), ascii, once.replaceAll('/', '\\/')];
  const escaped = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const html = [escaped, ...['&#39;', '&#x27;', '&apos;'].map((quote) => escaped.replaceAll("'", quote))];
  const hex = [...bytesOf(secret)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const all = [secret, ...json, ...html, ...urlFormsOf(secret), hex, hex.toUpperCase()];
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function urlFormsOf(secret: string): string[] {
  const form = new URLSearchParams({ v: secret }).toString().slice(2);
  const component = form.replaceAll('+', '%20');
  const strict = encodeURIComponent(secret.toWellFormed());
  const once = [form, component, strict];
  const all = [...once, ...once.map(encodeURIComponent)];
  return [...all, ...all.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * What the secret alone decides within base64, for each of the three places where it may begin in a group of three bytes; in
 * both alphabets.
 */
function base64CoresOf(secret: string): string[] {
  const bytes = bytesOf(secret);
  const cores = [0, 1, 2].map((before) => {
    const encoded = btoa(String.fromCharCode(...new Uint8Array(before), ...bytes));
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [...new Set(cores.flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]))];
}

const encoded = /[A-Za-z0-9+/_-]+={0,2}/g;

/** Without the encoded words that hold the core. */
function withoutWords(text: string, core: string): string {
  return text.replace(encoded, (word) => (word.includes(core) ? mask : word));
}
