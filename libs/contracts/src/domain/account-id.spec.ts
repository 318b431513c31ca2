import { describe, expect, it } from '@jest/globals';

import { accountId } from './account-id.js';

describe('accountId', () => {
  it('joins integration and vendor id, whatever the vendor puts into its ids', () => {
    expect(accountId('acme', 'a:b')).toBe('acme:a:b');
  });
});
