import {
  expiredCursor,
  type RefusalWords,
  textOrNull,
  type VendorAnswer,
  type VendorError,
} from '@rollcall/connector-kit';

import { unexpected } from './unexpected.js';

export interface Page {
  readonly limit: number;
  /**
   * Token of the page before; null for the first. It is opaque and looks percent-encoded already: it is encoded once more,
   * like any value, and never decoded.
   */
  readonly offset: string | null;
}

export const pageQuery = ({ limit, offset }: Page) => ({ limit, ...(offset === null ? {} : { offset }) });

/** The end is `hasNext: false`, where `next` is left out. */
export function nextOf(body: Record<string, unknown>): string | null {
  const { hasNext, next } = body;
  if (hasNext === false) return null;
  const cursor = textOrNull(next);
  if (hasNext !== true || cursor === null) throw unexpected('a list of users that does not say whether it goes on');
  return cursor;
}

/** Seen by a client of the vendor; the status of it is not known (README). */
const expiredWords = { message: /invalid offset token/i };

/** The token is too old, and the listing begins anew; null where the answer says something else. */
export function expiredOffset(answer: VendorAnswer, words: RefusalWords): VendorError | null {
  return expiredCursor('Lever', answer, words, expiredWords);
}
