import { parseEnvironment, retentionDays, serviceConfigSchema } from '@rollcall/service';
import type { z } from 'zod';

export const settingsSchema = serviceConfigSchema.extend({
  RETENTION_INACTIVE_PEOPLE_DAYS: retentionDays(
    1,
    'Days after which people who became inactive are erased, as if somebody had asked for it. Left out: never.',
  ),
  RETENTION_HISTORY_DAYS: retentionDays(
    30,
    'Days for which changes of people and accounts are kept. Left out: for ever. The newest change of each record stays, and so do changes of runs that are still kept.',
  ),
  RETENTION_PEOPLE_PLANS_DAYS: retentionDays(
    35,
    'Days for which people plans that were carried out or decided are kept. Left out: for ever. A plan that is deleted cannot be undone any more.',
  ),
  RETENTION_SAMPLES_DAYS: retentionDays(
    1,
    'Days for which the first records of the latest run of an integration are kept, by which a mapping can be tried. Left out: until the next run.',
  ),
});

export type MappingConfig = z.infer<typeof settingsSchema>;

export function readConfig(environment: Record<string, string | undefined> = process.env): MappingConfig {
  return parseEnvironment(settingsSchema, environment);
}
