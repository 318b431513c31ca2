import { randomBytes, randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, credentials, dataKeys, useLog } from '@rollcall/collections';
import { createCredential, requestLease, updateCredential } from '@rollcall/contracts';
import { dataKeyUseLimit, generateSealKeyPair } from '@rollcall/secrets';

import { dumpPrivate, Installation } from './installation.js';

jest.setTimeout(60_000);

/** Encryptions that a process reserves at once. */
const reservedBlock = 1024;

describe('the keys of the vault', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = await Installation.create();
    await installation.start();
  });
  afterEach(async () => {
    await installation.close();
  });

  const create = async (name: string = randomUUID()) => {
    const id = randomUUID();
    const input = { id, name, connector: 'vendor-one', type: 'basic' as const, baseUrl: null, secrets: {} };
    const secrets = { username: 'example-user', password: `example-${id}` };
    const { outcome } = await installation.send(createCredential, input, { secrets });
    expect(outcome.status).toBe('done');
    return id;
  };
  const lease = async (credential: string) => {
    const { publicKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-1' }, publicKey, refused: null };
    return (await installation.send(requestLease, input, { as: 'sync-runner' })).outcome;
  };
  const unreadable = { status: 'refused', error: { code: 'secret-unreadable' } };

  it('refuse a wrong key-encryption key at the start and change nothing (P24)', async () => {
    const id = await create();
    await installation.stop();
    const gateway = await installation.as('gateway');
    const before = await dumpPrivate(gateway);
    const start = installation.start({ ROLLCALL_KEK: randomBytes(32).toString('base64') });
    await expect(start).rejects.toThrow(/does not fit: 1 of 1 stored data keys .* Nothing was changed/s);
    await expect(installation.start({ ROLLCALL_KEK: 'dGVzdA==' })).rejects.toThrow(/needs exactly 32/);
    expect(await dumpPrivate(gateway)).toBe(before);
    await installation.start();
    expect(await lease(id)).toMatchObject({ status: 'done' });
  });

  it('are not made anew while there are secrets that a new one could not read (P24)', async () => {
    await create();
    await installation.stop();
    const gateway = await installation.as('gateway');
    await gateway.databases.collection(dataKeys).deleteMany({});
    await expect(installation.start()).rejects.toThrow(/no data key.*Restore/s);
    expect(await gateway.databases.collection(dataKeys).countDocuments()).toBe(0);
  });

  it('are one when replicas make the first together', async () => {
    const fresh = await Installation.create();
    try {
      const { databases } = await fresh.as('gateway');
      await Promise.all(Array.from({ length: 5 }, () => fresh.start()));
      expect(await databases.collection(dataKeys).countDocuments()).toBe(1);
    } finally {
      await fresh.close();
    }
  });

  it('count encryptions in blocks reserved before, also across restarts (P26)', async () => {
    const { databases } = await installation.as('gateway');
    await create();
    expect(await databases.collection(dataKeys).findOne()).toMatchObject({ reserved: reservedBlock });
    await installation.stop();
    await installation.start();
    await create();
    expect(await databases.collection(dataKeys).findOne()).toMatchObject({ reserved: 2 * reservedBlock });
  });

  it('give way to a new one at the limit and go on decrypting (P26)', async () => {
    const { databases } = await installation.as('gateway');
    const keys = databases.collection(dataKeys);
    const old = await create();
    await installation.stop();
    await keys.updateOne({}, { $set: { reserved: dataKeyUseLimit - reservedBlock + 1 } });
    await installation.start();
    const young = await create();
    const stored = await keys.find().sort({ createdAt: 1 }).toArray();
    expect(stored.map(({ state, reserved }) => [state, reserved])).toEqual([
      ['retired', dataKeyUseLimit - reservedBlock + 1],
      ['current', reservedBlock],
    ]);
    const used = await databases.collection(ciphertexts).distinct('dataKey', { credential: young });
    expect(used).toEqual([stored[1]!._id]);
    expect([(await lease(old)).status, (await lease(young)).status]).toEqual(['done', 'done']);
  });

  it('do not open a ciphertext in the place of another credential, field or version (P22)', async () => {
    const [one, other] = [await create(), await create()];
    const { databases } = await installation.as('gateway');
    const secrets = databases.collection(ciphertexts);
    const put = (id: string, ciphertext: string) => secrets.updateOne({ _id: id }, { $set: { ciphertext } });
    const before = (await secrets.findOne({ _id: `${one}/1/password` }))!;
    const foreign = (await secrets.findOne({ _id: `${other}/1/password` }))!;
    const sibling = (await secrets.findOne({ _id: `${one}/1/username` }))!;

    await put(before._id, foreign.ciphertext);
    expect(await lease(one)).toMatchObject(unreadable);
    await put(before._id, sibling.ciphertext);
    expect(await lease(one)).toMatchObject(unreadable);
    await put(before._id, 'no ciphertext');
    expect(await lease(one)).toMatchObject(unreadable);
    // Tries that failed are on record too, so the record is written before the attempt (P25, I11).
    expect(await databases.collection(useLog).countDocuments({ credential: one })).toBe(3);
    await put(before._id, before.ciphertext);
    expect(await lease(one)).toMatchObject({ status: 'done' });

    const fresh = { username: 'example-user', password: 'example-second' };
    await installation.send(updateCredential, { id: one, ifVersion: null }, { secrets: fresh });
    const { ciphertext, dataKey } = before;
    await secrets.updateOne({ _id: `${one}/2/password` }, { $set: { ciphertext, dataKey } });
    expect(await lease(one)).toMatchObject(unreadable);
    expect(await databases.collection(credentials).findOne({ _id: one })).toMatchObject({ secretVersion: 2 });
  });

  it('lead to a message that says what to do when a stored secret cannot be read', async () => {
    const id = await create('Directory');
    const { databases } = await installation.as('gateway');
    await databases.collection(ciphertexts).deleteOne({ _id: `${id}/1/password` });
    expect(await lease(id)).toMatchObject({
      error: { message: expect.stringMatching(/credential "Directory" cannot be read.*Enter the secret again/) },
    });
  });
});
