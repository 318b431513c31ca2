import { z } from 'zod';

import { sourcesOfTruthSchema } from '../commands/mapping/person-commands.js';
import { leftDataSchema } from '../commands/mapping/retire-integration.js';
import { peoplePlanLineStates, peoplePlanStateSchema } from '../domain/people-plan.js';
import { listQuerySchema, ofIntegrationSchema, searchableListQuery } from './page.js';

export const peoplePlanListQuerySchema = searchableListQuery({
  filter: 'change co "main"',
  sort: '-createdAt',
}).extend({
  integration: ofIntegrationSchema,
  state: peoplePlanStateSchema.optional().meta({ description: 'Only plans in this state.', examples: ['held'] }),
});
export type PeoplePlanListQuery = z.infer<typeof peoplePlanListQuerySchema>;

export const peoplePlanLineQuerySchema = listQuerySchema.extend({
  state: z
    .enum(peoplePlanLineStates)
    .optional()
    .meta({ description: 'Only lines in this state.', examples: ['staged'] }),
});
export type PeoplePlanLineQuery = z.infer<typeof peoplePlanLineQuerySchema>;

export const approvePeoplePlanBodySchema = z
  .object({
    /** `hash` of the plan that was looked at. */
    hash: z.string().min(1).max(100),
    note: z.string().max(1000).nullable().default(null),
  })
  .meta({
    description: 'The plan that was looked at, by its hash.',
    examples: [{ hash: '3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea', note: 'Checked with HR.' }],
  });
export type ApprovePeoplePlanBody = z.infer<typeof approvePeoplePlanBodySchema>;

export const rejectPeoplePlanBodySchema = z
  .object({ note: z.string().max(1000).nullable().default(null) })
  .meta({ description: 'Why, for whoever reads the history.', examples: [{ note: 'These people have not left.' }] });
export type RejectPeoplePlanBody = z.infer<typeof rejectPeoplePlanBodySchema>;

export const previewSourcesBodySchema = z.object({ sources: sourcesOfTruthSchema }).meta({
  description: 'The whole new order: by field, the integrations that it is taken from, the first one first.',
  examples: [{ sources: { job_title: ['81020894-1279-88c1-96c6-fb5fc659feef'] } }],
});
export type PreviewSourcesBody = z.infer<typeof previewSourcesBodySchema>;

export const previewDeletionQuerySchema = z.object({
  data: leftDataSchema.default('keep').meta({
    description: '`keep` leaves its SaaS users as they are, `clean` takes them out of their apps and people.',
    examples: ['clean'],
  }),
});
