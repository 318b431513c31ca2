import {
  atQuerySchema,
  changeSchema,
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
  summary: 'People: one record per human, whatever the number of accounts.',
  description:
    'Filter by active, protected, createdByRun, createdByIntegration, deactivatedByRun, deactivatedAt, createdAt, or any people field by its variable name. Merged records are left out unless the filter names mergedInto.',
  query: peopleListQuerySchema,
  result: pageSchema(personViewSchema),
});

export const getPerson = defineOperation({
  id: 'getPerson',
  method: 'GET',
  path: '/people/:id',
  tag,
  summary: 'One person, with the origin of every value.',
  description: '`at` shows the person as he was at that moment.',
  params: pathIdSchema,
  query: atQuerySchema,
  result: personViewSchema,
});

export const listPersonHistory = defineOperation({
  id: 'listPersonHistory',
  method: 'GET',
  path: '/people/:id/history',
  tag,
  summary: 'Every revision of a person, newest first, with its cause.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const listPersonTimeline = defineOperation({
  id: 'listPersonTimeline',
  method: 'GET',
  path: '/people/:id/timeline',
  tag,
  summary: 'What happened to a person and his accounts, newest first: old and new values, and the cause.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const overridePerson = defineOperation({
  id: 'overridePerson',
  method: 'PATCH',
  path: '/people/:id/overrides',
  tag,
  summary: 'Sets values by hand, which win over what vendors say, or gives fields back to them.',
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
  summary: 'Holds a person active or inactive whatever his accounts say, or lifts the hold.',
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
  summary: 'Sets or clears the protected flag: no run and no workflow deactivates a protected person.',
  params: pathIdSchema,
  body: protectionBodySchema,
  result: protectPersonCommand.result,
  command: true,
});
