import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changes, guardSettings, type IntegrationDocument, integrations, peoplePlans } from '@rollcall/collections';
import { holdPerson, peoplePlansTopic, setSourcesOfTruth } from '@rollcall/contracts';
import { readTopic, waitFor } from '@rollcall/testing';

import { leavers, names, PeoplePlansWorld } from './people-plans-world.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(90_000);

/** Forty people in `mail`; of twenty of them `hr` has an account, which is inactive for eight. */
async function forty(): Promise<PeoplePlansWorld> {
  const world = await PeoplePlansWorld.create();
  await world.read('mail', [...names('stays', 32), ...names('leaves', 8)]);
  await world.read('hr', [...names('stays', 12), ...leavers('leaves', 8)]);
  return world;
}

describe('an integration that becomes authoritative, above the limit', () => {
  let world: PeoplePlansWorld;
  beforeAll(async () => {
    world = await forty();
  });
  afterAll(() => world.remove());

  const held = () => world.plan('held');
  const noFaults = () =>
    waitFor('events of every change', async () => (await ledgerFaults(world.fixture)).length === 0);

  it('is previewed: who would become inactive, and that the guard would hold them; nothing is written', async () => {
    const before = await world.fixture.people();
    const effect = await world.preview({ kind: 'integration', integration: 'hr', authoritative: true });
    expect(effect).toMatchObject({
      looked: 20,
      complete: true,
      becomeInactive: { count: 8 },
      becomeActive: { count: 0, samples: [] },
      guard: { decision: 'hold', reasons: [{ code: 'too-many-deactivations' }, { code: 'too-many-in-a-day' }] },
    });
    expect(effect.becomeInactive.samples.map(({ name }) => name).sort()).toEqual(names('leaves', 8));
    expect(await world.fixture.people()).toEqual(before);
    expect(await world.plans()).toEqual([]);
  });

  it('makes nobody inactive: they are in a plan that is held, and its contacts are told', async () => {
    await world.mark('hr', true, 'ada');
    const plan = await held();
    expect(plan).toMatchObject({
      staged: 8,
      active: 40,
      protected: 0,
      change: 'hr became authoritative.',
      changedBy: ['ada'],
      integrations: ['hr'],
      cause: { kind: 'settings' },
      reasons: [{ code: 'too-many-deactivations' }, { code: 'too-many-in-a-day' }],
    });
    expect((await world.lines(plan)).map(({ name, state }) => [name, state]).sort()).toEqual(
      names('leaves', 8).map((name) => [name, 'staged']),
    );
    expect(await world.inactive()).toEqual([]);
    const said = await waitFor('the event', async () => {
      const messages = await readTopic(world.fixture.environment.kafka, peoplePlansTopic);
      return messages.length > 0 && messages.map(({ value }) => JSON.parse(value) as { type: string; data: unknown });
    });
    expect(said).toEqual([
      expect.objectContaining({
        type: 'people-plan.held',
        data: { plan: expect.objectContaining({ id: plan._id, hash: plan.hash, integrations: ['hr'] }) },
      }),
    ]);
  });

  it('is approved by somebody else who names the list, and by nobody who made the change', async () => {
    const plan = await held();
    expect(await world.approve(plan, 'ada')).toMatchObject({ error: { code: 'approval-needs-another-person' } });
    expect(await world.approve(plan, 'bo', 'another hash')).toMatchObject({ error: { code: 'people-plan-changed' } });
    await world
      .collection(integrations)
      .updateOne(
        { _id: 'hr' },
        { $set: { edited: { by: 'cy', at: new Date() } } satisfies Partial<IntegrationDocument> },
      );
    expect(await world.approve(plan, 'cy')).toMatchObject({ error: { code: 'approval-needs-another-person' } });
    expect(await world.inactive()).toEqual([]);
    // Somebody who is held meanwhile stays as they are held.
    const kept = await world.person('leaves8');
    await world.send(holdPerson, kept._id, { person: kept._id, hold: true, active: true, reason: 'test' });
    expect(await world.approve(plan, 'bo')).toMatchObject({ status: 'done', result: { plan: { decidedBy: 'bo' } } });
    expect(await world.plan('executed')).toMatchObject({ deactivated: 7, stale: 1, executedAt: expect.any(String) });
    expect(await world.inactive()).toEqual(names('leaves', 7));
    const [line] = (await world.lines(plan)).filter(({ state }) => state === 'stale');
    expect(line).toMatchObject({ name: 'leaves8', reason: 'the person is held' });
    const person = await world.person('leaves1');
    expect(person).toMatchObject({ deactivated: { run: null, plan: plan._id } });
    const change = await world.collection(changes).findOne({ record: person._id, event: 'person.deactivated' });
    expect(change!.cause).toEqual({ kind: 'people-plan', plan: plan._id, from: 'settings', initial: false });
    expect(await world.approve(plan, 'bo')).toMatchObject({ error: { code: 'people-plan-decided' } });
    await noFaults();
  });

  it('is undone: exactly who is inactive by this plan comes back, and no later fold takes them again', async () => {
    const plan = await world.plan('executed');
    const gone = await world.person('leaves7');
    await world.send(holdPerson, gone._id, { person: gone._id, hold: true, active: false, reason: 'left' });
    expect(await world.undo(plan)).toMatchObject({ status: 'done' });
    expect(await world.plan('undone')).toMatchObject({ undo: { by: 'bo', reactivated: 6, left: 1 } });
    expect(await world.inactive()).toEqual(['leaves7']);
    expect((await world.lines(plan)).find(({ name }) => name === 'leaves7')).toMatchObject({
      state: 'left',
      reason: 'the person is held inactive',
    });
    await world.send(setSourcesOfTruth, 'fold', { ifVersion: null, sources: { job_title: ['mail'] } });
    await world.refolded();
    await world.read('mail', [...names('stays', 32), ...names('leaves', 8)]);
    expect(await world.inactive()).toEqual(['leaves7']);
    expect(await world.plans()).toHaveLength(1);
    expect(await world.undo(plan)).toMatchObject({ error: { code: 'people-plan-not-executed' } });
    await noFaults();
  });

  it('proposes them again when it is taken back and made again, and the other plan of the same people is one incident', async () => {
    const people = (await world.fixture.people()).filter(({ due }) => due !== undefined);
    expect(people).toHaveLength(6);
    await world.mark('hr', false);
    await world.refolded();
    expect((await world.fixture.people()).every(({ due }) => due === undefined)).toBe(true);
    await world.mark('hr', true);
    const first = await world.plan('held', 1);
    expect(first.staged).toBe(6);
    await world.mark('hr', false);
    await world.refolded();
    await world.plan('closed', 1);
    await world.mark('hr', true);
    const second = await world.plan('held', 2);
    expect([second.hash, second.incident]).toEqual([first.hash, first.incident]);
  });

  it('is rejected: they stay active, and the same change proposes them no more', async () => {
    const plan = await world.plan('held', 2);
    expect(await world.reject(plan, 'ada')).toMatchObject({ status: 'done', result: { plan: { state: 'rejected' } } });
    await world.read('hr', [...names('stays', 13), ...leavers('leaves', 8)]);
    await world.send(setSourcesOfTruth, 'fold', { ifVersion: null, sources: {} });
    await world.refolded();
    expect(await world.inactive()).toEqual(['leaves7']);
    expect(await world.plans()).toHaveLength(3);
  });
});

