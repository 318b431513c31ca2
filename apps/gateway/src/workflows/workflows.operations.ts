import {
  createWorkflowBodySchema,
  intentListQuerySchema,
  intentSchema,
  pageSchema,
  pathIdSchema,
  searchableListQuerySchema,
  updateWorkflowBodySchema,
  workflowRecordSchema,
  workflowRunListQuerySchema,
  workflowRunRecordSchema,
} from '@rollcall/contracts';

import { defineOperation, documentBody } from '../http/operation.js';

const tag = 'workflows';

export const listWorkflows = defineOperation({
  id: 'listWorkflows',
  method: 'GET',
  path: '/workflows',
  tag,
  summary: 'All workflows.',
  query: searchableListQuerySchema,
  result: pageSchema(workflowRecordSchema),
});

export const getWorkflow = defineOperation({
  id: 'getWorkflow',
  method: 'GET',
  path: '/workflows/:id',
  tag,
  summary: 'One workflow.',
  params: pathIdSchema,
  result: workflowRecordSchema,
});

export const createWorkflow = defineOperation({
  id: 'createWorkflow',
  method: 'POST',
  path: '/workflows',
  tag,
  summary: 'Creates a workflow as a draft.',
  body: createWorkflowBodySchema,
  largestBody: documentBody,
  result: workflowRecordSchema,
  status: 201,
  command: true,
});

export const updateWorkflow = defineOperation({
  id: 'updateWorkflow',
  method: 'PATCH',
  path: '/workflows/:id',
  tag,
  summary: 'Changes a workflow. The active version stays in use until the next activation.',
  params: pathIdSchema,
  body: updateWorkflowBodySchema,
  largestBody: documentBody,
  result: workflowRecordSchema,
  command: true,
  ifMatch: true,
});

export const activateWorkflow = defineOperation({
  id: 'activateWorkflow',
  method: 'POST',
  path: '/workflows/:id/activate',
  tag,
  summary: 'Validates a workflow and publishes it as an immutable version.',
  params: pathIdSchema,
  result: workflowRecordSchema,
  status: 200,
  command: true,
});

export const deactivateWorkflow = defineOperation({
  id: 'deactivateWorkflow',
  method: 'POST',
  path: '/workflows/:id/deactivate',
  tag,
  summary: 'Stops a workflow from starting. Runs under way continue.',
  params: pathIdSchema,
  result: workflowRecordSchema,
  status: 200,
  command: true,
});

export const listWorkflowRuns = defineOperation({
  id: 'listWorkflowRuns',
  method: 'GET',
  path: '/workflow-runs',
  tag,
  summary: 'Runs of all workflows, newest first.',
  query: workflowRunListQuerySchema,
  result: pageSchema(workflowRunRecordSchema),
});

export const getWorkflowRun = defineOperation({
  id: 'getWorkflowRun',
  method: 'GET',
  path: '/workflow-runs/:id',
  tag,
  summary: 'One workflow run with its steps.',
  params: pathIdSchema,
  result: workflowRunRecordSchema,
});

export const listIntents = defineOperation({
  id: 'listIntents',
  method: 'GET',
  path: '/intents',
  tag,
  summary: 'Destructive calls, each recorded before it was made, newest first.',
  query: intentListQuerySchema,
  result: pageSchema(intentSchema),
});
