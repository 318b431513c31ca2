import { z } from 'zod';

import { schemaIds } from './schema-ids.js';
import { isoTimeSchema } from './values.js';

export const triggerSchema = z.enum([
  'saas-user.created',
  'saas-user.deactivated',
  'person.created',
  'person.deactivated',
]);
export type Trigger = z.infer<typeof triggerSchema>;

/** Begin block: what starts the workflow and for which app (R107–R109). */
export const beginSchema = z.object({
  trigger: triggerSchema,
  /** App whose SaaS users it concerns; null for triggers of people. */
  app: z.string().nullable(),
  /** Events of a run before the first completed one start nothing unless this is set (architecture 9). */
  includeInitial: z.boolean(),
});

/** API block: one preset of one connector with one credential (R113, R114). */
export const apiBlockSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  kind: z.literal('api'),
  connector: z.string(),
  preset: z.string(),
  credential: z.string(),
  /** Input name → template; missing ones take the preset's default. */
  inputs: z.record(z.string(), z.string().max(2000)),
});
export type ApiBlock = z.infer<typeof apiBlockSchema>;

export const workflowDefinitionSchema = z
  .object({
    begin: beginSchema,
    blocks: z.array(apiBlockSchema).min(1).max(20),
  })
  .register(schemaIds, { id: 'WorkflowDefinition' });
export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;

export const workflowStateSchema = z.enum(['draft', 'active', 'inactive']);

export const workflowRecordSchema = z
  .object({
    id: z.string(),
    version: z.number().int().positive(),
    name: z.string().min(1).max(120),
    description: z.string().max(2000),
    state: workflowStateSchema,
    definition: workflowDefinitionSchema,
    /** Number of the immutable version that runs; null before the first activation. */
    activeVersion: z.number().int().nullable(),
    createdAt: isoTimeSchema,
    updatedAt: isoTimeSchema,
  })
  .register(schemaIds, { id: 'Workflow' });
export type WorkflowRecord = z.infer<typeof workflowRecordSchema>;

export const stepStateSchema = z.enum(['waiting', 'running', 'done', 'already-gone', 'refused', 'unknown', 'skipped']);
export type StepState = z.infer<typeof stepStateSchema>;

export const workflowRunStateSchema = z.enum(['running', 'waiting', 'completed', 'failed']);

export const workflowRunRecordSchema = z
  .object({
    /** `<event id>~<workflow id>`: a replay starts nothing twice (P18). */
    id: z.string(),
    workflow: z.string(),
    workflowName: z.string(),
    workflowVersion: z.number().int(),
    event: z.string(),
    trigger: triggerSchema,
    subject: z.string(),
    state: workflowRunStateSchema,
    steps: z.array(
      z.object({
        id: z.string(),
        preset: z.string(),
        state: stepStateSchema,
        attempts: z.number().int(),
        dueAt: isoTimeSchema,
        message: z.string().nullable(),
        endedAt: isoTimeSchema.nullable(),
      }),
    ),
    startedAt: isoTimeSchema,
    endedAt: isoTimeSchema.nullable(),
  })
  .register(schemaIds, { id: 'WorkflowRun' });
export type WorkflowRunRecord = z.infer<typeof workflowRunRecordSchema>;

export const intentStateSchema = z.enum(['planned', 'attempting', 'done', 'refused', 'unknown']);
export type IntentState = z.infer<typeof intentStateSchema>;
