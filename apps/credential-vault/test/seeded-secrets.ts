import { randomUUID } from 'node:crypto';

import {
  ciphertexts,
  type CredentialDocument,
  credentials,
  type Databases,
  dataKeys,
  tokens,
} from '@rollcall/collections';
import { encryptField, KeyEncryptionKey, SecretString, unwrapDataKey } from '@rollcall/secrets';

import { placeOf } from '../src/keys/field-place.js';

const fields = ['username', 'password'];

/**
 * Credentials as the vault would have stored them, many at once: each with two fields, and every tenth with a cached token.
 * Returns their ids; the password of each is `example-<id>`.
 */
export async function seedSecrets(databases: Databases, kek: string, count: number): Promise<string[]> {
  const current = (await databases.collection(dataKeys).findOne({ state: 'current' }))!;
  const dataKey = unwrapDataKey(KeyEncryptionKey.parse(kek), current._id, current.wrapped);
  const made = Array.from({ length: count }, () => credentialOf(randomUUID()));
  const encrypted = (credential: CredentialDocument, field: string, version: number, value: string) =>
    encryptField(dataKey, placeOf(credential._id, credential, field, version), new SecretString(value));
  await databases.collection(credentials).insertMany(made);
  await databases.collection(ciphertexts).insertMany(
    made.flatMap((credential) =>
      fields.map((field) => ({
        _id: `${credential._id}/${field}`,
        credential: credential._id,
        field,
        secretVersion: 1,
        dataKey: dataKey.id,
        ciphertext: encrypted(credential, field, 1, valueOf(credential._id, field)),
      })),
    ),
  );
  await databases.collection(tokens).insertMany(
    made
      .filter((_, index) => index % 10 === 0)
      .map((credential) => ({
        _id: credential._id,
        tokenVersion: 3,
        secretVersion: 1,
        dataKey: dataKey.id,
        ciphertext: encrypted(credential, 'accessToken', 3, `example-token-${credential._id}`),
        expiresAt: new Date(8_640_000_000_000),
        askedAt: new Date(0),
        askedWith: 1,
        failure: null,
        lock: null,
      })),
  );
  await databases.collection(dataKeys).updateOne({ _id: dataKey.id }, { $inc: { reserved: count * 3 } });
  return made.map(({ _id }) => _id);
}

export const valueOf = (credential: string, field: string): string =>
  field === 'username' ? 'example-user' : `example-${credential}`;

function credentialOf(id: string): CredentialDocument {
  const at = '2026-05-04T10:00:00.000Z';
  return {
    _id: id,
    version: 1,
    name: id,
    connector: 'vendor-one',
    type: 'basic',
    baseUrl: 'https://api.vendor-one.example',
    secretFields: fields,
    secretVersion: 1,
    attention: null,
    createdAt: at,
    updatedAt: at,
  };
}
