import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { retirements, samples } from '@rollcall/collections';
import { holdAccount, linkAccount, retireIntegration } from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { replayWindowMs } from '../src/retirements/retirements.service.js';
import { MappingFixture } from './mapping-fixture.js';

jest.setTimeout(60_000);

const named = (id: string, email: string, name: string) => buildUser(id, { raw: { email, name } });

describe('an integration that is taken away', () => {
  let fixture: MappingFixture;
  let runner: CommandSender;
  let keys = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
    runner = await fixture.sender('sync-runner');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function read(driver: RawRecordsDriver, users: Parameters<RawRecordsDriver['read']>[1]): Promise<void> {
    const run = `${driver.integration}-${(keys += 1)}`;
    await driver.read(run, users);
    await driver.report(run, 'mapped');
  }
  async function retire(integration: string, data: 'keep' | 'clean') {
    const options = { actor: 'ada', correlationId: 'test', idempotencyKey: `key-${(keys += 1)}` };
    const { outcome } = await runner.send(retireIntegration, {
      ...options,
      aggregate: integration,
      input: { integration, data },
    });
    return outcome;
  }
  const collection = () => fixture.environment.databases.collection(retirements);
  const personOf = async (email: string) => (await fixture.people()).find(({ values }) => values['email'] === email)!;
  const own = async (integration: string) =>
    (await fixture.accounts()).filter((one) => one.integration === integration);

  it('leaves everything as it is but the samples of its vendor, unless its data shall go too', async () => {
    const driver = await fixture.integration('kept', { partition: 1 });
    await read(driver, [named('a', 'kept@example.com', 'Kept')]);
    const before = await own('kept');
    expect(await retire('kept', 'keep')).toMatchObject({ result: { accounts: 0 } });
    expect(await own('kept')).toEqual(before);
    expect(await fixture.environment.databases.collection(samples).findOne({ _id: 'kept' })).toBeNull();
    expect(await collection().countDocuments()).toBe(0);
  });

  it('takes its accounts out of people and apps, deactivates nobody who is active elsewhere, and says so (D7)', async () => {
    const gone = await fixture.integration('gone', { partition: 2, priority: 1 });
    const stays = await fixture.integration('stays', { partition: 3, priority: 2 });
    await read(gone, [named('1', 'both@example.com', 'From gone'), named('2', 'only@example.com', 'Only here')]);
    await read(stays, [named('1', 'both@example.com', 'From stays')]);
    expect((await personOf('both@example.com')).values['display_name']).toBe('From gone');
    expect(await retire('gone', 'clean')).toMatchObject({ result: { accounts: 2 } });
    await waitFor('all accounts to be retired', async () => (await collection().findOne({ _id: 'gone' }))?.isDone);

    for (const account of await own('gone')) {
      expect(account).toMatchObject({ active: false, person: null, app: null, retired: { by: 'ada' } });
    }
    const both = await personOf('both@example.com');
    expect(both).toMatchObject({
      active: true,
      values: { display_name: 'From stays' },
      keys: ['email:both@example.com'],
    });
    // Nobody says anything of them any more: they stay as they were (D2).
    expect(await personOf('only@example.com')).toMatchObject({ active: true, values: { display_name: 'Only here' } });
    const said = await waitFor('both to be said', async () => {
      const events = await fixture.events('saas-users');
      const removed = events.filter(({ type }) => type === 'saas-user.removed');
      return removed.length === 2 && events;
    });
    expect(said.filter(({ type }) => type === 'saas-user.deactivated')).toEqual([]);
    expect(said.find(({ type }) => type === 'saas-user.removed')!.data).toMatchObject({
      cause: { kind: 'retirement', integration: 'gone', actor: 'ada' },
    });
  });

  it('is not brought back by whoever comes late: an undo, an operator, a step of a workflow', async () => {
    const late = await fixture.integration('late', { partition: 4 });
    await read(late, [named('1', 'late1@example.com', 'One'), named('2', 'late2@example.com', 'Two')]);
    const g = await late.read('late-sweep', [named('1', 'late1@example.com', 'One')]);
    await late.report('late-sweep', 'mapped');
    await late.sweep('late-sweep', g);
    await retire('late', 'clean');
    await waitFor('all accounts to be retired', async () => (await collection().findOne({ _id: 'late' }))?.isDone);
    const before = await own('late');
    await late.undo('late-sweep');
    expect(await late.report('late-sweep', 'undone')).toMatchObject({ reactivated: 0, conflicts: 1 });
    const gateway = await fixture.sender('gateway');
    const account = 'late:1';
    const attempts = [
      { command: holdAccount, input: { account, hold: true, active: true, reason: 'test' } },
      { command: linkAccount, input: { account, person: null } },
    ];
    for (const { command, input } of attempts) {
      const idempotencyKey = `key-${(keys += 1)}`;
      const options = { actor: 'ada', correlationId: 'test', aggregate: account, idempotencyKey };
      const { outcome } = await gateway.send(command as typeof holdAccount, { ...options, input: input as never });
      expect(outcome).toMatchObject({ status: 'refused', error: { code: 'account-not-found' } });
    }
    expect(await own('late')).toEqual(before);
    await collection().deleteOne({ _id: 'late' });
  });

  it('loses its records when nobody can ask for them any more', async () => {
    expect(await own('gone')).toHaveLength(2);
    const longAgo = new Date(Date.now() - replayWindowMs - 1000);
    await collection().updateOne({ _id: 'gone' }, { $set: { at: longAgo } });
    await waitFor('the records to be removed', async () => (await own('gone')).length === 0, 20_000);
    await waitFor('nothing to be left to do', async () => (await collection().countDocuments()) === 0);
    expect(await own('stays')).toHaveLength(1);
  });
});
