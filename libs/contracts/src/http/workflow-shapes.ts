import { z } from 'zod';

import { createWorkflow, updateWorkflow } from '../commands/workflow/workflow-commands.js';
import { isoTimeSchema } from '../domain/values.js';
import { intentStateSchema, workflowRunStateSchema } from '../domain/workflow.js';
import { listQuerySchema, searchableListQuerySchema } from './page.js';

export const createWorkflowBodySchema = createWorkflow.input
  .omit({ id: true })
  .extend({ description: z.string().max(2000).default('') });
export type CreateWorkflowBody = z.infer<typeof createWorkflowBodySchema>;

export const updateWorkflowBodySchema = updateWorkflow.input.omit({ id: true, ifVersion: true });
export type UpdateWorkflowBody = z.infer<typeof updateWorkflowBodySchema>;

export const workflowRunListQuerySchema = searchableListQuerySchema.extend({
  workflow: z.string().min(1).max(120).optional(),
  state: workflowRunStateSchema.optional(),
});
export type WorkflowRunListQuery = z.infer<typeof workflowRunListQuerySchema>;

export const intentListQuerySchema = listQuerySchema.extend({ state: intentStateSchema.optional() });
export type IntentListQuery = z.infer<typeof intentListQuerySchema>;

/** A destructive call as it was written down before it was made. */
export const intentSchema = z.object({
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
});
