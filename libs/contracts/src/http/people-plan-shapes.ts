import { z } from 'zod';

import { sourcesOfTruthSchema } from '../commands/mapping/person-commands.js';
import { leftDataSchema } from '../commands/mapping/retire-integration.js';
import { peoplePlanLineStates, peoplePlanStateSchema } from '../domain/people-plan.js';
import { listQuerySchema, searchableListQuerySchema } from './page.js';

export const peoplePlanListQuerySchema = searchableListQuerySchema.extend({
  integration: z.string().min(1).max(120).optional(),
  state: peoplePlanStateSchema.optional(),
});
export type PeoplePlanListQuery = z.infer<typeof peoplePlanListQuerySchema>;

export const peoplePlanLineQuerySchema = listQuerySchema.extend({
  state: z.enum(peoplePlanLineStates).optional(),
});
export type PeoplePlanLineQuery = z.infer<typeof peoplePlanLineQuerySchema>;

export const approvePeoplePlanBodySchema = z.object({
  /** `hash` of the plan that was looked at. */
  hash: z.string().min(1).max(100),
  note: z.string().max(1000).nullable().default(null),
});
export type ApprovePeoplePlanBody = z.infer<typeof approvePeoplePlanBodySchema>;

export const rejectPeoplePlanBodySchema = z.object({ note: z.string().max(1000).nullable().default(null) });
export type RejectPeoplePlanBody = z.infer<typeof rejectPeoplePlanBodySchema>;

export const previewSourcesBodySchema = z.object({ sources: sourcesOfTruthSchema });
export type PreviewSourcesBody = z.infer<typeof previewSourcesBodySchema>;

export const previewDeletionQuerySchema = z.object({ data: leftDataSchema.default('keep') });
