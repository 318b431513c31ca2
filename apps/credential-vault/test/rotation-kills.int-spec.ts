import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, type Databases, dataKeys, encryptionKeys, tokens, useLog } from '@rollcall/collections';
import { requestLease, rotateKeys, verifyKeys } from '@rollcall/contracts';
import { generateSealKeyPair, openLease, unwrapSecret } from '@rollcall/secrets';
import { ServiceProcess, waitFor } from '@rollcall/testing';

import { Installation } from './installation.js';
import { seedSecrets } from './seeded-secrets.js';

jest.setTimeout(600_000);

const kills = 10;
const count = 3_000;
const texts = count * 2 + count / 10;
const patienceMs = 150_000;

/** The vault as a process of its own, from what was built. */
describe('a vault that is killed while all of its keys are replaced', () => {
  let installation: Installation;
  let databases: Databases;
  let folder: string;
  let vault: ServiceProcess;
  let ids: string[];
  const nextKek = randomBytes(32).toString('base64');

  const startVault = (keys: Record<string, string>) =>
    ServiceProcess.start({
      service: 'credential-vault',
      root: process.cwd(),
      variables: installation.variables(keys),
      readyWithinMs: 120_000,
    });
  const lease = async (credential: string): Promise<string> => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-1' }, publicKey, refused: null };
    const sent = await installation.send(requestLease, input, { as: 'sync-runner', waitMs: patienceMs });
    if (sent.outcome.status !== 'done') throw new Error(`no lease: ${JSON.stringify(sent.outcome)}`);
    const opened = await openLease({ privateKey, commandId: sent.commandId, sealed: sent.outcome.result.sealed });
    return unwrapSecret(opened.fields['password']!);
  };
  const underReplaced = async () => {
    const replaced = await databases.collection(dataKeys).distinct('_id', { state: 'retired' });
    const filter = { dataKey: { $in: replaced } };
    return (
      (await databases.collection(ciphertexts).countDocuments(filter)) +
      (await databases.collection(tokens).countDocuments(filter))
    );
  };

  beforeAll(async () => {
    installation = await Installation.create();
    ({ databases } = await installation.as('gateway'));
    folder = await mkdtemp(join(tmpdir(), 'rollcall-kek-test-'));
    const previous = join(folder, 'previous');
    await writeFile(previous, installation.kek, { mode: 0o600 });
    const first = await startVault({ ROLLCALL_KEK: installation.kek });
    ids = await seedSecrets(databases, installation.kek, count);
    await first.stop();
    vault = await startVault({ ROLLCALL_KEK: nextKek, ROLLCALL_KEK_PREVIOUS_FILE: previous });
  });
  afterAll(async () => {
    await vault.stop();
    await installation.close();
    await rm(folder, { recursive: true });
  });

  it('fails no lease, ends at 100 %, and every ciphertext opens under the new keys alone', async () => {
    const gateway = await installation.as('gateway');
    let isOver = false;
    let leased = 0;
    const failed: string[] = [];
    const load = Array.from({ length: 3 }, async (_, lane) => {
      for (let at = lane; !isOver; at += 7) {
        const id = ids[at % ids.length]!;
        try {
          if ((await lease(id)) !== `example-${id}`) failed.push(`${id}: another value`);
        } catch (error) {
          failed.push(`${id}: ${String(error)}`);
        }
        leased += 1;
      }
    });

    for (let kill = 0; kill < kills; kill += 1) {
      // Not waited for: the kill may come before its outcome, and then it is done by the next process.
      const key = `rotation ${kill}`;
      const rotation = installation.send(rotateKeys, { what: 'all' }, { key, waitMs: patienceMs });
      await waitFor(
        'the rotation to be under way',
        async () => {
          const command = gateway.commandSender.idOf('operator-1', key);
          return (
            (await databases.collection(dataKeys).findOne({ madeFor: command })) !== null &&
            (await underReplaced()) < texts
          );
        },
        patienceMs,
      );
      await vault.kill();
      await vault.restart();
      expect((await rotation).outcome.status).toBe('done');
    }
    await waitFor('everything to be under one key', async () => (await underReplaced()) === 0, patienceMs);
    await waitFor(
      'the rotation to be told as finished',
      async () => (await databases.collection(encryptionKeys).findOne())?.rotation?.finishedAt !== null,
      patienceMs,
    );
    isOver = true;
    await Promise.all(load);
    expect(failed).toEqual([]);
    expect(leased).toBeGreaterThan(kills);

    await vault.stop();
    vault = await startVault({ ROLLCALL_KEK: nextKek });
    const { outcome } = await installation.send(verifyKeys, {}, { waitMs: patienceMs });
    expect(outcome).toMatchObject({
      status: 'done',
      result: {
        unreadableDataKeys: [],
        checked: texts,
        unreadable: 0,
        useLog: { broken: 0, unchained: 0, entries: await databases.collection(useLog).countDocuments() },
      },
    });
  });

  it('never used a nonce twice, and counted every encryption before it was made (P26)', async () => {
    const stored = await databases.collection(ciphertexts).find().toArray();
    const nonces = stored.map(({ ciphertext }) => ciphertext.split('.')[2]);
    expect(new Set(nonces).size).toBe(count * 2);
    for (const { _id, reserved } of await databases.collection(dataKeys).find().toArray()) {
      const used = await databases.collection(ciphertexts).countDocuments({ dataKey: _id });
      expect(reserved).toBeGreaterThanOrEqual(used);
    }
  });
});
