import {
  atQuerySchema,
  changeSchema,
  erasePerson as erasePersonCommand,
  erasureBodySchema,
  erasureListQuerySchema,
  erasureRecordSchema,
  holdBodySchema,
  holdPerson as holdPersonCommand,
  listQuerySchema,
  overridePerson as overridePersonCommand,
  overridesBodySchema,
  pageSchema,
  pathIdSchema,
  peopleListQuerySchema,
  personViewSchema,
  protectionBodySchema,
  protectPerson as protectPersonCommand,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'people';

export const listPeople = defineOperation({
  id: 'listPeople',
  method: 'GET',
  path: '/people',
  tag,
  summary: 'People: one record for each human, however many accounts they have.',
  description:
    'Filter and sort by active, activeAccounts, lastActivityAt, protected, createdAt, createdByRun, createdByIntegration, changedAt, changedBy, changedByRun, deactivatedAt, deactivatedByRun, deactivatedByPlan, erasedAt, or any people field by its variable name; filter by inactiveAt too, the integrations at which somebody has an account and none that is active. `active eq false and activeAccounts gt 0` finds whoever left and still has accounts. Of more than 20,000 people, what no index answers is refused with the names of the fields that can be asked; people fields get an index by `filterable`. Merged records are left out unless the filter names mergedInto, and erased ones unless it names erasedAt.',
  query: peopleListQuerySchema,
  result: pageSchema(personViewSchema),
});

export const getPerson = defineOperation({
  id: 'getPerson',
  method: 'GET',
  path: '/people/:id',
  tag,
  summary: 'One person, with the origin of every value.',
  description: '`at` shows the person as they were at that moment.',
  params: pathIdSchema,
  query: atQuerySchema,
  result: personViewSchema,
});

export const listPersonHistory = defineOperation({
  id: 'listPersonHistory',
  method: 'GET',
  path: '/people/:id/history',
  tag,
  summary: 'Every revision of a person with its cause, newest first.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const listPersonTimeline = defineOperation({
  id: 'listPersonTimeline',
  method: 'GET',
  path: '/people/:id/timeline',
  tag,
  summary: 'What happened to a person and their accounts, newest first: old and new values, and the cause.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const overridePerson = defineOperation({
  id: 'overridePerson',
  method: 'PATCH',
  path: '/people/:id/overrides',
  tag,
  summary: 'Sets values by hand, which override those of vendors, or returns fields to the vendors.',
  params: pathIdSchema,
  body: overridesBodySchema,
  result: overridePersonCommand.result,
  command: true,
});

export const holdPerson = defineOperation({
  id: 'holdPerson',
  method: 'PUT',
  path: '/people/:id/hold',
  tag,
  summary: 'Holds a person active or inactive whatever their accounts say, or lifts the hold.',
  params: pathIdSchema,
  body: holdBodySchema,
  result: holdPersonCommand.result,
  command: true,
});

export const protectPerson = defineOperation({
  id: 'protectPerson',
  method: 'PUT',
  path: '/people/:id/protection',
  tag,
  summary: 'Sets or clears the protected flag. No run and no workflow deactivates a protected person.',
  params: pathIdSchema,
  body: protectionBodySchema,
  result: protectPersonCommand.result,
  command: true,
});

export const erasePerson = defineOperation({
  id: 'erasePerson',
  method: 'POST',
  path: '/people/:id/erasure',
  tag,
  summary: 'Erases a person for good. It cannot be undone.',
  description:
    'Values of the person and their accounts, and the old and new values of every change, are gone with the answer or soon after; ids, times and causes stay as proof. Refused while the person is active, a vendor still lists them without saying that they are inactive, or something that concerns them is under way. Asking again for somebody who was erased changes nothing. See the guide on erasure and retention for what happens when.',
  params: pathIdSchema,
  body: erasureBodySchema,
  result: erasePersonCommand.result,
  command: true,
  auditsNoValues: true,
});

export const getErasure = defineOperation({
  id: 'getErasure',
  method: 'GET',
  path: '/erasures/:id',
  tag,
  summary: 'How far the erasure of a person has come: services that have not confirmed yet.',
  description: 'The id is that of the person.',
  params: pathIdSchema,
  result: erasureRecordSchema,
});

export const listErasures = defineOperation({
  id: 'listErasures',
  method: 'GET',
  path: '/erasures',
  tag,
  summary: 'Everybody who was erased, by id. Keep a copy outside: after a restore they have to be erased again.',
  description: 'Filter by id, state, by or at.',
  query: erasureListQuerySchema,
  result: pageSchema(erasureRecordSchema),
});
