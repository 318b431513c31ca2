import { describe, expect, it } from '@jest/globals';
import type { Scope } from '@rollcall/contracts';

import { rightsOfGrants } from '../rights/rights.js';
import { beyondOwnRights } from './own-rights.js';

const limited = (...integrations: string[]) => ({ integrations, apps: [] });
const rights = rightsOfGrants([
  { role: 'viewer', limit: null },
  { role: 'operator', limit: limited('a') },
]);
const pointers = (scopes: Scope[], limit: ReturnType<typeof limited> | null = null) =>
  beyondOwnRights({ scopes, limit }, rights).map(({ pointer }) => pointer);

describe("a key of somebody's own", () => {
  it('opens at most the scopes that they have', () => {
    expect(pointers(['read', 'write'])).toEqual([]);
    expect(pointers(['read', 'approve', 'admin'])).toEqual(['/scopes/1', '/scopes/2']);
  });

  it('is limited to what they reach with each of its scopes', () => {
    expect(pointers(['read'], limited('a', 'b'))).toEqual([]);
    expect(pointers(['read', 'write'], limited('a', 'b'))).toEqual(['/limit/integrations/1']);
    expect(beyondOwnRights({ scopes: ['write'], limit: { integrations: ['a'], apps: ['x'] } }, rights)).toEqual([
      { pointer: '/limit/apps/0', message: 'is outside of what you may write' },
    ]);
  });
});
