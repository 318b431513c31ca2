import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runs as runDocuments } from '@rollcall/collections';
import { waitFor } from '@rollcall/testing';

import { RunnerWorld, type WorldVendor } from './runner-world.js';

const lever: WorldVendor = {
  connector: 'lever',
  type: 'basic',
  basePath: '/v1',
  fields: ({
    credentials: {
      lever: { apiKey },
    },
  }) => Promise.resolve({ username: apiKey, password: ' ' }),
};
const integrations = Array.from({ length: 10 }, (_, index) => `team-${index}`);

describe('ten integrations on one key of a vendor that allows ten calls a second (G5)', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(950, lever);
    const runner = () => world.startRunner({ RUN_CONCURRENCY: '5' });
    await Promise.all([runner(), runner()]);
    for (const id of integrations) await world.integration(id);
  }, 120_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  it('are all read by two replicas at once, and the vendor refuses nobody', async () => {
    const runs = await Promise.all(integrations.map((id) => world.start(id)));
    await waitFor('both replicas reading', async () => {
      const holders = await world.databases.collection(runDocuments).distinct('lease.holder', { state: 'reading' });
      return holders.length === 2;
    });
    await Promise.all(runs.map((id) => world.map(id)));
    const ended = await Promise.all(runs.map((id) => world.ended(id)));
    expect(ended.map(({ state, counts }) => ({ state, read: counts?.read }))).toEqual(
      integrations.map(() => ({ state: 'completed', read: 950 })),
    );

    const asked = world.simulator.control.ledger().flatMap((entry) => (entry.kind === 'request' ? [entry] : []));
    expect(asked.filter(({ operation }) => operation === 'list').length).toBeGreaterThanOrEqual(100);
    expect(asked.filter(({ status }) => status === 429)).toEqual([]);
  }, 120_000);
});
