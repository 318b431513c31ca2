import { describe, expect, it } from '@jest/globals';

import { countAccounts } from './account-counts.js';

const account = (integration: string, active: boolean, lastActivityAt: string | null = null) => ({
  integration,
  active,
  lastActivityAt,
});

describe('what lists ask of the accounts of a person', () => {
  it('is how many are active, where none is, and when the last one was used', () => {
    const [early, late] = ['2026-03-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z'];
    const own = [account('b', false, early), account('a', false), account('c', true, late), account('a', true)];
    expect(countAccounts(own)).toEqual({ activeAccounts: 2, inactiveAt: ['b'], lastActivityAt: late });
  });

  it('says nothing where there is nothing to say', () => {
    expect(countAccounts([])).toEqual({ activeAccounts: 0, inactiveAt: undefined, lastActivityAt: undefined });
    expect(countAccounts([account('a', true)])).toEqual({ activeAccounts: 1 });
  });
});
