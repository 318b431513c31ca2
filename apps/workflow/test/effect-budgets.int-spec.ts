import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccountDocument, effectBudgets } from '@rollcall/collections';
import { waitFor } from '@rollcall/testing';

import { type BudgetWindow, mostCallsPerPerson } from '../src/intents/effect-budget.js';
import { EffectBudgetsRepository } from '../src/intents/effect-budgets.repository.js';
import { block, byHand, definitionOf, WorkflowWorld } from './workflow-world.js';

let world: WorkflowWorld;
let budgets: EffectBudgetsRepository;
beforeAll(async () => {
  world = await WorkflowWorld.create({ DESTRUCTIVE_PER_HOUR: '8', DESTRUCTIVE_DAILY_PERCENT: '100' });
  budgets = new EffectBudgetsRepository(world.environment.databases);
}, 90_000);
afterAll(() => world.close(), 60_000);

const collection = () => world.environment.databases.collection(effectBudgets);
const endsAt = new Date('2030-01-02T00:00:00Z');
const windowOf = (id: string, limit: number, callsPerPerson: number | null = null): BudgetWindow => {
  return { id, limit, callsPerPerson, endsAt, name: `limit of ${id}` };
};
const take = (windows: BudgetWindow[], person: string, intent: string) =>
  budgets.take(windows, { person, intent }, new Date());
const countOf = async (id: string) => (await collection().findOne({ _id: id }))?.people ?? 0;

describe('the budget of people acted on destructively (P12)', () => {
  it('counts a person once, however many calls there are on them', async () => {
    const windows = [windowOf('w1', 2)];
    for (let call = 1; call <= 11; call += 1) expect(await take(windows, 'ada', `intent-${call}`)).toBeNull();
    expect(await countOf('w1')).toBe(1);
    expect(await take(windows, 'bea', 'intent-1')).toBeNull();
    expect(await take(windows, 'carl', 'intent-1')).toEqual({ name: 'limit of w1', endsAt });
    expect(await take(windows, 'ada', 'intent-12')).toBeNull();
    expect(await countOf('w1')).toBe(2);
  });

  it('counts nobody anywhere when one of its windows is full', async () => {
    const windows = [windowOf('w2', 5), windowOf('w3', 0)];
    expect(await take(windows, 'ada', 'intent')).toMatchObject({ name: 'limit of w3' });
    expect(await countOf('w2')).toBe(0);
  });

  it('lets in as many people as its limit says when all come at once', async () => {
    const windows = [windowOf('w4', 7), windowOf('w5', 100)];
    const people = Array.from({ length: 12 }, (_, number) => `person-${number}`);
    const taken = await Promise.all(people.flatMap((one) => [take(windows, one, 'a'), take(windows, one, 'b')]));
    expect(taken.filter((reached) => reached === null)).toHaveLength(14);
    expect([await countOf('w4'), await countOf('w5')]).toEqual([7, 7]);
  }, 60_000);

  it('bounds the calls on one person, where the same intent again is no further call', async () => {
    const windows = [windowOf('w6', 5, mostCallsPerPerson)];
    for (let call = 1; call <= mostCallsPerPerson; call += 1) await take(windows, 'ada', `intent-${call}`);
    expect(await take(windows, 'ada', `intent-${mostCallsPerPerson}`)).toBeNull();
    expect(await take(windows, 'ada', 'one more')).toMatchObject({ name: expect.stringMatching(/on one person/) });
    expect(await take(windows, 'bea', 'one more')).toBeNull();
  });

  it('reads counters of the time when calls were counted, as so many people', async () => {
    await collection().insertOne({ _id: 'w7', used: 3, at: new Date() });
    const windows = [windowOf('w7', 4)];
    expect(await take(windows, 'ada', 'intent')).toBeNull();
    expect(await take(windows, 'bea', 'intent')).toMatchObject({ name: 'limit of w7' });
    expect(await collection().findOne({ _id: 'w7' })).toMatchObject({ used: 3, people: 4 });
  });
});

describe('workflows', () => {
  const username = { username: '{{accounts.lastpass.username}}' };

  it('act on a leaver with all their blocks, though fewer people than blocks are allowed', async () => {
    const blocks = Array.from({ length: 11 }, (_, number) => ({
      ...block('lastpass', 'reset-password', username),
      id: `step-${number}`,
    }));
    const workflow = await world.activate(definitionOf('person.deactivated', null, ...blocks));
    const { account, person } = await world.store('lastpass', world.take('lastpass'));
    const ended = await world.ended(await world.publishPerson(person, byHand), workflow);
    expect(ended.state).toBe('completed');
    expect(world.effects('lastpass', account.vendorId)).toHaveLength(11);
    const hour = await collection().findOne({ _id: { $regex: `^workflow:${workflow.id}/.*T[0-9]+$` } });
    expect(hour).toMatchObject({ people: 1 });
    await world.pause(workflow.id);
  }, 60_000);

  it('act on as many people an hour as the limit says, whatever workflow it is, and hold the next one', async () => {
    const workflow = await world.activate(
      definitionOf(
        'person.deactivated',
        null,
        block('lastpass', 'delete-user', { username: '{{accounts.lastpass.username}}' }),
      ),
    );
    const started: { account: AccountDocument; event: string }[] = [];
    for (let number = 0; number < 8; number += 1) {
      const { account, person } = await world.store('lastpass', world.take('lastpass'));
      started.push({ account, event: await world.publishPerson(person, byHand) });
    }
    const runs = await waitFor('seven ends and one wait', async () => {
      const found = await Promise.all(started.map(({ event }) => world.findRun(event, workflow)));
      const settled = found.filter((run) => run?.state === 'completed' || run?.state === 'waiting');
      return settled.length === started.length && settled;
    });
    const held = runs.filter((run) => run?.state === 'waiting');
    expect(held).toHaveLength(1);
    expect(held[0]!.steps[0]!.message).toMatch(/8 people an hour for destructive steps (at lastpass|in all)/);
    const deleted = started.filter(({ account }) => world.effects('lastpass', account.vendorId).includes('delete'));
    expect(deleted).toHaveLength(7);
  }, 60_000);
});
