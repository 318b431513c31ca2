import {
  checklistSchema,
  cloneIntegrationBodySchema,
  createIntegrationBodySchema,
  deleteIntegration as deleteIntegrationCommand,
  integrationRecordSchema,
  previewDeletionQuerySchema,
  pageSchema,
  pathIdSchema,
  runRecordSchema,
  searchableListQuerySchema,
  startUserRunBodySchema,
  updateIntegrationBodySchema,
} from '@rollcall/contracts';
import { z } from 'zod';

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
  summary: 'Makes an integration in Draft. Settings left out take their defaults.',
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
  summary: 'Changes settings of an integration; what is left out stays. The next run follows.',
  description:
    'People whom another authoritative mark makes inactive become so by a people plan, which the guard judges. `/integrations/{id}/people-effect` tells beforehand who they are.',
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
  summary: 'Makes a draft with the settings and the mapping of an integration; Deactivate is off in it.',
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
  summary: 'What an integration has and what it still needs before it may be launched.',
  description:
    '`gaps` stand in the way of a launch, or say what the vendor last refused; `hints` should be looked at. Nobody is asked.',
  params: pathIdSchema,
  result: checklistSchema,
  command: true,
});

export const launchIntegration = defineOperation({
  id: 'launchIntegration',
  method: 'POST',
  path: '/integrations/:id/launch',
  tag,
  summary: 'Makes an integration active: its schedule starts.',
  description:
    'Its credential is tried at the vendor first, with its inputs; one that the vendor refuses launches nothing.',
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
  summary: 'Stops the schedule of an integration; an open run goes on.',
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
  summary: 'Starts a full run now. An integration has one open run at most.',
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
  summary:
    'Runs an integration for one user, and says in `subject.steps` what it did: connect, fetch, in scope, match, act.',
  description: 'The user is written as a full run would write him. Nobody is deactivated.',
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
  summary: 'Takes an integration away. Its people, runs and history stay, and no workflow starts by it.',
  description:
    'With `data=keep` its SaaS users stay as they are and nothing updates them any more. With `data=clean` they are taken out of their apps and people; who has accounts elsewhere is then what those say. If these make people inactive, the guard judges them first, as a people plan. That cannot be taken back.',
  params: pathIdSchema,
  query: previewDeletionQuerySchema,
  result: deleteIntegrationCommand.result,
  command: true,
});
