import {
  checkCredential,
  createCredentialBodySchema,
  credentialRecordSchema,
  deleteCredential as deleteCredentialCommand,
  pageSchema,
  pathIdSchema,
  searchableListQuerySchema,
  testCredentialBodySchema,
  updateCredentialBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'credentials';

export const listCredentials = defineOperation({
  id: 'listCredentials',
  method: 'GET',
  path: '/credentials',
  tag,
  summary: 'All credentials, without their secrets.',
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
  description:
    'The fields are sealed to the vault before anything else is done with them, and are never shown again. `ownUsers` names ' +
    'the vendor users that the key belongs to, by id, user name or e-mail address: no run and no workflow deactivates them. ' +
    'An empty list says that it belongs to none of them; an integration with Deactivate on asks for one of these answers.',
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
  summary: 'Renames a credential, replaces some of its fields or all, or moves it to another host.',
  description:
    'Fields that are left out, or have the value `[secret]`, keep what is stored; null takes an optional field away. For ' +
    'another host, of the base URL or of the token URL, every field is entered again in the same change, because a secret ' +
    'is bound to the hosts that it is sent to. `ownUsers` names the vendor users that the key belongs to, whom no run and ' +
    'no workflow deactivates; an empty list says that it belongs to none of them. Needs `If-Match`.',
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
  summary: 'Destroys the secret of a credential that nothing uses.',
  description:
    'A credential of an integration or of an active workflow is not deleted; the answer 409 names who uses it.',
  params: pathIdSchema,
  result: deleteCredentialCommand.result,
  command: true,
});

export const testCredential = defineOperation({
  id: 'testCredential',
  method: 'POST',
  path: '/credentials/:id/test',
  tag,
  summary: 'Tries a credential at its vendor.',
  description:
    'With the load and the inputs of `integration`, or with `load` and `inputs` of one that is not made yet. Without either: ' +
    'those of the only integration that uses the credential, or none.',
  params: pathIdSchema,
  body: testCredentialBodySchema,
  result: checkCredential.result,
  status: 200,
  command: true,
});
