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
    "The fields are sealed to the vault before anything else happens to them, and are never shown again. `ownUsers` names the vendor users that the key belongs to, by id, user name or e-mail address. No run and no workflow deactivates them. An empty list states that the key belongs to none of the vendor's users. An integration with Deactivate on needs one of these answers.",
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
  summary: 'Renames a credential, replaces some or all of its fields, or moves it to another host.',
  description:
    'A field that is left out, or has the value `[secret]`, keeps its stored value; null deletes an optional field. Another host, of the base URL or of the token URL, needs every field again in the same change, because a secret is bound to the hosts that it is sent to. `ownUsers` names the vendor users that the key belongs to. No run and no workflow deactivates them; an empty list states that there are none. Needs `If-Match`.',
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
  summary: 'Deletes a credential that nothing uses, and destroys its secret.',
  description: 'A credential that an integration or an active workflow uses is not deleted. The answer 409 names them.',
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
    'Uses the load and inputs of `integration`, or the given `load` and `inputs` if the integration does not exist yet. Without either, uses those of the only integration with this credential, or none.',
  params: pathIdSchema,
  body: testCredentialBodySchema,
  result: checkCredential.result,
  status: 200,
  command: true,
});
