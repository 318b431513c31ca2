import {
  changeSchema,
  listQuerySchema,
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
  summary: 'People: one record per human, whatever the number of accounts (R96).',
  description:
    'Filter by active, protected, createdByRun, deactivatedByRun, deactivatedAt, createdAt, or any people field by its variable name. Merged records are left out unless the filter names mergedInto.',
  query: peopleListQuerySchema,
  result: pageSchema(personViewSchema),
});

export const getPerson = defineOperation({
  id: 'getPerson',
  method: 'GET',
  path: '/people/:id',
  tag,
  summary: 'One person, with the origin of every value.',
  params: pathIdSchema,
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
