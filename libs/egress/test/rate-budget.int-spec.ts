import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';

import { MongoRateBudgetStore, RateBudget, rateBudgetCollection } from '../src/index.js';

describe('RateBudget on MongoDB', () => {
  const namespace = `test_${randomUUID().slice(0, 8)}`;
  let client: MongoClient;

  beforeAll(async () => {
    client = await new MongoClient(process.env['MONGODB_URI']!).connect();
  });
  afterAll(async () => {
    await client.db(`${namespace}_egress`).dropDatabase();
    await client.close();
  });

  const budgets = (count: number): RateBudget[] =>
    Array.from({ length: count }, () => new RateBudget(new MongoRateBudgetStore(client, namespace)));

  it('gives the usable tokens of a full bucket once, however many processes ask at once (G5)', async () => {
    const id = randomUUID();
    const limit = { capacity: 20, perSecond: 0.001 };
    const outcomes = await Promise.allSettled(
      budgets(4).flatMap((budget) => Array.from({ length: 10 }, () => budget.take(id, limit, { maxWaitMs: 500 }))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
    const stored = await rateBudgetCollection(client, namespace).findOne({ _id: id });
    expect(stored!.version).toBe(16);
  });

  it('keeps the rate over several processes', async () => {
    const id = randomUUID();
    const startedAt = Date.now();
    await Promise.all(
      budgets(3).flatMap((budget) => Array.from({ length: 15 }, () => budget.take(id, { capacity: 5, perSecond: 50 }))),
    );
    // 45 tokens: 4 at once, 41 at 50 per second.
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(815);
  });

  it('goes on at once with a bucket that a wrong clock filled hours ahead, or paused for days', async () => {
    const id = randomUUID();
    const limit = { capacity: 5, perSecond: 50 };
    const [budget] = budgets(1);
    const buckets = rateBudgetCollection(client, namespace);
    const ahead = Date.now() + 3_600_000;
    await buckets.insertOne({ _id: id, tokens: 0, at: ahead, notBefore: 0, version: 0 });
    await budget!.take(id, limit, { maxWaitMs: 2_000 });
    await buckets.updateOne({ _id: id }, { $set: { tokens: 0, at: ahead, notBefore: Date.now() + 40 * 86_400_000 } });
    await budget!.take(id, limit, { maxWaitMs: 2_000 });
    expect((await buckets.findOne({ _id: id }))!.at).toBeLessThan(ahead - 3_500_000);
  });

  it('holds everybody back after a 429, also when the credential has no budget yet', async () => {
    const id = randomUUID();
    const [told, other] = budgets(2);
    const until = Date.now() + 400;
    await told!.notBefore(id, until);
    await other!.take(id, { capacity: 10, perSecond: 100 });
    expect(Date.now()).toBeGreaterThanOrEqual(until);
  });
});
