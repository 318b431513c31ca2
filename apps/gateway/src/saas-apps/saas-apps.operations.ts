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
  summary: 'The apps under Software > SaaS.',
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
  summary: 'Adds an app by hand. It gets users once it is linked to the catalogue and an integration chooses it.',
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
  summary: 'Links an app that was added by hand to an entry of the catalogue, permanently.',
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
  summary: 'Users of an app with role and last activity: active, deactivated, or idle for some time.',
  description:
    '`noActivityForDays` lists users who have not been active for that many days, and users known for that long who never were; `activity` says which. Users of a vendor that does not report activity are not listed.',
  params: pathIdSchema,
  query: saasUserListQuerySchema,
  result: pageSchema(saasUserSchema),
});
