import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runs } from '@rollcall/collections';
import { cancelRun } from '@rollcall/contracts';
import { rateBudgetCollection } from '@rollcall/egress';
import { waitFor } from '@rollcall/testing';

import { RunnerWorld } from './runner-world.js';

const hourSeconds = 3_600;

describe('a run whose vendor asks to wait for an hour (V1)', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(1_200);
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const parked = async (integration: string) => {
    world.simulator.control.addFaults([
      {
        vendor: 'lastpass',
        match: { operation: 'list', page: 2, times: 1 },
        fault: { kind: 'rate-limit', retryAfter: hourSeconds },
      },
    ]);
    await world.integration(integration);
    const id = await world.start(integration);
    await waitFor('the parked run', async () => (await world.getRun(id)).parkedUntil);
    return id;
  };
  /** For all who look at the run or at the budget of its credential. */
  const letTheHourPass = async (id: string) => {
    const { client, namespace } = world.databases;
    await rateBudgetCollection(client, namespace).deleteMany({});
    await world.databases.collection(runs).updateOne({ _id: id }, { $set: { 'lease.until': new Date() } });
  };

  it('is put aside with a named reason, and what it had read is taken back', async () => {
    const id = await parked('waits');
    const run = await world.getRun(id);
    const wait = Date.parse(run.parkedUntil!) - Date.now();
    expect(wait).toBeGreaterThan((hourSeconds - 60) * 1000);
    expect(wait).toBeLessThanOrEqual(hourSeconds * 1000);
    expect(run).toMatchObject({ state: 'reading', endedAt: null, reason: { code: 'vendor-rate-limited' } });
    expect(run.reason!.message).toMatch(/waits until .* and then reads everything again/);
    expect((await world.kinds('waits')).at(-1)).toBe('abort');
    await letTheHourPass(id);
    await world.map(id);
    const ended = await world.ended(id);
    expect(ended).toMatchObject({ state: 'completed', parkedUntil: null, reason: null, counts: { read: 1_200 } });
    expect(ended.lostHolders).toBe(0);
  }, 60_000);

  it('is cancelled at once, without waiting for the hour', async () => {
    const id = await parked('cancelled');
    await world.send(cancelRun, id, { run: id });
    expect(await world.ended(id)).toMatchObject({ state: 'cancelled', reason: { code: 'cancelled' } });
    expect((await world.getIntegration('cancelled')).openRun).toBeNull();
  }, 60_000);

  it('says so from the start when it is started during the pause, and by the same moment', async () => {
    const first = await parked('during');
    const { parkedUntil } = await world.getRun(first);
    await world.send(cancelRun, first, { run: first });
    await world.ended(first);
    const second = await world.start('during');
    const run = await waitFor('the parked run', async () => {
      const one = await world.getRun(second);
      return one.parkedUntil === null ? null : one;
    });
    expect(run.reason).toMatchObject({ code: 'vendor-rate-limited' });
    expect(Math.abs(Date.parse(run.parkedUntil!) - Date.parse(parkedUntil!))).toBeLessThan(5_000);
    await world.send(cancelRun, second, { run: second });
    await world.ended(second);
  }, 60_000);
});
