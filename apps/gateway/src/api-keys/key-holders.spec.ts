import { describe, expect, it } from '@jest/globals';
import type { ApiKeyDocument } from '@rollcall/collections';

import { keyHolders } from './key-holders.js';

const now = new Date('2026-11-20T08:00:00.000Z');
const key = (_id: string, overrides: Partial<ApiKeyDocument> = {}): ApiKeyDocument => ({
  _id,
  name: `Key ${_id}`,
  hash: _id,
  scopes: ['approve'],
  createdAt: now,
  expiresAt: null,
  revokedAt: null,
  ...overrides,
});

describe('the people behind keys', () => {
  it('have all keys with their name, however it is written, revoked ones too', () => {
    const keys = [key('1', { owner: 'Ada' }), key('2', { owner: 'ada', revokedAt: now }), key('3', { owner: 'Bo' })];
    expect(keyHolders({ keys, operators: [] }, 'api-key:3', now)).toEqual([
      { name: 'Bo', actors: ['api-key:3'], mayApprove: true },
      { name: 'Ada', actors: ['api-key:1', 'api-key:2'], mayApprove: true },
    ]);
  });

  it('are one person where a key was made with another one and no owner was named', () => {
    const keys = [key('1', { name: 'First key' }), key('2', { owner: 'api-key:1' }), key('3')];
    expect(keyHolders({ keys, operators: [] }, 'api-key:1', now)).toEqual([
      { name: 'the key "First key"', actors: ['api-key:1', 'api-key:2'], mayApprove: true },
      { name: 'the key "Key 3"', actors: ['api-key:3'], mayApprove: true },
    ]);
  });

  it('may approve with a key that works and has the scope', () => {
    const mayApprove = (overrides: Partial<ApiKeyDocument>) =>
      keyHolders({ keys: [key('1', overrides)], operators: [] }, 'api-key:1', now)[0]!.mayApprove;
    expect(mayApprove({})).toBe(true);
    expect(mayApprove({ scopes: ['read', 'write'] })).toBe(false);
    expect(mayApprove({ revokedAt: now })).toBe(false);
    expect(mayApprove({ expiresAt: now })).toBe(false);
  });
});
