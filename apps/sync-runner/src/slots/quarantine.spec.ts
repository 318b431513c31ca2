import { describe, expect, it } from '@jest/globals';

import { afterRun, inOrder, type Lately } from './quarantine.js';

const now = new Date('2026-03-02T12:00:00Z');
const reason = { code: 'vendor-unavailable', message: 'Down.' };
const failed = (before: Lately, at = now) => afterRun(before, { state: 'failed', reason }, at);
const hoursUntil = ({ quarantine }: Lately, at = now) => (Date.parse(quarantine!.retryAt) - at.getTime()) / 3_600_000;

describe('an integration whose runs fail', () => {
  it('is in quarantine after the third in a row, and is tried after 6, 12, 24 and again 24 hours', () => {
    const [first, second] = [failed(inOrder), failed(failed(inOrder))];
    expect([first.quarantine, second.quarantine]).toEqual([null, null]);
    let lately = failed(second);
    expect(lately.quarantine).toEqual({
      since: now.toISOString(),
      reason,
      failures: 3,
      retryAt: '2026-03-02T18:00:00.000Z',
    });
    const waits = [1, 2, 3].map((hours) => {
      const at = new Date(now.getTime() + hours * 3_600_000);
      lately = failed(lately, at);
      return hoursUntil(lately, at);
    });
    expect(waits).toEqual([12, 24, 24]);
    expect(lately.quarantine).toMatchObject({ since: now.toISOString(), failures: 6 });
  });

  it.each(['completed', 'completed-with-errors', 'held'] as const)(
    'is in order again after one that ended %s',
    (state) => {
      expect(afterRun(failed(failed(failed(inOrder))), { state, reason: null }, now)).toEqual(inOrder);
    },
  );

  it.each(['cancelled', 'skipped'] as const)('is neither better nor worse after one that was %s', (state) => {
    const before = failed(failed(failed(inOrder)));
    const integration = { ...before, openRun: 'run-1' };
    expect(afterRun(integration, { state, reason: null }, now)).toEqual(before);
  });
});
