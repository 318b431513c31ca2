import { describe, expect, it } from '@jest/globals';
import { manifests } from '@rollcall/connectors/manifests';
import { builtInFields } from '@rollcall/contracts';
import fc from 'fast-check';

import {
  earlierForm,
  exactFieldsOf,
  firstKeyKinds,
  type KeyField,
  keyFieldOf,
  keyFieldsOf,
  keyOf,
  keysOf,
  kindOf,
  uniqueSettings,
} from './keys.js';

const email: KeyField = { field: 'email', kind: 'address' };
const badge: KeyField = { field: 'badge', kind: 'folded' };
const vendorId: KeyField = { field: 'vendor_id', kind: 'exact' };
/** A field that a connector brings along for the ids of its vendor. */
const brought = Object.values(manifests).flatMap(({ defaultMapping }) => defaultMapping.newFields)[0]!.variable;
const text = fc.string({ unit: 'binary' });

describe('keys (D4)', () => {
  it.each([
    ['Ada@Example.com', 'email:ada@example.com'],
    ['  ada@example.com\t', 'email:ada@example.com'],
    ['ａｄａ＠example.com', 'email:ada@example.com'],
    ['\u00a0ada@example.com', 'email:ada@example.com'],
    ['ﬁona@example.com', 'email:fiona@example.com'],
    ['\u200bada@exam\u00adple.com\ufeff', 'email:ada@example.com'],
    ['\u200b ada@example.com \u200b', 'email:ada@example.com'],
    ['jürgen@exämple.com', 'email:jürgen@exämple.com'],
    ["o'brien+x@mail.example.co.uk", "email:o'brien+x@mail.example.co.uk"],
    ['test@unknown.example', 'email:test@unknown.example'],
  ])('of addresses compare %j as %j', (value, key) => {
    expect(keyOf(email, value)).toBe(key);
  });

  it.each([
    'n/a',
    'ada',
    'ada@',
    '@example.com',
    'ada@localhost',
    'test@test',
    'a@b@example.com',
    'Ada Smith <ada@example.com>',
    'ada smith@example.com',
    'a@example.com;b@example.com',
    'a@example.com, b@example.com',
    'ada@example..com',
    'ada@.example.com',
    'ada@example.com.',
    'mailto:ada@example.com',
    'ada@exa mple.com',
    'n/a@',
    'xada@example.com x',
    'ada@-', // no domain of two parts
  ])('are none for %j, which is no address', (value) => {
    expect(keyOf(email, value)).toBeNull();
    expect(keyOf({ ...badge, field: 'email' }, `badge ${value}`)).not.toBeNull();
  });

  it.each([null, undefined, '', '   ', '\u3000', '\u200b', '\u3164', '-', '--', '?', ' . ', '—', '🙂'])(
    'are none for %j, in which is no letter or digit',
    (value) => {
      for (const field of [email, badge, vendorId]) expect(keyOf(field, value)).toBeNull();
    },
  );

  it.each([
    'n/a',
    'N/A',
    ' None ',
    'null',
    'NULL',
    'undefined',
    'Unknown',
    'not available',
    'Not Applicable',
    'n/\u200ba',
  ])('are none for the placeholder %j', (value) => {
    for (const field of [email, badge, vendorId]) expect(keyOf(field, value)).toBeNull();
  });

  it.each(['na', '0', 'none-1', 'unknown person', 'x'])('guess nothing more: %j is one', (value) => {
    expect(keyOf(badge, value)).toBe(`badge:${value}`);
  });

  it('tell case apart only where the field says so', () => {
    expect(keyOf(badge, 'AB-12')).toBe('badge:ab-12');
    expect(keyOf(vendorId, ' ID-Case-one ')).toBe('vendor_id:ID-Case-one');
    expect(keyOf(vendorId, 'ＩＤ')).toBe('vendor_id:ID');
  });

  it('differ by field, and numbers count as their text', () => {
    expect(keyOf(badge, 7)).toBe('badge:7');
    const values = { email: 'a@example.com', badge: 7, empty: '', placeholder: 'n/a' };
    const fields = ['empty', 'placeholder', 'unknown'].map((field): KeyField => ({ field, kind: 'folded' }));
    expect(keysOf(values, [badge, email, ...fields])).toEqual(
      new Map([
        ['badge', 'badge:7'],
        ['email', 'email:a@example.com'],
      ]),
    );
  });

  it('do not depend on how often or in what form a value was written', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(email, badge, vendorId), (value, field) => {
        const key = keyOf(field, value);
        expect(keyOf(field, ` ${value}\u200b `)).toBe(key);
        if (key !== null) expect(keyOf(field, key.slice(field.field.length + 1))).toBe(key);
      }),
    );
  });

  it('of addresses always have one at sign with something before it and a domain of two parts behind it', () => {
    const anything = fc.oneof(
      text,
      fc.emailAddress(),
      fc.tuple(text, text).map(([a, b]) => `${a}@${b}`),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const key = keyOf(email, value);
        if (key !== null) expect(key).toMatch(/^email:[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/u);
      }),
    );
  });
});

