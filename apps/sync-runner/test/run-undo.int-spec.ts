import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunDocument, sweeps } from '@rollcall/collections';
import { type PlanLine, type UndoCounts, undoRun, updateIntegration } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { buildLine, RunnerWorld } from './runner-world.js';

const linesOf = (count: number): PlanLine[] => Array.from({ length: count }, (_, number) => buildLine(number));
const counts: UndoCounts = {
  restored: 4,
  unlinked: 0,
  takenBack: 2,
  reactivated: 3,
  deactivated: 0,
  skipped: 1,
  conflicts: 1,
};

describe('an undo of a run', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(200);
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  /** A run that swept `staged` accounts, after a good one. */
  async function swept(integration: string, staged: number): Promise<RunDocument> {
    await world.integration(integration);
    const first = await world.start(integration);
    await world.map(first);
    await world.ended(first);
    const run = await world.start(integration);
    await world.map(run, {}, linesOf(staged));
    await world.sweepOf(integration);
    await world.reportSwept(run, staged);
    return world.ended(run);
  }
  async function reported({ _id: run, integration, generation }: RunDocument, overrides: Partial<UndoCounts> = {}) {
    await world.report({ kind: 'undone', run, integration, generation, ...counts, ...overrides });
    return waitFor('the undo to be told', async () => {
      const now = await world.getRun(run);
      return now.undone?.doneAt ? now : null;
    });
  }
  const sweptBy = async (run: string) => (await world.databases.collection(sweeps).findOne({ _id: run }))?.count;

  it('is told by the run: who asked for it, what came of it, and what the next run will do', async () => {
    const run = await swept('told', 1);
    const { run: asked } = await world.send(undoRun, 'told', { run: run._id, pause: false });
    expect(asked.undone).toMatchObject({ requestedBy: 'person-test', paused: false, doneAt: null, counts: null });
    expect(asked.undone!.afterwards).toContain('writes the same values again');
    await waitFor('UNDO', async () => (await world.kinds('told')).at(-1) === 'undo');
    expect((await world.getIntegration('told')).deactivate).toMatchObject({
      enabled: true,
      onHold: true,
      heldBy: { run: run._id, by: 'person-test' },
    });
    expect((await reported(run)).undone).toMatchObject({ counts });
    await waitFor('the event', async () => {
      const events = await world.runEvents();
      return events.some(({ type, data }) => type === 'run.undone' && data.run.id === run._id);
    });
  }, 60_000);

  it('is done once: a second one is refused with who did it, when, and with what result', async () => {
    const run = await swept('once', 1);
    await world.send(undoRun, 'once', { run: run._id, pause: false });
    const again = () => world.send(undoRun, 'once', { run: run._id, pause: false });
    await expect(again()).rejects.toThrow('run-already-undone: Run');
    await expect(again()).rejects.toThrow('still being carried out');
    const { undone } = await reported(run);
    await expect(again()).rejects.toThrow(`by person-test at ${undone!.requestedAt}: 3 accounts are active again`);
    await reported(run, { restored: 99 });
    expect((await world.getRun(run._id)).undone!.counts).toEqual(counts);
  }, 60_000);

  it('is no news when nobody asked for it', async () => {
    const run = await swept('forged', 1);
    await world.report({
      kind: 'undone',
      run: run._id,
      integration: 'forged',
      generation: run.generation,
      ...counts,
    });
    const other = await swept('after-forged', 1);
    await world.send(undoRun, 'after-forged', { run: other._id, pause: false });
    await reported(other);
    expect((await world.getRun(run._id)).undone).toBeNull();
    expect((await world.getRun(run._id)).reports).not.toHaveProperty(`${run.generation}:undone`);
  }, 60_000);

  it('pauses the integration in the same step, if asked', async () => {
    const run = await swept('paused', 1);
    const { run: asked } = await world.send(undoRun, 'paused', { run: run._id, pause: true });
    expect(asked.undone).toMatchObject({ paused: true });
    expect(asked.undone!.afterwards).toContain('before you launch or run it again');
    expect(await world.getIntegration('paused')).toMatchObject({
      state: 'paused',
      nextRunAt: null,
      deactivate: { onHold: true },
    });
  }, 60_000);

  it('takes the deactivations out of the sums of the guard that it took back', async () => {
    const run = await swept('sums', 3);
    expect(await sweptBy(run._id)).toBe(3);
    await world.send(undoRun, 'sums', { run: run._id, pause: false });
    await reported(run, { reactivated: 2 });
    expect(await sweptBy(run._id)).toBe(1);
  }, 60_000);

  it('keeps later runs from sweeping, and they say so, until Deactivate is turned on again', async () => {
    const run = await swept('on-hold', 1);
    await world.send(undoRun, 'on-hold', { run: run._id, pause: false });
    const later = await world.start('on-hold');
    await world.map(later);
    expect(await world.ended(later)).toMatchObject({
      state: 'completed',
      verdict: {
        decision: 'not-swept',
        reasons: [{ code: 'deactivate-on-hold', message: expect.stringContaining(run._id) }],
      },
    });
    await world.send(updateIntegration, 'on-hold', { id: 'on-hold', ifVersion: null, deactivate: true });
    expect((await world.getIntegration('on-hold')).deactivate).toEqual({ enabled: true, onHold: false });
    const good = await world.start('on-hold');
    await world.map(good);
    expect(await world.ended(good)).toMatchObject({ verdict: { decision: 'pass', reasons: [] } });
  }, 60_000);
});
