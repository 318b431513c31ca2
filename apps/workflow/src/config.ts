import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { vendorAccessSettings } from '@rollcall/vendor-access';
import { z } from 'zod';

const schema = serviceConfigSchema.extend({
  ...vendorAccessSettings,
  /**
   * Destructive steps wait this long after a deactivation that can be undone (P12): after the end of its run, after its
   * people plan was carried out, or after the command of a person.
   */
  UNDO_WINDOW_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(30 * 60_000),
  /** People whom destructive steps may act on per workflow, per connector and in all, in an hour (P12). */
  DESTRUCTIVE_PER_HOUR: z.coerce.number().int().min(1).default(25),
  /** Percentage of the active users of an app, and of all people, who may be acted on in a day; five always (P12). */
  DESTRUCTIVE_DAILY_PERCENT: z.coerce.number().min(0).max(100).default(2),
  /** Workflow runs worked on at once in this process. */
  STEP_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
});

export type WorkflowConfig = z.infer<typeof schema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): WorkflowConfig {
  return parseEnvironment(schema, environment);
}
