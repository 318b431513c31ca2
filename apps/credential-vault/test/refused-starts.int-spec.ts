import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, dataKeys } from '@rollcall/collections';
import { verifyKeys } from '@rollcall/contracts';
import { KeyEncryptionKey, unwrapDataKey } from '@rollcall/secrets';

import { vaultThatEnds } from './ended-vault.js';
import { dumpDatabases, dumpPrivate, Installation } from './installation.js';
import { seedSecrets, valueOf } from './seeded-secrets.js';

jest.setTimeout(240_000);

const count = 50;
const anyKey = () => randomBytes(32).toString('base64');

describe('a vault without its key-encryption key', () => {
  let installation: Installation;
  let ids: string[];

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start();
    ids = await seedSecrets((await installation.as('gateway')).databases, installation.kek, count);
    await installation.stop();
  });
  afterAll(async () => {
    await installation.close();
  });

  const startAndEnd = (keys: Record<string, string>) => vaultThatEnds(installation.variables(keys));

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['none', () => ({}), /set ROLLCALL_KEK_FILE or ROLLCALL_KEK/],
    ['a short one', () => ({ ROLLCALL_KEK: 'dGVzdA==' }), /needs exactly 32/],
    ['another one', () => ({ ROLLCALL_KEK: anyKey() }), /does not fit: 1 of 1 stored data keys/],
    ['a file that is not there', () => ({ ROLLCALL_KEK_FILE: '/nowhere/kek' }), /does not exist/],
  ])(
    'ends with one line that says what is wrong when it is given %s, and changes nothing (P24)',
    async (_what, keys, words) => {
      const gateway = await installation.as('gateway');
      const before = await dumpPrivate(gateway);
      const { exitCode, lines } = await startAndEnd(keys());
      expect([exitCode, lines]).toEqual([1, [expect.stringMatching(words)]]);
      expect(await dumpPrivate(gateway)).toBe(before);
    },
  );

  it('is a stolen database of which nothing opens (P22)', async () => {
    const gateway = await installation.as('gateway');
    const dump = await dumpDatabases(gateway);
    for (const id of ids) expect(dump).not.toContain(valueOf(id, 'password'));
    const [stored] = await gateway.databases.collection(dataKeys).find().toArray();
    for (const text of [anyKey(), Buffer.alloc(32).toString('base64'), Buffer.alloc(32, 0xff).toString('base64')]) {
      expect(() => unwrapDataKey(KeyEncryptionKey.parse(text), stored!._id, stored!.wrapped)).toThrow();
    }
  });

  it('has no use for ciphertexts that change places, though it is given the right key (P22)', async () => {
    const { databases } = await installation.as('gateway');
    await installation.start();
    const stored = await databases.collection(ciphertexts).find().sort({ _id: 1 }).toArray();
    const moves = stored.map(({ _id }, at) => ({
      updateOne: { filter: { _id }, update: { $set: { ciphertext: stored[(at + 1) % stored.length]!.ciphertext } } },
    }));
    await databases.collection(ciphertexts).bulkWrite(moves);
    const { outcome } = await installation.send(verifyKeys, {}, { waitMs: 60_000 });
    expect(outcome).toMatchObject({ status: 'done', result: { unreadable: count * 2 } });
  });
});
