import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import type { SortValue } from './cursor.js';
import { PagingError } from './paging.errors.js';

/** Where a page ended, and how the list was being read. */
export interface Place {
  /** Index that is walked, or `gathered`. */
  readonly way: string;
  readonly value: SortValue;
  readonly id: string;
}

const placeSchema = z.strictObject({
  w: z.string().max(200),
  v: z.union([z.string(), z.number(), z.boolean(), z.null(), z.strictObject({ t: z.number().int() })]),
  i: z.string().max(1000),
});

const macBytes = 16;

/** Cursors that only this installation makes, each for one question. Whoever changes the question starts at its first page. */
export class SignedCursors {
  constructor(
    private readonly key: Buffer,
    /** The whole question: list, filter, order, whatever else decides who is listed. */
    private readonly question: string,
  ) {}

  encode({ way, value, id }: Place): string {
    const v = value instanceof Date ? { t: value.getTime() } : value;
    const body = Buffer.from(JSON.stringify({ w: way, v, i: id }), 'utf8');
    return Buffer.concat([this.macOf(body), body]).toString('base64url');
  }

  /** @throws PagingError invalid-cursor: not ours, or of another question */
  decode(text: string): Place {
    const bytes = Buffer.from(text, 'base64url');
    const body = bytes.subarray(macBytes);
    const isOurs = bytes.length > macBytes && timingSafeEqual(bytes.subarray(0, macBytes), this.macOf(body));
    const parsed = isOurs ? placeSchema.safeParse(JSON.parse(body.toString('utf8'))) : null;
    if (parsed?.success !== true || text !== bytes.toString('base64url')) {
      throw new PagingError(
        'invalid-cursor',
        'The cursor is not one that this list gave for this question. Keep `filter`, `sort` and `q` the same on all pages and pass on `page.next` unchanged, or start at the first page.',
      );
    }
    const { w, v, i } = parsed.data;
    return { way: w, value: v !== null && typeof v === 'object' ? new Date(v.t) : v, id: i };
  }

  private macOf(body: Buffer): Buffer {
    const mac = createHmac('sha256', this.key)
      .update(`${Buffer.byteLength(this.question)}:${this.question}`)
      .update(body);
    return mac.digest().subarray(0, macBytes);
  }
}
