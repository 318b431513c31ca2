import { describe, expect, it } from '@jest/globals';
import type { UserPage } from '@rollcall/connector-kit';
import type { RunProgress } from '@rollcall/contracts';

import { ProgressMeter } from './progress-meter.js';

const page = (users: number, total: number | null = null) =>
  ({ users: new Array(users).fill({}), total, last: false, askedAt: 0, digest: '' }) as unknown as UserPage;

const noon = Date.UTC(2026, 0, 5, 12);

describe('the progress of a run', () => {
  it('is noted with the first page, then once a second', async () => {
    const noted: RunProgress[] = [];
    let now = 0;
    const meter = new ProgressMeter(
      (progress) => {
        noted.push(progress);
        return Promise.resolve();
      },
      () => noon,
      () => now,
    );
    meter.begin();
    for (const at of [0, 400, 999, 1_000, 1_500, 2_000]) {
      now = at;
      meter.called();
      await meter.read(page(100, 1_000));
    }
    expect(noted.map(({ pages, users, total, calls }) => [pages, users, total, calls])).toEqual([
      [1, 100, 1_000, 1],
      [4, 400, 1_000, 4],
      [6, 600, 1_000, 6],
    ]);
  });

  it('begins anew with a listing that is read again, but for calls and waits; no total is not 0', async () => {
    const meter = new ProgressMeter(
      () => Promise.resolve(),
      () => noon,
    );
    meter.begin();
    meter.called();
    meter.waited(1_499.6);
    await meter.read(page(5, 10));
    meter.begin();
    meter.called();
    expect(meter.now()).toMatchObject({ pages: 0, users: 0, total: null, calls: 2, waitedMs: 1_500 });
  });

  it('says until when the vendor is waited for, before the wait begins, and no longer once it is over', async () => {
    const noted: RunProgress[] = [];
    const meter = new ProgressMeter(
      (progress) => {
        noted.push(progress);
        return Promise.resolve();
      },
      () => noon,
    );
    meter.begin();
    meter.pausing(200);
    expect(noted).toEqual([]);
    meter.pausing(300_000);
    expect(noted[0]).toMatchObject({ waitingUntil: new Date(noon + 300_000).toISOString() });
    meter.waited(300_000);
    expect(meter.now().waitingUntil).toBeNull();
    await Promise.resolve();
  });
});
