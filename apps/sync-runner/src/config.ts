import { parseEnvironment, retentionDays, serviceConfigSchema } from '@rollcall/service';
import { vendorAccessSettings } from '@rollcall/vendor-access';
import { z } from 'zod';

const minute = 60_000;
const milliseconds = (least: number, fallback: number) => z.coerce.number().int().min(least).default(fallback);

export const settingsSchema = serviceConfigSchema
  .extend({
    ...vendorAccessSettings,
    RUN_CONCURRENCY: z.coerce
      .number()
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('Runs that one process works on at once.'),
    TICK_MS: milliseconds(20, 1_000).describe(
      'How often runs that are due or cancelled are looked for, in milliseconds.',
    ),
    RUN_LEASE_MS: milliseconds(600, 30_000).describe(
      'How many milliseconds after the last sign of life of a process another one goes on with its run.',
    ),
    CLOCK_TOLERANCE_MS: milliseconds(0, 2_000).describe(
      'A process gives up its run this many milliseconds before another one may take it. Less than half of `RUN_LEASE_MS`.',
    ),
    REPORT_WAIT_MS: milliseconds(200, 10 * minute).describe(
      'A run whose users were all read, and of which mapping reports nothing for so many milliseconds, is read again.',
    ),
    VAULT_WAIT_MS: milliseconds(0, 15 * minute).describe(
      'How many milliseconds a new run waits for credential-vault before it fails.',
    ),
    // Longer than the topic of runs and plans are kept.
    RETENTION_RUNS_DAYS: retentionDays(
      35,
      'Days for which ended runs and decided held plans are kept. Left out: for ever. A run that is deleted cannot be undone any more.',
    ),
  })
  .refine((config) => config.CLOCK_TOLERANCE_MS * 2 < config.RUN_LEASE_MS, {
    path: ['CLOCK_TOLERANCE_MS'],
    message: 'must be less than half of RUN_LEASE_MS',
    params: { ofDefault: true },
  });

export type SyncRunnerConfig = z.infer<typeof settingsSchema>;

/** @throws ConfigError with one line per wrong setting */
export function readConfig(environment: Record<string, string | undefined> = process.env): SyncRunnerConfig {
  return parseEnvironment(settingsSchema, environment);
}
