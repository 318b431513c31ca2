import { z } from 'zod';

import { PagingError } from './paging.errors.js';

/** Value of the sort key of the last item of a page. Dates travel as epoch milliseconds. */
export type SortValue = string | number | boolean | Date | null;

/** Where a page ended: the sort key and id of its last item, and which list order that belongs to. */
export interface Cursor {
  readonly sort: string;
  readonly value: SortValue;
  readonly id: string;
}

const cursorSchema = z.strictObject({
  s: z.string().max(100),
  v: z.union([z.string().max(2000), z.number(), z.boolean(), z.null(), z.strictObject({ t: z.number().int() })]),
  i: z.string().max(1000),
});

/** Opaque text of a cursor: base64url of JSON. It holds nothing that its page did not show. */
export function encodeCursor({ sort, value, id }: Cursor): string {
  const v = value instanceof Date ? { t: value.getTime() } : value;
  return Buffer.from(JSON.stringify({ s: sort, v, i: id }), 'utf8').toString('base64url');
}

/**
 * The cursor behind a text that a client sent. Its values are scalars only, so nothing in it can be an operator (P35).
 * @throws PagingError invalid-cursor: not ours, or of a list in another order
 */
export function decodeCursor(text: string, sort: string): Cursor {
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new PagingError(
      'invalid-cursor',
      'The cursor is not one that this list gave. Start at the first page, and pass on `page.next` unchanged.',
    );
  }
  const { s, v, i } = parsed.data;
  if (s !== sort) {
    throw new PagingError(
      'invalid-cursor',
      'The cursor belongs to this list in another order. Keep `sort` the same on all pages, or start at the first page.',
    );
  }
  return { sort: s, value: v !== null && typeof v === 'object' ? new Date(v.t) : v, id: i };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
