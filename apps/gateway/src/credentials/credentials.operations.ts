import {
  authorizationSchema,
  checkCredential,
  createCredentialBodySchema,
  credentialRecordSchema,
  credentialUsesSchema,
  deleteCredential as deleteCredentialCommand,
  endConsentBodySchema,
  pageSchema,
  pathIdSchema,
  searchableListQuerySchema,
  testCredentialBodySchema,
  testDraftBodySchema,
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
    "The fields are sealed to the vault before anything else happens to them, and are never shown again. `ownUsers` names the vendor users that the key belongs to, by id, user name or e-mail address. No run and no workflow deactivates them. An empty list states that the key belongs to none of the vendor's users. An integration with Deactivate on needs one of these answers. With `advanced`, the fields are those of the type in `GET /catalog/credential-types`, where names of headers, the place of a key, or the signature of AWS can be chosen.",
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
    'A field that is left out, or has the value `[secret]`, keeps its stored value; null deletes an optional field. Another host, of the base URL or of the token URL, needs every field again in the same change, because a secret is bound to the hosts that it is sent to. `ownUsers` names the vendor users that the key belongs to. No run and no workflow deactivates them; an empty list states that there are none. The secret of before stays valid until the vendor accepts the new one for the first time, and is used while the vendor refuses the new one; with `keepPrevious: false` it ends at once. A new secret takes `expiresAt` away unless it is given anew. Needs `If-Match`.',
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
    'Tells step by step how far it got: reaching the host, TLS, signing in, listing users, reading one of them. Uses the load and inputs of `integration`, or the given `load` and `inputs` if the integration does not exist yet. Without either, uses those of the only integration with this credential, or none.',
  params: pathIdSchema,
  body: testCredentialBodySchema,
  result: checkCredential.result,
  status: 200,
  command: true,
});

export const testDraftCredential = defineOperation({
  id: 'testDraftCredential',
  method: 'POST',
  path: '/credential-tests',
  tag,
  summary: 'Tries a credential before it is stored.',
  description:
    'Answers like the test of a stored credential. Nothing is kept but, for ten minutes, an encrypted copy that serves for this test alone.',
  body: testDraftBodySchema,
  result: checkCredential.result,
  status: 200,
  command: true,
  changesNothing: true,
});

export const listCredentialUses = defineOperation({
  id: 'listCredentialUses',
  method: 'GET',
  path: '/credentials/:id/uses',
  tag,
  summary: 'The integrations and workflows that use a credential.',
  params: pathIdSchema,
  result: credentialUsesSchema,
});

export const beginCredentialConsent = defineOperation({
  id: 'beginCredentialConsent',
  method: 'POST',
  path: '/credentials/:id/authorization',
  tag,
  summary: 'Begins the sign-in at the vendor of a credential with an authorization code.',
  description:
    'Open `url` of the answer in a browser within ten minutes, and consent there. The vendor sends the browser back to `/consented` here, which completes the credential. The address of that page must be entered at the vendor as redirect URI.',
  params: pathIdSchema,
  result: authorizationSchema,
  status: 200,
  command: true,
});

export const endCredentialConsent = defineOperation({
  id: 'endCredentialConsent',
  method: 'POST',
  path: '/credential-consents',
  tag,
  summary: 'Completes a credential with what the vendor gave the browser of somebody who consented.',
  description: 'Called by the page `/consented`. Each consent that was begun can be completed once.',
  body: endConsentBodySchema,
  result: credentialRecordSchema.pick({ id: true, name: true }),
  status: 200,
  command: true,
  changedSecrets: ['fields/refreshToken'],
});
