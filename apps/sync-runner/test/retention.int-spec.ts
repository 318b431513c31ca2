import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HeldPlanDocument, heldPlans, type RunDocument, runs } from '@rollcall/collections';
import { buildRun, TestEnvironment } from '@rollcall/testing';

import type { SyncRunnerConfig } from '../src/config.js';
import { RunRetention } from '../src/retention/run-retention.js';

const dayMs = 24 * 60 * 60_000;
const old = '2026-01-01T00:00:00.000Z';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await TestEnvironment.create();
  await environment.databases.ensure('sync-runner');
}, 60_000);
afterAll(async () => environment?.remove());

describe('runs of long ago', () => {
  it('are deleted in batches, beside those that something still rests on', async () => {
    const { databases } = environment;
    const run = (_id: string, overrides: Partial<RunDocument> = {}): RunDocument => ({
      ...buildRun({ _id, integration: 'acme', state: 'completed', scope: 'full' }),
      plannedAt: old,
      endedAt: old,
      ...overrides,
    });
    const undo = { requestedBy: 'ada', requestedAt: old, sentAt: null };
    await databases
      .collection(runs)
      .insertMany([
        ...Array.from({ length: 7 }, (_, at) => run(`old-${at}`)),
        run('held', { state: 'held' }),
        run('undone', { undo }),
        run('open', { state: 'reading', endedAt: null }),
        run('complete', { plannedAt: '2026-01-02T00:00:00.000Z' }),
        run('newest', { plannedAt: '2026-01-03T00:00:00.000Z', state: 'failed' }),
        run('recent', { integration: 'other', endedAt: '2027-01-01T00:00:00.000Z' }),
      ]);
    const plan = (_id: string, state: HeldPlanDocument['state']) =>
      ({ _id, state, run: _id, integration: 'acme', approvalRun: null, heldAt: new Date(old) }) as HeldPlanDocument;
    await databases.collection(heldPlans).insertMany([plan('held', 'open'), plan('old-1', 'rejected')]);

    const config = { RETENTION_RUNS_DAYS: 100 } as SyncRunnerConfig;
    const [plans, ended] = new RunRetention(databases, config).rules;
    const before = new Date(Date.parse(old) + dayMs);
    expect(await plans!.deleteBefore(before, 10)).toBe(1);
    expect(await ended!.deleteBefore(before, 3)).toBe(3);
    expect(await ended!.deleteBefore(before, 3)).toBe(3);
    expect(await ended!.deleteBefore(before, 3)).toBe(1);
    expect(await ended!.deleteBefore(before, 3)).toBe(0);
    expect((await databases.collection(runs).distinct('_id')).sort()).toEqual(
      ['complete', 'held', 'newest', 'open', 'recent', 'undone'].sort(),
    );
    expect(await databases.collection(heldPlans).distinct('_id')).toEqual(['held']);
  });
});
