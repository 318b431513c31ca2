import { parseEnvironment, retentionDays, serviceConfigSchema } from '@rollcall/service';
import { vendorAccessSettings } from '@rollcall/vendor-access';
import { z } from 'zod';

export const settingsSchema = serviceConfigSchema.extend({
  ...vendorAccessSettings,
  UNDO_WINDOW_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(30 * 60_000)
    .describe('Destructive steps wait so many milliseconds after a deactivation that can be undone.'),
  DESTRUCTIVE_PER_HOUR: z.coerce
    .number()
    .int()
    .min(1)
    .default(25)
    .describe('People whom destructive steps may act on in an hour: per workflow, per connector and in all.'),
  DESTRUCTIVE_DAILY_PERCENT: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(2)
    .describe(
      'Percentage of the active users of an app, and of all people, whom destructive steps may act on in a day; five always.',
    ),
  STEP_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Workflow runs that one process works on at once.'),
  // By the id of its run a change is known to have started a workflow, also after a restore.
  RETENTION_WORKFLOW_RUNS_DAYS: retentionDays(
    35,
    'Days for which ended workflow runs are kept, with the calls that they made. Left out: for ever.',
  ),
});

export type WorkflowConfig = z.infer<typeof settingsSchema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): WorkflowConfig {
  return parseEnvironment(settingsSchema, environment);
}
