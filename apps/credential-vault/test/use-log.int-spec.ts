import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, type Databases, useChains, useLog, type UseLogDocument } from '@rollcall/collections';
import { requestLease, verifyKeys } from '@rollcall/contracts';
import { DigestKey, generateSealKeyPair, SecretString, ValueDigests } from '@rollcall/secrets';
import type { UpdateFilter } from 'mongodb';

import type { VaultConfig } from '../src/config.js';
import { UseLogRetention } from '../src/retention/use-log-retention.js';
import { Installation } from './installation.js';
import { seedSecrets, valueOf } from './seeded-secrets.js';

jest.setTimeout(120_000);

const uses = 12;
const longAgoMs = 401 * 24 * 60 * 60_000;

describe('the record of uses of secrets', () => {
  let installation: Installation;
  let databases: Databases;

  beforeEach(async () => {
    installation = await Installation.create();
    await installation.start();
    ({ databases } = await installation.as('gateway'));
    const ids = await seedSecrets(databases, installation.kek, uses);
    await Promise.all(ids.map((id) => lease(id)));
    // The end of a chain is noted every few seconds, and when the vault stops.
    await installation.stop();
    await installation.start();
  });
  afterEach(async () => {
    await installation.close();
  });

  const lease = async (credential: string) => {
    const { publicKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-1' }, publicKey, refused: null };
    const { outcome } = await installation.send(requestLease, input, { as: 'sync-runner', waitMs: 60_000 });
    expect(outcome.status).toBe('done');
  };
  const verify = async () => {
    const { outcome } = await installation.send(verifyKeys, {}, { key: randomUUID(), waitMs: 60_000 });
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.result.useLog;
  };
  const entry = (number: number) =>
    databases.collection(useLog).findOne({ 'link.number': number }) as Promise<UseLogDocument>;
  const without = (number: number) => databases.collection(useLog).deleteOne({ 'link.number': number });

  it('is a chain without a gap, one insert for a use, and holds when nobody touched it', async () => {
    const entries = await databases.collection(useLog).find().sort({ 'link.number': 1 }).toArray();
    expect(entries.map(({ link }) => link!.number)).toEqual(Array.from({ length: uses }, (_, at) => at + 1));
    expect(await verify()).toEqual({ entries: uses, unchained: 0, broken: 0, faults: [] });
    await lease(entries[0]!.credential);
    expect(await verify()).toMatchObject({ entries: uses + 1, broken: 0 });
  });

  it.each<[string, Partial<UseLogDocument>]>([
    ['its host', { host: 'evil.example' }],
    ['its time', { at: new Date(0) }],
    ['its credential', { credential: 'other' }],
    ['its purpose', { purpose: { kind: 'run', reference: 'other' } }],
    ['the digest of a value', { values: [{ field: 'username', digest: 'other' }] }],
    ['its values away', { values: undefined }],
  ])('names an entry of which somebody changed %s', async (_what, change) => {
    const { _id } = await entry(5);
    const [[name, value]] = Object.entries(change) as [[string, unknown]];
    const update = value === undefined ? { $unset: { [name]: '' } } : { $set: { [name]: value } };
    await databases.collection(useLog).updateOne({ _id }, update as UpdateFilter<UseLogDocument>);
    expect(await verify()).toMatchObject({ broken: 1, faults: [{ entry: _id, reason: 'it was changed' }] });
  });

  it('names the entry after one that was dropped, at the beginning, in the middle and at the end', async () => {
    await without(1);
    await without(5);
    await without(uses);
    const faults = [
      { entry: (await entry(2))._id, reason: 'entry 1 of its chain is missing' },
      { entry: (await entry(6))._id, reason: 'entry 5 of its chain is missing' },
      { entry: (await entry(uses - 1))._id, reason: `after it, entry ${uses} of its chain is missing` },
    ];
    expect(await verify()).toMatchObject({ entries: uses - 3, broken: 3, faults });
  });

  it('names both entries of a pair that was swapped', async () => {
    const [one, other] = [await entry(4), await entry(9)];
    const put = (id: string, link: UseLogDocument['link']) =>
      databases.collection(useLog).updateOne({ _id: id }, { $set: { link: link! } });
    await put(one._id, other.link);
    await put(other._id, one.link);
    const found = await verify();
    expect(new Set(found.faults.map(({ entry: id }) => id))).toEqual(new Set([one._id, other._id]));
  });

  it('notices a whole chain that was dropped, and not what was deleted for its age', async () => {
    await databases.collection(useLog).deleteMany({});
    expect(await verify()).toMatchObject({
      broken: 1,
      faults: [{ reason: `entries 1 to ${uses} of its chain are missing` }],
    });
    await databases.collection(useChains).updateMany({}, { $set: { at: new Date(databases.timeMs() - longAgoMs) } });
    expect(await verify()).toMatchObject({ entries: 0, broken: 0 });
  });

  it('still holds after old uses were deleted, batch by batch, and names one that somebody else dropped', async () => {
    const digestKey = await DigestKey.load(installation.keys);
    const retention = new UseLogRetention(databases, digestKey, { RETENTION_USE_LOG_DAYS: 30 } as VaultConfig);
    const { deleteBefore } = retention.rules[0]!;
    const future = new Date(databases.timeMs() + longAgoMs);
    expect(await deleteBefore(future, 5)).toBe(5);
    expect(await verify()).toEqual({ entries: uses - 5, unchained: 0, broken: 0, faults: [] });
    await without(9);
    expect(await verify()).toMatchObject({ broken: 1, faults: [{ reason: 'entry 9 of its chain is missing' }] });
    await databases.collection(useChains).updateMany({}, { $set: { 'gaps.0.to': 6 } });
    expect((await verify()).broken).toBe(2);
  });

  it('holds when every use was deleted for its age, and with the next ones', async () => {
    const { credential } = await entry(1);
    const digestKey = await DigestKey.load(installation.keys);
    const retention = new UseLogRetention(databases, digestKey, { RETENTION_USE_LOG_DAYS: 30 } as VaultConfig);
    const { deleteBefore } = retention.rules[0]!;
    const future = new Date(databases.timeMs() + longAgoMs);
    while ((await deleteBefore(future, 5)) > 0);
    expect(await verify()).toMatchObject({ entries: 0, broken: 0 });
    await lease(credential);
    expect(await verify()).toMatchObject({ entries: 1, broken: 0 });
  });

  it('says which values were used: of secrets stored before as well, from the first start that keeps digests (P25)', async () => {
    const { credential, values } = await entry(1);
    const digests = await ValueDigests.load(installation.keys);
    const digestOf = (field: string) => digests.digest(new SecretString(valueOf(credential, field)));
    // The first leases came before that start.
    expect(values).toEqual([]);
    await lease(credential);
    const [use] = await databases.collection(useLog).find({ credential }).sort({ at: -1 }).limit(1).toArray();
    expect(use!.values).toEqual([
      { field: 'username', digest: digestOf('username') },
      { field: 'password', digest: digestOf('password') },
    ]);
  });

  it('gives no secret whose digest in the database is of another value', async () => {
    const { credential } = await entry(1);
    const digests = await ValueDigests.load(installation.keys);
    const forged = digests.digest(new SecretString('example-other'));
    await databases
      .collection(ciphertexts)
      .updateOne({ credential, field: 'password' }, { $set: { valueDigest: forged } });
    const { publicKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-3' }, publicKey, refused: null };
    const { outcome } = await installation.send(requestLease, input, { as: 'sync-runner', waitMs: 60_000 });
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'secret-unreadable' } });
  });

  it('says of how many older entries nothing is known', async () => {
    const { link: _, ...older } = await entry(1);
    await databases.collection(useLog).insertOne({ ...older, _id: 'older' });
    expect(await verify()).toMatchObject({ entries: uses, unchained: 1, broken: 0 });
  });

  it('begins a new chain after a write that failed, and gives no secret meanwhile (P25)', async () => {
    const { credential } = await entry(1);
    await databases.database('credential-vault').command({ collMod: 'useLog', validator: { host: 'nobody' } });
    const { publicKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-2' }, publicKey, refused: null };
    const options = { as: 'sync-runner' as const, key: 'while the log is full' };
    const { outcome } = await installation.send(requestLease, input, { ...options, waitMs: 1_500 });
    expect(outcome.status).toBe('pending');
    await databases.database('credential-vault').command({ collMod: 'useLog', validator: {} });
    const later = await installation.send(requestLease, input, { ...options, waitMs: 60_000 });
    expect(later.outcome.status).toBe('done');
    expect(await verify()).toMatchObject({ entries: uses + 1, broken: 0 });
  });
});
