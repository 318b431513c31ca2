import { expect, it } from '@jest/globals';

import { mappedProperties } from './mapped-properties.js';

it('knows what a mapping reads by path, in expressions, in its rule, and as custom fields', () => {
  const definition = {
    entries: [
      { to: 'email', from: { kind: 'field' as const, path: 'mail', fallbackPath: 'login' } },
      { to: 'cost', from: { kind: 'expression' as const, expression: 'org.costCenter & "/" & mail' } },
    ],
    syncKeys: ['email'],
    rules: { onlyIf: { name: 'staff', expression: 'kind = "staff"' }, restoreArchived: true },
    customFields: [{ path: 'badge["no."]', label: 'Badge' }],
  };
  expect(mappedProperties(definition)).toEqual(['badge', 'kind', 'login', 'mail', 'org']);
});
