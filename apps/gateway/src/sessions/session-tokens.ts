import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import { sha256 } from '../http/sha256.js';

/** A token of a session: its id, and 256 random bits that are stored as a hash only. */
export interface SessionToken {
  readonly session: string;
  readonly hash: string;
  /** What the browser keeps. */
  readonly text: string;
}

const form = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

export const newSessionId = (): string => randomBytes(16).toString('base64url');

export function newToken(session: string): SessionToken {
  const secret = randomBytes(32).toString('base64url');
  return { session, hash: sha256(secret), text: `${session}.${secret}` };
}

/** Null for a text that is no token of ours. */
export function parseToken(text: string): SessionToken | null {
  const [, session, secret] = form.exec(text) ?? [];
  return session === undefined || secret === undefined ? null : { session, hash: sha256(secret), text };
}

export function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * What a page has to send with every write of a session. It depends on the id of the session, which the page cannot read
 * and another site even less; only an answer to the page itself tells it.
 */
export function csrfTokenOf(session: string): string {
  return createHash('sha256').update(`csrf token of ${session}`).digest('base64url');
}
