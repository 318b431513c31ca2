import {
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
  summary: 'Software > SaaS: the apps that users were found in (R90).',
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

export const listSaasUsers = defineOperation({
  id: 'listSaasUsers',
  method: 'GET',
  path: '/saas-apps/:id/users',
  tag,
  summary:
    'Users of an app with role and last activity (R91), active or deactivated (R92), or idle for some time (R32).',
  params: pathIdSchema,
  query: saasUserListQuerySchema,
  result: pageSchema(saasUserSchema),
});
