import { z } from 'zod';

import { schemaIds } from '../domain/schema-ids.js';
import { isoTimeSchema } from '../domain/values.js';

/**
 * A command whose outcome was not known when it was answered (F3). `never` = it did not happen and will not: no result
 * five minutes after its deadline (F2).
 */
export const operationSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    state: z.enum(['pending', 'done', 'refused', 'never']),
    /** What the command gave, when done. */
    result: z.unknown(),
    /** Why it was refused, when refused. */
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: isoTimeSchema,
    /** Its owner refuses it after this time. */
    deadline: isoTimeSchema,
  })
  .register(schemaIds, { id: 'Operation' });
export type Operation = z.infer<typeof operationSchema>;

export const operationIdSchema = z.object({
  id: z
    .string()
    .max(300)
    .regex(/^[a-z][a-z-]*\.[A-Za-z0-9-]+$/, 'an operation id is <owner>.<command id>')
    .meta({ description: 'Id of the operation, of the header `Location`.', examples: ['mapping.8f2c1d'] }),
});
