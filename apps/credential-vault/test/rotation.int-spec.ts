import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ciphertexts,
  credentials,
  type Databases,
  dataKeys,
  encryptionKeys,
  tokens,
  useLog,
} from '@rollcall/collections';
import { requestLease, rotateKeys, verifyKeys } from '@rollcall/contracts';
import { generateSealKeyPair, openLease, unwrapSecret } from '@rollcall/secrets';
import { waitFor } from '@rollcall/testing';

import { Installation } from './installation.js';
import { seedSecrets } from './seeded-secrets.js';

jest.setTimeout(120_000);

const aYearMs = 366 * 24 * 60 * 60_000;
const aWhileMs = 10 * 60_000;

describe('replacing the keys of the vault', () => {
  let installation: Installation;
  let databases: Databases;
  let folder: string;

  beforeEach(async () => {
    installation = await Installation.create();
    folder = await mkdtemp(join(tmpdir(), 'rollcall-kek-test-'));
    await installation.start();
    ({ databases } = await installation.as('gateway'));
  });
  afterEach(async () => {
    await installation.close();
    await rm(folder, { recursive: true });
  });

  const rotate = (what: 'all' | 'data-key' | 'key-encryption-key') =>
    installation.send(rotateKeys, { what }).then(({ outcome }) => outcome);
  const verify = async () => {
    const { outcome } = await installation.send(verifyKeys, {}, { waitMs: 60_000 });
    return outcome.status === 'done' ? outcome.result : outcome;
  };
  const state = () => databases.collection(encryptionKeys).findOne();
  const finished = () =>
    waitFor('the rotation to be finished', async () => {
      const rotation = (await state())?.rotation;
      return rotation !== null && rotation !== undefined && rotation.finishedAt !== null;
    });
  const lease = async (credential: string): Promise<string> => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-1' }, publicKey, refused: null };
    const { outcome, commandId } = await installation.send(requestLease, input, { as: 'sync-runner', waitMs: 90_000 });
    if (outcome.status !== 'done') throw new Error(`no lease: ${JSON.stringify(outcome)}`);
    const { fields } = await openLease({ privateKey, commandId, sealed: outcome.result.sealed });
    return unwrapSecret(fields['password']!);
  };
  const putKey = async (name: string): Promise<{ path: string; text: string }> => {
    const text = randomBytes(32).toString('base64');
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return { path, text };
  };

  it('encrypts everything again under a new data key and says how far it is, then deletes the old key', async () => {
    const ids = await seedSecrets(databases, installation.kek, 700);
    const old = (await databases.collection(dataKeys).findOne())!;
    const begun = await rotate('data-key');
    expect(begun).toMatchObject({ status: 'done', result: { rotation: { reason: 'asked', total: 1470 } } });
    await finished();
    expect(await databases.collection(ciphertexts).countDocuments({ dataKey: old._id })).toBe(0);
    expect(await databases.collection(tokens).countDocuments({ dataKey: old._id })).toBe(0);
    expect(await verify()).toMatchObject({ dataKeys: 2, checked: 1470, unreadable: 0, faults: [] });
    expect(await lease(ids[3]!)).toBe(`example-${ids[3]}`);
    const told = (await state())!;
    expect(told.dataKeys.map(({ state: is, secrets, tokens: cached }) => [is, secrets, cached])).toEqual([
      ['retired', 0, 0],
      ['current', 1400, 70],
    ]);

    // As if it had been replaced a while ago: nothing that began before can store anything under it any more.
    const before = (await databases.collection(ciphertexts).findOne({ _id: `${ids[0]}/password` }))!;
    const replacedAt = new Date(databases.timeMs() - aWhileMs);
    await databases.collection(dataKeys).updateOne({ _id: old._id }, { $set: { retiredAt: replacedAt } });
    await waitFor(
      'the old key to be deleted',
      async () => (await databases.collection(dataKeys).countDocuments()) === 1,
    );
    const stale = `rc2.${old._id}.${before.ciphertext.split('.').slice(2).join('.')}`;
    await databases.collection(ciphertexts).updateOne({ _id: before._id }, { $set: { ciphertext: stale } });
    await expect(lease(ids[0]!)).rejects.toThrow(/secret-unreadable/);
    const reason = expect.stringMatching(`data key ${old._id} is not stored`) as unknown as string;
    expect(await verify()).toMatchObject({
      unreadable: 1,
      faults: [{ credential: ids[0], field: 'password', reason }],
    });
  });

  it('makes one new key for one command, however often it is delivered', async () => {
    const input = { what: 'data-key' as const };
    for (let again = 0; again < 2; again += 1) {
      await databases.database('credential-vault').collection('commandResults').deleteMany({});
      await installation.send(rotateKeys, input, { key: 'the same' });
    }
    expect(await databases.collection(dataKeys).countDocuments()).toBe(2);
  });

  it('is done by one of several replicas, while the others go on leasing, also under keys that they have not seen', async () => {
    await installation.start();
    await installation.start();
    const ids = await seedSecrets(databases, installation.kek, 300);
    const leases = Promise.all(ids.slice(0, 60).map((id) => lease(id)));
    await rotate('data-key');
    await rotate('data-key');
    await finished();
    expect(await leases).toEqual(ids.slice(0, 60).map((id) => `example-${id}`));
    expect(await Promise.all(ids.slice(60, 120).map((id) => lease(id)))).toHaveLength(60);
    expect(await verify()).toMatchObject({ unreadable: 0, checked: 630 });
  });

  it('keeps the old key while something under it does not open, names that, and goes on when it was entered again', async () => {
    const [broken, whole] = await seedSecrets(databases, installation.kek, 20);
    const old = (await databases.collection(dataKeys).findOne())!;
    const id = `${broken}/password`;
    const { ciphertext } = (await databases.collection(ciphertexts).findOne({ _id: id }))!;
    const foreign = (await databases.collection(ciphertexts).findOne({ _id: `${whole}/password` }))!;
    const put = (text: string) =>
      databases.collection(ciphertexts).updateOne({ _id: id }, { $set: { ciphertext: text } });
    await put(foreign.ciphertext);
    await rotate('data-key');
    await waitFor('all but one to be encrypted again', async () => {
      const rotation = (await state())?.rotation;
      return rotation?.left === 1 && rotation.unreadable === 1;
    });
    const replacedAt = new Date(databases.timeMs() - aWhileMs);
    await databases.collection(dataKeys).updateOne({ _id: old._id }, { $set: { retiredAt: replacedAt } });
    expect(await verify()).toMatchObject({
      unreadable: 1,
      faults: [{ credential: broken, name: broken, field: 'password' }],
    });
    expect(await databases.collection(dataKeys).countDocuments({ _id: old._id })).toBe(1);
    await put(ciphertext);
    await rotate('data-key');
    await finished();
    expect(await verify()).toMatchObject({ unreadable: 0, checked: 42 });
    expect(await lease(broken!)).toBe(`example-${broken}`);
  });

  it('names what is missing, left over or moved', async () => {
    const [missing, extra, moved, gone] = await seedSecrets(databases, installation.kek, 4);
    const secrets = databases.collection(ciphertexts);
    await secrets.deleteOne({ _id: `${missing}/password` });
    const stored = (await secrets.findOne({ _id: `${extra}/password` }))!;
    await secrets.insertOne({ ...stored, _id: `${extra}/other`, field: 'other' });
    await databases.collection(credentials).updateOne({ _id: moved }, { $set: { baseUrl: 'https://evil.example' } });
    await databases.collection(credentials).deleteOne({ _id: gone });
    const found = (await verify()) as { faults: { credential: string; field: string; name: string | null }[] };
    const named = found.faults.map(({ credential, field, name }) => [credential, field, name]);
    expect(new Set(named.map((one) => one.join(' ')))).toEqual(
      new Set([
        `${missing} password ${missing}`,
        `${extra} other ${extra}`,
        `${moved} username ${moved}`,
        `${moved} password ${moved}`,
        `${gone} username `,
        `${gone} password `,
      ]),
    );
    expect(JSON.stringify(found)).not.toContain('example-');
  });

  it('happens by itself when the data key is a year old', async () => {
    await seedSecrets(databases, installation.kek, 20);
    const old = new Date(databases.timeMs() - aYearMs);
    await databases.collection(dataKeys).updateOne({}, { $set: { createdAt: old } });
    await finished();
    expect((await state())!.rotation).toMatchObject({ reason: 'age', total: 42, left: 0 });
  });

  it('wraps the data keys by a new key-encryption key, both given meanwhile, and then refuses the old one', async () => {
    const ids = await seedSecrets(databases, installation.kek, 20);
    await installation.stop();
    const [previous, next] = [join(folder, 'previous'), await putKey('next')];
    await writeFile(previous, installation.kek, { mode: 0o600 });
    const both = { ROLLCALL_KEK: next.text, ROLLCALL_KEK_PREVIOUS_FILE: previous };
    // One replica after the other: what the new one does, the old one can still open.
    await installation.start();
    await installation.start(both);
    await rotate('data-key');
    await finished();
    expect(await Promise.all(ids.map((id) => lease(id)))).toHaveLength(20);
    await installation.stop();

    await expect(installation.start({ ROLLCALL_KEK: next.text })).rejects.toThrow(/does not fit: 2 of 2/);
    await installation.start(both);
    expect(await rotate('key-encryption-key')).toMatchObject({ status: 'done' });
    expect((await state())!.dataKeys.every(({ isWrappedByNewest }) => isWrappedByNewest)).toBe(true);
    await installation.stop();
    await expect(installation.start()).rejects.toThrow(/does not fit/);
    await installation.start({ ROLLCALL_KEK: next.text });
    expect(await lease(ids[0]!)).toBe(`example-${ids[0]}`);
    expect(await verify()).toMatchObject({ unreadableDataKeys: [], unreadable: 0 });
  });

  it('is no use of a secret: nothing of it stands in the use log, and no value in what is said of it', async () => {
    await seedSecrets(databases, installation.kek, 10);
    await rotate('all');
    await finished();
    await verify();
    expect(await databases.collection(useLog).countDocuments()).toBe(0);
    expect(JSON.stringify(await state())).not.toContain('example-');
  });
});
