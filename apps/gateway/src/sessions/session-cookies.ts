import type { Cookie } from '../http/cookies.js';
import { apiPrefix } from '../http/operation.js';

export const accessCookie = 'rollcall_access';
export const refreshCookie = 'rollcall_refresh';

/** The refresh token goes nowhere but to the operations of the session. */
const refreshPath = `${apiPrefix}/session`;

export interface Tokens {
  readonly access: string;
  readonly accessSeconds: number;
  readonly refresh: string;
  readonly refreshSeconds: number;
}

export function sessionCookies(tokens: Tokens, isSecure: boolean): Cookie[] {
  const always = { sameSite: 'strict', isSecure } as const;
  return [
    { name: accessCookie, value: tokens.access, path: '/', maxAgeSeconds: tokens.accessSeconds, ...always },
    { name: refreshCookie, value: tokens.refresh, path: refreshPath, maxAgeSeconds: tokens.refreshSeconds, ...always },
  ];
}

export function forgottenCookies(isSecure: boolean): Cookie[] {
  return sessionCookies({ access: '', accessSeconds: 0, refresh: '', refreshSeconds: 0 }, isSecure);
}
