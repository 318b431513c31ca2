import { z } from 'zod';

/**
 * How many accounts a run may deactivate without a person: `percent` of the active ones, but at least `atLeast` and at
 * most `atMost`; and within seven days `weeklyPercent` of those that were active before. There is no value for "no limit".
 */
export const deactivationLimitSchema = z.object({
  percent: z.number().int().min(1).max(50),
  atLeast: z.number().int().min(0).max(100),
  atMost: z.number().int().min(1).max(100_000),
  weeklyPercent: z.number().int().min(1).max(90),
});
export type DeactivationLimit = z.infer<typeof deactivationLimitSchema>;

/** What holds unless a person decides otherwise (P10). */
export const defaultDeactivationLimit: DeactivationLimit = { percent: 5, atLeast: 5, atMost: 500, weeklyPercent: 20 };
