import { expect, it } from '@jest/globals';

import { pathProperties } from './path-properties.js';

it('names what a mapping reads at the top of a record: entries, what stands in for them, custom fields', () => {
  const entries = [
    { to: 'email', from: { kind: 'field' as const, path: 'mail', fallbackPath: 'login["e-mail"]' } },
    { to: 'username', from: { kind: 'field' as const, path: 'mail' } },
    { to: 'phone', from: { kind: 'field' as const, path: 'phones[0].value' } },
    { to: 'role', from: { kind: 'constant' as const, value: 'Employee' } },
    { to: 'seen', from: { kind: 'tracking' as const, name: 'sync-time' as const } },
  ];
  const customFields = [{ path: 'badge.number', label: 'Badge' }];
  expect(pathProperties({ entries, customFields })).toEqual(['badge', 'login', 'mail', 'phones']);
  expect(pathProperties({ entries: [] })).toEqual([]);
});
