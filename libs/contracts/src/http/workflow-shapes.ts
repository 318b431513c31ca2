import { z } from 'zod';

import { createWorkflow, updateWorkflow } from '../commands/workflow/workflow-commands.js';
import { schemaIds } from '../domain/schema-ids.js';
import { isoTimeSchema } from '../domain/values.js';
import { intentStateSchema, workflowRunStateSchema } from '../domain/workflow.js';
import { listQuerySchema, searchableListQuery } from './page.js';

export const createWorkflowBodySchema = createWorkflow.input
  .omit({ id: true })
  .extend({ description: z.string().max(2000).default('') })
  .meta({
    description: 'Name and definition of the workflow.',
    examples: [
      {
        name: 'Offboarding',
        description: 'Takes the account of leavers away.',
        definition: {
          begin: { trigger: 'person.deactivated', app: null, includeInitial: false },
          blocks: [
            {
              id: 'take-away',
              kind: 'api',
              connector: 'example-vendor',
              preset: 'disable-user',
              credential: '8fd9bd28-47e6-800f-92f6-53687ee8d141',
              inputs: {},
            },
          ],
        },
      },
    ],
  });
export type CreateWorkflowBody = z.infer<typeof createWorkflowBodySchema>;

export const updateWorkflowBodySchema = updateWorkflow.input.omit({ id: true, ifVersion: true }).meta({
  description: 'What is to change. What is left out stays.',
  examples: [{ name: 'Offboarding of everybody' }],
});
export type UpdateWorkflowBody = z.infer<typeof updateWorkflowBodySchema>;

export const workflowRunListQuerySchema = searchableListQuery({
  filter: 'workflowName co "Offboarding"',
  sort: '-startedAt',
}).extend({
  workflow: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .meta({ description: 'Only runs of this workflow.', examples: ['5b1f0c52-77a0-4a39-9a7e-0f6e8b1f3c11'] }),
  state: workflowRunStateSchema.optional().meta({ description: 'Only runs in this state.', examples: ['waiting'] }),
});
export type WorkflowRunListQuery = z.infer<typeof workflowRunListQuerySchema>;

export const intentListQuerySchema = listQuerySchema.extend({
  state: intentStateSchema.optional().meta({ description: 'Only calls in this state.', examples: ['unknown'] }),
});
export type IntentListQuery = z.infer<typeof intentListQuerySchema>;

/** A destructive call as it was written down before it was made. */
export const intentSchema = z
  .object({
    id: z.string(),
    workflowRun: z.string(),
    step: z.string(),
    state: intentStateSchema,
    preset: z.string(),
    connector: z.string(),
    credential: z.string(),
    target: z.object({
      account: z.string(),
      vendorId: z.string(),
      username: z.string().nullable(),
      email: z.string().nullable(),
    }),
    attempts: z.array(
      z.object({
        number: z.number().int(),
        startedAt: isoTimeSchema,
        outcome: z.string().nullable(),
        message: z.string().nullable(),
      }),
    ),
    message: z.string().nullable(),
    createdAt: isoTimeSchema,
  })
  .register(schemaIds, { id: 'Intent' });
