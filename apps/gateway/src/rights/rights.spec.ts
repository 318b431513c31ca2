import { describe, expect, it } from '@jest/globals';
import type { Limit } from '@rollcall/contracts';

import { reachOf, rightsOfGrants, rightsOfKey, scopesEverywhere, within } from './rights.js';

const limit = (...integrations: string[]): Limit => ({ integrations, apps: [] });

describe('rights', () => {
  it('of several roles add up: everywhere is more than any limit, and limits join', () => {
    const rights = rightsOfGrants([
      { role: 'viewer', limit: null },
      { role: 'operator', limit: limit('a') },
      { role: 'operator', limit: limit('b') },
    ]);
    expect(reachOf(rights, 'read')).toBe('everywhere');
    expect(reachOf(rights, 'write')).toEqual({ integrations: ['a', 'b'], apps: [] });
    expect(reachOf(rights, 'admin')).toBeNull();
    expect(scopesEverywhere(rights)).toEqual(['read']);
  });

  it('of a key are those of the key that its owner has too, in the part that both reach', () => {
    const owner = rightsOfGrants([{ role: 'operator', limit: limit('a', 'b') }]);
    const key = rightsOfKey(['read', 'write', 'admin'], limit('b', 'c'));
    const left = within(key, owner);
    expect(reachOf(left, 'write')).toEqual({ integrations: ['b'], apps: [] });
    expect(reachOf(left, 'admin')).toBeNull();
    expect(
      scopesEverywhere(within(rightsOfKey(['read'], null), rightsOfGrants([{ role: 'admin', limit: null }]))),
    ).toEqual(['read']);
  });

  it('are none for a scope that nobody has heard of', () => {
    expect(rightsOfKey(['everything', '__proto__'], null)).toEqual([]);
  });
});