describe('a held people plan', () => {
  let world: PeoplePlansWorld;
  beforeAll(async () => {
    world = await forty();
  });
  afterAll(() => world.remove());

  it('may be approved by whoever made the change where the guard settings say so', async () => {
    await world.mark('hr', true, 'ada');
    const plan = await world.plan('held');
    await world
      .collection(guardSettings)
      .insertOne({ _id: 'guard', version: 2, approvalByEditor: true, reservations: 0 });
    expect(await world.approve(plan, 'ada')).toMatchObject({ status: 'done' });
    await world.plan('executed');
    expect(await world.inactive()).toEqual(names('leaves', 8));
    // A person takes it back by the setting too: whoever is active by it comes back, with nobody's approval.
    const effect = await world.preview({ kind: 'integration', integration: 'hr', authoritative: false });
    expect(effect).toMatchObject({ becomeInactive: { count: 0 }, becomeActive: { count: 8 } });
    await world.mark('hr', false, 'ada');
    await waitFor('everybody to be back', async () => (await world.inactive()).length === 0);
  });

  it('expires after seven days: its people stay active', async () => {
    await world.mark('hr', true, 'ada');
    const plan = await world.plan('held', 1);
    const week = 7 * 24 * 60 * 60 * 1000;
    expect(plan.expiresAt!.getTime() - Date.now()).toBeGreaterThan(week - 60_000);
    await world.collection(peoplePlans).updateOne({ _id: plan._id }, { $set: { expiresAt: new Date() } });
    await world.plan('expired', 1);
    expect(await world.approve(plan, 'bo')).toMatchObject({ error: { code: 'people-plan-expired' } });
    await world.read('mail', [...names('stays', 32), ...names('leaves', 8)]);
    expect(await world.inactive()).toEqual([]);
    expect(await world.plans()).toHaveLength(2);
  });
});
