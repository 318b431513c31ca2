import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { updateIntegration } from '@rollcall/contracts';

import { RunnerWorld } from './runner-world.js';

const hourMs = 3_600_000;
const hourly = { cron: '0 * * * *', zone: 'UTC' };

describe('an integration whose runs fail again and again', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(20);
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const fail = async (id: string) => {
    world.simulator.control.addFaults([
      { vendor: 'lastpass', match: { times: 1 }, fault: { kind: 'status', status: 403 } },
    ]);
    const run = await world.ended(await world.start(id));
    expect(run).toMatchObject({ state: 'failed', reason: { code: 'vendor-forbidden' } });
  };
  const hoursToNextSlot = async (id: string) =>
    ((await world.getIntegration(id)).nextSlotAt!.getTime() - Date.now()) / hourMs;

  it('is tried less and less often, says why, and is back on its schedule after a run that reads well', async () => {
    await world.integration('slow', { schedule: hourly });
    for (const _ of [1, 2]) await fail('slow');
    expect(await world.getIntegration('slow')).toMatchObject({ failures: 2, quarantine: null });
    expect(await hoursToNextSlot('slow')).toBeLessThanOrEqual(1);
    await fail('slow');
    expect(await world.getIntegration('slow')).toMatchObject({
      quarantine: { failures: 3, reason: { code: 'vendor-forbidden' }, since: expect.any(String) },
    });
    expect(await hoursToNextSlot('slow')).toBeGreaterThan(5.9);
    await fail('slow');
    expect(await hoursToNextSlot('slow')).toBeGreaterThan(11.9);
    const planned = (await world.runEvents()).filter(({ type }) => type === 'schedule.planned');
    const newest = planned.at(-1)!.data as unknown as { plannedAt: string };
    expect(newest.plannedAt).toBe((await world.getIntegration('slow')).nextRunAt);

    const run = await world.start('slow');
    await world.map(run);
    await world.ended(run);
    expect(await world.getIntegration('slow')).toMatchObject({ failures: 0, quarantine: null });
    expect(await hoursToNextSlot('slow')).toBeLessThanOrEqual(1);
  }, 90_000);

  it('is back on its schedule as soon as a person changes it', async () => {
    await world.integration('mended', { schedule: hourly });
    for (const _ of [1, 2, 3]) await fail('mended');
    expect((await world.getIntegration('mended')).quarantine).not.toBeNull();
    await world.send(updateIntegration, 'mended', { id: 'mended', ifVersion: null, name: 'Mended' });
    expect(await world.getIntegration('mended')).toMatchObject({ failures: 0, quarantine: null });
    expect(await hoursToNextSlot('mended')).toBeLessThanOrEqual(1);
  }, 90_000);
});
