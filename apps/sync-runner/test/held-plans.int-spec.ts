import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, heldPlans, sweeps } from '@rollcall/collections';
import {
  approvePlan,
  type InputOf,
  type PlanLine,
  type RawMessageOf,
  rejectPlan,
  setGuardSettings,
  updateIntegration,
} from '@rollcall/contracts';
import { Background } from '@rollcall/service';
import { waitFor } from '@rollcall/testing';

import { HeldPlansService } from '../src/held-plans/held-plans.service.js';
import { buildLine, RunnerWorld } from './runner-world.js';

/** Whoever made the integrations is `person-test`, so somebody else approves. */
const approver = 'person-approver';
const users = 200;
const linesOf = (from: number, to: number, overrides: Partial<PlanLine> = {}) =>
  Array.from({ length: to - from }, (_, number) => buildLine(number, { ...named(from + number), ...overrides }));
const named = (number: number) => ({ account: `integration:gone-${number}`, vendorId: `gone-${number}` });

describe('deactivations that were held back', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(users);
    await world.startRunner();
    // So many accounts that the sum over all integrations stays out of the way of the tests that are not about it.
    const many = Array.from({ length: 4_000 }, (_, number) => ({ _id: `other:${number}`, app: 'other', active: true }));
    await world.databases.collection(accounts).insertMany(many as never);
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const plan = async (id: string) => (await world.databases.collection(heldPlans).findOne({ _id: id }))!;
  const good = async (integration: string) => {
    await world.integration(integration);
    const first = await world.start(integration);
    await world.map(first);
    await world.ended(first);
  };
  const heldRun = async (integration: string, lines: readonly PlanLine[]) => {
    const id = await world.start(integration);
    await world.map(id, { activeAtStart: users }, lines);
    const run = await world.ended(id);
    expect(run).toMatchObject({ state: 'held', heldPlan: expect.any(String) });
    return run.heldPlan!;
  };
  const approve = async (id: string, actor = approver, overrides: Partial<InputOf<typeof approvePlan>> = {}) => {
    const { hash } = await plan(id);
    return world.send(approvePlan, id, { plan: id, hash: hash!, note: null, holders: [], ...overrides }, actor);
  };

  it('are one plan while the same lines are held, and another one when other lines are (E3)', async () => {
    await good('same');
    const first = await heldRun('same', linesOf(0, 40));
    expect(await plan(first)).toMatchObject({
      state: 'open',
      runs: 1,
      staged: 40,
      activeAtStart: users,
      reasons: [{ code: 'too-many-deactivations' }],
      samples: linesOf(0, 20).map(({ vendorId }) => vendorId),
    });
    expect(await heldRun('same', linesOf(0, 40))).toBe(first);
    const again = await plan(first);
    expect(again).toMatchObject({ state: 'open', runs: 2 });
    expect(again.run).not.toBe(first);
    const other = await heldRun('same', linesOf(0, 41));
    expect(other).not.toBe(first);
    expect((await plan(first)).state).toBe('replaced');
    expect((await plan(other)).state).toBe('open');
  }, 60_000);

  it('are closed by a run that passes, and void when the integration reads something else (E3)', async () => {
    await good('closed');
    const first = await heldRun('closed', linesOf(0, 40));
    const passing = await world.start('closed');
    await world.map(passing);
    await world.ended(passing);
    expect((await plan(first)).state).toBe('closed');
    const second = await heldRun('closed', linesOf(0, 40));
    expect(second).not.toBe(first);
    await world.send(updateIntegration, 'closed', { id: 'closed', ifVersion: null, name: 'Another name' });
    expect((await plan(second)).state).toBe('open');
    await world.send(updateIntegration, 'closed', { id: 'closed', ifVersion: null, preference: 'update-only' });
    expect((await plan(second)).state).toBe('voided');
    await expect(approve(second)).rejects.toThrow(/held-plan-decided: .*changed since/);
  }, 60_000);

  it('are approved by somebody who did not change the integration, and by its hash (E4, P11)', async () => {
    await good('refused');
    const id = await heldRun('refused', linesOf(0, 40));
    await expect(approve(id, 'person-test')).rejects.toThrow(
      /approval-needs-another-person: You .*started run .*guard-settings/,
    );
    await expect(approve(id, approver, { hash: 'of another list' })).rejects.toThrow('held-plan-changed');
    const unknown = { plan: 'no-plan', hash: 'x', note: null, holders: [] };
    await expect(world.send(approvePlan, 'no-plan', unknown, approver)).rejects.toThrow('held-plan-not-found');
    await world.databases.collection(heldPlans).updateOne({ _id: id }, { $set: { expiresAt: new Date(0) } });
    await expect(approve(id)).rejects.toThrow(/held-plan-expired: .*seven days/);
    expect(await world.runsOf('refused')).toHaveLength(2);
    for (const { app } of world.replicas()) app.get(Background).wake(HeldPlansService);
    await waitFor('the plan to say that it expired', async () => (await plan(id)).state === 'expired', 5_000);
  }, 60_000);

  it('are swept by the run that the approval starts, without asking the vendor again, and whoever came back is shown', async () => {
    await good('approved');
    const id = await heldRun('approved', linesOf(0, 40));
    const held = (await plan(id)).run;
    const { plan: decided, run } = await approve(id, approver, { note: 'they left' });
    expect(decided).toMatchObject({ state: 'approved', decidedBy: approver, note: 'they left', approvalRun: run.id });
    expect(run).toMatchObject({ approves: id, requestedBy: approver, scope: 'full' });
    await expect(approve(id)).rejects.toThrow('held-plan-decided');

    const returned = { count: 1, samples: ['gone-39'] };
    await world.map(run.id, { activeAtStart: users, returned }, linesOf(0, 39, { approved: true }));
    const sent = await world.sent('approved');
    const start = sent.filter(({ message }) => message.k === 'start').at(-1)!.message as RawMessageOf<'start'>;
    expect(start.pinned.approvedPlan).toBe(held);
    await world.sweepOf('approved');
    await world.reportSwept(run.id, 39);
    expect(await world.ended(run.id)).toMatchObject({
      state: 'completed',
      verdict: { decision: 'pass', staged: 39, approved: 39, returned, refuted: [] },
    });
    expect((await plan(id)).state).toBe('closed');
    // What a person approved is no part of the sums.
    expect(await world.databases.collection(sweeps).findOne({ _id: run.id })).toMatchObject({ count: 0 });
  }, 60_000);

  it('do not let others through that nobody approved', async () => {
    await good('more');
    const id = await heldRun('more', linesOf(0, 40));
    const { run } = await approve(id);
    const lines = [...linesOf(0, 40, { approved: true }), ...linesOf(40, 60)].map((line, number) => ({
      ...line,
      number,
    }));
    await world.map(run.id, { activeAtStart: users }, lines);
    const ended = await world.ended(run.id);
    expect(ended).toMatchObject({ state: 'held', reason: { code: 'too-many-deactivations' } });
    expect(ended.reason!.message).toMatch(/^20 of 200 /);
    expect((await plan(id)).state).toBe('replaced');
    expect((await plan(ended.heldPlan!)).state).toBe('open');
  }, 60_000);

  it('are rejected once for all runs with the same lines', async () => {
    await good('rejected');
    const id = await heldRun('rejected', linesOf(0, 40));
    const { plan: decided } = await world.send(rejectPlan, id, { plan: id, note: 'a mistake of the vendor' }, approver);
    expect(decided).toMatchObject({ state: 'rejected', decidedBy: approver });
    expect(await heldRun('rejected', linesOf(0, 40))).toBe(id);
    await expect(approve(id)).rejects.toThrow(/held-plan-decided: This plan was rejected/);
  }, 60_000);

  it('are approved by the editor where the guard settings say so', async () => {
    await good('alone');
    const id = await heldRun('alone', linesOf(0, 40));
    const { settings } = await world.send(setGuardSettings, 'guard', { approvalByEditor: true }, 'person-admin');
    expect(settings).toMatchObject({ approvalByEditor: true });
    try {
      expect((await approve(id, 'person-test')).plan.state).toBe('approved');
    } finally {
      await world.send(setGuardSettings, 'guard', { approvalByEditor: false }, 'person-admin');
    }
  }, 60_000);

  it('follow the limit of the integration (P10)', async () => {
    await good('limit');
    const limit = { percent: 1, atLeast: 0, atMost: 1, weeklyPercent: 20 };
    await world.send(updateIntegration, 'limit', { id: 'limit', ifVersion: null, deactivationLimit: limit });
    const id = await heldRun('limit', linesOf(0, 3));
    expect((await plan(id)).reasons).toMatchObject([{ code: 'too-many-deactivations' }]);
  }, 60_000);

  it('come also from what other runs swept before, and two sweeps at once cannot both take the last room (P10)', async () => {
    // 4,000 accounts in all: 200 a day.
    const before = await world.databases.collection(sweeps).find().toArray();
    const swept = before.reduce((sum, { count }) => sum + count, 0);
    await world.databases
      .collection(sweeps)
      .insertOne({ _id: 'filler', integration: 'filler', at: new Date(), count: 200 - swept - 6 });
    await Promise.all(['race-a', 'race-b'].map(good));
    const runs = await Promise.all(['race-a', 'race-b'].map((integration) => world.start(integration)));
    await Promise.all(runs.map((id) => world.map(id, { activeAtStart: users }, linesOf(0, 5))));
    const winner = await waitFor('the sweep of one of them', async () => {
      const found = await Promise.all(runs.map((id) => world.getRun(id)));
      return found.find(({ state }) => state === 'sweeping')?._id;
    });
    await world.reportSwept(winner, 5);
    const ended = await Promise.all(runs.map((id) => world.ended(id)));
    expect(ended.map(({ state }) => state).sort()).toEqual(['completed', 'held']);
    const held = ended.find(({ state }) => state === 'held')!;
    expect(held.verdict!.reasons).toMatchObject([{ code: 'too-many-in-a-day' }]);
  }, 60_000);
});
