import { z } from 'zod';

import { mailAddressSchema } from '../domain/mail-address.js';
import { mailServerStateSchema } from '../domain/mail-server.js';
import { recordEpochSchema } from '../domain/record-epoch.js';
import { schemaIds } from '../domain/schema-ids.js';
import { isoTimeSchema } from '../domain/values.js';

/** What the gateway knows about the installation without asking other services. */
export const systemHealthSchema = z
  .object({
    status: z.enum(['ok', 'attention']),
    checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
    integrations: z.object({ draft: z.number().int(), active: z.number().int(), paused: z.number().int() }),
    openRuns: z.number().int(),
    /** Integrations whose last run failed or was held. */
    troubledRuns: z.array(
      z.object({ integration: z.string(), run: z.string(), state: z.string(), reason: z.string().nullable() }),
    ),
    /** People whom a change of settings would make inactive, held back until somebody decides. */
    heldPeoplePlans: z.array(
      z.object({ plan: z.string(), change: z.string(), staged: z.number().int(), reason: z.string().nullable() }),
    ),
    /** Credentials that the vendor refuses, or whose stored secret cannot be read, with what to do. */
    troubledCredentials: z.array(
      z.object({ credential: z.string(), name: z.string(), code: z.string(), message: z.string() }),
    ),
    /** Open runs of which nothing was heard for a quarter of an hour, and that do not wait for a vendor's pause. */
    silentRuns: z.array(
      z.object({ integration: z.string(), run: z.string(), state: z.string(), since: isoTimeSchema }),
    ),
    /** Integrations that deactivate nobody since a run of theirs was undone, until a person turns Deactivate on again. */
    deactivationsOnHold: z.array(
      z.object({
        integration: z.string(),
        name: z.string(),
        /** The run that was undone; null where it is not known any more. */
        run: z.string().nullable(),
        since: isoTimeSchema.nullable(),
      }),
    ),
    /** Generations that cannot be trusted (B3, B6). */
    taintedReadings: z.array(z.object({ integration: z.string(), code: z.string(), message: z.string() })),
    /** Null until notifier has asked its mail server for the first time. */
    mail: mailServerStateSchema
      .extend({ queued: z.number().int().describe('Mails that wait for the server.') })
      .nullable()
      .describe('The mail server; null until it was asked for the first time.'),
    /** How far mapping came in raw-records. */
    positions: z.array(z.object({ partition: z.number().int(), offset: z.number().int(), at: isoTimeSchema })),
  })
  .register(schemaIds, { id: 'SystemHealth' });
export type SystemHealth = z.infer<typeof systemHealthSchema>;

/** Which records count: consumers that begin with the API need it to tell older events. */
export const recordsStandSchema = z.object({
  /** Null until mapping has started for the first time. */
  epoch: recordEpochSchema.nullable(),
  since: isoTimeSchema.nullable(),
  /** Records are being said again. */
  isResyncing: z.boolean(),
});
export type RecordsStand = z.infer<typeof recordsStandSchema>;

export const recordsResyncSchema = z.object({ epoch: recordEpochSchema });

export const mailTestInputSchema = z
  .object({
    to: mailAddressSchema,
  })
  .meta({ description: 'Who gets the mail.', examples: [{ to: 'ada@example.com' }] });

export const positionsResetSchema = z.object({ partitions: z.array(z.number().int()) });
