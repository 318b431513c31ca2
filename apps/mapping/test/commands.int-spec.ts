import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accounts, apps, fields, mappings, settings } from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import {
  type CommandEnvelope,
  commandSignatureHeader,
  commandsTopicOf,
  createApp,
  deadLettersTopic,
  holdAccount,
  linkApp,
  observeAccount,
  protectAccount,
  registerIntegration,
} from '@rollcall/contracts';
import { type CommandSender, Publisher } from '@rollcall/messaging';
import { ServiceSigner } from '@rollcall/secrets';
import { buildUser, type RawRecordsDriver, readTopic, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(60_000);

describe('commands to mapping', () => {
  let fixture: MappingFixture;
  let driver: RawRecordsDriver;
  let gateway: CommandSender;
  let workflow: CommandSender;
  let syncRunner: CommandSender;
  let publisher: Publisher;
  let keys = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    driver = await fixture.integration('acme', { priority: 1 });
    await fixture.startMapping();
    [gateway, workflow, syncRunner] = await Promise.all([
      fixture.sender('gateway'),
      fixture.sender('workflow'),
      fixture.sender('sync-runner'),
    ]);
    publisher = new Publisher(fixture.environment.kafka);
    await driver.read('load', [buildUser('a'), buildUser('b'), buildUser('c')]);
    await driver.report('load', 'mapped');
  });

  afterAll(async () => {
    await publisher.close();
    await fixture.remove();
  });

  const options = <Input>(aggregate: string, input: Input, idempotencyKey = `key-${(keys += 1)}`) => ({
    aggregate,
    actor: 'operator',
    correlationId: 'test',
    idempotencyKey,
    input,
  });
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id)!;
  const observation = (finding: 'gone' | 'inactive' | 'active', observedAt: number, account = 'acme:a') => ({
    account,
    observedAt,
    finding,
    evidence: { workflowRun: 'w1', step: 's1', text: 'read back' },
  });

  it('brings nobody back by an account of which it is not settled whose it is', async () => {
    const observe = async (finding: 'gone' | 'active') => {
      const { outcome } = await workflow.send(
        observeAccount,
        options('acme:c', observation(finding, Date.now(), 'acme:c')),
      );
      return outcome;
    };
    const collection = fixture.environment.databases.collection(accounts);
    expect(await observe('gone')).toMatchObject({ result: { applied: true } });
    await collection.updateOne({ _id: 'acme:c' }, { $set: { dormant: true } });
    expect(await observe('active')).toMatchObject({ result: { applied: false } });
    expect(await accountOf('acme:c')).toMatchObject({ active: false });
    await collection.updateOne({ _id: 'acme:c' }, { $unset: { dormant: 1 } });
    expect(await observe('active')).toMatchObject({ result: { applied: true } });
  });

  it('applies an observation with its cause, clears the hash, and refuses older knowledge (B9, B10)', async () => {
    const at = Date.now();
    const { outcome } = await workflow.send(observeAccount, options('acme:a', observation('gone', at)));
    expect(outcome).toEqual({ status: 'done', result: { applied: true, revision: 2 } });
    expect(await accountOf('acme:a')).toMatchObject({ active: false, hash: null, deactivated: { run: null } });
    const person = (await fixture.people()).find(({ values }) => values['email'] === 'a@example.com');
    expect(person).toMatchObject({ active: false, revision: 2 });
    const older = await workflow.send(observeAccount, options('acme:a', observation('active', at - 1)));
    expect(older.outcome).toEqual({ status: 'done', result: { applied: false, revision: 2 } });
    await workflow.send(observeAccount, options('acme:a', observation('active', at + 1)));
    expect(await accountOf('acme:a')).toMatchObject({ active: true, deactivated: null, revision: 3 });
    await waitFor('the events of the commands', async () => (await ledgerFaults(fixture)).length === 0);
    const causes = (await fixture.events('saas-users')).filter(
      ({ subject, data }) => subject === 'acme:a' && data.revision > 1,
    );
    expect(
      causes.map(({ id, data }) => [/^saas-users\/c-[0-9a-z]{12}\//.test(id), 'cause' in data && data.cause]),
    ).toEqual([
      [true, expect.objectContaining({ kind: 'observation', workflowRun: 'w1', step: 's1' })],
      [true, expect.objectContaining({ kind: 'observation' })],
    ]);
  });

  it('answers a repetition with the stored result and has one effect only (F2)', async () => {
    const input = { account: 'acme:b', protected: true };
    const once = await gateway.send(protectAccount, options('acme:b', input, 'same'));
    const again = await gateway.send(protectAccount, options('acme:b', input, 'same'));
    expect(again.outcome).toEqual(once.outcome);
    expect(await accountOf('acme:b')).toMatchObject({ protected: true, revision: 2 });
    await expect(
      gateway.send(protectAccount, options('acme:b', { ...input, protected: false }, 'same')),
    ).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    expect(await accountOf('acme:b')).toMatchObject({ protected: true, revision: 2 });
  });

  it('refuses with the code of the command, and stores the refusal', async () => {
    const { outcome } = await gateway.send(protectAccount, options('acme:x', { account: 'acme:x', protected: true }));
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'account-not-found' } });
  });

  it('lifts a hold again, and then the next run decides', async () => {
    const hold = (value: boolean, active: boolean | null) =>
      gateway.send(holdAccount, options('acme:c', { account: 'acme:c', hold: value, active, reason: 'test' }));
    await hold(true, false);
    expect(await accountOf('acme:c')).toMatchObject({ active: false, hold: { by: 'operator', reason: 'test' } });
    await hold(false, null);
    expect(await accountOf('acme:c')).toMatchObject({ active: false, hold: null });
    await driver.read('after', [buildUser('a'), buildUser('b'), buildUser('c')]);
    await driver.report('after', 'mapped');
    expect(await accountOf('acme:c')).toMatchObject({ active: true });
  });

  it('add entries of Software > SaaS by hand, which are linked to the catalogue once (R31)', async () => {
    const send = async (command: typeof createApp | typeof linkApp, input: object) =>
      (await gateway.send(command, options('entry', input as never))).outcome;
    const entry = { id: 'entry', name: 'Password safe of Berlin', category: 'Security' };
    expect(await send(createApp, entry)).toMatchObject({
      status: 'done',
      result: { app: { ...entry, connector: null, linkedBy: 'person' } },
    });
    expect(await send(createApp, { ...entry, id: 'twin' })).toMatchObject({ error: { code: 'name-taken' } });
    const { catalogueId } = manifests['lastpass']!.app;
    expect(await send(linkApp, { id: 'entry', catalogueId: 'no-such-app' })).toMatchObject({
      error: { code: 'not-in-catalogue' },
    });
    expect(await send(linkApp, { id: 'nowhere', catalogueId })).toMatchObject({ error: { code: 'entry-not-found' } });
    expect(await send(linkApp, { id: 'entry', catalogueId })).toMatchObject({
      result: { app: { ...entry, connector: 'lastpass' } },
    });
    expect(await send(linkApp, { id: 'entry', catalogueId })).toMatchObject({ error: { code: 'app-linked' } });
    await fixture.environment.databases.collection(apps).deleteOne({ _id: 'entry' });
  });

  describe('that nobody may act on', () => {
    async function post(change: Partial<CommandEnvelope>, signedBy: 'gateway' | 'workflow' = 'gateway') {
      const envelope: CommandEnvelope = {
        id: `forged-${(keys += 1)}`,
        type: protectAccount.type,
        sender: 'gateway',
        actor: 'operator',
        correlationId: 'test',
        deadline: Date.now() + 60_000,
        aggregate: 'acme:c',
        bodyDigest: 'test',
        input: { account: 'acme:c', protected: true },
        ...change,
      };
      const signer = await ServiceSigner.load(fixture.environment.keysDirectory, signedBy);
      const value = Buffer.from(JSON.stringify(envelope));
      const headers = { [commandSignatureHeader]: signer.sign(value) };
      await publisher.publish([{ topic: commandsTopicOf('mapping'), key: 'acme:c', value, headers }]);
      // The next command of the same aggregate is behind it in the same partition.
      await gateway.send(protectAccount, options('acme:c', { account: 'acme:c', protected: false }));
      return envelope.id;
    }
    const resultOf = (id: string) => gateway.look({ owner: 'mapping', id, bodyDigest: 'test', deadline: Date.now() });
    const letters = async () => (await readTopic(fixture.environment.kafka, deadLettersTopic)).map((one) => one);

    it('comes too late: no effect, and no refusal is stored (F2, F4)', async () => {
      const id = await post({ deadline: Date.now() - 1 });
      expect(await resultOf(id)).toEqual({ status: 'pending' });
      expect(await letters()).toEqual([]);
    });

    it('has the signature of another service, or a sender that may not send it: a dead letter without its body (F1)', async () => {
      const { revision } = await accountOf('acme:c');
      await post({}, 'workflow');
      await post({ sender: 'workflow' }, 'workflow');
      await post({ type: 'account.destroy' });
      const parked = await letters();
      expect(parked.map(({ headers, value }) => [headers['code'], value])).toEqual(
        Array.from({ length: 3 }, () => ['command-not-authentic', '']),
      );
      expect(parked.map(({ headers }) => headers['reason']).sort()).toEqual([
        'mapping knows no command account.destroy',
        'the signature is not that of gateway',
        'workflow may not send account.protect',
      ]);
      expect(await accountOf('acme:c')).toMatchObject({ protected: false, revision });
    });
  });

  const register = (
    integration: string,
    connector: string,
    priority: number,
    more: { authoritative?: boolean; mappingOf?: string; content?: 'user'; chosenApp?: string } = {},
  ) => {
    const name = integration;
    const input = {
      integration,
      version: 1,
      connector,
      name,
      priority,
      authoritative: false,
      mappingOf: null,
      by: null,
      content: 'user-and-saas-user' as const,
      chosenApp: null,
      ...more,
    };
    return syncRunner.send(registerIntegration, options(integration, input));
  };

  it('gives a new integration its default mapping, its app and its place in the fold, once', async () => {
    const { databases } = fixture.environment;
    const { outcome } = await register('new', 'jumpcloud', 5);
    expect(outcome).toMatchObject({ status: 'done', result: { mappingVersion: 1 } });
    expect((await register('new', 'jumpcloud', 5)).outcome).toMatchObject({ result: { mappingVersion: 1 } });
    expect(await databases.collection(mappings).countDocuments({ integration: 'new' })).toBe(1);
    expect(await databases.collection(apps).find().toArray()).toMatchObject([
      { connector: 'jumpcloud', linkedBy: 'auto' },
    ]);
    const fold = await databases.collection(settings).findOne({ _id: 'fold' });
    expect(fold?.integrations['new']).toMatchObject({ priority: 5, authoritative: false });
    expect(await databases.collection(fields).countDocuments({ _id: 'email', unique: true })).toBe(1);
    expect((await register('bad', 'no-such-vendor', 1)).outcome).toMatchObject({
      status: 'refused',
      error: { code: 'unknown-connector' },
    });
  });

  it('makes no entry of an app for users alone, nor an empty second one where another was chosen (R25, R30)', async () => {
    const { databases } = fixture.environment;
    const entries = async () => (await databases.collection(apps).find().toArray()).map(({ _id }) => _id);
    const before = await entries();
    const alone = await register('alone', 'lever', 7, { content: 'user' });
    expect(alone.outcome).toMatchObject({ status: 'done', result: { app: null } });
    const chosen = await register('chosen', 'lever', 8, { chosenApp: 'by-hand' });
    expect(chosen.outcome).toMatchObject({ status: 'done', result: { app: 'by-hand' } });
    expect(await entries()).toEqual(before);
    const made = await register('alone', 'lever', 7);
    const app = (made.outcome as { result: { app: string } }).result.app;
    expect(await entries()).toEqual([...before, app]);
    await register('alone', 'lever', 7, { content: 'user' });
    expect(await entries()).toEqual(before);
  });

  it('keeps an entry that another integration wants or that users are in', async () => {
    const { databases } = fixture.environment;
    const entry = (id: string) => databases.collection(apps).findOne({ _id: id });
    const made = await register('first-of-two', 'lever', 7);
    const { app } = (made.outcome as { result: { app: string } }).result;
    await register('second-of-two', 'lever', 8);
    await register('first-of-two', 'lever', 7, { content: 'user' });
    expect(await entry(app)).not.toBeNull();
    const account = (await databases.collection(accounts).findOne({ _id: 'acme:a' }))!;
    await databases.collection(accounts).insertOne({ ...account, _id: 'lever:x', app });
    await register('second-of-two', 'lever', 8, { content: 'user' });
    expect(await entry(app)).not.toBeNull();
    await databases.collection(accounts).deleteOne({ _id: 'lever:x' });
    await register('second-of-two', 'lever', 8, { content: 'user' });
    expect(await entry(app)).toBeNull();
  });

  it('gives a clone the newest mapping of its model as its first one', async () => {
    const { databases } = fixture.environment;
    const model = await databases.collection(mappings).findOne({ integration: 'new' });
    const definition = { ...model!.definition, syncKeys: ['email'], customFields: [{ path: 'x', label: 'X' }] };
    await databases
      .collection(mappings)
      .insertOne({ _id: 'new/2', integration: 'new', version: 2, definition, createdAt: new Date() });
    expect((await register('twin', 'jumpcloud', 6, { mappingOf: 'new' })).outcome).toMatchObject({ status: 'done' });
    expect(await databases.collection(mappings).findOne({ integration: 'twin' })).toMatchObject({
      version: 1,
      definition,
    });
  });

  it('folds everybody again after the priority changed, without any run (D1)', async () => {
    const other = await fixture.integration('other', { priority: 2, partition: 1 });
    const users = Array.from({ length: 150 }, (_, index) => {
      const email = `r${index}@example.com`;
      return (title: string) => buildUser(`r${index}`, { raw: { email, name: email, title } });
    });
    await driver.read(
      'titles',
      users.map((user) => user('Acme')),
    );
    await driver.report('titles', 'mapped');
    await other.read(
      'others',
      users.map((user) => user('Other')),
    );
    await other.report('others', 'mapped');
    const titled = async (title: string) =>
      (await fixture.people()).filter(({ values }) => values['job_title'] === title).length;
    expect(await titled('Acme')).toBe(150);
    await register('acme', 'jumpcloud', 9);
    await waitFor('the refold', async () => (await titled('Other')) === 150);
    const refolded = (await fixture.people()).filter(({ values }) => values['job_title'] === 'Other');
    expect(refolded.every(({ provenance }) => provenance['job_title']!.startsWith('other:'))).toBe(true);
    await waitFor('the events of the refold', async () => (await ledgerFaults(fixture)).length === 0);
  });
});
