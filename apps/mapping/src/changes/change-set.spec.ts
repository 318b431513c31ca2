import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { buildAccount, type buildCreated, buildPerson } from '../../test/build-documents.js';
import { type ChangeOrigin, ChangeSet } from './change-set.js';
import { positionText } from './positions-in-text.js';

const origin: ChangeOrigin = {
  position: positionText({ partition: 7, epoch: 0 }, 812),
  time: '2026-02-02T00:00:00.000Z',
  cause: { kind: 'run', run: 'run-2', integration: 'acme', initial: false },
};

describe('ids of changes (C1)', () => {
  it('name partition, offset and number, and the epoch of a recreated topic', () => {
    expect(origin.position).toBe('p07/000000000812');
    expect(positionText({ partition: 7, epoch: 2 }, 812)).toBe('p07e2/000000000812');
    expect(positionText({ partition: 7, epoch: 2, records: '0mb4c1x9zq3f' }, 812)).toBe(
      'p07e2-0mb4c1x9zq3f/000000000812',
    );
    const set = new ChangeSet();
    expect([set.place(origin).number, set.place(origin).number]).toEqual([0, 1]);
    expect(set.place({ ...origin, position: 'p07/000000000813' }).number).toBe(0);
    expect(new ChangeSet(2000).place(origin).number).toBe(2000);
  });
});

describe('creations (C2)', () => {
  it('write no change, and say their event from the record itself', () => {
    const set = new ChangeSet();
    set.insertAccount(buildAccount({ created: set.place(origin) as ReturnType<typeof buildCreated> }));
    set.insertPerson(buildPerson({ created: set.place(origin) }));
    expect(set.changes).toEqual([]);
    expect(set.events.map(({ id, definition }) => [id, definition.type])).toEqual([
      ['p07/000000000812/0000', 'saas-user.created'],
      ['p07/000000000812/0001', 'person.created'],
    ]);
  });

  it('write revision 1 as it was, under the position that made it, with the first update', () => {
    const before = buildAccount();
    const set = new ChangeSet();
    const after = set.replaceAccount(before, { ...before, values: { email: 'new@example.com' } }, origin);
    expect(after.revision).toBe(2);
    expect(set.changes).toMatchObject([
      { _id: 'p00/000000000001/0000', revision: 1, event: 'saas-user.created', changed: {}, time: before.created.time },
      {
        _id: 'p07/000000000812/0000',
        revision: 2,
        event: 'saas-user.updated',
        changed: { 'values.email': 'ada@example.com' },
        after: { id: 'acme:1', revision: 2, values: { email: 'new@example.com' } },
      },
    ]);
    // Only revision 2 is said: revision 1 was said when it was made.
    expect(set.events.map(({ id }) => id)).toEqual(['p07/000000000812/0000']);
    expect(set.changes[1]!.after).not.toHaveProperty('hash');
  });
});

describe('updates', () => {
  it('make no revision of an account whose published fields stay', () => {
    const before = buildAccount({ revision: 3 });
    const set = new ChangeSet();
    expect(set.replaceAccount(before, { ...before, hash: null, observedAt: 2_000 }, origin).revision).toBe(3);
    expect(set.replacedAccounts).toHaveLength(1);
    set.replaceAccount(before, { ...before }, origin);
    expect(set.replacedAccounts).toHaveLength(1);
    expect([set.changes, set.events]).toEqual([[], []]);
  });

  it('count up the fold of a person even when nothing else changes (B13)', () => {
    const before = buildPerson({ revision: 4, fold: 9 });
    const set = new ChangeSet();
    expect(set.replacePerson(before, { ...before }, origin)).toMatchObject({ revision: 4, fold: 10 });
    expect([set.changes, set.events, set.isEmpty]).toEqual([[], [], false]);
  });

  it.each([
    [true, false, 'deactivated'],
    [false, true, 'reactivated'],
    [true, true, 'updated'],
  ])('from active %s to %s are %s', (from, to, type) => {
    const set = new ChangeSet();
    const person = buildPerson({ revision: 2, active: from });
    set.replacePerson(person, { ...person, active: to, values: { email: 'x@example.com' } }, origin);
    const account = buildAccount({ revision: 2, active: from });
    set.replaceAccount(account, { ...account, active: to, username: 'x' }, origin);
    expect(set.events.map(({ definition }) => definition.type)).toEqual([`person.${type}`, `saas-user.${type}`]);
  });

  it('of accounts with content "user" have changes but say nothing (C5)', () => {
    const before = buildAccount({ content: 'user' });
    const set = new ChangeSet();
    set.replaceAccount(before, { ...before, username: 'x' }, origin);
    expect(set.changes.map(({ event }) => event)).toEqual([null, null]);
    expect(set.events).toEqual([]);
  });

  it('name the keys that are given up', () => {
    const before = buildPerson({ keys: ['email:a', 'badge:1'] });
    const set = new ChangeSet();
    set.replacePerson(before, { ...before, keys: ['email:b', 'badge:1'] }, origin);
    expect(set.releasedKeys()).toEqual(['email:a']);
  });
});

describe('a history of change sets', () => {
  it('has revisions 1..n without gap, each change number once, and ends in what is stored (I4, I5)', () => {
    const titles = fc.array(fc.array(fc.constantFrom('One', 'Two', 'Three'), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(titles, (history) => {
        let stored = buildAccount();
        const first = new ChangeSet();
        first.insertAccount(stored);
        const sets = [first];
        history.forEach((slice, index) => {
          const position = positionText({ partition: 0, epoch: 0 }, index + 2);
          const set = new ChangeSet();
          stored = set.replaceAccount(stored, { ...stored, values: { title: slice.at(-1)! } }, { ...origin, position });
          sets.push(set);
        });
        const changes = sets.flatMap((set) => set.changes);
        const events = sets.flatMap((set) => set.events);
        const expected = Array.from({ length: stored.revision }, (_, index) => index + 1);
        expect(events.map(({ data }) => data.revision)).toEqual(expected);
        expect(changes.map(({ revision }) => revision)).toEqual(stored.revision === 1 ? [] : expected);
        expect(new Set(changes.map(({ _id }) => _id)).size).toBe(changes.length);
        expect(events.at(-1)!.data.record).toMatchObject({ values: stored.values, revision: stored.revision });
      }),
    );
  });
});
