import { describe, expect, it } from '@jest/globals';
import type { MappingSource, PeopleField, RawUser } from '@rollcall/contracts';
import fc from 'fast-check';

import { compileMapping, type HashContext } from './compile-mapping.js';

const field = (variable: string, overrides: Partial<PeopleField> = {}): PeopleField => ({
  variable,
  label: variable,
  type: 'short-text',
  unique: false,
  required: false,
  ...overrides,
});
const path = (text: string): MappingSource => ({ kind: 'field', path: text });
const user = (raw: Record<string, unknown>, overrides: Partial<RawUser> = {}): RawUser => ({
  id: '1',
  status: 'active',
  role: null,
  lastActivityAt: null,
  administrator: false,
  username: 'ada',
  raw,
  ...overrides,
});
const context: HashContext = { content: 'user', app: null, preference: 'create-and-update' };
const compile = (fields: PeopleField[], sources: Record<string, MappingSource>, version = 1) =>
  compileMapping(
    version,
    { entries: Object.entries(sources).map(([to, from]) => ({ to, from })), syncKeys: ['email'] },
    fields,
  );
const one = (type: PeopleField, value: unknown) =>
  compile([type], { [type.variable]: path('x') }).map(user({ x: value }), context);
const hashOf = (result: ReturnType<typeof one>) => (result.ok === true ? result.hash : result.ok);

describe('reading vendor values', () => {
  it('follows paths through objects and lists, and finds nothing on the prototype', () => {
    const mapping = compile([field('a'), field('b'), field('c'), field('d')], {
      a: path('profile.mail'),
      b: path('emails.0.value'),
      c: path('__proto__.x'),
      d: path('constructor'),
    });
    const raw = { profile: { mail: 'm@example.com' }, emails: [{ value: 'e@example.com' }] };
    expect(mapping.map(user(raw), context)).toMatchObject({
      values: { a: 'm@example.com', b: 'e@example.com', c: null, d: null },
    });
    expect(mapping.map(user({ profile: 'text' }), context)).toMatchObject({ ok: true, values: { a: null } });
  });

  it('puts constants in, leaves tracking to its own collection (R78), and ignores fields that are gone', () => {
    const mapping = compile([field('role'), field('synced')], {
      role: { kind: 'constant', value: 'Employee' },
      synced: { kind: 'tracking', name: 'sync-time' },
      gone: path('x'),
    });
    expect(mapping.map(user({ x: 1 }), context)).toMatchObject({ values: { role: 'Employee' } });
    expect(mapping.tracking).toEqual([{ to: 'synced', name: 'sync-time' }]);
    expect(mapping.fields.map(({ variable }) => variable)).toEqual(['role']);
  });

  it('stores text unchanged, takes numbers and booleans as text, and empty text as no value (R70)', () => {
    const text = field('x');
    expect(one(text, '  Ada\n')).toMatchObject({ values: { x: '  Ada\n' } });
    expect(one(text, 7)).toMatchObject({ values: { x: '7' } });
    expect(one(text, false)).toMatchObject({ values: { x: 'false' } });
    for (const none of ['', null, undefined]) expect(one(text, none)).toMatchObject({ ok: true, values: { x: null } });
  });

  it.each([
    [field('x', { type: 'short-text' }), 256],
    [field('x', { type: 'long-text' }), 1024],
  ])('refuses text beyond the limit instead of cutting it', (type, limit) => {
    expect(one(type, 'x'.repeat(limit))).toMatchObject({ ok: true });
    expect(one(type, 'x'.repeat(limit + 1))).toMatchObject({ ok: false, code: 'value-too-long' });
  });

  it('reads numbers and booleans strictly', () => {
    const number = field('x', { type: 'number' });
    expect(one(number, ' 4.5 ')).toMatchObject({ values: { x: 4.5 } });
    for (const bad of ['four', ' ', Number.NaN, Infinity, true, [4]]) {
      expect(one(number, bad)).toMatchObject({ ok: false, code: 'value-of-wrong-type' });
    }
    const boolean = field('x', { type: 'boolean' });
    expect(one(boolean, true)).toMatchObject({ values: { x: true } });
    for (const bad of ['true', 1]) expect(one(boolean, bad)).toMatchObject({ ok: false, code: 'value-of-wrong-type' });
    expect(one(field('x'), { a: 1 })).toMatchObject({ ok: false, code: 'value-of-wrong-type' });
  });

  it('rejects a user without a required value (B7), and says so without the value', () => {
    const result = one(field('x', { required: true, label: 'E-mail' }), '');
    expect(result).toMatchObject({
      ok: false,
      code: 'required-value-missing',
      message: expect.stringContaining('E-mail'),
    });
  });
});

describe('the hash of what was mapped (B8)', () => {
  const fields = [field('email', { unique: true }), field('title')];
  const sources = { email: path('mail'), title: path('title') };
  const base = user({ mail: 'a@example.com', title: 'One', unmapped: 1 });
  const hash = (changed: RawUser, other = context, version = 1) =>
    hashOf(compile(fields, sources, version).map(changed, other));

  it('does not depend on the mapping version, on unmapped values, or on the order of the vendor’s names', () => {
    expect(hash(base, context, 2)).toBe(hash(base));
    expect(hash(user({ unmapped: 2, title: 'One', mail: 'a@example.com' }))).toBe(hash(base));
  });

  it('differs by value, status, role, last activity, administrator mark, content, app and preference', () => {
    const role = { value: 'Admin', origin: 'vendor' as const };
    const others = [
      hash(user({ mail: 'a@example.com', title: 'Two' })),
      hash({ ...base, status: 'inactive' }),
      hash({ ...base, role }),
      hash({ ...base, role: { ...role, origin: 'default' } }),
      hash({ ...base, lastActivityAt: '2026-01-01T00:00:00.000Z' }),
      hash({ ...base, administrator: true }),
      hash({ ...base, username: 'eve' }),
      hash(base, { ...context, content: 'user-and-saas-user' }),
      hash(base, { ...context, app: 'app' }),
      hash(base, { ...context, preference: 'create-only' }),
    ];
    expect(new Set([hash(base), ...others]).size).toBe(others.length + 1);
  });

  it('tells any two texts apart, and number from text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.string({ maxLength: 50 }), (a, b) => {
        const [first, second] = [hash(user({ mail: a, title: b })), hash(user({ mail: b, title: a }))];
        expect(first === second).toBe(a === b);
      }),
    );
    expect(hashOf(one(field('x', { type: 'number' }), 1))).not.toBe(hashOf(one(field('x'), '1')));
  });
});

describe('what a mapping knows of keys', () => {
  it('are its unique fields, and the sync keys in their order', () => {
    const mapping = compile([field('email', { unique: true }), field('title')], { email: path('m'), title: path('t') });
    expect(mapping).toMatchObject({ uniqueFields: ['email'], syncKeys: ['email'], version: 1 });
  });
});
