import { z } from 'zod';

import { nameSchema } from '../../domain/text.js';
import { workflowDefinitionSchema, workflowRecordSchema } from '../../domain/workflow.js';
import { defineCommand } from '../define-command.js';

const result = z.object({ workflow: workflowRecordSchema });
const faults = ['workflow-invalid', 'name-taken'] as const;

export const createWorkflow = defineCommand({
  type: 'workflow.create',
  owner: 'workflow',
  senders: ['gateway'],
  description: 'Creates a workflow as a draft.',
  input: z.object({
    id: z.string(),
    name: nameSchema(120),
    description: z.string().max(2000),
    definition: workflowDefinitionSchema,
  }),
  result,
  errors: faults,
});

export const updateWorkflow = defineCommand({
  type: 'workflow.update',
  owner: 'workflow',
  senders: ['gateway'],
  description: 'Changes a workflow. The active version stays in use until the next activation.',
  input: z.object({
    id: z.string(),
    ifVersion: z.number().int().nullable(),
    name: nameSchema(120).optional(),
    description: z.string().max(2000).optional(),
    definition: workflowDefinitionSchema.optional(),
  }),
  result,
  errors: ['workflow-not-found', 'version-conflict', ...faults],
});

export const activateWorkflow = defineCommand({
  type: 'workflow.activate',
  owner: 'workflow',
  senders: ['gateway'],
  description: 'Validates a workflow and publishes it as an immutable version.',
  input: z.object({ id: z.string() }),
  result,
  errors: ['workflow-not-found', 'workflow-invalid'],
});

export const deactivateWorkflow = defineCommand({
  type: 'workflow.deactivate',
  owner: 'workflow',
  senders: ['gateway'],
  description: 'Stops a workflow from starting. Runs under way continue.',
  input: z.object({ id: z.string() }),
  result,
  errors: ['workflow-not-found'],
});
