import { describe, expect, it } from '@jest/globals';

import { readFilter } from './filter.js';
import type { FilterFields } from './filter-fields.js';
import type { ListIndex } from './list-index.js';
import { alternativesIn, nameOf, waysFor } from './list-ways.js';

const fields: FilterFields = {
  fields: {
    id: { path: '_id', type: 'exact' },
    name: { path: 'name', type: 'text' },
    department: { path: 'department', type: 'text' },
    active: { path: 'active', type: 'boolean' },
    accounts: { path: 'accounts', type: 'number' },
    app: { path: 'app', type: 'exact' },
    seen: { path: 'seen', type: 'iso-time' },
    hired: { path: 'hired', type: 'written-time' },
    integration: { path: 'integration', type: 'exact', beginsId: true },
    note: { path: 'note', type: 'text' },
  },
};

const indexes: ListIndex[] = [
  { paths: ['name'], isFolded: true },
  { paths: ['department'], isFolded: true },
  { paths: ['accounts'], only: { active: false } },
  { paths: ['app', 'active'] },
  { paths: ['seen'], sparse: 'seen' },
  { paths: ['hired'], isFolded: true },
];

const ways = (text: string) => waysFor(readFilter(text, fields), indexes);
const by = (text: string, name: string) => ways(text).find((way) => nameOf(way) === name);

describe('ways to read a list', () => {
  it('by one value come in the order of ids, with nothing left to look at', () => {
    expect(by('department eq "Sales"', 'department>_id')).toMatchObject({
      match: { $and: [{ department: { $eq: 'Sales' } }] },
      isNarrow: true,
      left: 0,
    });
  });

  it('by a stretch of values come in the order of these', () => {
    expect(by('name sw "mo"', 'name>name')).toMatchObject({
      match: { $and: [{ name: { $gte: 'mo', $lt: 'mo\uffff' } }] },
      isBound: true,
      left: 0,
    });
    expect(by('name sw "mo" and name sw "mor"', 'name>name')!.match).toEqual({
      $and: [{ name: { $gte: 'mo', $lt: 'mo\uffff' } }, { name: { $gte: 'mor', $lt: 'mor\uffff' } }],
    });
  });

  it('by several paths need a value for all but the last', () => {
    expect(by('app eq "a" and active eq true', 'app+active>_id')).toMatchObject({ left: 0 });
    expect(by('app eq "a"', 'app+active>active')).toMatchObject({ isNarrow: true, isBound: false, left: 0 });
    expect(by('active eq true', 'app+active>active')).toBeUndefined();
  });

  it('use an index that holds some records only where the filter asks for these', () => {
    expect(by('accounts gt 0', 'accounts>accounts')).toBeUndefined();
    expect(by('accounts gt 0 and active eq true', 'accounts>accounts')).toBeUndefined();
    expect(by('accounts gt 0 and active eq false', 'accounts>accounts')).toMatchObject({ left: 0 });
    expect(by('seen eq null', 'seen>_id')).toBeUndefined();
    expect(by('seen lt "2026-01-01"', 'seen>seen')!.match).toEqual({
      $and: [{ seen: { $lt: '2026-01-01T00:00:00.000Z' } }, { seen: { $gte: '' } }],
    });
  });

  it('count what an index does not answer', () => {
    expect(by('department eq "Sales" and note co "x" and active eq true', 'department>_id')).toMatchObject({ left: 2 });
    expect(by('note co "x"', '>_id')).toMatchObject({ left: 1, isNarrow: false });
  });

  it('do not take two values that are both wanted for one', () => {
    expect(by('department eq "Sales" and department eq "Legal"', 'department>_id')).toMatchObject({ left: 1 });
  });

  it('find by an id what begins with it, and a day around a written time', () => {
    expect(by('integration eq "int"', '>_id')!.match).toEqual({ $and: [{ _id: { $gte: 'int:', $lt: 'int;' } }] });
    expect(by('hired lt "2026-03-01T00:00:00Z"', 'hired>hired')!.match).toEqual({
      $and: [{ hired: { $lt: '2026-03-02\uffff', $gte: '' } }],
    });
  });

  it('are several for an "or", of which every side must be narrow', () => {
    const alternatives = (text: string) =>
      alternativesIn(readFilter(text, fields), indexes).map((all) => all.map(nameOf));
    expect(alternatives('name sw "a" or department eq "Legal"')).toEqual([['name>name', 'department>_id']]);
    expect(alternatives('name sw "a" or note eq "x"')).toEqual([]);
    expect(alternatives('not (name sw "a")')).toEqual([]);
  });
});
