import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, type CredentialDocument, credentials, dataKeys, tokens } from '@rollcall/collections';
import { createCredential, type InputOf, requestLease, updateCredential } from '@rollcall/contracts';
import {
  type DataKey,
  generateSealKeyPair,
  KeyEncryptionKey,
  openLease,
  unwrapDataKey,
  unwrapSecret,
} from '@rollcall/secrets';

import { Installation } from './installation.js';

jest.setTimeout(90_000);

const vendorAddress = 'https://api.one.example.com/v1';
const elsewhere = 'https://collector.example.org';
const secrets = { username: 'example-user', password: 'example-password' };

/** Each part behind its length in bytes. */
const lengthPrefixed = (parts: readonly string[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(part));
      return [length, Buffer.from(part)];
    }),
  );

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create();
  await installation.start({ ALLOW_LOOPBACK: 'true' });
});
afterAll(async () => {
  await installation.close();
});

async function create(given: Record<string, string>, overrides: Partial<InputOf<typeof createCredential>> = {}) {
  const id = randomUUID();
  const input = { id, name: `Credential ${id}`, connector: 'vendor-one', type: 'basic' as const, baseUrl: null };
  const { outcome } = await installation.send(
    createCredential,
    { ...input, secrets: {}, ...overrides },
    { secrets: given },
  );
  expect(outcome).toMatchObject({ status: 'done' });
  return id;
}

async function stored(id: string): Promise<CredentialDocument> {
  const { databases } = await installation.as('gateway');
  return (await databases.collection(credentials).findOne({ _id: id }))!;
}

/** What somebody does who may write the database and not read secrets. */
async function inDatabase(id: string, set: Partial<CredentialDocument>): Promise<void> {
  const { databases } = await installation.as('gateway');
  await databases.collection(credentials).updateOne({ _id: id }, { $set: set });
}

async function lease(credential: string) {
  const { publicKey, privateKey } = await generateSealKeyPair();
  const purpose = { kind: 'run' as const, reference: 'run-1' };
  const { outcome, commandId } = await installation.send(
    requestLease,
    { credential, purpose, publicKey, refused: null },
    { as: 'sync-runner' },
  );
  if (outcome.status !== 'done') return outcome;
  const { baseUrl, fields } = await openLease({ privateKey, commandId, sealed: outcome.result.sealed });
  const clear = Object.fromEntries(Object.entries(fields).map(([name, secret]) => [name, unwrapSecret(secret)]));
  return { status: 'done', baseUrl, fields: clear };
}

describe('a stored secret', () => {
  it('does not leave for an address that was changed in the database: it says so, and a new secret makes it work', async () => {
    const id = await create(secrets);
    await inDatabase(id, { baseUrl: elsewhere });
    const refused = {
      status: 'refused',
      error: {
        code: 'secret-unreadable',
        message: expect.stringMatching(
          new RegExp(
            `"Credential ${id}" .*entered for https://api.one.example.com, .*${elsewhere}.*Enter the secret again`,
          ),
        ),
      },
    };
    expect(await lease(id)).toMatchObject(refused);
    expect((await stored(id)).attention).toMatchObject({ code: 'secret-unreadable' });
    const change = { id, ifVersion: null, baseUrl: vendorAddress };
    const { outcome } = await installation.send(updateCredential, change, { secrets });
    expect(outcome).toMatchObject({ status: 'done' });
    expect((await stored(id)).attention).toBeNull();
    expect(await lease(id)).toEqual({ status: 'done', baseUrl: vendorAddress, fields: secrets });
  });

  it.each([
    ['another port', { baseUrl: 'https://api.one.example.com:8443/v1' }],
    ['no encryption', { baseUrl: 'http://api.one.example.com/v1' }],
    ['no address at all', { baseUrl: 'collector' }],
    ['another connector', { connector: 'vendor-two' }],
  ] as const)('does not leave for %s', async (_what, set) => {
    const id = await create(secrets);
    await inDatabase(id, set);
    expect(await lease(id)).toMatchObject({ status: 'refused', error: { code: 'secret-unreadable' } });
  });

  it('is not kept by a change of single fields once its address was changed in the database', async () => {
    const id = await create(secrets);
    await inDatabase(id, { baseUrl: elsewhere });
    const { outcome } = await installation.send(
      updateCredential,
      { id, ifVersion: null },
      { secrets: { password: 'example-new' } },
    );
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'unreadable-secret' } });
  });

  it('goes to another path of the same host, which needs no secret', async () => {
    const id = await create(secrets);
    const baseUrl = 'https://api.one.example.com/v2';
    const { outcome } = await installation.send(updateCredential, { id, ifVersion: null, baseUrl });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await lease(id)).toEqual({ status: 'done', baseUrl, fields: secrets });
  });

  it('goes where a change through the API says, with all fields again', async () => {
    const id = await create(secrets);
    const change = { id, ifVersion: null, baseUrl: elsewhere };
    expect((await installation.send(updateCredential, change)).outcome).toMatchObject({
      error: { code: 'host-needs-secret' },
    });
    expect((await installation.send(updateCredential, change, { secrets })).outcome).toMatchObject({ status: 'done' });
    expect(await lease(id)).toMatchObject({ status: 'done', fields: secrets });
  });
});

