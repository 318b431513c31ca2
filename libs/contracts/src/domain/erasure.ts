import { z } from 'zod';

import { serviceNames } from '../topics.js';
import { isoTimeSchema } from './values.js';

/** The erasure of one person, and which services still have to erase what they hold of them. */
export const erasureRecordSchema = z.object({
  /** Id of the person. */
  id: z.string(),
  /** `open`: some services have not confirmed yet. */
  state: z.enum(['open', 'done']),
  /** Why, in the words of whoever asked for it. */
  reason: z.string(),
  /** Who asked for it; `retention` where the person was inactive for longer than people are kept. */
  by: z.string(),
  at: isoTimeSchema,
  /** When the last service confirmed; null while the erasure is open. */
  doneAt: isoTimeSchema.nullable(),
  /** Services that have not confirmed yet. */
  waitsFor: z.array(z.enum(serviceNames)),
  /** Accounts whose values were erased. */
  accounts: z.number().int(),
});
export type ErasureRecord = z.infer<typeof erasureRecordSchema>;

/** What stands in the place of a name that was erased, where a text needs one. */
export const erasedText = '[erased]';
