import { z } from 'zod';

import { runScopeSchema } from '../domain/run.js';
import { contentSchema, preferenceSchema, roleSchema, sourceStatusSchema } from '../domain/values.js';

/**
 * Values of the raw-records topic (architecture 5, protocol A and B). Short names because a first load carries
 * hundreds of thousands of them. `i` integration, `g` generation, `r` run, `k` kind.
 */
const base = { i: z.string(), g: z.number().int().positive(), r: z.string() };

/** One vendor user as the connector read it: identity and rules applied, `raw` untouched. */
export const rawUserSchema = z.object({
  id: z.string().min(1).max(512),
  status: sourceStatusSchema,
  role: roleSchema.nullable(),
  /** ISO time in UTC, null when the vendor gives none. */
  lastActivityAt: z.string().nullable(),
  administrator: z.boolean(),
  /** How the vendor names the user to people and in calls by name. */
  username: z.string().nullable(),
  raw: z.record(z.string(), z.unknown()),
  /** Why the record cannot be taken: the user counts as seen and is named on the run, nothing of the record is written. */
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type RawUser = z.infer<typeof rawUserSchema>;

/** What reads and maps one user is pinned by START (A6). */
export const pinnedSchema = z.object({
  scope: runScopeSchema,
  connector: z.string(),
  connectorVersion: z.number().int(),
  mappingVersion: z.number().int(),
  app: z.string().nullable(),
  content: contentSchema,
  preference: preferenceSchema,
  deactivate: z.boolean(),
  credential: z.string(),
  credentialName: z.string(),
  secretVersion: z.number().int(),
  /** Top-level properties of the vendor's records that the mapping reads; the vendor is asked for these too. */
  mappedProperties: z.array(z.string()).optional(),
  /** Vendor ids or names of the credential's own user, which no run may deactivate (G7). */
  ownUsers: z.array(z.string()),
  initial: z.boolean(),
  /** Run whose staged lines a person approved (E4). */
  approvedPlan: z.string().nullable(),
  /** Preview whose lines are all that this run may execute (E7). */
  appliedPlan: z.string().nullable().default(null),
  startedAt: z.iso.datetime(),
});
export type Pinned = z.infer<typeof pinnedSchema>;

export const rawMessageSchema = z.discriminatedUnion('k', [
  z.object({ ...base, k: z.literal('start'), pinned: pinnedSchema }),
  z.object({ ...base, k: z.literal('records'), u: z.array(rawUserSchema).min(1).max(50) }),
  z.object({ ...base, k: z.literal('end'), count: z.number().int().nonnegative() }),
  z.object({ ...base, k: z.literal('abort'), reason: z.string() }),
  /** Execute the plan. What of it is in the stored verdict of run `r`, never in the message. */
  z.object({ ...base, k: z.literal('sweep') }),
  /** Takes back what run `r` did (E5); not fenced. `undo` is the time at which it was asked for. */
  z.object({ ...base, k: z.literal('undo'), undo: z.string() }),
]);
export type RawMessage = z.infer<typeof rawMessageSchema>;
export type RawMessageOf<Kind extends RawMessage['k']> = Extract<RawMessage, { k: Kind }>;

/** A run that never claimed a generation was never read; its messages need one above zero all the same. */
export function messageGeneration(generation: number): number {
  return Math.max(1, generation);
}

/** Users per records message (architecture 4). */
export const usersPerMessage = 50;

/** Header of a records message: epoch milliseconds when its page was asked for (A9). */
export const pageAskedHeader = 't';
