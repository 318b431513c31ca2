import { z } from 'zod';

/** Where a page begins: after the user with this sort value and id. */
export const keySchema = z.tuple([z.string(), z.string()]);
export type Key = z.output<typeof keySchema>;

export const positionSchema = z.object({
  /** Page counted from one, for faults that name a page. */
  page: z.int().min(2),
  after: keySchema,
  /** Where the page before this one began; null: at the start. */
  before: keySchema.nullable(),
});
export type Position = z.output<typeof positionSchema>;

/** Clients must not look inside, so what stands there is nobody's business. */
export function encodeToken(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Null for a token that was not given out here. */
export function decodeToken<T>(schema: z.ZodType<T>, token: string): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
