import { z } from 'zod';

import { passedOverSchema, runProblemSchema } from '../domain/run.js';
import { undoCountsSchema } from '../domain/undo.js';

const base = { run: z.string(), integration: z.string(), generation: z.number().int() };

/** What mapping tells about a run (A11). Stored in the run under (generation, kind), first wins. */
export const runReportSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('mapped'),
    result: z.enum(['complete', 'incomplete']),
    /** Why the read cannot be trusted: no START, tainted, count mismatch (B18). Null when complete. */
    reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    counts: z.object({
      read: z.number().int(),
      created: z.number().int(),
      updated: z.number().int(),
      unchanged: z.number().int(),
      /** Records that the vendor was asked for before it confirmed something newer. They were not taken over. */
      outdated: z.number().int().default(0),
      skipped: z.number().int(),
      rejected: z.number().int(),
      reactivated: z.number().int(),
      unknownStatus: z.number().int(),
    }),
    /** By the rule of the mapping; null when it has none. */
    passedOver: passedOverSchema.nullable(),
    problems: z.array(runProblemSchema),
    activeAtStart: z.number().int(),
    staged: z.number().int(),
    /** Of the staged lines, those whose accounts stand in the approved plan that START named (E4). */
    approved: z.number().int(),
    /** User names of the first staged lines, at most 20. */
    samples: z.array(z.string()),
    /** Lines of the approved plan that are not staged any more; null without an approved plan. */
    returned: z.object({ count: z.number().int(), samples: z.array(z.string()) }).nullable(),
    /** Protected accounts among the staged lines that nobody approved, by vendor user name (G7). */
    protectedLines: z.array(z.string()),
    /** SHA-256 over the plan lines; equal plans have equal hashes (E3). Null without lines. */
    planHash: z.string().nullable(),
  }),
  z.object({
    ...base,
    kind: z.literal('swept'),
    deactivated: z.number().int(),
    stale: z.number().int(),
    peopleDeactivated: z.number().int(),
  }),
  z.object({ ...base, kind: z.literal('undone'), ...undoCountsSchema.shape }),
]);
export type RunReport = z.infer<typeof runReportSchema>;
export type RunReportOf<Kind extends RunReport['kind']> = Extract<RunReport, { kind: Kind }>;
