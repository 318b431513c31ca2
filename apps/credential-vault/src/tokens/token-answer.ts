import { withoutEchoes } from '@rollcall/contracts';

/** A token as the vendor gave it. */
export interface GivenToken {
  readonly accessToken: string;
  readonly lifeSeconds: number;
  /** Replaces the one of before; null when the vendor gave none. */
  readonly refreshToken: string | null;
}

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: GivenToken }
  /** A person must act: wrong client, missing right, wrong scope. `words` are the vendor's. */
  | { readonly kind: 'refused'; readonly words: string }
  /** May pass: the vendor is overloaded or answers nonsense. */
  | { readonly kind: 'unavailable'; readonly words: string };

/** A life that says nothing, or is no life, is taken for this (V20). */
export const defaultLifeSeconds = 300;
const longestLifeSeconds = 24 * 60 * 60;
const longestWords = 300;

/** Too early, or too often. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** Vendors answer an address below which they know no tenant with their sign-in page, and status 200. */
const pageWords =
  'a web page instead of a token, so the address is not that of a token endpoint. Most often the tenant (or the token URL) is wrong, seldom a proxy stands before it';

/** What may travel in an Authorization header (RFC 6750 b64token, and what vendors really send). */
const tokenText = /^[\x21-\x7e]{1,16384}$/;

/** RFC 6749 A.17. */
const refreshText = /^[\x20-\x7e]{1,8192}$/;

/**
 * Reads the answer of a token endpoint by status and shape (RFC 6749 5.1 and 5.2).
 * @param sent secrets that the vendor was sent, and may repeat: no words hold one, whole or in part
 */
export function readTokenAnswer(status: number, text: string, sent: readonly string[]): TokenAnswer {
  const body = parsed(text);
  const words = wordsOf(status, body, sent);
  if (passing.has(status) || status >= 500) return { kind: 'unavailable', words };
  // Some endpoints answer an error with status 200 (V8).
  if (status >= 400 || typeof body?.['error'] === 'string') return { kind: 'refused', words };
  if (status === 200 && body !== null) return readToken(body);
  if (status === 200 && text.trimStart().startsWith('<')) return { kind: 'refused', words: pageWords };
  return { kind: 'unavailable', words: `status ${status} without a token that can be read` };
}

function readToken(body: Record<string, unknown>): TokenAnswer {
  const { access_token: accessToken, token_type: type } = body;
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer';
  if (typeof accessToken !== 'string' || !tokenText.test(accessToken) || !isBearer) {
    return { kind: 'unavailable', words: 'an answer without a bearer token' };
  }
  const given = body['refresh_token'];
  const refreshToken = typeof given === 'string' && refreshText.test(given) ? given : null;
  return { kind: 'token', token: { accessToken, lifeSeconds: lifeOf(body['expires_in']), refreshToken } };
}

function lifeOf(expiresIn: unknown): number {
  const seconds = typeof expiresIn === 'string' && /^\d{1,9}$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  const isLife = typeof seconds === 'number' && seconds > 0 && seconds <= longestLifeSeconds;
  return isLife ? seconds : defaultLifeSeconds;
}

function wordsOf(status: number, body: Record<string, unknown> | null, sent: readonly string[]): string {
  const { error, error_description: description } = body ?? {};
  const words = [error, description].filter((word): word is string => typeof word === 'string' && word !== '');
  // Before they are cut: the beginning of a secret would stay at the end.
  const said = withoutEchoes(words.join(': '), sent).replace(/\s+/g, ' ').slice(0, longestWords);
  return said === '' ? `status ${status}` : `status ${status}, "${said}"`;
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    // The parser's own error would repeat the text, which may hold a token (N8).
    return null;
  }
}
