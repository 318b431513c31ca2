import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, credentials, messagingCollections, useLog } from '@rollcall/collections';
import {
  commandsTopicOf,
  createCredential,
  credentialChanged,
  credentialsTopic,
  deadLettersTopic,
  deleteCredential,
  type InputOf,
  requestLease,
  updateCredential,
} from '@rollcall/contracts';
import { forgetSecretValues, redactSecrets, registerSecretValue } from '@rollcall/observability';
import { generateSealKeyPair, openLease, unwrapSecret } from '@rollcall/secrets';

import { dumpDatabases, Installation, readTopic } from './installation.js';

const canary = (): string => `example-${randomBytes(12).toString('hex')}`;
const input = (overrides: Partial<InputOf<typeof createCredential>> = {}): InputOf<typeof createCredential> => ({
  id: randomUUID(),
  name: `Credential ${randomUUID()}`,
  connector: 'vendor-one',
  type: 'basic',
  baseUrl: null,
  secrets: {},
  ...overrides,
});

jest.setTimeout(60_000);

describe('credentials in the vault', () => {
  let installation: Installation;
  const planted: string[] = [];
  const plant = (): string => {
    const value = canary();
    planted.push(value);
    return value;
  };

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start();
  });
  afterAll(async () => {
    await installation.close();
  });

  const create = async (secrets: Record<string, string>, overrides = {}) => {
    const command = input(overrides);
    const { outcome } = await installation.send(createCredential, command, { secrets });
    expect(outcome).toMatchObject({ status: 'done' });
    return command.id;
  };
  const update = async (change: object, secrets?: Record<string, string>) =>
    (await installation.send(updateCredential, { ifVersion: null, ...change } as never, secrets ? { secrets } : {}))
      .outcome;
  const lease = async (credential: string, waitMs?: number) => {
    const pair = await generateSealKeyPair();
    const request = {
      credential,
      purpose: { kind: 'run' as const, reference: 'run-1' },
      publicKey: pair.publicKey,
      refused: null,
    };
    const sent = await installation.send(requestLease, request, { as: 'sync-runner', ...(waitMs && { waitMs }) });
    return { ...sent, pair };
  };
  const leasedFields = async (credential: string) => {
    const { outcome, commandId, pair } = await lease(credential);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    const material = await openLease({ privateKey: pair.privateKey, commandId, sealed: outcome.result.sealed });
    const fields = Object.entries(material.fields).map(([name, value]) => [name, unwrapSecret(value)]);
    return { ...material, fields: Object.fromEntries(fields) as Record<string, string> };
  };
  const refusedWith = (code: string) => ({ status: 'refused', error: { code } });

  it('gives back by lease exactly what was stored, a single space too (R6)', async () => {
    const username = plant();
    const id = await create({ username, password: ' ' });
    expect(await leasedFields(id)).toEqual({
      credential: id,
      secretVersion: 1,
      tokenVersion: null,
      advanced: false,
      connector: 'vendor-one',
      type: 'basic',
      baseUrl: 'https://api.one.example.com/v1',
      fields: { username, password: ' ' },
    });
  });

  it('seals a lease so that no other key and no other command opens it', async () => {
    const id = await create({ username: plant(), password: plant() });
    const { outcome, commandId, pair } = await lease(id);
    const { sealed } = (outcome as { result: { sealed: { enc: string; ct: string } } }).result;
    const other = await generateSealKeyPair();
    await expect(openLease({ privateKey: other.privateKey, commandId, sealed })).rejects.toThrow(/cannot be opened/);
    await expect(openLease({ privateKey: pair.privateKey, commandId: 'other', sealed })).rejects.toThrow();
  });

  it('publishes metadata and an event for each change, and raises both versions', async () => {
    const id = await create({ key: plant() }, { type: 'api-key' });
    await update({ id, name: `Renamed ${id}` });
    const replaced = await update({ id }, { key: plant() });
    expect(replaced).toMatchObject({ result: { credential: { version: 3, secretVersion: 2, secretFields: ['key'] } } });
    await installation.send(deleteCredential, { id });
    const gateway = await installation.as('gateway');
    const events = async () =>
      (await readTopic(gateway, credentialsTopic))
        .map(({ value }) => JSON.parse(value.toString()) as { subject: string; data: unknown })
        .filter(({ subject }) => subject === id)
        .map(({ data }) => credentialChanged.data.parse(data));
    await until(async () => (await events()).length === 4);
    expect(
      (await events()).map(({ change, credential }) => [change, credential.version, credential.secretVersion]),
    ).toEqual([
      ['created', 1, 1],
      ['updated', 2, 1],
      ['updated', 3, 2],
      ['deleted', 4, 2],
    ]);
  });

  it('destroys the ciphertexts with the credential', async () => {
    const id = await create({ username: plant(), password: plant() });
    await installation.send(deleteCredential, { id });
    const { databases } = await installation.as('gateway');
    expect(await databases.collection(ciphertexts).countDocuments({ credential: id })).toBe(0);
    expect(await databases.collection(credentials).findOne({ _id: id })).toBeNull();
    expect((await lease(id)).outcome).toMatchObject(refusedWith('credential-not-found'));
  });

  it('refuses fields that are missing, empty, the mask, unknown, or sealed for another command', async () => {
    const attempt = async (secrets: Record<string, string>) =>
      (await installation.send(createCredential, input(), { secrets })).outcome;
    expect(await attempt({ username: 'example' })).toMatchObject(refusedWith('missing-secret'));
    expect(await attempt({ username: 'example', password: '' })).toMatchObject(refusedWith('missing-secret'));
    expect(await attempt({ username: 'example', password: '[secret]' })).toMatchObject(refusedWith('missing-secret'));
    expect(await attempt({ username: 'example', password: plant(), pin: plant() })).toMatchObject(
      refusedWith('unknown-secret'),
    );
    const foreign = { username: { enc: 'AAAA', ct: 'AAAA' } };
    const { outcome } = await installation.send(createCredential, input({ secrets: foreign }));
    expect(outcome).toMatchObject(refusedWith('unreadable-secret'));
  });

  it('moves a secret to another host only together with its value (P21)', async () => {
    const id = await create({ username: plant(), password: plant() });
    const baseUrl = 'https://collector.example.org';
    expect(await update({ id, baseUrl })).toMatchObject(refusedWith('host-needs-secret'));
    expect(await update({ id, baseUrl }, { password: plant() })).toMatchObject(refusedWith('host-needs-secret'));
    expect(await update({ id, baseUrl: 'http://127.0.0.1:1' })).toMatchObject(refusedWith('host-not-allowed'));
    expect((await leasedFields(id)).baseUrl).toBe('https://api.one.example.com/v1');
    const secrets = { username: plant(), password: plant() };
    expect(await update({ id, baseUrl }, secrets)).toMatchObject({ status: 'done' });
    expect(await leasedFields(id)).toMatchObject({ baseUrl, secretVersion: 2, fields: secrets });
  });

  it('refuses a stale version, a taken name and a taken id', async () => {
    const name = `Credential ${randomUUID()}`;
    const id = await create({ key: plant() }, { type: 'api-key', name });
    const other = await create({ key: plant() }, { type: 'api-key' });
    expect(await update({ id, ifVersion: 7 })).toMatchObject(refusedWith('version-conflict'));
    expect(await update({ id: other, name })).toMatchObject(refusedWith('name-taken'));
    const again = await installation.send(createCredential, input({ id, type: 'api-key' }), {
      secrets: { key: plant() },
    });
    expect(again.outcome).toMatchObject(refusedWith('id-taken'));
  });

  it('does a command once however often it is sent or delivered (F1, F2)', async () => {
    const command = input({ type: 'api-key' });
    const send = () =>
      installation.send(createCredential, command, { secrets: { key: 'example-one-key' }, key: command.id });
    const first = await send();
    expect(await send()).toEqual(first);
    const gateway = await installation.as('gateway');
    const topic = commandsTopicOf('credential-vault');
    const delivered = (await readTopic(gateway, topic)).filter(({ key }) => key === command.id);
    const results = gateway.databases.collection(messagingCollections('credential-vault').commandResults);
    const before = await dumpDatabases(gateway);
    await gateway.publisher.publish(delivered.map((message) => ({ topic, ...message })));
    // The result of a later command of the same aggregate shows that the repeated ones were taken before it.
    const { commandId } = await installation.send(updateCredential, { id: command.id, ifVersion: 9 });
    await until(async () => (await results.findOne({ _id: commandId })) !== null);
    await results.deleteOne({ _id: commandId });
    expect(await dumpDatabases(gateway)).toBe(before);
  });

  it('is not stopped by a poison message, which is parked without its value', async () => {
    const gateway = await installation.as('gateway');
    const poison = randomUUID();
    const secret = plant();
    await gateway.publisher.publish([
      { topic: commandsTopicOf('credential-vault'), key: poison, value: `{"id":"${secret}` },
    ]);
    await create({ key: plant() }, { type: 'api-key', id: poison });
    await until(async () => (await readTopic(gateway, deadLettersTopic)).some(({ key }) => key === poison));
    const parked = (await readTopic(gateway, deadLettersTopic)).find(({ key }) => key === poison)!;
    expect(parked.headers['code']).toBe('command-not-authentic');
    expect(parked.value.toString() + JSON.stringify(parked.headers)).not.toContain(secret);
  });

  it('answers a lease only after its use is on record (P25, I11)', async () => {
    const id = await create({ key: plant() }, { type: 'api-key' });
    const { databases } = await installation.as('gateway');
    const log = databases.database('credential-vault');
    await log.command({ collMod: 'useLog', validator: { never: true } });
    const { outcome: without, commandId } = await lease(id, 2_000);
    expect(without.status).toBe('pending');
    await log.command({ collMod: 'useLog', validator: {} });
    const results = databases.collection(messagingCollections('credential-vault').commandResults);
    await until(async () => (await results.findOne({ _id: commandId })) !== null, 30_000);
    const [use, result] = [
      await databases.collection(useLog).findOne({ credential: id }),
      await results.findOne({ _id: commandId }),
    ];
    expect(use).toMatchObject({
      sender: 'sync-runner',
      purpose: { kind: 'run', reference: 'run-1' },
      host: 'api.one.example.com',
      secretVersion: 1,
    });
    expect(use!.at.getTime()).toBeLessThanOrEqual(result!.at.getTime());
  });

  it('refuses a lease to a key that is none', async () => {
    const id = await create({ key: plant() }, { type: 'api-key' });
    const request = {
      credential: id,
      purpose: { kind: 'check' as const, reference: 'x' },
      publicKey: 'AAAA',
      refused: null,
    };
    const { outcome } = await installation.send(requestLease, request, { as: 'sync-runner' });
    expect(outcome).toMatchObject(refusedWith('public-key-unusable'));
  });

  it('leaves no secret in any collection, topic or result, in any known form (P20, I10)', async () => {
    const gateway = await installation.as('gateway');
    const texts = [await dumpDatabases(gateway)];
    for (const topic of [commandsTopicOf('credential-vault'), credentialsTopic, deadLettersTopic]) {
      const messages = (await readTopic(gateway, topic)).map(
        ({ value, headers }) => `${value} ${JSON.stringify(headers)}`,
      );
      texts.push(
        // The poison message of this file was put there by hand, in clear text.
        ...messages.filter((text) => topic === credentialsTopic || !text.startsWith('{"id":"example-')),
      );
    }
    forgetSecretValues();
    for (const value of planted) registerSecretValue(value);
    const scan = texts.join('\n');
    expect(planted.length).toBeGreaterThan(10);
    expect(redactSecrets(scan)).toBe(scan);
    for (const leak of [planted[0]!, Buffer.from(`user:${planted[1]}`).toString('base64')]) {
      expect(redactSecrets(scan + leak)).not.toBe(scan + leak);
    }
  });
});

async function until(condition: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
