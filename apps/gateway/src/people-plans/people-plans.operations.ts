import {
  approvePeoplePlanBodySchema,
  mergeBodySchema,
  pageSchema,
  pathIdSchema,
  peopleEffectSchema,
  peoplePlanLineQuerySchema,
  peoplePlanLineSchema,
  peoplePlanListQuerySchema,
  peoplePlanRecordSchema,
  previewDeletionQuerySchema,
  previewSourcesBodySchema,
  rejectPeoplePlanBodySchema,
  updateIntegrationBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'people plans';

export const listPeoplePlans = defineOperation({
  id: 'listPeoplePlans',
  method: 'GET',
  path: '/people-plans',
  tag,
  summary:
    'Plans for people who would become inactive because of a change of settings, a deleted integration or a run of an authoritative one, newest first.',
  description: 'Plans with `state=held` wait for a decision. Until then their people stay active.',
  query: peoplePlanListQuerySchema,
  result: pageSchema(peoplePlanRecordSchema),
});

export const getPeoplePlan = defineOperation({
  id: 'getPeoplePlan',
  method: 'GET',
  path: '/people-plans/:id',
  tag,
  summary: 'One people plan: its cause, why it was held, and its outcome.',
  params: pathIdSchema,
  result: peoplePlanRecordSchema,
});

export const listPeoplePlanLines = defineOperation({
  id: 'listPeoplePlanLines',
  method: 'GET',
  path: '/people-plans/:id/lines',
  tag,
  summary: 'The people of a plan, and for each what was done or why nothing was done.',
  params: pathIdSchema,
  query: peoplePlanLineQuerySchema,
  result: pageSchema(peoplePlanLineSchema),
});

export const approvePeoplePlan = defineOperation({
  id: 'approvePeoplePlan',
  method: 'POST',
  path: '/people-plans/:id/approve',
  tag,
  summary: 'Approves a held people plan. Its people become inactive.',
  description:
    'Each person is checked once more. People who would no longer become inactive, or who are held or protected, stay active. A person who made the change, or who changed one of the integrations within the last day, cannot approve unless the guard settings allow it.',
  params: pathIdSchema,
  body: approvePeoplePlanBodySchema,
  result: peoplePlanRecordSchema,
  status: 200,
  command: true,
});

export const rejectPeoplePlan = defineOperation({
  id: 'rejectPeoplePlan',
  method: 'POST',
  path: '/people-plans/:id/reject',
  tag,
  summary: 'Rejects a held people plan. Its people stay active, and the same change does not propose them again.',
  params: pathIdSchema,
  body: rejectPeoplePlanBodySchema,
  result: peoplePlanRecordSchema,
  status: 200,
  command: true,
});

export const undoPeoplePlan = defineOperation({
  id: 'undoPeoplePlan',
  method: 'POST',
  path: '/people-plans/:id/undo',
  tag,
  summary: 'Reactivates everybody whose most recent deactivation was by this plan.',
  description:
    'This continues in the background. `undo` of the plan says how many people came back and how many did not; its lines say why.',
  params: pathIdSchema,
  result: peoplePlanRecordSchema,
  status: 200,
  command: true,
});

export const previewIntegrationUpdate = defineOperation({
  id: 'previewIntegrationUpdate',
  method: 'POST',
  path: '/integrations/:id/people-effect',
  tag,
  summary:
    'Who would become inactive or active through a change of an integration, before it is saved. Nothing is written.',
  description:
    'Takes the body of the change. Only the authoritative mark decides who is active; priorities only change values.',
  params: pathIdSchema,
  body: updateIntegrationBodySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
  changesNothing: true,
});

export const previewIntegrationDeletion = defineOperation({
  id: 'previewIntegrationDeletion',
  method: 'POST',
  path: '/integrations/:id/deletion/people-effect',
  tag,
  summary: 'Who would become inactive or active if an integration were deleted. Nothing is written.',
  params: pathIdSchema,
  query: previewDeletionQuerySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
  changesNothing: true,
});

export const previewSourcesOfTruth = defineOperation({
  id: 'previewSourcesOfTruth',
  method: 'POST',
  path: '/sources-of-truth/people-effect',
  tag,
  summary:
    'Who would become inactive or active through another order of sources. This is always nobody, because the order only changes values.',
  body: previewSourcesBodySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
  changesNothing: true,
});

export const previewMerge = defineOperation({
  id: 'previewMerge',
  method: 'POST',
  path: '/people/:id/merge/people-effect',
  tag,
  summary:
    'Who would become inactive or active at once if another person were merged into this one. Nothing is written.',
  params: pathIdSchema,
  body: mergeBodySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
  changesNothing: true,
});
