import { z } from 'zod';

import { heldPlanRecordSchema, heldPlanStateSchema } from '../domain/held-plan.js';
import { runRecordSchema } from '../domain/run.js';
import { searchableListQuerySchema } from './page.js';

export const heldPlanListQuerySchema = searchableListQuerySchema.extend({
  integration: z.string().min(1).max(120).optional(),
  state: heldPlanStateSchema.optional(),
});
export type HeldPlanListQuery = z.infer<typeof heldPlanListQuerySchema>;

export const approveHeldPlanBodySchema = z.object({
  /** `hash` of the plan that was looked at. */
  hash: z.string().min(1).max(100),
  note: z.string().max(1000).nullable().default(null),
});
export type ApproveHeldPlanBody = z.infer<typeof approveHeldPlanBodySchema>;

export const rejectHeldPlanBodySchema = z.object({ note: z.string().max(1000).nullable().default(null) });
export type RejectHeldPlanBody = z.infer<typeof rejectHeldPlanBodySchema>;

export const approvedHeldPlanSchema = z.object({ plan: heldPlanRecordSchema, run: runRecordSchema });

export const guardSettingsBodySchema = z.object({ approvalByEditor: z.boolean() });
export type GuardSettingsBody = z.infer<typeof guardSettingsBodySchema>;
