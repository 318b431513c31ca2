import { describe, expect, it } from '@jest/globals';
import { builtInFields, type MappingDefinition } from '@rollcall/contracts';

import { suggestEntries } from './suggest-entries.js';

const manifest = {
  name: 'Acme',
  fields: [
    { path: 'userPrincipalName', label: 'User principal name', type: 'text' as const },
    { path: 'mail', label: 'Mail', type: 'text' as const },
    { path: 'givenName', label: 'Given name', type: 'text' as const },
    { path: 'department', label: 'Department', type: 'text' as const },
    { path: 'lastSeen', label: 'Last seen', type: 'date-time' as const },
    { path: 'level', label: 'Level', type: 'number' as const },
  ],
  defaultMapping: {
    entries: [{ to: 'role', from: { kind: 'constant' as const, value: 'Employee' } }],
    syncKeys: ['email'],
    newFields: [],
  },
};
const mapped: MappingDefinition = {
  entries: [{ to: 'first_name', from: { kind: 'constant', value: 'by hand' } }],
  syncKeys: ['email'],
};
const suggest = (definition = mapped) => suggestEntries(manifest, definition, builtInFields);
const brief = ({ to, from, confidence }: ReturnType<typeof suggest>[number]) => [
  to,
  'path' in from ? from.path : from.kind,
  confidence,
];

describe('proposed pairs (R63)', () => {
  it('are the default of the connector, fields of the same name, and known other words, each with its reason', () => {
    expect(
      suggest()
        .filter(({ newField }) => newField === null)
        .map(brief),
    ).toEqual([
      ['username', 'userPrincipalName', 0.7],
      ['email', 'mail', 0.7],
      ['role', 'constant', 1],
      ['department', 'department', 0.9],
    ]);
    expect(suggest().every(({ reason }) => reason.length > 10)).toBe(true);
  });

  it('never touch a pair that is there', () => {
    expect(suggest().some(({ to }) => to === 'first_name')).toBe(false);
  });

  it('offer new people fields for values that go nowhere, named after the vendor (R67)', () => {
    expect(suggest().flatMap(({ newField }) => newField ?? [])).toEqual([
      { variable: 'acme_given_name', label: 'Acme Given name', type: 'short-text', unique: false, required: false },
      { variable: 'acme_last_seen', label: 'Acme Last seen', type: 'short-text', unique: false, required: false },
      { variable: 'acme_level', label: 'Acme Level', type: 'number', unique: false, required: false },
    ]);
  });
});
