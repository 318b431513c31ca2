import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelRun, type PlanLine, undoRun } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { LeaseLost } from '../src/runs/runs.errors.js';
import { RunsService } from '../src/runs/runs.service.js';
import { buildLine, RunnerWorld } from './runner-world.js';

const linesOf = (count: number, overrides: Partial<PlanLine> = {}) =>
  Array.from({ length: count }, (_, number) => buildLine(number, overrides));

describe('what becomes of a run that was read completely', () => {
  let world: RunnerWorld;
  let runs: RunsService;

  beforeAll(async () => {
    world = await RunnerWorld.create(200);
    runs = (await world.startRunner()).app.get(RunsService);
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  /** An integration with a good run behind it, and a new run waiting for its report. */
  const judged = async (id: string) => {
    await world.integration(id);
    const first = await world.start(id);
    await world.map(first);
    expect((await world.ended(first)).state).toBe('completed');
    const run = await world.start(id);
    await world.inState(run, 'judging');
    return run;
  };

  it('is held with named rules when too many would be deactivated, and nothing is swept (P10)', async () => {
    const run = await judged('too-many');
    await world.reportMapped(run, {}, linesOf(40));
    expect(await world.ended(run)).toMatchObject({
      state: 'held',
      reason: { code: 'too-many-deactivations' },
      verdict: { decision: 'hold', staged: 40, activeAtStart: 240 },
      counts: { staged: 40, deactivated: 0 },
    });
    expect(await world.kinds('too-many')).not.toContain('sweep');
    expect((await world.getIntegration('too-many')).openRun).toBeNull();
  }, 60_000);

  it('is held for a protected account (G7)', async () => {
    const run = await judged('protected');
    await world.reportMapped(run, {}, linesOf(1, { protected: true }));
    expect(await world.ended(run)).toMatchObject({ state: 'held', reason: { code: 'protected-account' } });
  }, 60_000);

  it('fails and is aborted when mapping saw something else (B18)', async () => {
    const run = await judged('incomplete');
    const reason = { code: 'message-lost', message: 'A message of this run was lost. Start the run again.' };
    await world.reportMapped(run, { result: 'incomplete', reason, counts: { created: 7 } });
    expect(await world.ended(run)).toMatchObject({ state: 'failed', reason, counts: { created: 7 }, verdict: null });
    expect((await world.kinds('incomplete')).at(-1)).toBe('abort');
  }, 60_000);

  it('fails when the vendor contradicts the listing for more than three of the staged (A13)', async () => {
    const present = world.simulator.control.company().vendors['lastpass']!.accounts.slice(0, 4);
    const run = await judged('contradicted');
    const lines = present.map(({ id, username }, number) => buildLine(number, { vendorId: id, username }));
    await world.reportMapped(run, {}, lines);
    expect(await world.ended(run)).toMatchObject({
      state: 'failed',
      reason: { code: 'read-incomplete' },
      verdict: null,
    });
    expect(await world.kinds('contradicted')).not.toContain('sweep');
  }, 60_000);

  it('lets lines without a clear answer wait, and names them', async () => {
    const run = await judged('unclear');
    await world.reportMapped(run, {}, [buildLine(0), buildLine(1, { username: null })]);
    await world.sweepOf('unclear');
    expect((await world.getRun(run)).verdict?.refuted).toEqual([buildLine(1).account]);
    await world.reportSwept(run, 1, 1);
    expect(await world.ended(run)).toMatchObject({
      state: 'completed-with-errors',
      problems: [{ code: 'confirmation-unclear', count: 1 }],
    });
  }, 60_000);

  it('is not swept after a change, counts as the good run, and the next one is judged (A13)', async () => {
    await world.integration('changed');
    const first = await world.start('changed');
    await world.map(first, {}, linesOf(3));
    expect(await world.ended(first)).toMatchObject({
      state: 'completed',
      verdict: { decision: 'not-swept', reasons: [{ code: 'first-after-change' }] },
    });
    const second = await world.start('changed');
    await world.map(second, {}, linesOf(3));
    await world.sweepOf('changed');
    await world.reportSwept(second, 3);
    expect(await world.ended(second)).toMatchObject({ state: 'completed', counts: { deactivated: 3 } });
  }, 60_000);

  it('ends with errors when single users were rejected, and is good all the same', async () => {
    const run = await judged('rejected');
    const problems = [{ code: 'email-missing', message: 'No e-mail.', count: 1, samples: ['u1'] }];
    await world.reportMapped(run, { counts: { rejected: 1 }, problems });
    expect(await world.ended(run)).toMatchObject({ state: 'completed-with-errors', problems });
  }, 60_000);

  it('has one verdict: a second one, and one of another generation, is refused (A12, A4)', async () => {
    const id = await judged('verdict');
    const run = await world.getRun(id);
    const hold = { run: id, holder: run.lease!.holder, generation: run.generation };
    const verdict = {
      decision: 'hold' as const,
      reasons: [],
      activeAtStart: 1,
      staged: 1,
      approved: 0,
      samples: [],
      returned: null,
      refuted: [],
      planHash: null,
      decidedAt: new Date().toISOString(),
    };
    await expect(runs.change({ ...hold, generation: run.generation - 1 }, run, 'held', { verdict })).rejects.toThrow(
      LeaseLost,
    );
    await expect(runs.change({ ...hold, holder: 'somebody else' }, run, 'held', { verdict })).rejects.toThrow(
      LeaseLost,
    );
    const outcomes = await Promise.allSettled([
      runs.change(hold, run, 'held', { verdict }),
      runs.change(hold, run, 'failed', { reason: { code: 'x', message: 'x' } }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }, 60_000);

  it('keeps the first report of a kind and ignores those of an older generation and of ended runs (A11)', async () => {
    const id = await judged('reports');
    const run = await world.getRun(id);
    const swept = {
      kind: 'swept' as const,
      run: id,
      integration: 'reports',
      deactivated: 1,
      stale: 0,
      peopleDeactivated: 1,
    };
    await runs.storeReport({ ...swept, generation: run.generation });
    await runs.storeReport({ ...swept, generation: run.generation, deactivated: 2 });
    expect((await world.getRun(id)).reports[`${run.generation}:swept`]).toMatchObject({ deactivated: 1 });
    await world.reportMapped(id);
    await world.ended(id);
    await runs.storeReport({ ...swept, generation: run.generation + 1 });
    expect(Object.keys((await world.getRun(id)).reports)).not.toContain(`${run.generation + 1}:swept`);
  }, 60_000);

  it('can be cancelled before its sweep, which sends ABORT', async () => {
    const run = await judged('cancelled');
    await world.send(cancelRun, 'cancelled', { run });
    expect(await world.ended(run)).toMatchObject({ state: 'cancelled', reason: { code: 'cancelled' } });
    expect((await world.kinds('cancelled')).at(-1)).toBe('abort');
    await expect(world.send(cancelRun, 'cancelled', { run })).rejects.toThrow('run-ended');
  }, 60_000);

  it('cannot be cancelled while it is swept', async () => {
    const run = await judged('sweeping');
    await world.reportMapped(run, {}, linesOf(1));
    await world.sweepOf('sweeping');
    await expect(world.send(cancelRun, 'sweeping', { run })).rejects.toThrow('run-sweeping');
    await world.reportSwept(run, 1);
    expect((await world.ended(run)).state).toBe('completed');
  }, 60_000);

  it('can be undone once it has ended (E5)', async () => {
    const id = await judged('undone');
    const undo = () => world.send(undoRun, 'undone', { run: id, pause: false });
    await expect(undo()).rejects.toThrow('run-not-ended');
    await world.reportMapped(id);
    await world.ended(id);
    await undo();
    await waitFor('UNDO', async () => (await world.kinds('undone')).at(-1) === 'undo');
  }, 60_000);
});
