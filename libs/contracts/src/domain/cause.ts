import { z } from 'zod';

import { schemaIds } from './schema-ids.js';

/** Why a record changed. Every change has exactly one (architecture 5). */
export const causeSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('run'),
      run: z.string(),
      integration: z.string(),
      /** The integration had no completed run yet; such events start no workflow unless its Begin block says so. */
      initial: z.boolean(),
    }),
    z.object({
      kind: z.literal('sweep'),
      run: z.string(),
      integration: z.string(),
      line: z.enum(['missing', 'inactive']),
      initial: z.boolean(),
    }),
    z.object({ kind: z.literal('undo'), run: z.string(), integration: z.string() }),
    z.object({ kind: z.literal('command'), command: z.string(), actor: z.string() }),
    z.object({ kind: z.literal('observation'), command: z.string(), workflowRun: z.string(), step: z.string() }),
    /** The integration was taken away together with what it brought; starts no workflow. */
    z.object({ kind: z.literal('retirement'), integration: z.string(), actor: z.string() }),
    /** What folds people was changed. Nobody becomes inactive by it: that takes a people plan. */
    z.object({ kind: z.literal('refold'), version: z.number().int() }),
    /** The people plan that made somebody inactive. What took it back is the next one. */
    z.object({
      kind: z.literal('people-plan'),
      plan: z.string(),
      /** What the plan follows from. That of a retirement starts no workflow: somebody cleans up, nobody left. */
      from: z.enum(['settings', 'retirement', 'run']),
      /** It follows from a run before the integration had a completed one, as in `run`. */
      initial: z.boolean(),
    }),
    z.object({ kind: z.literal('people-plan-undo'), plan: z.string() }),
  ])
  .register(schemaIds, { id: 'Cause' });
export type Cause = z.infer<typeof causeSchema>;