describe('the form of keys from before fields told case apart', () => {
  it('is that in lower case, where it is another', () => {
    expect(earlierForm('vendor_id:ID-Case')).toBe('vendor_id:id-case');
    expect(earlierForm('vendor_id:5f3a')).toBeNull();
  });
});

describe('the kind of a field’s keys', () => {
  const field = { variable: 'x', label: 'X', type: 'short-text' as const, unique: true, required: false };

  it('is that of addresses for e-mail, exact for ids of vendors, and else without case', () => {
    expect(kindOf(builtInFields.find(({ variable }) => variable === 'email')!)).toBe('address');
    expect(kindOf({ ...field, type: 'email' })).toBe('address');
    expect(kindOf({ ...field, caseSensitive: true })).toBe('exact');
    expect(kindOf({ ...field, caseSensitive: false })).toBe('folded');
    expect(kindOf(field)).toBe('folded');
    expect(keyFieldOf({ ...field, caseSensitive: true })).toEqual({ field: 'x', kind: 'exact' });
  });

  it('is exact for those fields of connectors that say so', () => {
    const bringing = (...newFields: (typeof field & { caseSensitive?: boolean })[]) => ({
      defaultMapping: { entries: [], syncKeys: [], newFields },
    });
    const given = [
      bringing({ ...field, variable: 'a', caseSensitive: true }, field),
      bringing({ ...field, variable: 'b', caseSensitive: false }),
    ];
    expect([...exactFieldsOf(given)]).toEqual(['a']);
  });

  it('stands in the settings of folds, beside the unique fields in their order', () => {
    const fields = [
      { ...field, variable: 'b', caseSensitive: true },
      { ...field, variable: 'a' },
      { ...field, unique: false },
    ];
    expect(uniqueSettings(fields)).toEqual({ uniqueFields: ['a', 'b'], keyKinds: { a: 'folded', b: 'exact' } });
    expect(keyFieldsOf(uniqueSettings(fields))).toEqual([
      { field: 'a', kind: 'folded' },
      { field: 'b', kind: 'exact' },
    ]);
  });

  it('of settings that say nothing is what connectors say of the fields that they bring along', () => {
    expect(firstKeyKinds).toMatchObject({ email: 'address', [brought]: 'exact' });
    expect(Object.keys(firstKeyKinds)).not.toContain('username');
    expect(keyFieldsOf({ uniqueFields: ['email', brought, 'badge'] })).toEqual([
      email,
      { field: brought, kind: 'exact' },
      badge,
    ]);
    expect(keyFieldsOf({ uniqueFields: ['x'], keyKinds: {} })).toEqual([{ field: 'x', kind: 'folded' }]);
  });
});
