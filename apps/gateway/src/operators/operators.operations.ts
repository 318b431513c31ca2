import {
  createOperatorBodySchema,
  invitedOperatorSchema,
  operatorLinkSchema,
  operatorListQuerySchema,
  operatorSchema,
  pageSchema,
  pathIdSchema,
  updateOperatorBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'operators';

export const listOperators = defineOperation({
  id: 'listOperators',
  method: 'GET',
  path: '/operators',
  tag,
  summary: 'People who use Rollcall, in the order in which they were invited.',
  query: operatorListQuerySchema,
  result: pageSchema(operatorSchema),
});

export const getOperator = defineOperation({
  id: 'getOperator',
  method: 'GET',
  path: '/operators/:id',
  tag,
  summary: 'One operator.',
  params: pathIdSchema,
  result: operatorSchema,
});

export const createOperator = defineOperation({
  id: 'createOperator',
  method: 'POST',
  path: '/operators',
  tag,
  summary: 'Invites somebody, by a link that works once, for three days.',
  description:
    'Whoever opens the link sets a password and is signed in. It is mailed to them if `ROLLCALL_PUBLIC_URL` is set and the mail server answers; `link` is null then. Else it is shown in this answer and never again. When it is lost, reset their password, which makes another one.',
  body: createOperatorBodySchema,
  result: invitedOperatorSchema,
  status: 201,
});

export const updateOperator = defineOperation({
  id: 'updateOperator',
  method: 'PATCH',
  path: '/operators/:id',
  tag,
  summary: 'Changes name or roles, disables somebody or lets them in again.',
  description:
    'It takes effect at their next request. Whoever is disabled is signed out, and their API keys open nothing. The last active operator with the role `admin` for the whole installation cannot be disabled and keeps that role.',
  params: pathIdSchema,
  body: updateOperatorBodySchema,
  result: operatorSchema,
  ifMatch: true,
});

export const resetOperatorPassword = defineOperation({
  id: 'resetOperatorPassword',
  method: 'POST',
  path: '/operators/:id/reset-password',
  tag,
  summary: 'Makes a link with which an operator chooses another password. It works once, for one hour.',
  description:
    'The password of now is valid until the link is used. Using it signs them out everywhere else, and allows them to sign in where too many wrong passwords were tried.',
  params: pathIdSchema,
  result: operatorLinkSchema,
  status: 200,
  changedSecrets: ['link'],
});

export const createFirstAdministratorLink = defineOperation({
  id: 'createFirstAdministratorLink',
  method: 'POST',
  path: '/operators/first-administrator-link',
  tag,
  summary: 'Makes a link with which the first administrator enters address, name and password.',
  description:
    'It works once, for one day, and only while nobody has the role `admin`. A link that was made before opens nothing any more.',
  result: operatorLinkSchema,
  status: 200,
  changedSecrets: ['link'],
});

export const endOperatorSessions = defineOperation({
  id: 'endOperatorSessions',
  method: 'POST',
  path: '/operators/:id/sign-out',
  tag,
  summary: 'Signs an operator out in every browser.',
  params: pathIdSchema,
  result: operatorSchema,
  status: 200,
});
