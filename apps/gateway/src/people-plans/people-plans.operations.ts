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
    'People whom a change of settings, a deleted integration or a run of an authoritative one would make inactive, newest first.',
  description: '`state=held` are those that wait for a person. Until one decides, their people stay active.',
  query: peoplePlanListQuerySchema,
  result: pageSchema(peoplePlanRecordSchema),
});

export const getPeoplePlan = defineOperation({
  id: 'getPeoplePlan',
  method: 'GET',
  path: '/people-plans/:id',
  tag,
  summary: 'One people plan: what it follows from, why it was held, and what became of it.',
  params: pathIdSchema,
  result: peoplePlanRecordSchema,
});

export const listPeoplePlanLines = defineOperation({
  id: 'listPeoplePlanLines',
  method: 'GET',
  path: '/people-plans/:id/lines',
  tag,
  summary: 'The people of a plan, and of each what was done or why not.',
  params: pathIdSchema,
  query: peoplePlanLineQuerySchema,
  result: pageSchema(peoplePlanLineSchema),
});

export const approvePeoplePlan = defineOperation({
  id: 'approvePeoplePlan',
  method: 'POST',
  path: '/people-plans/:id/approve',
  tag,
  summary: 'Approves a held people plan: its people become inactive.',
  description:
    'Each of them is looked at once more: who would not become inactive any more, is held or is protected stays active. Whoever made the change, or changed an integration concerned within a day, cannot approve, unless the guard settings allow it.',
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
  summary: 'Rejects a held people plan: its people stay active, and are not proposed again by the same change.',
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
  summary: 'Makes everybody active again whose last deactivation is that of this plan.',
  description:
    'It goes on by itself; `undo` of the plan says how many came back and how many were left, its lines say why.',
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
  summary: 'Whom a change of an integration would make inactive or active, before it is saved. Nothing is written.',
  description:
    'Takes the body of the change. Only the authoritative mark decides who is active; priorities change values alone.',
  params: pathIdSchema,
  body: updateIntegrationBodySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
});

export const previewIntegrationDeletion = defineOperation({
  id: 'previewIntegrationDeletion',
  method: 'POST',
  path: '/integrations/:id/deletion/people-effect',
  tag,
  summary: 'Whom deleting an integration would make inactive or active. Nothing is written.',
  params: pathIdSchema,
  query: previewDeletionQuerySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
});

export const previewSourcesOfTruth = defineOperation({
  id: 'previewSourcesOfTruth',
  method: 'POST',
  path: '/sources-of-truth/people-effect',
  tag,
  summary: 'Whom other sources of truth would make inactive or active: nobody, for they change values alone.',
  body: previewSourcesBodySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
});

export const previewMerge = defineOperation({
  id: 'previewMerge',
  method: 'POST',
  path: '/people/:id/merge/people-effect',
  tag,
  summary: 'Whom merging another person into this one would make inactive or active, at once. Nothing is written.',
  params: pathIdSchema,
  body: mergeBodySchema,
  result: peopleEffectSchema,
  status: 200,
  command: true,
});
