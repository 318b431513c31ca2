import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { credentials, integrations, mappings, type PeoplePlanDocument, peoplePlans, runs } from '@rollcall/collections';
import type { KeyHolder } from '@rollcall/contracts';

import { leavers, names, PeoplePlansWorld } from './people-plans-world.js';

jest.setTimeout(90_000);

/** A run of an authoritative integration brings eight people of forty who left: too many without a person. */
describe('a people plan that follows from a run', () => {
  let world: PeoplePlansWorld;
  let plan: PeoplePlanDocument;

  beforeAll(async () => {
    world = await PeoplePlansWorld.create();
    await world.read('mail', [...names('stays', 32), ...names('leaves', 8)]);
    await world.read('hr', names('stays', 12), {}, true);
    const change = { by: 'early', at: new Date(0), kind: 'changed' as const };
    const edits = [change, { by: 'ed', at: new Date(), kind: 'changed' as const }];
    await world.collection(integrations).updateOne({ _id: 'hr' }, { $set: { edits, credential: 'key' } });
    const secret = { by: 'sue', at: new Date(), kind: 'entered-secret' as const };
    await world.collection(credentials).insertOne({ _id: 'key', name: 'HR key', edits: [secret] } as never);
    const newest = (await world.collection(mappings).findOne({ integration: 'hr' }, { sort: { version: -1 } }))!;
    const version = newest.version + 1;
    await world
      .collection(mappings)
      .insertOne({ ...newest, _id: `hr/${version}`, version, by: 'max', createdAt: new Date() });
    const run = await world.read('hr', [...names('stays', 12), ...leavers('leaves', 8)]);
    plan = await world.plan('held');
    expect(plan).toMatchObject({ staged: 8, cause: { kind: 'run', run } });
    // It completed, and is no proof of what it read with: that is what its own plan asks about.
    await world.collection(runs).updateOne({ _id: run }, { $set: { requestedBy: 'rita', state: 'completed' } });
  });
  afterAll(() => world.remove());

  it.each([
    ['ed', 'changed the integration "hr"'],
    ['sue', 'entered secrets of the credential "HR key"'],
    ['max', 'changed the mapping of "hr"'],
    ['rita', 'started run hr-'],
  ])('is not approved by %s, who %s', async (actor, what) => {
    const { status, error } = (await world.approve(plan, actor)) as { status: string; error: { message: string } };
    expect(status).toBe('refused');
    expect(error).toMatchObject({ code: 'approval-needs-another-person' });
    expect(error.message).toContain(`You (${actor}) ${what}`);
  });

  it('is not approved with another key of one of them, and by whoever changed something before the last good run', async () => {
    const holders: KeyHolder[] = [
      { name: 'Ed', actors: ['ed', 'ed-2'], mayApprove: true },
      { name: 'Early', actors: ['early'], mayApprove: true },
    ];
    expect(await world.approve(plan, 'ed-2', plan.hash!, holders)).toMatchObject({
      error: { code: 'approval-needs-another-person', message: expect.stringContaining('may approve it: Early') },
    });
    expect(await world.approve(plan, 'early', plan.hash!, holders)).toMatchObject({ status: 'done' });
  });
});

describe('a people plan that follows from settings', () => {
  it('is not approved by whoever changed them, however long ago that is', async () => {
    const world = await PeoplePlansWorld.create();
    try {
      await world.read('mail', [...names('stays', 32), ...names('leaves', 8)]);
      await world.read('hr', [...names('stays', 12), ...leavers('leaves', 8)]);
      await world.mark('hr', true, 'ada');
      const plan = await world.plan('held');
      const early = new Date(Date.now() - 3 * 24 * 60 * 60 * 1000).toISOString();
      await world.collection(peoplePlans).updateOne({ _id: plan._id }, { $set: { createdAt: early } });
      expect(await world.approve(plan, 'ada')).toMatchObject({ error: { code: 'approval-needs-another-person' } });
      expect(await world.approve(plan, 'bo')).toMatchObject({ status: 'done' });
    } finally {
      await world.remove();
    }
  });
});
