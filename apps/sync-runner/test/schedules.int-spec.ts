import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { integrations, runs as runDocuments } from '@rollcall/collections';
import { waitFor } from '@rollcall/testing';

import { RunnerWorld } from './runner-world.js';

const dayMs = 86_400_000;

describe('schedules', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(20);
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const setSlot = async (id: string, at: Date, set: Record<string, unknown> = {}) => {
    const slot = { nextSlotAt: at, nextRunAt: at.toISOString(), ...set };
    await world.databases.collection(integrations).updateOne({ _id: id }, { $set: slot });
  };

  const cancelAll = async () => {
    const all = world.databases.collection(runDocuments);
    await all.updateMany({}, { $set: { cancelRequested: true } });
    await waitFor('no open run', async () => (await all.countDocuments({ endedAt: null })) === 0);
  };

  it('that a wrong clock moved years ahead are moved back, and whoever watches them is told', async () => {
    const runner = await world.startRunner();
    await world.integration('ahead', { schedule: { cron: '0 3 * * *', zone: 'UTC' } });
    await world.stopRunner(runner);
    await setSlot('ahead', new Date(Date.now() + 400 * dayMs));

    const again = await world.startRunner();
    const moved = await waitFor('the slot', async () => {
      const integration = await world.getIntegration('ahead');
      return integration.nextSlotAt!.getTime() - Date.now() < dayMs ? integration : null;
    });
    expect(moved.nextSlotAt!.getUTCHours()).toBe(3);
    expect(moved.nextRunAt).toBe(moved.nextSlotAt!.toISOString());
    await waitFor('the event', async () => {
      const planned = (await world.runEvents()).filter(({ type }) => type === 'schedule.planned');
      const newest = planned.at(-1)!.data as unknown as { plannedAt: string };
      return newest.plannedAt === moved.nextRunAt;
    });
    await world.stopRunner(again);
  }, 90_000);

  it('that cannot be read any more keep no other integration from running', async () => {
    const runner = await world.startRunner();
    for (const id of ['broken', 'sound']) await world.integration(id, { schedule: { cron: '0 3 * * *', zone: 'UTC' } });
    await world.stopRunner(runner);
    const at = new Date(Date.now() - 60_000);
    await setSlot('broken', new Date(at.getTime() - 1_000), { schedule: { cron: '0 3 * * *', zone: 'Nowhere/Land' } });
    await setSlot('sound', at);

    const again = await world.startRunner();
    await waitFor('the run of the other one', async () => (await world.runsOf('sound')).length === 1);
    expect(await world.runsOf('broken')).toEqual([]);
    expect((await world.getIntegration('broken')).quarantine).toMatchObject({ reason: { code: 'invalid-schedule' } });
    await cancelAll();
    await world.stopRunner(again);
  }, 90_000);

  it('wait for what people start, even if they were due before', async () => {
    const runner = await world.startRunner({ RUN_CONCURRENCY: '1' });
    for (const id of ['first', 'slot', 'person']) await world.integration(id);
    const first = await world.start('first');
    await world.inState(first, 'judging');
    const at = new Date(Date.now() - 60_000);
    await setSlot('slot', at);
    await waitFor('the run of the slot', async () => (await world.runsOf('slot')).length === 1);
    const manual = await world.start('person');
    await world.reportMapped(first);
    await world.inState(manual, 'judging');
    expect((await world.runsOf('slot')).map(({ state }) => state)).toEqual(['planned']);
    await cancelAll();
    await world.stopRunner(runner);
  }, 90_000);

  it.each(['a@x-.example', `${'a'.repeat(65)}@example.com`, 'ada@exämple.com'])(
    'take no contact that mail can never reach, such as %s',
    async (email) => {
      const runner = await world.startRunner();
      await expect(world.integration('unreachable', { contacts: [{ name: 'Ada Example', email }] })).rejects.toThrow(
        'address',
      );
      await world.stopRunner(runner);
    },
    60_000,
  );
});