describe('an access token', () => {
  it('does not leave for an address that was changed in the database, though it is cached', async () => {
    const server = createServer((_request, response) => {
      const token = { token_type: 'Bearer', access_token: 'example-token', expires_in: 3600 };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
      const fields = { clientId: 'example-id', clientSecret: 'example-secret', tokenUrl };
      const id = await create(fields, { connector: 'vendor-oauth', type: 'oauth2-client-credentials' });
      expect(await lease(id)).toMatchObject({ fields: { accessToken: 'example-token' } });
      await inDatabase(id, { baseUrl: elsewhere });
      const unreadable = { status: 'refused', error: { code: 'secret-unreadable' } };
      expect(await lease(id)).toMatchObject(unreadable);
      const { databases } = await installation.as('gateway');
      await databases.collection(tokens).updateOne({ _id: id }, { $set: { ciphertext: null, askedAt: new Date(0) } });
      expect(await lease(id)).toMatchObject(unreadable);
      // Nobody waits for a lock that was left standing.
      expect(await databases.collection(tokens).findOne({ _id: id })).toMatchObject({ lock: null });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('secrets of an earlier version', () => {
  const dataKey = async (id: string): Promise<DataKey> => {
    const { databases } = await installation.as('gateway');
    const { wrapped } = (await databases.collection(dataKeys).findOne({ _id: id }))!;
    return unwrapDataKey(KeyEncryptionKey.parse(installation.kek, 'the test'), id, wrapped);
  };
  /** As the version before wrote it: bound to credential, field, version and key alone. */
  const earlier = async (credential: string, field: string, value: string, keyId: string) => {
    const { key } = await dataKey(keyId);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    cipher.setAAD(lengthPrefixed(['rc1', credential, field, '1', keyId]));
    const sealed = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    return `rc1.${keyId}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
  };
  const putBack = async (id: string) => {
    const { databases } = await installation.as('gateway');
    for (const [field, value] of Object.entries(secrets)) {
      const _id = `${id}/1/${field}`;
      const { dataKey: key } = (await databases.collection(ciphertexts).findOne({ _id }))!;
      const ciphertext = await earlier(id, field, value, key);
      await databases.collection(ciphertexts).updateOne({ _id }, { $set: { ciphertext }, $unset: { origin: '' } });
    }
  };
  const formats = async (id: string) => {
    const { databases } = await installation.as('gateway');
    const found = await databases.collection(ciphertexts).find({ credential: id }).sort({ _id: 1 }).toArray();
    return found.map(({ ciphertext, origin }) => [ciphertext.slice(0, 3), origin]);
  };

  it('are bound to the address of their credential at the start, and read no more before that', async () => {
    const [id, broken] = [await create(secrets), await create(secrets)];
    await putBack(id);
    expect(await lease(id)).toMatchObject({ status: 'refused', error: { code: 'secret-unreadable' } });
    await putBack(broken);
    const { databases } = await installation.as('gateway');
    const foreign = (await databases.collection(ciphertexts).findOne({ _id: `${id}/1/password` }))!.ciphertext;
    await databases
      .collection(ciphertexts)
      .updateOne({ _id: `${broken}/1/password` }, { $set: { ciphertext: foreign } });
    await installation.stop();
    // Two at once, as replicas start.
    await Promise.all([installation.start(), installation.start()]);
    const bound = ['rc2', 'https://api.one.example.com'];
    expect(await formats(id)).toEqual([bound, bound]);
    expect(await lease(id)).toMatchObject({ status: 'done', fields: secrets });
    await inDatabase(id, { baseUrl: elsewhere });
    expect(await lease(id)).toMatchObject({ status: 'refused' });
    // One that cannot be read stays as it is, and keeps nobody from starting.
    expect(await formats(broken)).toEqual([['rc1', undefined], bound]);
    expect(await lease(broken)).toMatchObject({ status: 'refused', error: { code: 'secret-unreadable' } });
  });
});
