import { describe, expect, it } from '@jest/globals';
import { buildPinned, buildUser } from '@rollcall/testing';

import { buildAccount, buildCreated } from '../../test/build-documents.js';
import { accountId, clockToleranceMs, isOutdated, newAccount, seenAgain } from './apply-user.js';

const observed = (status: 'active' | 'inactive' | 'unknown', askedAt = 5_000) => ({
  user: buildUser('1', { status }),
  values: { email: 'new@example.com' },
  hash: 'new-hash',
  askedAt,
});
const link = { person: 'person-1', passive: false, error: null };
const hold = { by: 'operator', at: '2026-01-01T00:00:00.000Z', reason: 'test' };

describe('an account seen for the first time', () => {
  it.each([
    ['active', true],
    ['inactive', false],
    ['unknown', true],
  ] as const)('with status %s is created with active = %s (D6)', (status, active) => {
    const account = newAccount('acme', buildPinned(), observed(status), buildCreated(), link);
    expect(account).toMatchObject({ _id: 'acme:1', revision: 1, active, sourceStatus: status, deactivated: null });
  });

  it('keeps no hash with a record error, so that the next run looks at it (B9)', () => {
    const error = { code: 'second-account', message: 'test' };
    const account = newAccount('acme', buildPinned(), observed('active'), buildCreated(), {
      ...link,
      person: null,
      error,
    });
    expect(account).toMatchObject({ hash: null, person: null, error });
    expect(newAccount('acme', buildPinned(), observed('active'), buildCreated(), link).hash).toBe('new-hash');
  });

  it('belongs to an app only when SaaS users are wanted (R25, R26)', () => {
    const appOf = (content: 'user' | 'user-and-saas-user') =>
      newAccount('acme', buildPinned({ content }), observed('active'), buildCreated(), link).app;
    expect([appOf('user'), appOf('user-and-saas-user')]).toEqual([null, 'test-app']);
  });

  it('is named by integration and vendor id (G1)', () => {
    expect(accountId('acme', 'a:b')).toBe('acme:a:b');
  });
});

describe('an account seen again', () => {
  it('never turns inactive by a record', () => {
    for (const status of ['inactive', 'unknown'] as const) {
      expect(seenAgain(buildAccount(), buildPinned(), observed(status))).toMatchObject({
        active: true,
        sourceStatus: status,
      });
    }
  });

  it('is reactivated when it is active at the source, unless held (E8)', () => {
    const inactive = buildAccount({ active: false, deactivated: { run: 'run-1', time: '2026-01-01T00:00:00.000Z' } });
    expect(seenAgain(inactive, buildPinned(), observed('active'))).toMatchObject({ active: true, deactivated: null });
    expect(seenAgain(inactive, buildPinned(), observed('unknown'))).toMatchObject({ active: false });
    const held = seenAgain({ ...inactive, hold }, buildPinned(), observed('active'));
    expect(held).toMatchObject({ active: false, hash: null, deactivated: { run: 'run-1' }, hold });
  });

  it('takes the values and loses the error of before; its time of observation only rises', () => {
    const error = { code: 'key-taken', message: 'test' };
    const account = buildAccount({ error, observedAt: 6_000 });
    expect(seenAgain(account, buildPinned(), observed('active', 5_000))).toMatchObject({
      error: null,
      hash: 'new-hash',
      values: { email: 'new@example.com' },
      observedAt: 6_000,
    });
  });
});

describe('a record older than what is known (B10)', () => {
  it('is one that was asked for before the last observation, beyond what clocks differ', () => {
    const account = buildAccount({ observedAt: 10_000 });
    expect(isOutdated(account, 10_000 - clockToleranceMs - 1)).toBe(true);
    expect(isOutdated(account, 10_000 - clockToleranceMs)).toBe(false);
    expect(isOutdated(account, 10_001)).toBe(false);
  });
});
