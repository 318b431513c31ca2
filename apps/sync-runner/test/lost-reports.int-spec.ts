import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readings } from '@rollcall/collections';
import type { RunReport } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { buildLine, RunnerWorld } from './runner-world.js';

describe('a run whose report does not come', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(40);
    await world.startRunner({ REPORT_WAIT_MS: '1500' });
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  /** What mapping keeps of a run that it reads. */
  const storeReading = async (run: string, reports: { mapped?: RunReport; swept?: RunReport } = {}) => {
    const { integration, generation, pinned, partition } = await world.getRun(run);
    const reading = {
      partition,
      generation,
      run,
      pinned: pinned!,
      activeAtStart: 40,
      state: 'ended' as const,
      tainted: null,
      mapped: null,
      swept: null,
      ...reports,
    };
    await world.databases.collection(readings).replaceOne({ _id: integration }, reading, { upsert: true });
  };

  it('goes on with the one that mapping stored, when its own database was restored from before', async () => {
    await world.integration('restored');
    const id = await world.start('restored');
    await world.inState(id, 'judging');
    const { generation } = await world.getRun(id);
    const mapped = world.mappedReport(await world.getRun(id));
    await storeReading(id, { mapped });
    expect(await world.ended(id)).toMatchObject({ state: 'completed', generation, counts: { read: 40 } });
  }, 60_000);

  it('is read again under a new generation when mapping does not move, and fails with words in the end', async () => {
    await world.integration('silent');
    const id = await world.start('silent');
    await world.inState(id, 'judging');
    const first = (await world.getRun(id)).generation;
    await waitFor('a new generation', async () => (await world.getRun(id)).generation > first);
    await world.inState(id, 'judging');
    expect(await world.getRun(id)).toMatchObject({ refetches: 1, lostHolders: 0 });
    const run = await world.ended(id);
    expect(run).toMatchObject({ state: 'failed', reason: { code: 'report-missing' }, refetches: 2 });
    expect((await world.getIntegration('silent')).openRun).toBeNull();
  }, 60_000);

  it('says its verdict again while mapping knows the run, and ends when mapping forgot it', async () => {
    await world.integration('swept');
    const good = await world.start('swept');
    await world.map(good);
    await world.ended(good);
    const id = await world.start('swept');
    const lines = [buildLine(0, { account: 'swept:gone-0' })];
    await world.map(id, {}, lines);
    await world.inState(id, 'sweeping');
    await storeReading(id);
    await waitFor('a second SWEEP', async () => (await world.kinds('swept')).filter((k) => k === 'sweep').length >= 2);
    await world.databases.collection(readings).deleteOne({ _id: 'swept' });
    const run = await world.ended(id);
    expect(run).toMatchObject({ state: 'completed-with-errors', counts: { deactivated: 0, staged: 1 } });
    expect(run.problems.map(({ code }) => code)).toContain('sweep-lost');
  }, 60_000);
});
