import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawMessageOf } from '@rollcall/contracts';

import { buildLine, RunnerWorld } from './runner-world.js';
import { vaultBook } from './test-vault.js';

describe('a run from its start to its end', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(1_200);
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  it('sends START, every user once and END with the distinct count, into the partition of the integration (A5 to A10)', async () => {
    const integration = await world.integration('acme');
    const id = await world.start('acme');
    await world.map(id);
    const run = await world.ended(id);
    expect(run).toMatchObject({
      state: 'completed',
      initial: true,
      counts: { read: 1_200 },
      progress: { pages: 3, users: 1_200, total: 1_200, calls: 3 },
      verdict: { decision: 'pass' },
    });
    const sent = await world.sent('acme');
    expect(new Set(sent.map(({ partition }) => partition))).toEqual(new Set([integration.partition]));
    const kinds = sent.map(({ message }) => message.k);
    expect(kinds[0]).toBe('start');
    expect(kinds.at(-1)).toBe('end');
    expect(kinds.slice(1, -1).every((kind) => kind === 'records')).toBe(true);
    const records = sent.filter(({ message }) => message.k === 'records');
    const users = records.flatMap(({ message }) => (message as RawMessageOf<'records'>).u);
    expect(new Set(users.map((user) => user.id)).size).toBe(1_200);
    expect(records.every(({ message }) => (message as RawMessageOf<'records'>).u.length <= 50)).toBe(true);
    expect(sent.at(-1)!.message).toMatchObject({ k: 'end', count: 1_200, g: run.generation });
    const startedAt = Date.parse((sent[0]!.message as RawMessageOf<'start'>).pinned.startedAt);
    expect(records.every(({ askedAt }) => Number(askedAt) >= startedAt)).toBe(true);
    expect(vaultBook.purposes).toContainEqual({ kind: 'run', reference: id });
  }, 60_000);

  it('publishes each state of the run once and frees the integration', async () => {
    const integration = await world.getIntegration('acme');
    expect(integration).toMatchObject({ openRun: null, hasCompletedRun: true });
    const events = (await world.runEvents()).filter((event) => event.type.startsWith('run.'));
    expect(events.map(({ type, id }) => ({ type, id }))).toEqual(
      ['planned', 'reading', 'completed'].map((state, index) => ({
        type: ['run.planned', 'run.started', 'run.completed'][index],
        id: `runs/${integration.lastRun}/${state}`,
      })),
    );
  }, 30_000);

  it('names fields of the vendor that came or changed their type since the last good run', async () => {
    const control = world.simulator.control;
    const set = (id: string, field: string, value: unknown) => ({
      op: 'set-field' as const,
      vendor: 'lastpass',
      id,
      field,
      value,
    });
    const [first, second] = control.rawAccounts('lastpass');
    control.mutate([set(first!.id, 'cost_center', 'R7'), set(second!.id, 'username', 17)]);
    const drifted = await world.start('acme');
    await world.map(drifted);
    expect((await world.ended(drifted)).drift).toEqual([
      { path: 'cost_center', change: 'new', from: [], to: ['text'] },
      { path: 'username', change: 'retyped', from: ['text'], to: ['number', 'text'] },
    ]);
    const again = await world.start('acme');
    await world.map(again);
    expect(await world.ended(again)).toMatchObject({ drift: [], shape: null });
    control.mutate([set(second!.id, 'username', String(second!.record['username']))]);
  }, 60_000);

  it('confirms staged lines by id, writes the verdict before SWEEP, and ends after the swept report (A12, A13)', async () => {
    const id = await world.start('acme');
    const [present] = world.simulator.control.company().vendors['lastpass']!.accounts;
    const still = { account: `acme:${present!.id}`, vendorId: present!.id, username: present!.username };
    await world.map(id, {}, [buildLine(0), buildLine(1), buildLine(2, still)]);
    await world.sweepOf('acme');
    expect(await world.getRun(id)).toMatchObject({
      state: 'sweeping',
      verdict: { decision: 'pass', staged: 3, refuted: [still.account], planHash: expect.stringContaining('hash of') },
    });
    await world.reportSwept(id, 2, 1);
    expect(await world.ended(id)).toMatchObject({
      state: 'completed-with-errors',
      counts: { deactivated: 2, stale: 1 },
      problems: [{ code: 'absence-refuted', count: 1 }],
    });
  }, 60_000);
});
