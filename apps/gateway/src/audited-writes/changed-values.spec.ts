import { describe, expect, it } from '@jest/globals';

import { changedValues } from './changed-values.js';

describe('changed values', () => {
  it('are told one by one, with a pointer, and what stayed is not told', () => {
    const before = { name: 'A', schedule: { cron: '0 1 * * *', zone: 'UTC' }, tags: ['x'] };
    const after = { name: 'B', schedule: { cron: '0 1 * * *', zone: 'Europe/Berlin' }, tags: ['x', 'y'] };
    expect(changedValues(before, after)).toEqual([
      { pointer: '/name', from: 'A', to: 'B' },
      { pointer: '/schedule/zone', from: 'UTC', to: 'Europe/Berlin' },
      { pointer: '/tags', from: ['x'], to: ['x', 'y'] },
    ]);
    expect(changedValues(before, structuredClone(before))).toEqual([]);
  });

  it('are whole records where one was made or removed', () => {
    expect(changedValues(null, { id: 'a' })).toEqual([{ pointer: '', from: null, to: { id: 'a' } }]);
    expect(changedValues({ id: 'a' }, null)).toEqual([{ pointer: '', from: { id: 'a' }, to: null }]);
  });

  it('have escaped pointers, and are cut where they are long', () => {
    expect(changedValues({ 'a/b~c': 1 }, { 'a/b~c': 2 })).toEqual([{ pointer: '/a~1b~0c', from: 1, to: 2 }]);
    const [change] = changedValues({ text: 'a' }, { text: 'b'.repeat(5000) });
    expect(String(change!.to)).toHaveLength(1001);
    expect(changedValues({}, Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at])))).toHaveLength(
      200,
    );
  });
});
