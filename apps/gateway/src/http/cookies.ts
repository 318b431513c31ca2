import type { CookieOptions } from 'express';

export interface Cookie {
  readonly name: string;
  /** Empty: the browser is to forget it. */
  readonly value: string;
  readonly path: string;
  readonly sameSite: 'strict' | 'lax';
  readonly maxAgeSeconds: number;
  readonly isSecure: boolean;
}

/** Most cookies that are looked at; more than any browser sends here. */
const mostCookies = 50;

/** Cookies of a request. Ours are base64url and dots only, so nothing needs decoding. The first of a name counts. */
export function readCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const part of (header ?? '').split(';', mostCookies)) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (at > 0 && !(name in cookies)) cookies[name] = part.slice(at + 1).trim();
  }
  return cookies;
}

/** No script of a page can read them, and no other site sends them along. */
export function cookieOptions({ path, sameSite, maxAgeSeconds, isSecure }: Cookie): CookieOptions {
  return { httpOnly: true, path, sameSite, secure: isSecure, maxAge: maxAgeSeconds * 1000 };
}

/** The body of an answer that also sets cookies. */
export class WithCookies<Body> {
  constructor(
    readonly body: Body,
    readonly cookies: readonly Cookie[],
    /** Who is signed in by it, for the audit: until now nobody knew who asks. */
    readonly signedIn: string | null = null,
  ) {}
}

/** Sends a browser elsewhere (303). */
export class Redirect {
  constructor(
    readonly url: string,
    readonly cookies: readonly Cookie[] = [],
    /** As above. */
    readonly signedIn: string | null = null,
  ) {}
}
