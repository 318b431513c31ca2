import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts } from '@rollcall/collections';
import { startUserRun } from '@rollcall/contracts';

import { RunnerWorld } from './runner-world.js';

describe('a run for one user (A8)', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(30);
    await world.startRunner();
    await world.integration('acme');
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const start = async (vendorId: string, username: string | null) =>
    (await world.send(startUserRun, 'acme', { integration: 'acme', vendorId, username })).run;
  const known = (vendorId: string, username: string) =>
    world.databases.collection(accounts).insertOne({
      _id: `acme:${vendorId}`,
      username,
      person: 'person-1',
      active: true,
      sourceStatus: 'active',
      error: null,
    } as never);

  it('reads one user alone, names them in START and END, and explains its five steps', async () => {
    const [account] = world.simulator.control.company().vendors['lastpass']!.accounts;
    await known(account!.id, account!.username);
    const before = await world.getIntegration('acme');
    const run = await start(account!.id, null);
    expect(run).toMatchObject({
      scope: 'none',
      subject: { vendorId: account!.id, username: account!.username, steps: [] },
    });
    await world.map(run.id, { counts: { updated: 1, unchanged: 0 } });
    const ended = await world.ended(run.id);
    expect(ended).toMatchObject({ state: 'completed', verdict: null, counts: { read: 1, updated: 1 } });
    expect(ended.subject!.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'connect done',
      'fetch done',
      'in-scope done',
      'match done',
      'act done',
    ]);
    const sent = (await world.sent('acme')).map(({ message }) => message);
    expect(sent).toMatchObject([
      { k: 'start', pinned: { scope: 'none' } },
      { k: 'records', u: [{ id: account!.id }] },
      { k: 'end', count: 1 },
    ]);
    // What full runs are compared with stays as it was.
    const { hasCompletedRun, lastGoodScope, activeByDay } = await world.getIntegration('acme');
    expect({ hasCompletedRun, lastGoodScope, activeByDay }).toEqual({
      hasCompletedRun: before.hasCompletedRun,
      lastGoodScope: before.lastGoodScope,
      activeByDay: before.activeByDay,
    });
  }, 60_000);

  it('says that the vendor has no such user, and changes nothing', async () => {
    const run = await start('no-such-id', 'nobody@example.com');
    await world.map(run.id, { counts: { unchanged: 0 } });
    const ended = await world.ended(run.id);
    expect(ended).toMatchObject({ state: 'completed', counts: { read: 0 } });
    expect(ended.subject!.steps.at(-1)).toMatchObject({ step: 'fetch', outcome: 'stopped' });
    expect((await world.sent('acme')).at(-1)!.message).toMatchObject({ k: 'end', count: 0 });
  }, 60_000);

  it('fails with the vendor’s reason like any run', async () => {
    world.simulator.control.addFaults([{ vendor: 'lastpass', match: { times: 1 }, fault: { kind: 'auth-error' } }]);
    const run = await start('no-such-id', 'nobody@example.com');
    expect(await world.ended(run.id)).toMatchObject({ state: 'failed', reason: { code: 'vendor-auth-rejected' } });
  }, 60_000);
});
