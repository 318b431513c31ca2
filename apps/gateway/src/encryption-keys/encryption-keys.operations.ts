import { encryptionKeysSchema, keyVerificationSchema, rotateKeysInputSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'encryption-keys';

export const getEncryptionKeys = defineOperation({
  id: 'getEncryptionKeys',
  method: 'GET',
  path: '/encryption-keys',
  tag,
  summary: 'Encryption keys of the credential vault: what is stored under which one, and how far a rotation is.',
  result: encryptionKeysSchema,
});

export const rotateEncryptionKeys = defineOperation({
  id: 'rotateEncryptionKeys',
  method: 'POST',
  path: '/encryption-keys/rotate',
  tag,
  summary: 'Replaces the encryption keys of the credential vault. What is stored is encrypted again in the background.',
  body: rotateKeysInputSchema,
  result: encryptionKeysSchema,
  status: 200,
  command: true,
  shownAt: '/encryption-keys',
});

export const verifyEncryptionKeys = defineOperation({
  id: 'verifyEncryptionKeys',
  method: 'POST',
  path: '/encryption-keys/verify',
  tag,
  summary:
    'Decrypts every stored secret for its place and follows the use log. Names what does not fit, never a value.',
  result: keyVerificationSchema,
  status: 200,
  command: true,
  changesNothing: true,
});
