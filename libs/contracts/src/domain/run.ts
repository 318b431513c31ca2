import { z } from 'zod';

import { schemaIds } from './schema-ids.js';
import { runUndoneSchema } from './undo.js';
import { isoTimeSchema } from './values.js';

/** States of a run (A1). The last six are end states. */
export const runStates = [
  'planned',
  'reading',
  'judging',
  'sweeping',
  'completed',
  'completed-with-errors',
  'held',
  'failed',
  'cancelled',
  'skipped',
] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

export const runEndStates: readonly RunState[] = [
  'completed',
  'completed-with-errors',
  'held',
  'failed',
  'cancelled',
  'skipped',
];
export function isEnded(state: RunState): boolean {
  return runEndStates.includes(state);
}

export const runKindSchema = z.enum(['scheduled', 'manual']);
export type RunKind = z.infer<typeof runKindSchema>;

export const runScopeSchema = z.enum(['full', 'preview', 'none']);
export type RunScope = z.infer<typeof runScopeSchema>;

/** Counts of users; null while unknown, because unknown is not 0. */
export const runCountsSchema = z.object({
  read: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  /** Older than what is known of the account by now, so not taken over. */
  outdated: z.number().int().default(0),
  skipped: z.number().int(),
  rejected: z.number().int(),
  reactivated: z.number().int(),
  staged: z.number().int(),
  deactivated: z.number().int(),
  stale: z.number().int(),
});
export type RunCounts = z.infer<typeof runCountsSchema>;

/** How far a run has read its vendor. What is not known yet is null: it is not 0. */
export const runProgressSchema = z.object({
  pages: z.number().int(),
  users: z.number().int(),
  /** Users of the whole listing, where the vendor says so. */
  total: z.number().int().nullable(),
  /** Requests to the vendor, repeated ones included. */
  calls: z.number().int(),
  /** Milliseconds spent waiting for the vendor's limits and after its failures. */
  waitedMs: z.number().int(),
  /** Until when the vendor's limit lets nobody ask. Null: it is being asked. */
  waitingUntil: isoTimeSchema.nullable().default(null),
  /** When this was so. A run whose time stands still is worth a look. */
  at: isoTimeSchema,
});
export type RunProgress = z.infer<typeof runProgressSchema>;

/** What a run for one user did, step by step; it ends at the first step that stops it. */
export const userStepSchema = z.object({
  step: z.enum(['connect', 'fetch', 'in-scope', 'match', 'act']),
  outcome: z.enum(['done', 'stopped']),
  text: z.string(),
});
export type UserStep = z.infer<typeof userStepSchema>;

const fieldTypesSchema = z.array(z.enum(['text', 'number', 'boolean', 'list', 'object']));

/** A field of a vendor's records, with the types that were seen and the share of records that had it (0 to 1). */
export const fieldShapeSchema = z.object({ path: z.string(), types: fieldTypesSchema, share: z.number() });
export type FieldShape = z.infer<typeof fieldShapeSchema>;

/** A field of the vendor's records that is not as it was in the last good run. */
export const fieldDriftSchema = z.object({
  path: z.string(),
  change: z.enum(['new', 'vanished', 'retyped']),
  from: fieldTypesSchema,
  to: fieldTypesSchema,
});
export type FieldDrift = z.infer<typeof fieldDriftSchema>;

/** Records that the rule of the mapping passed over (R61); they are counted as skipped, and were seen. */
export const passedOverSchema = z.object({ rule: z.string(), count: z.number().int() });

/** Problems of single users, grouped by cause, with a few ids as examples. */
export const runProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  count: z.number().int().positive(),
  samples: z.array(z.string()).max(20),
});
export type RunProblem = z.infer<typeof runProblemSchema>;

export const planLineKindSchema = z.enum(['missing', 'inactive']);
export type PlanLineKind = z.infer<typeof planLineKindSchema>;

/** One staged deactivation (E1). */
export const planLineSchema = z.object({
  number: z.number().int().nonnegative(),
  kind: planLineKindSchema,
  account: z.string(),
  vendorId: z.string(),
  /** How the vendor names the user to people and, for some vendors, to calls by name. */
  username: z.string().nullable(),
  revision: z.number().int(),
  /** Protected by flag, by the vendor's administrator mark, or as the credential's own user (G7). */
  protected: z.boolean(),
  /** A person approved a plan that held the same account (E4). */
  approved: z.boolean().default(false),
});
export type PlanLine = z.infer<typeof planLineSchema>;

/** The guard's decision on a run, written once (A12). */
export const verdictSchema = z.object({
  decision: z.enum(['pass', 'hold', 'not-swept']),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
  activeAtStart: z.number().int(),
  staged: z.number().int(),
  /** Of the staged ones, those of an approved plan: no amount rule looks at them (E4). */
  approved: z.number().int(),
  /** User names of some staged accounts, at most 20. */
  samples: z.array(z.string()),
  /** Accounts of the approved plan that are not staged any more, because they came back: how many, and some names. */
  returned: z.object({ count: z.number().int(), samples: z.array(z.string()) }).nullable(),
  /** Accounts whose deactivation the vendor's answer by id contradicted; they wait for the next run (A13). */
  refuted: z.array(z.string()),
  /** Hash of the plan that was judged; null without lines. Mapping sweeps no other plan. */
  planHash: z.string().nullable().default(null),
  decidedAt: isoTimeSchema,
});
export type Verdict = z.infer<typeof verdictSchema>;

export const runReasonSchema = z.object({ code: z.string(), message: z.string() });

export const runRecordSchema = z
  .object({
    id: z.string(),
    integration: z.string(),
    integrationName: z.string(),
    kind: runKindSchema,
    scope: runScopeSchema,
    state: runStateSchema,
    generation: z.number().int(),
    /** The integration had no completed run when this one was planned. */
    initial: z.boolean(),
    plannedAt: isoTimeSchema,
    startedAt: isoTimeSchema.nullable(),
    endedAt: isoTimeSchema.nullable(),
    reason: runReasonSchema.nullable(),
    counts: runCountsSchema.nullable(),
    /** Null when the mapping has no rule, or while unknown. */
    passedOver: passedOverSchema.nullable(),
    /** Null until the vendor was asked. */
    progress: runProgressSchema.nullable(),
    problems: z.array(runProblemSchema),
    /** Fields of the vendor's records that came, went or changed their type since the last good run. */
    drift: z.array(fieldDriftSchema),
    verdict: verdictSchema.nullable(),
    lostHolders: z.number().int(),
    /** What a run that nobody has begun waits for, where it was asked for by itself; null of any other run, absent in lists and events. */
    waitsFor: z.string().nullable().optional(),
    /** The vendor asks for a long pause: nobody works on the run until then (V1). Null otherwise. */
    parkedUntil: isoTimeSchema.nullable(),
    requestedBy: z.string().nullable(),
    /** The one user of a run with scope `none`: how the vendor names them, and what became of them. Null for any other run. */
    subject: z
      .object({ vendorId: z.string(), username: z.string().nullable(), steps: z.array(userStepSchema) })
      .nullable(),
    /** The held plan that this run made or met again; null for any other run (E3). */
    heldPlan: z.string().nullable(),
    /** The held plan whose approval started this run; null for any other run (E4). */
    approves: z.string().nullable(),
    /** The preview whose lines are all that this run executes; null for any other run (E7). */
    applies: z.string().nullable().default(null),
    /** That a person had the run undone, and what came of it; null for any other run. */
    undone: runUndoneSchema.nullable().default(null),
  })
  .register(schemaIds, { id: 'Run' });
export type RunRecord = z.infer<typeof runRecordSchema>;
