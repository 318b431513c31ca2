import { describe, expect, it } from '@jest/globals';
import type { RawUser } from '@rollcall/contracts';

import { driftBetween, ShapeSampler } from './record-shape.js';

const users = (...records: Record<string, unknown>[]) => records.map((raw) => ({ raw }) as unknown as RawUser);
const shapeOf = (...records: Record<string, unknown>[]) => {
  const sampler = new ShapeSampler();
  sampler.add(users(...records));
  return sampler.shape();
};

describe('the fields of a vendor’s records', () => {
  it('are not told by records that could not be taken', () => {
    const sampler = new ShapeSampler();
    const problem = { code: 'record-too-large', message: 'too large' };
    sampler.add([...users({ id: 'a' }), ...users({}).map((user) => ({ ...user, problem }))]);
    expect(sampler.shape()).toEqual([{ path: 'id', types: ['text'], share: 1 }]);
  });

  it('are told with their types and how many records have them, one level deep', () => {
    expect(
      shapeOf(
        { id: 'a', level: 1, profile: { mail: 'x', deep: { er: 1 } }, groups: [] },
        { id: 'b', level: '2', profile: null, active: true },
      ),
    ).toEqual([
      { path: 'active', types: ['boolean'], share: 0.5 },
      { path: 'groups', types: ['list'], share: 0.5 },
      { path: 'id', types: ['text'], share: 1 },
      { path: 'level', types: ['number', 'text'], share: 1 },
      { path: 'profile', types: ['object'], share: 1 },
      { path: 'profile.deep', types: ['object'], share: 0.5 },
      { path: 'profile.mail', types: ['text'], share: 0.5 },
    ]);
  });

  it('are those of the first 500 records, and 300 at most', () => {
    const sampler = new ShapeSampler();
    sampler.add(users(...Array.from({ length: 500 }, () => ({ early: 1 }))));
    sampler.add(users({ late: 1 }));
    expect(sampler.shape().map(({ path }) => path)).toEqual(['early']);
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`f${index}`, index]));
    expect(shapeOf(wide)).toHaveLength(300);
    expect([new ShapeSampler().isTelling, sampler.isTelling]).toEqual([false, true]);
  });
});

describe('how they differ from those of the last good run', () => {
  const before = shapeOf(
    { id: 'a', old: 1, title: 'x', note: null },
    { id: 'b', old: 2, rare: 1, note: null },
    { id: 'c', title: 'y' },
  );

  it('is a field that is new, one that vanished, or one of another type', () => {
    const after = shapeOf({ id: 1, title: 'x', more: true, note: 'now text' });
    expect(driftBetween(before, after)).toEqual([
      { path: 'more', change: 'new', from: [], to: ['boolean'] },
      { path: 'old', change: 'vanished', from: ['number'], to: [] },
      { path: 'id', change: 'retyped', from: ['text'], to: ['number'] },
    ]);
  });

  it('is nothing for equal ones, for a first run, and for fields that few records had', () => {
    expect(driftBetween(before, before)).toEqual([]);
    expect(driftBetween(null, before)).toEqual([]);
    expect(driftBetween(before, [])).toEqual([]);
    expect(driftBetween(before, shapeOf({ id: 'a', old: 1, title: 'x', note: null }))).toEqual([]);
  });
});
