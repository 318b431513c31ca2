import {
  checklistSchema,
  cloneIntegrationBodySchema,
  createIntegrationBodySchema,
  deleteIntegration as deleteIntegrationCommand,
  integrationRecordSchema,
  pageSchema,
  pathIdSchema,
  previewDeletionQuerySchema,
  runRecordSchema,
  searchableListQuerySchema,
  startUserRunBodySchema,
  updateIntegrationBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'integrations';

export const listIntegrations = defineOperation({
  id: 'listIntegrations',
  method: 'GET',
  path: '/integrations',
  tag,
  summary: 'All integrations.',
  query: searchableListQuerySchema,
  result: pageSchema(integrationRecordSchema),
});

export const getIntegration = defineOperation({
  id: 'getIntegration',
  method: 'GET',
  path: '/integrations/:id',
  tag,
  summary: 'One integration.',
  params: pathIdSchema,
  result: integrationRecordSchema,
});

export const createIntegration = defineOperation({
  id: 'createIntegration',
  method: 'POST',
  path: '/integrations',
  tag,
  summary: 'Creates an integration as a draft. Settings that are left out take their defaults.',
  body: createIntegrationBodySchema,
  result: integrationRecordSchema,
  status: 201,
  command: true,
});

export const updateIntegration = defineOperation({
  id: 'updateIntegration',
  method: 'PATCH',
  path: '/integrations/:id',
  tag,
  summary: 'Changes settings of an integration. What is left out stays as it is. The next run uses the new settings.',
  description:
    'If a change of the authoritative mark makes people inactive, this happens through a people plan, which the guard judges. `/integrations/{id}/people-effect` lists them beforehand.',
  params: pathIdSchema,
  body: updateIntegrationBodySchema,
  result: integrationRecordSchema,
  command: true,
  ifMatch: true,
});

export const cloneIntegration = defineOperation({
  id: 'cloneIntegration',
  method: 'POST',
  path: '/integrations/:id/clone',
  tag,
  summary: 'Creates a draft with the settings and the mapping of an integration. Deactivate is off in the copy.',
  params: pathIdSchema,
  body: cloneIntegrationBodySchema,
  result: integrationRecordSchema,
  status: 201,
  command: true,
});

export const getIntegrationChecklist = defineOperation({
  id: 'getIntegrationChecklist',
  method: 'GET',
  path: '/integrations/:id/checklist',
  tag,
  summary: 'What an integration has, and what it still needs before it can be launched.',
  description:
    '`gaps` prevent a launch, or say what the vendor last refused. `hints` are worth a look. The vendor is not called.',
  params: pathIdSchema,
  result: checklistSchema,
  command: true,
});

export const launchIntegration = defineOperation({
  id: 'launchIntegration',
  method: 'POST',
  path: '/integrations/:id/launch',
  tag,
  summary: 'Activates an integration and starts its schedule.',
  description:
    "The credential is first tried at the vendor with the integration's inputs. If the vendor refuses it, nothing is launched.",
  params: pathIdSchema,
  result: integrationRecordSchema,
  status: 200,
  command: true,
});

export const pauseIntegration = defineOperation({
  id: 'pauseIntegration',
  method: 'POST',
  path: '/integrations/:id/pause',
  tag,
  summary: 'Stops the schedule of an integration. An open run continues.',
  params: pathIdSchema,
  result: integrationRecordSchema,
  status: 200,
  command: true,
});

export const startRun = defineOperation({
  id: 'startRun',
  method: 'POST',
  path: '/integrations/:id/runs',
  tag: 'runs',
  summary: 'Starts a full run now. An integration can have only one open run.',
  params: pathIdSchema,
  result: runRecordSchema,
  status: 201,
  command: true,
});

export const startUserRun = defineOperation({
  id: 'startUserRun',
  method: 'POST',
  path: '/integrations/:id/user-runs',
  tag: 'runs',
  summary: 'Runs an integration for one user. `subject.steps` says what it did: connect, fetch, in scope, match, act.',
  description: 'The user is written as in a full run. Nobody is deactivated.',
  params: pathIdSchema,
  body: startUserRunBodySchema,
  result: runRecordSchema,
  status: 201,
  command: true,
});

export const deleteIntegration = defineOperation({
  id: 'deleteIntegration',
  method: 'DELETE',
  path: '/integrations/:id',
  tag,
  summary: 'Deletes an integration. Its people, runs and history stay, and no workflow starts because of it.',
  description:
    'With `data=keep` its SaaS users stay as they are and are no longer updated. With `data=clean` they are removed from their apps and people; the people then follow their other accounts. If that makes people inactive, the guard first judges them as a people plan. The deletion cannot be undone.',
  params: pathIdSchema,
  query: previewDeletionQuerySchema,
  result: deleteIntegrationCommand.result,
  command: true,
});
