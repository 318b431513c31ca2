import { z } from 'zod';

/** Most items of one page (P33). */
export const largestPage = 200;

/** Id of an integration by which a list is narrowed. */
export const ofIntegrationSchema = z
  .string()
  .min(1)
  .max(120)
  .optional()
  .meta({ description: 'Only those of this integration.', examples: ['81020894-1279-88c1-96c6-fb5fc659feef'] });

/** `true` or `false` in a query string. */
export const queryFlagSchema = z.enum(['true', 'false']).transform((text) => text === 'true');

/** What every list takes. Pages are stable while data changes: a cursor names the last item, not a number of items. */
export const listQuerySchema = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(largestPage)
    .default(50)
    .meta({ description: 'Most items of a page.', examples: [50] }),
  cursor: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .meta({
      description: '`page.next` of the page before; left out for the first page.',
      examples: ['eyJzIjoiaWQiLCJ2IjoiMDFhIn0'],
    }),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/**
 * For lists that can be searched: a SCIM filter (RFC 7644 3.4.2.2) and one field to sort by, `-` before it = descending.
 * @param examples of the list's own fields
 */
export const searchableListQuery = (examples: { readonly filter: string; readonly sort: string }) =>
  listQuerySchema.extend({
    filter: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .meta({
        description:
          'SCIM filter (RFC 7644). A field that the list does not know is refused, with the names of those that it knows.',
        examples: [examples.filter],
      }),
    sort: z
      .string()
      .regex(
        /^-?[A-Za-z][A-Za-z0-9_.]{0,80}$/,
        'sort is the name of one field, with "-" before it for descending order',
      )
      .optional()
      .meta({ description: 'Field to sort by, with `-` before it for descending order.', examples: [examples.sort] }),
    include: z
      .enum(['total'])
      .optional()
      .meta({ description: '`total` counts the matching items too, which may be slow.', examples: ['total'] }),
  });

export const searchableListQuerySchema = searchableListQuery({ filter: 'name co "main"', sort: '-createdAt' });
export type SearchableListQuery = z.infer<typeof searchableListQuerySchema>;

/** What else the lists of people and accounts take. */
export const recordListQuery = (examples: Parameters<typeof searchableListQuery>[0] & { readonly fields: string }) =>
  searchableListQuery(examples).extend({
    fields: z
      .string()
      .regex(/^[A-Za-z][\w.]{0,80}(,[A-Za-z][\w.]{0,80}){0,49}$/, 'fields are up to 50 names with commas between them')
      .optional()
      .meta({
        description: 'Only these fields of each item, and `id`. Single values of people as `values.<variable>`.',
        examples: [examples.fields],
      }),
    q: z
      .string()
      .max(200)
      .regex(/^[^\p{Cc}]+$/u, 'q is text without control characters')
      .optional()
      .meta({
        description: 'Text that a name, the user name or the e-mail begins with, whatever its case.',
        examples: ['moreau'],
      }),
  });

export interface Page<Item> {
  items: Item[];
  page: { next: string | null; total?: number; totalIs?: 'at-least' };
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    page: z.object({
      /** Cursor of the next page; null on the last one. */
      next: z.string().nullable(),
      total: z.number().int().nonnegative().optional(),
      /** There are more than were counted. */
      totalIs: z.literal('at-least').optional(),
    }),
  });
}

/** A list that is short by nature and comes whole. */
export function wholeListSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) });
}
