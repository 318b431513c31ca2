import { z } from 'zod';

import { causeSchema } from './cause.js';
import { schemaIds } from './schema-ids.js';
import { contentSchema, isoTimeSchema, roleSchema, sourceStatusSchema, valueSchema } from './values.js';

/** Where, when and why a record was made (C2). `position` and `number` give the id of its first event. */
export const createdSchema = z.object({
  position: z.string(),
  number: z.number().int().nonnegative(),
  time: isoTimeSchema,
  cause: causeSchema,
});
export type Created = z.infer<typeof createdSchema>;

/** `p07-<epoch>/000000000812/0003`: id of the change with that number at that position (C1), and with its topic that of its event. */
export function changeId(position: string, number: number): string {
  return `${position}/${String(number).padStart(4, '0')}`;
}

const recordErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  /** People among whom somebody must decide (D5). */
  candidates: z.array(z.string()).optional(),
});
export type RecordError = z.infer<typeof recordErrorSchema>;

/** A value set by hand, and by whom. */
export const overrideSchema = z.object({ value: valueSchema, by: z.string(), at: isoTimeSchema });
export type Override = z.infer<typeof overrideSchema>;

const holdSchema = z.object({ by: z.string(), at: isoTimeSchema, reason: z.string() });

/**
 * An account as it is published: what an integration saw of one vendor user (architecture 1). With content
 * `user-and-saas-user` it is shown as a SaaS user under its app.
 */
export const accountRecordSchema = z
  .object({
    /** `<integration>:<vendorId>` (G1). */
    id: z.string(),
    revision: z.number().int().positive(),
    integration: z.string(),
    connector: z.string(),
    vendorId: z.string(),
    /** How the vendor names the user to people, and in calls by name. */
    username: z.string().nullable(),
    app: z.string().nullable(),
    content: contentSchema,
    active: z.boolean(),
    sourceStatus: sourceStatusSchema,
    role: roleSchema.nullable(),
    lastActivityAt: isoTimeSchema.nullable(),
    administrator: z.boolean(),
    protected: z.boolean(),
    hold: holdSchema.nullable(),
    values: z.record(z.string(), valueSchema),
    person: z.string().nullable(),
    /** A known person's account under Create only: adds neither values nor active state (D6). */
    passive: z.boolean(),
    error: recordErrorSchema.nullable(),
    deactivated: z.object({ run: z.string().nullable(), time: isoTimeSchema }).nullable(),
    /**
     * It belongs to nobody and no app any more: its integration was taken away with its data (D7), or the run that made it
     * was undone. The latter is named in `run`, and the account comes back when the vendor lists the user again.
     */
    retired: z.object({ by: z.string(), at: isoTimeSchema, run: z.string().optional() }).optional(),
    /** When its person was erased: values are gone, and the vendor's id was replaced, here and in `id`. */
    erasedAt: isoTimeSchema.optional(),
    created: createdSchema,
  })
  .register(schemaIds, { id: 'Account' });
export type AccountRecord = z.infer<typeof accountRecordSchema>;

/** A person as published: the fold of their accounts and overrides (architecture 7). */
export const personRecordSchema = z
  .object({
    id: z.string(),
    revision: z.number().int().positive(),
    active: z.boolean(),
    values: z.record(z.string(), valueSchema),
    /** Field → account id whose value it is, or `override`. */
    provenance: z.record(z.string(), z.string()),
    overrides: z.record(z.string(), overrideSchema),
    hold: holdSchema.nullable(),
    protected: z.boolean(),
    /** Values refused because another person holds that key (D4). */
    refused: z.array(recordErrorSchema),
    mergedInto: z.string().nullable(),
    deactivated: z
      .object({
        run: z.string().nullable(),
        time: isoTimeSchema,
        /** The people plan that did it. */
        plan: z.string().optional(),
      })
      .nullable(),
    /** The run that made the person was undone, and nobody else has given them an account: kept for the history only. */
    undone: z.object({ run: z.string(), at: isoTimeSchema }).optional(),
    /** When somebody had the person erased: values are gone for good, and nothing changes the record any more. */
    erasedAt: isoTimeSchema.optional(),
    created: createdSchema,
  })
  .register(schemaIds, { id: 'Person' });
export type PersonRecord = z.infer<typeof personRecordSchema>;
