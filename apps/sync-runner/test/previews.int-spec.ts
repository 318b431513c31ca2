import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { heldPlans, mappings, runs, sweeps } from '@rollcall/collections';
import {
  applyPreview,
  createIntegration,
  launchIntegration,
  previewRun,
  retryRun,
  undoRun,
  updateIntegration,
} from '@rollcall/contracts';

import { buildLine, credentialId, RunnerWorld } from './runner-world.js';

const users = 200;
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, number) =>
    buildLine(number, { account: `integration:gone-${number}`, vendorId: `gone-${number}` }),
  );

describe('a preview (E6)', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(users);
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const preview = async (integration: string) => (await world.send(previewRun, integration, { integration })).run;
  const apply = async (run: string) => (await world.send(applyPreview, run, { run })).run;
  const previewed = async (integration: string, staged = 0) => {
    const { id } = await preview(integration);
    await world.map(id, { activeAtStart: users }, linesOf(staged));
    return world.ended(id);
  };
  const good = async (integration: string) => {
    await world.integration(integration);
    const first = await world.start(integration);
    await world.map(first);
    await world.ended(first);
  };

  it('says what the guard would decide, and holds, reserves and sweeps nothing', async () => {
    await good('acme');
    const before = await world.getIntegration('acme');
    const run = await previewed('acme', 40);
    expect(run).toMatchObject({
      state: 'completed',
      scope: 'preview',
      verdict: {
        decision: 'hold',
        staged: 40,
        reasons: [{ code: 'too-many-deactivations' }, { code: 'too-many-in-a-day' }],
      },
      heldPlan: null,
    });
    expect(await previewed('acme', 3)).toMatchObject({ verdict: { decision: 'pass', staged: 3 } });
    expect(await world.databases.collection(heldPlans).countDocuments()).toBe(0);
    expect(await world.databases.collection(sweeps).countDocuments()).toBe(0);
    expect(await world.kinds('acme')).not.toContain('sweep');
    const { hasCompletedRun, lastGoodScope, activeByDay, failures, openRun } = await world.getIntegration('acme');
    expect({ hasCompletedRun, lastGoodScope, activeByDay, failures, openRun }).toEqual({
      hasCompletedRun: before.hasCompletedRun,
      lastGoodScope: before.lastGoodScope,
      activeByDay: before.activeByDay,
      failures: before.failures,
      openRun: null,
    });
    await expect(world.send(undoRun, run._id, { run: run._id, pause: false })).rejects.toThrow('run-changed-nothing');
  }, 60_000);

  it('can be made of a draft that is ready, and applied once that is launched', async () => {
    const input = { id: 'draft', connector: 'lastpass', load: null, name: 'Draft', credential: credentialId };
    await world.send(createIntegration, 'draft', { ...input, credential: null });
    await world.register('draft');
    await expect(preview('draft')).rejects.toThrow('It has no credential');
    await world.send(updateIntegration, 'draft', { id: 'draft', ifVersion: null, credential: credentialId });
    const run = await previewed('draft');
    expect(run).toMatchObject({ state: 'completed', initial: true });
    await expect(apply(run._id)).rejects.toThrow('integration-not-active');
    await world.send(launchIntegration, 'draft', { id: 'draft' });
    const applying = await apply(run._id);
    expect(applying).toMatchObject({ scope: 'full', applies: run._id, kind: 'manual' });
    await world.map(applying.id);
    expect(await world.ended(applying.id)).toMatchObject({ state: 'completed' });
    const start = (await world.sent('draft')).findLast(({ message }) => message.k === 'start')!.message;
    expect(start).toMatchObject({ pinned: { scope: 'full', appliedPlan: run._id } });
  }, 60_000);

  it('is made again, as any run is done again for what it was for', async () => {
    await good('again');
    const retry = async (run: string) => (await world.send(retryRun, run, { run })).run;
    const open = await preview('again');
    await expect(retry(open.id)).rejects.toThrow('run-not-ended');
    await world.map(open.id);
    await world.ended(open.id);
    const second = await retry(open.id);
    expect(second).toMatchObject({ scope: 'preview', state: 'planned' });
    await world.map(second.id);
    await world.ended(second.id);
    const applying = await apply(second.id);
    await world.map(applying.id);
    await world.ended(applying.id);
    const third = await retry(applying.id);
    expect(third).toMatchObject({ scope: 'full', applies: second.id });
    await world.map(third.id);
    await world.ended(third.id);
    const [first] = await world.runsOf('again');
    const full = await retry(first!._id);
    expect(full).toMatchObject({ scope: 'full', applies: null, subject: null });
    await world.map(full.id);
    await world.ended(full.id);
  }, 60_000);

  it('is not applied when it is none, unfinished, older than a day, or of other settings than now (E7)', async () => {
    await good('strict');
    const full = (await world.runsOf('strict'))[0]!;
    await expect(apply(full._id)).rejects.toThrow('not-a-preview');
    const open = await preview('strict');
    await expect(apply(open.id)).rejects.toThrow('preview-not-complete');
    await world.map(open.id, { activeAtStart: users });
    await world.ended(open.id);
    const set = (run: string, endedAt: Date) =>
      world.databases.collection(runs).updateOne({ _id: run }, { $set: { endedAt: endedAt.toISOString() } });
    await set(open.id, new Date(Date.now() - 24 * 60 * 60 * 1000 - 1000));
    await expect(apply(open.id)).rejects.toThrow('preview-expired');
    await set(open.id, new Date());
    const mapping = (await world.databases.collection(mappings).findOne({ _id: 'strict/1' }))!;
    await world.databases.collection(mappings).insertOne({ ...mapping, _id: 'strict/2', version: 2 });
    await expect(apply(open.id)).rejects.toThrow('preview-outdated');
    const newer = await previewed('strict');
    await world.send(updateIntegration, 'strict', { id: 'strict', ifVersion: null, preference: 'update-only' });
    await expect(apply(newer._id)).rejects.toThrow('preview-outdated');
  }, 60_000);
});
