import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { vendorAccessSettings } from '@rollcall/vendor-access';
import { z } from 'zod';

const minute = 60_000;
const milliseconds = (least: number, fallback: number) => z.coerce.number().int().min(least).default(fallback);

const schema = serviceConfigSchema
  .extend({
    ...vendorAccessSettings,
    /** Runs that one process holds at once. */
    RUN_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
    /** How often slots, claimable runs and cancellations are looked for. */
    TICK_MS: milliseconds(20, 1_000),
    /** Life of a run's lease; it is renewed at a third of it (A4). */
    RUN_LEASE_MS: milliseconds(600, 30_000),
    /** A holder takes its lease for lost this much before the database does: timers and requests take time. */
    CLOCK_TOLERANCE_MS: milliseconds(0, 2_000),
    /** A run whose report does not come, and whose partition mapping does not move on in for so long, is read again. */
    REPORT_WAIT_MS: milliseconds(200, 10 * minute),
    /** How long a new run waits for an absent vault before it fails (architecture 8). */
    VAULT_WAIT_MS: milliseconds(0, 15 * minute),
  })
  .refine((config) => config.CLOCK_TOLERANCE_MS * 2 < config.RUN_LEASE_MS, {
    path: ['CLOCK_TOLERANCE_MS'],
    message: 'must be less than half of RUN_LEASE_MS',
  });

export type SyncRunnerConfig = z.infer<typeof schema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): SyncRunnerConfig {
  return parseEnvironment(schema, environment);
}
