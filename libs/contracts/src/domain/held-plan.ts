import { z } from 'zod';

import { runReasonSchema } from './run.js';
import { isoTimeSchema } from './values.js';

/**
 * States of a held plan (E3). `open` waits for a person. `replaced`: a later run staged other lines; `voided`: what the run
 * read with was changed; `closed`: a later run passed; `expired`: nobody decided within seven days.
 */
export const heldPlanStates = ['open', 'approved', 'rejected', 'replaced', 'voided', 'closed', 'expired'] as const;
export const heldPlanStateSchema = z.enum(heldPlanStates);
export type HeldPlanState = z.infer<typeof heldPlanStateSchema>;

/** Deactivations that the guard held back, and what became of them. The same lines in later runs are the same plan. */
export const heldPlanRecordSchema = z.object({
  /** Id of the first run that was held for these lines. */
  id: z.string(),
  integration: z.string(),
  integrationName: z.string(),
  state: heldPlanStateSchema,
  /** The newest run that was held for these lines; its plan lists them. */
  run: z.string(),
  /** SHA-256 over the lines; an approval names it, so that nobody approves another list than the one they saw. */
  hash: z.string().nullable(),
  reasons: z.array(runReasonSchema),
  staged: z.number().int(),
  activeAtStart: z.number().int(),
  /** User names of some of the accounts, at most 20. */
  samples: z.array(z.string()),
  heldAt: isoTimeSchema,
  /** How many runs were held for these lines. */
  runs: z.number().int().positive(),
  expiresAt: isoTimeSchema,
  decidedBy: z.string().nullable(),
  decidedAt: isoTimeSchema.nullable(),
  note: z.string().nullable(),
  /** The run that an approval started. */
  approvalRun: z.string().nullable(),
});
export type HeldPlanRecord = z.infer<typeof heldPlanRecordSchema>;

/** What concerns the guard of all integrations. */
export const guardSettingsSchema = z.object({
  version: z.number().int().positive(),
  /** Whoever changed what a plan follows from may approve it all the same. For installations run by one person. */
  approvalByEditor: z.boolean(),
});
export type GuardSettings = z.infer<typeof guardSettingsSchema>;
