import { describe, expect, it } from '@jest/globals';
import type { DataKeyDocument } from '@rollcall/collections';

import { isAged, isSettled, rotationAfter } from './rotation-state.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 4, 4, 10, minute));
const key = (overrides: Partial<DataKeyDocument> = {}): DataKeyDocument => ({
  _id: 'key-1',
  wrapped: 'rk1.a.b.c',
  keyCheck: 'a',
  state: 'retired',
  reserved: 0,
  createdAt: at(0),
  retiredAt: at(1),
  retiredFor: 'asked',
  ...overrides,
});

describe('how far a rotation is', () => {
  it('begins with the key that was replaced, counts down, and ends when nothing is left', () => {
    const begun = rotationAfter(null, { keys: [key()], left: 10, unreadable: null, now: at(2) });
    expect(begun).toEqual({
      startedAt: at(1).toISOString(),
      reason: 'asked',
      total: 10,
      left: 10,
      unreadable: 0,
      finishedAt: null,
    });
    const under = rotationAfter(begun, { keys: [key()], left: 4, unreadable: null, now: at(3) });
    expect(under).toMatchObject({ total: 10, left: 4, finishedAt: null });
    const ended = rotationAfter(under, { keys: [key()], left: 0, unreadable: 0, now: at(4) });
    expect(ended).toMatchObject({ total: 10, left: 0, finishedAt: at(4).toISOString() });
    expect(rotationAfter(ended, { keys: [], left: 0, unreadable: null, now: at(9) })).toEqual(ended);
  });

  it('is the same whoever computes it, and however often', () => {
    const facts = { keys: [key()], left: 3, unreadable: 3, now: at(2) };
    const once = rotationAfter(null, facts);
    expect(rotationAfter(once, facts)).toEqual(once);
    expect(once).toMatchObject({ unreadable: 3, finishedAt: null });
  });

  it('begins anew with the next key, and opens again when something is stored late under a replaced one', () => {
    const first = rotationAfter(null, { keys: [key()], left: 0, unreadable: null, now: at(2) });
    const late = rotationAfter(first, { keys: [key()], left: 1, unreadable: null, now: at(3) });
    expect(late).toMatchObject({ startedAt: at(1).toISOString(), left: 1, total: 1, finishedAt: null });
    const second = key({ _id: 'key-2', retiredAt: at(5), retiredFor: 'age' });
    const next = rotationAfter(first, { keys: [key(), second], left: 7, unreadable: null, now: at(6) });
    expect(next).toMatchObject({ startedAt: at(5).toISOString(), reason: 'age', total: 7 });
  });

  it('is none before a key was replaced, and takes keys of earlier versions as used up', () => {
    expect(
      rotationAfter(null, { keys: [key({ state: 'current' })], left: 0, unreadable: null, now: at(2) }),
    ).toBeNull();
    const { retiredAt: _, retiredFor: __, ...earlier } = key();
    expect(rotationAfter(null, { keys: [earlier], left: 2, unreadable: null, now: at(2) })).toMatchObject({
      reason: 'encryptions',
    });
  });
});

describe('the age of a data key', () => {
  it('is up after a year, for the current one only', () => {
    const [before, after] = [
      new Date(at(0).getTime() + 365 * 86_400_000),
      new Date(at(0).getTime() + 365 * 86_400_000 + 1),
    ];
    const current = key({ state: 'current' });
    expect([isAged(current, before), isAged(current, after), isAged(key(), after)]).toEqual([false, true, false]);
  });

  it('lets a replaced one be deleted after longer than any transaction may last', () => {
    expect([isSettled(key(), at(4)), isSettled(key(), new Date(at(4).getTime() + 1))]).toEqual([false, true]);
    expect(isSettled(key({ state: 'current' }), at(59))).toBe(false);
  });
});
