import { z } from 'zod';

import { runReasonSchema } from './run.js';
import { isoTimeSchema } from './values.js';

/** What would make people inactive although no account of theirs was deactivated. */
export const dueCauseSchema = z.discriminatedUnion('kind', [
  /** A version of what folds people: an authoritative mark, for instance. */
  z.object({ kind: z.literal('settings'), version: z.number().int() }),
  /** An integration was taken away with its data. */
  z.object({ kind: z.literal('retirement'), integration: z.string() }),
  /** A run brought an inactive account of an authoritative integration. */
  z.object({ kind: z.literal('run'), run: z.string(), integration: z.string(), initial: z.boolean() }),
]);
export type DueCause = z.infer<typeof dueCauseSchema>;

/**
 * States of a people plan. `collecting`: its people are written down; `held` waits for a person; `executing`, `executed`:
 * the guard or a person let it pass; `closed`: nobody of it would become inactive any more; `expired`: nobody decided
 * within seven days.
 */
export const peoplePlanStates = [
  'collecting',
  'held',
  'executing',
  'executed',
  'rejected',
  'expired',
  'closed',
  'undoing',
  'undone',
] as const;
export const peoplePlanStateSchema = z.enum(peoplePlanStates);
export type PeoplePlanState = z.infer<typeof peoplePlanStateSchema>;

/** People whom one change would make inactive, and what became of it. */
export const peoplePlanRecordSchema = z.object({
  id: z.string(),
  state: peoplePlanStateSchema,
  cause: dueCauseSchema,
  /** What was changed, in words; and who changed it, where a person did. */
  change: z.string(),
  changedBy: z.array(z.string()),
  /** Integrations whose accounts decide on these people. */
  integrations: z.array(z.string()),
  /** SHA-256 over the people; an approval names it, so that nobody approves another list than the one they saw. */
  hash: z.string().nullable(),
  /** Plans over the same people are one incident: contacts hear of it once. */
  incident: z.string().nullable(),
  /** Why the guard held it; empty if it did not. */
  reasons: z.array(runReasonSchema),
  staged: z.number().int(),
  /** Of these, people who are protected: they are shown, and stay active. */
  protected: z.number().int(),
  /** Active people when it was judged. */
  active: z.number().int(),
  /** Names of some of the people, at most 20. */
  samples: z.array(z.string()),
  createdAt: isoTimeSchema,
  /** When a held plan expires; null while it is none. */
  expiresAt: isoTimeSchema.nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: isoTimeSchema.nullable(),
  note: z.string().nullable(),
  executedAt: isoTimeSchema.nullable(),
  /** People made inactive, and lines that were not carried out; null before. */
  deactivated: z.number().int().nullable(),
  stale: z.number().int().nullable(),
  undo: z
    .object({
      by: z.string(),
      at: isoTimeSchema,
      /** Null until it is done. */
      reactivated: z.number().int().nullable(),
      left: z.number().int().nullable(),
    })
    .nullable(),
});
export type PeoplePlanRecord = z.infer<typeof peoplePlanRecordSchema>;

export const peoplePlanLineStates = ['staged', 'executed', 'stale', 'undone', 'left'] as const;

export const peoplePlanLineSchema = z.object({
  number: z.number().int().nonnegative(),
  person: z.string(),
  name: z.string(),
  protected: z.boolean(),
  state: z.enum(peoplePlanLineStates),
  /** Why a line was not carried out (`stale`), or not taken back (`left`). */
  reason: z.string().nullable(),
});
export type PeoplePlanLine = z.infer<typeof peoplePlanLineSchema>;

const affectedSchema = z.object({
  count: z.number().int(),
  /** At most 20. */
  samples: z.array(z.object({ person: z.string(), name: z.string() })),
});

/** Whom a change would make inactive and active, before it is saved. */
export const peopleEffectSchema = z.object({
  /** People looked at: those whom the change may concern. */
  looked: z.number().int(),
  /** False: there was no time to look at everybody, so the counts are too low. */
  complete: z.boolean(),
  becomeInactive: affectedSchema,
  becomeActive: affectedSchema,
  /**
   * What the guard would say. `not-judged`: a change of single people takes effect at once; `unknown`: not everybody was
   * looked at.
   */
  guard: z.object({ decision: z.enum(['pass', 'hold', 'not-judged', 'unknown']), reasons: z.array(runReasonSchema) }),
});
export type PeopleEffect = z.infer<typeof peopleEffectSchema>;
