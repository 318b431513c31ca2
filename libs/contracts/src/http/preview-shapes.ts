import { z } from 'zod';

import { previewActionSchema } from '../domain/preview.js';
import { runRecordSchema } from '../domain/run.js';
import { isoTimeSchema } from '../domain/values.js';
import { listQuerySchema } from './page.js';

const countsByAction = z.object({
  create: z.number().int(),
  update: z.number().int(),
  reactivate: z.number().int(),
  deactivate: z.number().int(),
});

/** What a run would do, in numbers. */
export const previewSchema = z.object({
  run: runRecordSchema,
  accounts: countsByAction,
  people: countsByAction,
  /** Accounts of which nobody has decided whose they are. */
  needsDecision: z.number().int(),
  /** Until when it may be applied; null while it is being made, and for one that failed. */
  expiresAt: isoTimeSchema.nullable(),
  /** Why its end or its age stands against applying it, or null. Changed settings are found when it is applied. */
  notApplicable: z.string().nullable(),
});
export type Preview = z.infer<typeof previewSchema>;

export const previewLinesQuerySchema = listQuerySchema.extend({
  kind: z
    .enum(['account', 'person'])
    .optional()
    .meta({ description: 'Only lines of accounts, or only those of people.', examples: ['person'] }),
  action: previewActionSchema.optional().meta({ description: 'Only lines that do this.', examples: ['update'] }),
  field: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .meta({ description: 'Only lines that change this field.', examples: ['values.department'] }),
  needsDecision: z
    .enum(['true', 'false'])
    .optional()
    .meta({
      description: 'Only accounts that wait for a decision of a person, or only those that do not.',
      examples: ['true'],
    }),
});
export type PreviewLinesQuery = z.infer<typeof previewLinesQuerySchema>;

/** How many people a field would change for, and from what to what: one wrong rule is seen at once. */
export const previewGroupSchema = z.object({
  field: z.string(),
  count: z.number().int(),
  /** The most frequent steps, at most 10. */
  steps: z.array(z.object({ from: z.unknown(), to: z.unknown(), count: z.number().int() })),
});
export const previewGroupsSchema = z.object({ items: z.array(previewGroupSchema) });
