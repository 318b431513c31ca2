import { z } from 'zod';

import { causeSchema } from '../domain/cause.js';
import { accountRecordSchema, personRecordSchema } from '../domain/records.js';
import { planLineSchema, runStateSchema } from '../domain/run.js';
import { schemaIds } from '../domain/schema-ids.js';
import { isoTimeSchema } from '../domain/values.js';
import { ofIntegrationSchema, searchableListQuery } from './page.js';

export const runListQuerySchema = searchableListQuery({
  filter: 'endedAt gt "2026-11-01T00:00:00Z"',
  sort: '-plannedAt',
}).extend({
  integration: ofIntegrationSchema,
  state: runStateSchema.optional().meta({ description: 'Only runs in this state.', examples: ['failed'] }),
});
export type RunListQuery = z.infer<typeof runListQuerySchema>;

/** One revision of a person or account: the record after it, the old values of what changed, and why. */
export const changeSchema = z
  .object({
    /** Null for the creation of a record that stands at its first revision: it is told from the record itself. */
    id: z.string().nullable(),
    kind: z.enum(['account', 'person']),
    record: z.string(),
    revision: z.number().int(),
    event: z.string().nullable(),
    /** Old values by path. */
    changed: z.record(z.string(), z.unknown()),
    /** The same with the new ones, for people to read: `values.title` from "Clerk" to "Lead". */
    fields: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
    cause: causeSchema,
    why: z.string().describe('The cause in words, with the names of what `cause` names by id.'),
    time: isoTimeSchema,
    after: z.union([accountRecordSchema, personRecordSchema]),
  })
  .register(schemaIds, { id: 'Change' });
export type Change = z.infer<typeof changeSchema>;

/** A staged deactivation and what became of it. */
export const plannedLineSchema = planLineSchema
  .extend({
    state: z.enum(['staged', 'executed', 'stale']),
    staleReason: z.string().nullable(),
  })
  .register(schemaIds, { id: 'PlannedLine' });

export const undoRunBodySchema = z
  .object({
    /** Pauses the integration in the same step, so that its next run does not bring the same again. */
    pause: z.boolean().default(false),
  })
  .prefault({})
  .meta({ description: 'Whether the integration is paused in the same step.', examples: [{ pause: true }] });
export type UndoRunBody = z.infer<typeof undoRunBodySchema>;
