import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { VendorError } from '@rollcall/connector-kit';
import { type RateBudget, RateBudgetError, type RateLimit } from '@rollcall/egress';

import { VendorEgress } from './vendor-egress.js';

const opened: VendorEgress[] = [];

function egressWith(factor: number, take: RateBudget['take'] = () => Promise.resolve()) {
  const budgets = { take: jest.fn(take), notBefore: jest.fn<RateBudget['notBefore']>() };
  const settings = { ALLOW_LOOPBACK: false, RATE_BUDGET_FACTOR: factor };
  const databases = { timeMs: () => 0 } as never;
  const egress = new VendorEgress(databases, settings, budgets);
  opened.push(egress);
  return { egress, budgets };
}

const limits: RateLimit = { capacity: 10, perSecond: 4 };

describe('the way to a vendor', () => {
  afterAll(() => Promise.all(opened.map((egress) => egress.onApplicationShutdown())));

  it.each([
    [1, limits],
    [0.5, { capacity: 5, perSecond: 2 }],
    [0.01, { capacity: 1, perSecond: 0.04 }],
    [100, { capacity: 1_000, perSecond: 400 }],
  ])('multiplies the rate budget by the factor %d, and lets one request pass at least', async (factor, expected) => {
    const { egress, budgets } = egressWith(factor);
    const waiting = { maxWaitMs: 7 };
    await egress.budget('c', limits, waiting).take();
    expect(budgets.take).toHaveBeenCalledWith('c', expected, waiting);
  });

  it('says like a vendor when there is room in the budget again', async () => {
    const full = new RateBudgetError('budget-wait-too-long', 'No room.', { retriable: true, details: { until: 42 } });
    const { egress } = egressWith(1, () => Promise.reject(full));
    const failure: unknown = await egress
      .budget('c', limits, {})
      .take()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(VendorError);
    expect(failure).toMatchObject({ code: 'vendor-rate-limited', retriable: true, details: { retryAt: 42 } });
  });

  it('says like a vendor that the caller stopped waiting for the budget', async () => {
    const { egress } = egressWith(1, () => Promise.reject(new RateBudgetError('aborted', 'Ended.')));
    await expect(egress.budget('c', limits, {}).take()).rejects.toMatchObject({ code: 'vendor-call-aborted' });
  });

  it('passes on what is no matter of the budget', async () => {
    const away = new Error('the database is away');
    const { egress } = egressWith(1, () => Promise.reject(away));
    await expect(egress.budget('c', limits, {}).take()).rejects.toBe(away);
  });

  it('leads to the host of the lease and to no other', async () => {
    const { egress } = egressWith(1);
    const port = egress.to('https://vendor.example.com/v1');
    const elsewhere = { method: 'GET', url: 'https://elsewhere.example.com/v1', headers: {} };
    await expect(port.request(elsewhere)).rejects.toMatchObject({ code: 'host-not-allowed' });
  });
});
