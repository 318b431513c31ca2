import {
  accountListQuerySchema,
  accountViewSchema,
  atQuerySchema,
  changeSchema,
  holdAccount as holdAccountCommand,
  holdBodySchema,
  listQuerySchema,
  pageSchema,
  pathIdSchema,
  protectAccount as protectAccountCommand,
  protectionBodySchema,
  wholeListSchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'accounts';

export const listAccounts = defineOperation({
  id: 'listAccounts',
  method: 'GET',
  path: '/accounts',
  tag,
  summary: 'All accounts, of users and SaaS users alike.',
  description:
    'Filter and sort by id, integration, connector, vendorId, app, content, person, active, username, email, role, lastActivityAt, neverUsed, administrator, protected, waitsFor, createdAt, changedAt, changedBy, changedByRun or deactivatedAt. `person eq null` finds accounts that belong to nobody; `neverUsed eq true` active ones without any activity, of vendors that tell it. Of more than 20,000 accounts, what no index answers is refused.',
  query: accountListQuerySchema,
  result: pageSchema(accountViewSchema),
});

export const listPersonAccounts = defineOperation({
  id: 'listPersonAccounts',
  method: 'GET',
  path: '/people/:id/accounts',
  tag: 'people',
  summary: 'The accounts of a person, at most 200.',
  params: pathIdSchema,
  result: wholeListSchema(accountViewSchema),
});

export const getAccount = defineOperation({
  id: 'getAccount',
  method: 'GET',
  path: '/accounts/:id',
  tag,
  summary: 'One account: what an integration saw of a vendor user.',
  description: '`at` shows the account as it was at that moment.',
  params: pathIdSchema,
  query: atQuerySchema,
  result: accountViewSchema,
});

export const listAccountHistory = defineOperation({
  id: 'listAccountHistory',
  method: 'GET',
  path: '/accounts/:id/history',
  tag,
  summary: 'Every revision of an account with its cause, newest first.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(changeSchema),
});

export const protectAccount = defineOperation({
  id: 'protectAccount',
  method: 'PUT',
  path: '/accounts/:id/protection',
  tag,
  summary: 'Sets or clears the protected flag. No run and no workflow deactivates a protected account.',
  params: pathIdSchema,
  body: protectionBodySchema,
  result: protectAccountCommand.result,
  command: true,
});

export const holdAccount = defineOperation({
  id: 'holdAccount',
  method: 'PUT',
  path: '/accounts/:id/hold',
  tag,
  summary: 'Holds an account active or inactive. Runs then report the difference instead of changing it.',
  params: pathIdSchema,
  body: holdBodySchema,
  result: holdAccountCommand.result,
  command: true,
});
