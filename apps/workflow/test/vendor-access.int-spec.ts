import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { credentials } from '@rollcall/collections';
import { type LeaseMaterial, reportCredential, type WorkflowRecord } from '@rollcall/contracts';
import { sentCommands, waitFor } from '@rollcall/testing';

import { vaultBook } from './test-vault.js';
import { block, byHand, definitionOf, WorkflowWorld } from './workflow-world.js';

let world: WorkflowWorld;

async function startWith(settings: Record<string, string>): Promise<void> {
  world = await WorkflowWorld.create({ DESTRUCTIVE_PER_HOUR: '500', DESTRUCTIVE_DAILY_PERCENT: '100', ...settings });
}

async function leave(): Promise<string> {
  const { left } = await world.leaver('jumpcloud');
  return world.publish('saas-user.deactivated', left, byHand);
}

const requests = () => world.simulator.control.ledger().filter(({ kind }) => kind === 'request').length;

describe('a rate budget that the installation has reduced', () => {
  beforeAll(() => startWith({ RATE_BUDGET_FACTOR: '0.0001' }), 90_000);
  afterAll(() => world.close(), 60_000);

  it('holds for the calls of workflows too: a call without room waits instead of being made', async () => {
    const unlocking = await world.activate(
      definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'unlock-user')),
    );
    const first = await leave();
    expect(await world.ended(first, unlocking)).toMatchObject({ steps: [{ state: 'done' }] });
    const second = await leave();
    const waiting = await waitFor('the second call to wait', async () => {
      const [step] = (await world.findRun(second, unlocking))?.steps ?? [];
      return step?.state === 'waiting' && step.attempts === 1 && step;
    });
    expect(waiting.message).toMatch(/rate budget has no room before/);
    expect(world.actions('jumpcloud')).toBe(1);
  }, 30_000);
});

describe('a lease that all harmless steps of a workflow use', () => {
  let reading: WorkflowRecord;
  let before: LeaseMaterial;

  const id = 'credential-jumpcloud';
  const stored = () => world.environment.databases.collection(credentials);
  const leasesTaken = () => vaultBook.purposes.filter(({ kind }) => kind === 'workflow').length;
  const step = async () => world.ended(await leave(), reading);

  beforeAll(async () => {
    await startWith({});
    before = vaultBook.materials.get(id)!;
    reading = await world.activate(definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'get-user')));
    await step();
  }, 90_000);
  afterEach(async () => {
    await stored().updateOne({ _id: id }, { $set: { baseUrl: before.baseUrl } });
    vaultBook.materials.set(id, before);
  });
  afterAll(() => world.close(), 60_000);

  it('is one for two runs', async () => {
    const taken = leasesTaken();
    expect(await step()).toMatchObject({ steps: [{ state: 'done' }] });
    expect(leasesTaken()).toBe(taken);
  });

  it('tells the vault once that a new secret works, while that keeps the one of before', async () => {
    const previous = { secretVersion: 0, secretFields: ['key'] };
    await stored().updateOne({ _id: id }, { $set: { previous } });
    await step();
    await step();
    await stored().updateOne({ _id: id }, { $set: { previous: null } });
    await step();
    const told = await waitFor('the report', async () => {
      const reports = await sentCommands(world.environment.kafka, reportCredential);
      return reports.length > 0 && reports;
    });
    expect(told).toEqual([{ credential: id, secretVersion: 1, refused: null }]);
  });

  it('ends when its credential is moved: the next step calls the new address', async () => {
    const moved = before.baseUrl.replace('127.0.0.1', 'localhost');
    expect(moved).not.toBe(before.baseUrl);
    vaultBook.materials.set(id, { ...before, baseUrl: moved });
    await stored().updateOne({ _id: id }, { $set: { baseUrl: moved } });
    const taken = leasesTaken();
    expect(await step()).toMatchObject({ steps: [{ state: 'done' }] });
    expect(leasesTaken()).toBe(taken + 1);
  });

  it('ends when its credential is deleted: the next step is refused and the vendor is not asked', async () => {
    await stored().deleteOne({ _id: id });
    vaultBook.materials.delete(id);
    const asked = requests();
    expect(await step()).toMatchObject({
      steps: [{ state: 'refused', message: expect.stringMatching(/Nothing was sent: There is no such credential/) }],
    });
    expect(requests()).toBe(asked);
  });
});
