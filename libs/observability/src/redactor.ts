import { isOrdinaryPart, withoutThisMachine } from './ordinary-text.js';
import { type SecretForms, secretForms } from './secret-forms.js';

/** What a reader sees in place of a secret. */
export const secretPlaceholder = '[secret]';

/** Shorter values are not remembered: replacing every "1" or "abc" would destroy the logs and name the value. */
export const shortestRedactedSecret = 4;
/** Most values remembered at once; the one unused longest is forgotten first. */
export const mostRedactedSecrets = 500;

/** Long secrets are also found in pieces this long, because parsers quote about ten characters of their input (N8). */
const pieceLength = 10;
const wholeLength = 16;

interface Known {
  readonly forms: SecretForms;
  readonly pieces: readonly string[];
}

const known = new Map<string, Known>();
let pieces: Set<string> | null = null;

/**
 * Remembers a secret in use, so that no log line shows it (P20, N8). In memory only. Registering a value again keeps
 * it from being forgotten.
 */
export function registerSecretValue(value: string): void {
  if (value.length < shortestRedactedSecret) return;
  const earlier = known.get(value);
  known.delete(value);
  known.set(value, earlier ?? { forms: secretForms(value), pieces: piecesOf(value) });
  if (earlier !== undefined) return;
  if (known.size > mostRedactedSecrets) known.delete(known.keys().next().value!);
  pieces = null;
}

/** Forgets all registered values; for tests and for the end of a process. */
export function forgetSecretValues(): void {
  known.clear();
  pieces = null;
}

/**
 * The text with every registered secret replaced by `[secret]`, in every form it is known to travel in: raw, base64 at
 * every alignment (so also inside `user:secret`), base64url, URL-encoded once and twice, JSON- and HTML-escaped, hex,
 * and pieces of long secrets. A base64 or hex match takes the whole encoded word with it. A secret that is an ordinary
 * word of our messages is replaced where it stands as a value, and left where it is a word of a sentence.
 */
export function redactSecrets(text: string): string {
  if (known.size === 0 || text.length < shortestRedactedSecret) return text;
  let redacted = text;
  const lower = text.toLowerCase();
  for (const { forms } of known.values()) {
    for (const literal of forms.literals) {
      if (redacted.includes(literal)) redacted = redacted.replaceAll(literal, secretPlaceholder);
    }
    if (forms.standing !== null) redacted = redacted.replace(forms.standing, secretPlaceholder);
    if (forms.caseless.some((form) => lower.includes(form))) {
      redacted = redacted.replace(forms.caselessPattern, secretPlaceholder);
    }
    if (forms.cores.some((core) => redacted.includes(core))) {
      redacted = redacted.replace(forms.corePattern, secretPlaceholder);
    }
  }
  return redactPieces(redacted);
}

/** Runs of at least `pieceLength` characters of a long secret. */
function redactPieces(text: string): string {
  pieces ??= new Set([...known.values()].flatMap((secret) => secret.pieces));
  if (pieces.size === 0) return text;
  let out = '';
  let copied = 0;
  for (let at = 0; at + pieceLength <= text.length; at += 1) {
    if (!pieces.has(text.slice(at, at + pieceLength))) continue;
    let end = at + pieceLength;
    while (end < text.length && pieces.has(text.slice(end - pieceLength + 1, end + 1))) end += 1;
    out += text.slice(copied, at) + secretPlaceholder;
    copied = end;
    at = end - 1;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** Protocol, host and port of an address are shared by many lines; what makes it a secret comes behind them. */
const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/@?#\s]*(?=[/?#]|$)/i;

function piecesOf(value: string): string[] {
  if (value.length < wholeLength) return [];
  return withoutThisMachine(value.replace(origin, ''))
    .flatMap((text) => {
      const length = Math.max(0, text.length - pieceLength + 1);
      return Array.from({ length }, (_, at) => text.slice(at, at + pieceLength));
    })
    .filter((piece) => !isOrdinaryPart(piece));
}
