import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { people, type PeoplePlanDocument, peoplePlans } from '@rollcall/collections';
import type { Cause, WorkflowRecord } from '@rollcall/contracts';

import { block, byHand, bySweep, definitionOf, WorkflowWorld } from './workflow-world.js';

const windowMs = 3_000;

let world: WorkflowWorld;
let byPerson: WorkflowRecord;
let byAccount: WorkflowRecord;
beforeAll(async () => {
  world = await WorkflowWorld.create({
    DESTRUCTIVE_PER_HOUR: '500',
    DESTRUCTIVE_DAILY_PERCENT: '100',
    UNDO_WINDOW_MS: String(windowMs),
  });
  const remove = block('jumpcloud', 'delete-user');
  byPerson = await world.activate(definitionOf('person.deactivated', null, remove));
  byAccount = await world.activate(definitionOf('saas-user.deactivated', 'lastpass', remove));
}, 90_000);
afterAll(() => world.close());

const plans = () => world.environment.databases.collection(peoplePlans);
const executedNow = () => ({ state: 'executed' as const, executedAt: new Date().toISOString() });

/** Somebody whom a people plan made inactive; mapping is played by its collections. */
async function leaver(state: PeoplePlanDocument['state'] | null = 'executing') {
  const plan = randomUUID();
  if (state !== null) await plans().insertOne({ _id: plan, state, executedAt: null } as PeoplePlanDocument);
  const { account, person } = await world.store('jumpcloud', world.take('jumpcloud'));
  const deactivated = { run: null, time: new Date().toISOString(), plan };
  await world.environment.databases.collection(people).updateOne({ _id: person._id }, { $set: { deactivated } });
  const event = await world.publishPerson(
    { ...person, deactivated },
    {
      kind: 'people-plan',
      plan,
      from: 'settings',
      initial: false,
    },
  );
  return { plan, account, person, event };
}

const effects = (vendorId: string) => world.effects('jumpcloud', vendorId);
/** When the call was noted, which is right before it is made. */
const calledAt = async (event: string, workflow: WorkflowRecord) => {
  const run = await world.ended(event, workflow);
  expect(run).toMatchObject({ state: 'completed', steps: [{ state: 'done' }] });
  return (await world.intentOf(run))!.attempts[0]!.startedAt.getTime();
};

describe('a destructive step after a people plan', () => {
  it('waits until the plan is carried out and the time for undoing it is over', async () => {
    const { plan, account, event } = await leaver();
    await world.waiting(event, byPerson, /is carried out/);
    const { executedAt, ...rest } = executedNow();
    await plans().updateOne({ _id: plan }, { $set: { executedAt, ...rest } });
    await world.waiting(event, byPerson, /can be undone/);
    expect(effects(account.vendorId)).toEqual([]);
    expect(await calledAt(event, byPerson)).toBeGreaterThanOrEqual(Date.parse(executedAt) + windowMs);
    expect(effects(account.vendorId)).toEqual(['delete']);
  });

  it('does nothing when the plan is undone meanwhile: the person is active again', async () => {
    const { plan, person, account, event } = await leaver();
    await plans().updateOne({ _id: plan }, { $set: executedNow() });
    await world.waiting(event, byPerson, /can be undone/);
    await plans().updateOne({ _id: plan }, { $set: { state: 'undone' } });
    await world.environment.databases
      .collection(people)
      .updateOne({ _id: person._id }, { $set: { active: true, deactivated: null } });
    expect(await world.ended(event, byPerson)).toMatchObject({ state: 'completed', steps: [{ state: 'skipped' }] });
    expect(effects(account.vendorId)).toEqual([]);
  });

  it('is refused for whom the undo left inactive, and when the plan is not known', async () => {
    for (const state of ['undone', null] as const) {
      const { account, event } = await leaver(state);
      expect(await world.ended(event, byPerson)).toMatchObject({ state: 'failed', steps: [{ state: 'refused' }] });
      expect(effects(account.vendorId)).toEqual([]);
    }
  });
});

describe('a destructive step after a deactivation that a person can take back', () => {
  it('waits for the window too: a person held inactive by hand', async () => {
    const { account, person } = await world.store('jumpcloud', world.take('jumpcloud'));
    const before = Date.now();
    const event = await world.publishPerson(person, byHand);
    await world.waiting(event, byPerson, /can be undone/);
    expect(effects(account.vendorId)).toEqual([]);
    expect(await calledAt(event, byPerson)).toBeGreaterThanOrEqual(before + windowMs);
  });

  it.each<[string, Cause]>([
    ['an account held inactive by hand', byHand],
    ['whatever earlier versions of mapping did inline', { kind: 'refold', version: 3 }],
  ])('waits for the window too: %s', async (_name, cause) => {
    const { left, target } = await world.leaver('jumpcloud');
    const event = await world.publish('saas-user.deactivated', left, cause);
    await world.waiting(event, byAccount, /can be undone/);
    await world.change(left, { active: true, deactivated: null });
    expect(await world.ended(event, byAccount)).toMatchObject({ state: 'completed', steps: [{ state: 'skipped' }] });
    expect(effects(target.vendorId)).toEqual([]);
  });

  it('waits for the window of its run after a sweep, and not at all after the vendor’s own word', async () => {
    const run = await world.run();
    const swept = await world.leaver('jumpcloud', run);
    const sweep = await world.publish('saas-user.deactivated', swept.left, bySweep(run));
    await world.waiting(sweep, byAccount, /can be undone/);
    const observed = await world.leaver('jumpcloud');
    const event = await world.publish('saas-user.deactivated', observed.left, {
      kind: 'observation',
      command: 'c',
      workflowRun: 'w',
      step: 's',
    });
    expect((await world.ended(event, byAccount)).steps).toMatchObject([{ state: 'done' }]);
    expect((await world.findRun(event, byAccount))!.waitAnnounced ?? false).toBe(false);
  });
});
