import {
  checkCredential,
  createCredentialBodySchema,
  credentialRecordSchema,
  deleteCredential as deleteCredentialCommand,
  pageSchema,
  pathIdSchema,
  searchableListQuerySchema,
  updateCredentialBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'credentials';

export const listCredentials = defineOperation({
  id: 'listCredentials',
  method: 'GET',
  path: '/credentials',
  tag,
  summary: 'All credentials, without their secrets (R1).',
  query: searchableListQuerySchema,
  result: pageSchema(credentialRecordSchema),
});

export const getCredential = defineOperation({
  id: 'getCredential',
  method: 'GET',
  path: '/credentials/:id',
  tag,
  summary: 'One credential, without its secret.',
  params: pathIdSchema,
  result: credentialRecordSchema,
});

export const createCredential = defineOperation({
  id: 'createCredential',
  method: 'POST',
  path: '/credentials',
  tag,
  summary: 'Stores a credential.',
  description: 'The fields are sealed to the vault before anything else is done with them, and are never shown again.',
  body: createCredentialBodySchema,
  result: credentialRecordSchema,
  status: 201,
  command: true,
});

export const updateCredential = defineOperation({
  id: 'updateCredential',
  method: 'PATCH',
  path: '/credentials/:id',
  tag,
  summary: 'Renames a credential, replaces its secret, or moves it to another host together with its secret.',
  description: 'A field with the value `[secret]` keeps what is stored.',
  params: pathIdSchema,
  body: updateCredentialBodySchema,
  result: credentialRecordSchema,
  command: true,
  ifMatch: true,
});

export const deleteCredential = defineOperation({
  id: 'deleteCredential',
  method: 'DELETE',
  path: '/credentials/:id',
  tag,
  summary: 'Destroys the secret of a credential. Runs that need it fail from then on.',
  params: pathIdSchema,
  result: deleteCredentialCommand.result,
  command: true,
});

export const testCredential = defineOperation({
  id: 'testCredential',
  method: 'POST',
  path: '/credentials/:id/test',
  tag,
  summary: 'Tries a credential at its vendor (R10).',
  params: pathIdSchema,
  result: checkCredential.result,
  status: 200,
  command: true,
});
