import {
  createSaasAppBodySchema,
  linkSaasAppBodySchema,
  listQuerySchema,
  pageSchema,
  pathIdSchema,
  saasAppSchema,
  saasUserListQuerySchema,
  saasUserSchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'saas-apps';

export const listSaasApps = defineOperation({
  id: 'listSaasApps',
  method: 'GET',
  path: '/saas-apps',
  tag,
  summary: 'Software > SaaS: the apps that users were found in.',
  query: listQuerySchema,
  result: pageSchema(saasAppSchema),
});

export const getSaasApp = defineOperation({
  id: 'getSaasApp',
  method: 'GET',
  path: '/saas-apps/:id',
  tag,
  summary: 'One app.',
  params: pathIdSchema,
  result: saasAppSchema,
});

export const createSaasApp = defineOperation({
  id: 'createSaasApp',
  method: 'POST',
  path: '/saas-apps',
  tag,
  summary:
    'Adds an entry by hand. Users belong to it once it is linked to the catalogue and an integration chooses it.',
  body: createSaasAppBodySchema,
  result: saasAppSchema,
  status: 201,
  command: true,
});

export const linkSaasApp = defineOperation({
  id: 'linkSaasApp',
  method: 'POST',
  path: '/saas-apps/:id/link',
  tag,
  summary: 'Links an entry made by hand to an application of the catalogue, for good.',
  params: pathIdSchema,
  body: linkSaasAppBodySchema,
  result: saasAppSchema,
  status: 200,
  command: true,
});

export const listSaasUsers = defineOperation({
  id: 'listSaasUsers',
  method: 'GET',
  path: '/saas-apps/:id/users',
  tag,
  summary: 'Users of an app with role and last activity, active or deactivated, or idle for some time.',
  description:
    '`noActivityForDays` lists who was not active for so many days, and who never was though they are known for that long: ' +
    '`activity` of a user says which. Users of a vendor that tells no activity are not listed then.',
  params: pathIdSchema,
  query: saasUserListQuerySchema,
  result: pageSchema(saasUserSchema),
});
