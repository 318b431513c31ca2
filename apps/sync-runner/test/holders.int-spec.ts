import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { integrations, runs } from '@rollcall/collections';
import { waitFor } from '@rollcall/testing';

import { RunnerWorld, type SentMessage } from './runner-world.js';

const users = 6_000;
const hourMs = 3_600_000;

/** Generations in the order in which their START appears, and whether anything of an older one ends after it. */
function generationsOf(sent: readonly SentMessage[]): number[] {
  return sent.filter(({ message }) => message.k === 'start').map(({ message }) => message.g);
}

describe('runs and their holders', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(users);
    await world.startRunner();
    await world.startRunner();
  }, 90_000);

  afterEach(() => {
    world.simulator.control.settings({ latencyMs: 0 });
  });

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const expireLease = (id: string) =>
    world.databases
      .collection(runs)
      .updateOne({ _id: id }, { $set: { 'lease.until': new Date(0), 'lease.holder': 'a process that was killed' } });

  it('are held by one of two replicas: everything is sent once', async () => {
    const ids = ['one', 'two', 'three', 'four'];
    for (const id of ids) await world.integration(id);
    const started = await Promise.all(ids.map((id) => world.start(id)));
    await Promise.all(started.map((id) => world.map(id)));
    for (const [index, id] of started.entries()) {
      expect(await world.ended(id)).toMatchObject({ state: 'completed', lostHolders: 0 });
      const kinds = await world.kinds(ids[index]!);
      expect(kinds.filter((kind) => kind === 'start')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'end')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'records')).toHaveLength(users / 50);
    }
  }, 90_000);

  it('start again under a higher generation when their holder is lost, whose own work stops (A4, A5)', async () => {
    world.simulator.control.settings({ latencyMs: 250 });
    await world.integration('lost');
    const id = await world.start('lost');
    await world.inState(id, 'reading');
    await waitFor('the first page', async () => (await world.kinds('lost')).includes('records'));
    await expireLease(id);
    await world.map(id);
    expect(await world.ended(id)).toMatchObject({ state: 'completed', lostHolders: 1, counts: { read: users } });
    const sent = await world.sent('lost');
    const [first, second] = generationsOf(sent);
    expect(second).toBeGreaterThan(first!);
    const ends = sent.filter(({ message }) => message.k === 'end' || message.k === 'abort');
    expect(ends.map(({ message }) => message.g)).toEqual([second]);
    const startedAgain = sent.find(({ message }) => message.k === 'start' && message.g === second)!.offset;
    const late = sent.filter(({ message, offset }) => message.g === first && offset > startedAgain);
    // At most the page that was on its way: everything after it meets the lost lease.
    expect(late.length).toBeLessThanOrEqual(10);
  }, 90_000);

  it('fail after three lost holders, with ABORT of the generation that mapping reads (A5)', async () => {
    world.simulator.control.settings({ latencyMs: 250 });
    await world.integration('given-up');
    const id = await world.start('given-up');
    await waitFor('the first page', async () => (await world.kinds('given-up')).includes('records'));
    await world.databases.collection(runs).updateOne({ _id: id }, { $set: { lostHolders: 3 } });
    await expireLease(id);
    expect(await world.ended(id)).toMatchObject({
      state: 'failed',
      reason: { code: 'run-interrupted' },
      lostHolders: 4,
    });
    const sent = await world.sent('given-up');
    const aborted = sent.filter(({ message }) => message.k === 'abort').map(({ message }) => message.g);
    expect(aborted).toEqual([generationsOf(sent).at(-1)]);
  }, 90_000);

  it('keep generation and verdict when the holder is lost after END (A12)', async () => {
    await world.integration('after-end');
    const id = await world.start('after-end');
    await world.inState(id, 'judging');
    const { generation } = await world.getRun(id);
    await expireLease(id);
    await world.reportMapped(id);
    expect(await world.ended(id)).toMatchObject({ state: 'completed', generation, lostHolders: 1 });
    expect((await world.kinds('after-end')).filter((kind) => kind === 'start')).toHaveLength(1);
  }, 60_000);

  it('are handed over by a replica that stops, without counting it as lost', async () => {
    // Before the run: the start of a replica can take longer than the reading does.
    await world.startRunner();
    world.simulator.control.settings({ latencyMs: 500 });
    await world.integration('handed-over');
    const id = await world.start('handed-over');
    await waitFor('the first page', async () => (await world.kinds('handed-over')).includes('records'));
    const { lease, generation } = await world.getRun(id);
    const holder = world.replicas().find(({ infrastructure }) => infrastructure.replica === lease!.holder)!;
    await world.stopRunner(holder);
    await world.map(id);
    const run = await world.ended(id);
    expect(run).toMatchObject({ state: 'completed', lostHolders: 0 });
    expect(run.generation).toBeGreaterThan(generation);
  }, 90_000);
});

describe('slots', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(40);
    await world.startRunner();
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const due = async (id: string, at: Date) => {
    const set = { nextSlotAt: at, nextRunAt: at.toISOString() };
    await world.databases.collection(integrations).updateOne({ _id: id }, { $set: set });
    return waitFor('a run of the slot', async () => {
      const run = await world.getRun(`${id}.${at.toISOString()}`);
      return run as typeof run | null;
    });
  };

  it('become one run, whichever replica is faster, however many were missed (A2)', async () => {
    await world.integration('slots', { schedule: { cron: '0 * * * *', zone: 'Europe/Berlin' } });
    const run = await due('slots', new Date(Date.now() - 10 * hourMs));
    expect(run).toMatchObject({ kind: 'scheduled', requestedBy: null });
    await world.map(run._id);
    await world.ended(run._id);
    const next = (await world.getIntegration('slots')).nextSlotAt!;
    expect(next.getTime()).toBeGreaterThan(Date.parse(run.plannedAt) + 9 * hourMs);
    const missed = (await world.runsOf('slots')).filter(
      ({ plannedAt }) => Date.parse(plannedAt) < next.getTime() - hourMs,
    );
    expect(missed.map(({ _id }) => _id)).toEqual([run._id]);
  }, 60_000);

  it('are skipped with their reason while another run is open (A3)', async () => {
    await world.integration('busy');
    const open = await world.start('busy');
    await world.inState(open, 'judging');
    const skipped = await due('busy', new Date(Date.now() - 1_000));
    expect(skipped).toMatchObject({ state: 'skipped', reason: { code: 'run-still-open' } });
    expect(skipped.reason!.message).toContain(open);
    await expect(world.start('busy')).rejects.toThrow('run-still-open');
    await world.reportMapped(open);
    await world.ended(open);
    const events = (await world.runEvents()).filter(({ id }) => id === `runs/${skipped._id}/skipped`);
    expect(events).toHaveLength(1);
  }, 60_000);
});
