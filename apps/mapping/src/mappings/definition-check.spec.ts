import { describe, expect, it } from '@jest/globals';
import { builtInFields, type MappingDefinition, type MappingSource } from '@rollcall/contracts';

import { definitionFaults } from './definition-check.js';

const path = (text: string): MappingSource => ({ kind: 'field', path: text });
const fields = [
  ...builtInFields,
  { variable: 'badge', label: 'Badge', type: 'short-text' as const, unique: true, required: false },
  { variable: 'since', label: 'Since', type: 'date-time' as const, unique: false, required: false },
  { variable: 'joined', label: 'Joined', type: 'date-time' as const, unique: false, required: true },
  { variable: 'level', label: 'Level', type: 'number' as const, unique: false, required: false },
  { variable: 'external', label: 'External', type: 'boolean' as const, unique: false, required: false },
];
const good: MappingDefinition = {
  entries: [
    { to: 'username', from: path('login') },
    { to: 'email', from: path('mail') },
    { to: 'role', from: { kind: 'constant', value: 'Employee' } },
    { to: 'joined', from: path('joined') },
  ],
  syncKeys: ['email'],
};
const faults = (changed: Partial<MappingDefinition>) => definitionFaults({ ...good, ...changed }, fields);
const withEntry = (to: string, from: MappingSource) =>
  faults({ entries: [...good.entries.filter((entry) => entry.to !== to), { to, from }] });

describe('a mapping that may be saved', () => {
  it('maps what is mandatory and finds people by a unique field (R71 to R74)', () => {
    expect(faults({})).toEqual([]);
    expect(withEntry('badge', { kind: 'expression', expression: 'badges[0]' })).toEqual([]);
    expect(withEntry('since', { kind: 'constant', value: '2026-01-31' })).toEqual([]);
    expect(withEntry('since', { kind: 'constant', value: '' })).toEqual([]);
    expect(withEntry('level', { kind: 'constant', value: '7' })).toEqual([]);
    expect(withEntry('external', { kind: 'constant', value: 'false' })).toEqual([]);
    expect(
      faults({ rules: { onlyIf: { name: 'staff', expression: 'type = "staff"' }, restoreArchived: false } }),
    ).toEqual([]);
  });

  it.each(['username', 'email', 'role'])('does not drop %s', (variable) => {
    const left = faults({ entries: good.entries.filter(({ to }) => to !== variable) });
    expect(left).toEqual(expect.arrayContaining([expect.stringMatching(/is required and not mapped/)]));
  });

  it.each<[string, MappingSource, RegExp]>([
    ['role', path('role'), /Role takes a constant/],
    ['role', { kind: 'constant', value: ' ' }, /Role takes a constant/],
    ['role', { kind: 'constant', value: '\u200b' }, /Role takes a constant/],
    [
      'username',
      { kind: 'constant', value: '' },
      /Username: the constant holds no value.*every user would be rejected/,
    ],
    ['username', { kind: 'constant', value: '\u00a0' }, /Username: the constant holds no value/],
    ['joined', { kind: 'constant', value: '9999-12-31' }, /Joined: the constant holds no value/],
    ['email', { kind: 'constant', value: 'x@example.com' }, /Email is unique/],
    ['badge', path('a[x]'), /Badge: The path "a\[x\]" cannot be read/],
    ['badge', { kind: 'expression', expression: '(' }, /Badge: The expression cannot be read/],
    ['since', { kind: 'constant', value: 'soon' }, /Since: the constant does not fit. The value is not a date/],
    ['level', { kind: 'constant', value: 'senior' }, /Level: the constant does not fit. The value is not a number/],
    ['external', { kind: 'constant', value: 'no' }, /External: the constant does not fit/],
    ['nothing', path('a'), /no people field "nothing"/],
    [
      'badge',
      { kind: 'field', path: 'a', transforms: [{ kind: 'date', format: 'yyyy-mm-dd hh:mm:ss', zone: 'Mars/Base' }] },
      /"Mars\/Base" is not a time zone/,
    ],
  ])('does not map %s to %j', (to, from, words) => {
    expect(withEntry(to, from)).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
  });

  it.each<[Partial<MappingDefinition>, RegExp]>([
    [{ syncKeys: ['username'] }, /Username is not unique, so it cannot find a person/],
    [{ syncKeys: ['none'] }, /"none" is not a people field/],
    [{ syncKeys: ['badge'] }, /Badge is not mapped to a value of the vendor/],
    [{ syncKeys: ['email', 'email'] }, /"email" is a sync key twice/],
    [{ entries: [...good.entries, good.entries[0]!] }, /"username" is mapped twice/],
    [{ rules: { onlyIf: { name: 'staff', expression: '$now()' }, restoreArchived: true } }, /The rule "staff": \$now/],
    [{ customFields: [{ path: 'a[', label: 'A' }] }, /cannot be read/],
  ])('has no such keys, rules or custom fields: %j', (changed, words) => {
    expect(faults(changed)).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
  });

  it('is told all its faults at once', () => {
    expect(faults({ entries: [{ to: 'role', from: path('x') }], syncKeys: ['none'] })).toHaveLength(5);
  });
});
