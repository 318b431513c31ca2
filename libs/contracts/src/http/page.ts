import { z } from 'zod';

/** Most items of one page (P33). */
export const largestPage = 200;

/** `true` or `false` in a query string. */
export const queryFlagSchema = z.enum(['true', 'false']).transform((text) => text === 'true');

/** What every list takes. Pages are stable while data changes: a cursor names the last item, not a number of items. */
export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(largestPage).default(50),
  /** `page.next` of the page before. */
  cursor: z.string().min(1).max(2000).optional(),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** For lists that can be searched: a SCIM filter (RFC 7644 3.4.2.2) and one field to sort by, `-` before it = descending. */
export const searchableListQuerySchema = listQuerySchema.extend({
  filter: z.string().min(1).max(1000).optional(),
  sort: z
    .string()
    .regex(/^-?[A-Za-z][A-Za-z0-9_.]{0,80}$/, 'sort is the name of one field, with "-" before it for descending order')
    .optional(),
  /** `total` counts the matching items, which may be slow. */
  include: z.enum(['total']).optional(),
});
export type SearchableListQuery = z.infer<typeof searchableListQuerySchema>;

export interface Page<Item> {
  items: Item[];
  page: { next: string | null; total?: number };
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    page: z.object({
      /** Cursor of the next page; null on the last one. */
      next: z.string().nullable(),
      total: z.number().int().nonnegative().optional(),
    }),
  });
}

/** A list that is short by nature and comes whole. */
export function wholeListSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}
