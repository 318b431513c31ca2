import { z } from 'zod';

import { installationTypeSchema } from './connector-manifest.js';
import { contactSchema } from './contact.js';
import { deactivationLimitSchema } from './deactivation-limit.js';
import { schemaIds } from './schema-ids.js';
import { contentSchema, isoTimeSchema, preferenceSchema } from './values.js';

export const integrationStateSchema = z.enum(['draft', 'active', 'paused']);
export type IntegrationState = z.infer<typeof integrationStateSchema>;

/** Cron text with five fields in a zone (architecture 10). */
export const scheduleSchema = z.object({
  cron: z.string().min(1).max(120),
  zone: z.string().min(1).max(64),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const deactivateSchema = z.object({
  enabled: z.boolean(),
  /** Set by an undo; a person lifts it (E5). */
  onHold: z.boolean(),
  /** The undo that set it; absent while it is not on hold. */
  heldBy: z.object({ run: z.string(), by: z.string(), at: isoTimeSchema }).optional(),
});

/** Its runs failed again and again: its schedule waits longer and longer, until a run reads the vendor well. */
export const quarantineSchema = z.object({
  since: isoTimeSchema,
  /** Of the newest failed run. */
  reason: z.object({ code: z.string(), message: z.string() }),
  /** Failed runs in a row. */
  failures: z.number().int().positive(),
  /** No scheduled run before this; a person may start one at any time. */
  retryAt: isoTimeSchema,
});
export type Quarantine = z.infer<typeof quarantineSchema>;

/** One configured use of a connector, as published. Holds references to secrets, never a secret. */
export const integrationRecordSchema = z
  .object({
    id: z.string(),
    version: z.number().int().positive(),
    name: z.string().min(1).max(120),
    connector: z.string(),
    load: z.string(),
    state: integrationStateSchema,
    installation: installationTypeSchema,
    credential: z.string().nullable(),
    inputs: z.record(z.string(), z.string()),
    content: contentSchema,
    /** Entry under Software > SaaS that the users are shown under; null: the vendor's own, which makes itself (R29, R30). */
    app: z.string().nullable(),
    preference: preferenceSchema,
    deactivate: deactivateSchema,
    deactivationLimit: deactivationLimitSchema,
    authoritative: z.boolean(),
    priority: z.number().int().min(1).max(1000),
    schedule: scheduleSchema,
    contacts: z.array(contactSchema).max(20),
    /** Partition of raw-records that all its messages go to (A5). */
    partition: z.number().int().nonnegative(),
    openRun: z.string().nullable(),
    quarantine: quarantineSchema.nullable(),
    nextRunAt: isoTimeSchema.nullable(),
    lastRun: z.string().nullable(),
    hasCompletedRun: z.boolean(),
    createdAt: isoTimeSchema,
  })
  .register(schemaIds, { id: 'Integration' });
export type IntegrationRecord = z.infer<typeof integrationRecordSchema>;
