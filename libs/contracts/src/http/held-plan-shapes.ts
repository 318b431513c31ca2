import { z } from 'zod';

import { heldPlanRecordSchema, heldPlanStateSchema } from '../domain/held-plan.js';
import { runRecordSchema } from '../domain/run.js';
import { ofIntegrationSchema, searchableListQuery } from './page.js';

export const heldPlanListQuerySchema = searchableListQuery({
  filter: 'integrationName co "main"',
  sort: '-heldAt',
}).extend({
  integration: ofIntegrationSchema,
  state: heldPlanStateSchema.optional().meta({ description: 'Only plans in this state.', examples: ['open'] }),
});
export type HeldPlanListQuery = z.infer<typeof heldPlanListQuerySchema>;

export const approveHeldPlanBodySchema = z
  .object({
    /** `hash` of the plan that was looked at. */
    hash: z.string().min(1).max(100),
    note: z.string().max(1000).nullable().default(null),
  })
  .meta({
    description: 'The plan that was looked at, by its hash.',
    examples: [{ hash: '3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea', note: 'Checked with HR.' }],
  });
export type ApproveHeldPlanBody = z.infer<typeof approveHeldPlanBodySchema>;

export const rejectHeldPlanBodySchema = z.object({ note: z.string().max(1000).nullable().default(null) }).meta({
  description: 'Why, for whoever reads the history.',
  examples: [{ note: 'The list of the vendor was not complete.' }],
});
export type RejectHeldPlanBody = z.infer<typeof rejectHeldPlanBodySchema>;

export const approvedHeldPlanSchema = z.object({ plan: heldPlanRecordSchema, run: runRecordSchema });

export const guardSettingsBodySchema = z.object({ approvalByEditor: z.boolean() }).meta({
  description: 'Whether somebody may approve what follows from their own change.',
  examples: [{ approvalByEditor: false }],
});
export type GuardSettingsBody = z.infer<typeof guardSettingsBodySchema>;
