import { describe, expect, it } from '@jest/globals';
import type { PlanLine } from '@rollcall/contracts';
import { buildPinned } from '@rollcall/testing';
import fc from 'fast-check';

import { buildAccount, buildReading } from '../../test/build-documents.js';
import { bucketOf, bucketsFor, lineKindOf, PlanHash, usersPerBucket } from './stage-lines.js';

const startedAt = '2026-01-02T00:00:00.000Z';
const start = Date.parse(startedAt);
const now = start + 600_000;
const reading = (overrides: Parameters<typeof buildPinned>[0] = {}) =>
  buildReading({ pinned: buildPinned({ startedAt, ...overrides }) });
const hold = { by: 'operator', at: startedAt, reason: 'test' };

describe('who is staged (E1)', () => {
  it('is who is active since before START and was not seen', () => {
    expect(lineKindOf(buildAccount({ observedAt: start, observedBy: 'command' }), reading(), false, now)).toBe(
      'missing',
    );
    expect(
      lineKindOf(buildAccount({ observedAt: start + 1, observedBy: 'command' }), reading(), false, now),
    ).toBeNull();
    expect(lineKindOf(buildAccount({ active: false }), reading(), false, now)).toBeNull();
  });

  it('is also who came by an earlier run whose clock was ahead, or is known from a time that has not come yet', () => {
    const missing = (account: Parameters<typeof buildAccount>[0]) =>
      lineKindOf(buildAccount(account), reading(), false, now);
    expect(missing({ observedAt: start + 3_600_000 })).toBe('missing');
    expect(missing({ observedAt: start + 1, observedBy: 'run' })).toBe('missing');
    expect(missing({ observedAt: now + 2_001, observedBy: 'command' })).toBe('missing');
    expect(missing({ observedAt: now + 2_000, observedBy: 'command' })).toBeNull();
  });

  it('is who was seen inactive at the source and is still active', () => {
    expect(lineKindOf(buildAccount({ sourceStatus: 'inactive' }), reading(), true, now)).toBe('inactive');
    expect(lineKindOf(buildAccount({ sourceStatus: 'inactive', observedAt: start + 1 }), reading(), true, now)).toBe(
      'inactive',
    );
    for (const sourceStatus of ['active', 'unknown'] as const) {
      expect(lineKindOf(buildAccount({ sourceStatus }), reading(), true, now)).toBeNull();
    }
  });

  it('is nobody who is held, and nobody at all without Deactivate, a full scope, or the right to change records', () => {
    expect(lineKindOf(buildAccount({ hold }), reading(), false, now)).toBeNull();
    for (const pinned of [{ deactivate: false }, { scope: 'none' as const }, { preference: 'create-only' as const }]) {
      expect(lineKindOf(buildAccount(), reading(pinned), false, now)).toBeNull();
    }
  });
});

describe('hash buckets (B18)', () => {
  it('are as many as the users need, at least one', () => {
    expect([0, 1, usersPerBucket, usersPerBucket + 1].map(bucketsFor)).toEqual([1, 1, 1, 2]);
  });

  it('put every id into exactly one bucket, always the same, spread evenly', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (id, buckets) => {
        const bucket = bucketOf(id, buckets);
        expect(bucket).toBe(bucketOf(id, buckets));
        expect(bucket >= 0 && bucket < buckets && Number.isInteger(bucket)).toBe(true);
      }),
    );
    const sizes = [0, 0, 0, 0];
    for (let id = 0; id < 4000; id += 1) sizes[bucketOf(String(id), 4)]! += 1;
    expect(Math.min(...sizes)).toBeGreaterThan(800);
  });
});

describe('the hash of a plan (E3)', () => {
  const line = (account: string, kind: PlanLine['kind'] = 'missing'): PlanLine => ({
    number: 0,
    kind,
    account,
    vendorId: account,
    username: null,
    revision: 1,
    protected: false,
    approved: false,
  });
  const hashOf = (lines: PlanLine[]) => {
    const hash = new PlanHash();
    for (const one of lines) hash.add(one);
    return hash.value();
  };

  it('does not depend on the order of the lines, but on every account and kind', () => {
    expect(hashOf([line('a'), line('b')])).toBe(hashOf([line('b'), line('a')]));
    expect(hashOf([line('a')])).not.toBe(hashOf([line('b')]));
    expect(hashOf([line('a')])).not.toBe(hashOf([line('a', 'inactive')]));
    expect(hashOf([line('a')])).not.toBe(hashOf([line('a'), line('a')]));
    expect(hashOf([])).toBeNull();
  });
});
