import { describe, expect, it } from '@jest/globals';
import { manifests } from '@rollcall/connectors/manifests';
import type { MappingSource, PeopleField, RawUser } from '@rollcall/contracts';
import fc from 'fast-check';

import { inProcess, noExpressions } from '../../test/in-process-expressions.js';
import { compileMapping, type HashContext, missingMapping } from './compile-mapping.js';

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
    inProcess,
  );
const one = (type: PeopleField, value: unknown) =>
  compile([type], { [type.variable]: path('x') }).map(user({ x: value }), context);
const hashOf = (result: ReturnType<typeof one>) => result.hash;

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

  it.each([
    [{ mail: 'm@example.com', login: 'l@example.com' }, 'm@example.com'],
    [{ mail: null, login: 'l@example.com' }, 'l@example.com'],
    [{ mail: '', login: 'l@example.com' }, 'l@example.com'],
    [{ mail: ' ', login: 'l@example.com' }, 'l@example.com'],
    [{ mail: '\u200b', login: 'l@example.com' }, 'l@example.com'],
    [{ mail: '\u00a0', login: '\u00ad' }, null],
    [{ login: 'l@example.com' }, 'l@example.com'],
    [{ mail: false, login: 'l@example.com' }, 'false'],
    [{}, null],
  ])('takes of %j what stands at the first path, else at the other', (raw, email) => {
    const from: MappingSource = { kind: 'field', path: 'mail', fallbackPath: 'login' };
    expect(compile([field('email')], { email: from }).map(user(raw), context)).toMatchObject({ values: { email } });
  });

  it('rejects a user whose record the connector could not take, whatever the rule says', () => {
    const problem = { code: 'record-too-large', message: 'The record was not taken.' };
    const odd = user({}, { problem });
    const rejected = { ok: false, outcome: 'rejected', ...problem, values: {} };
    expect(compile([field('email')], { email: path('mail') }).map(odd, context)).toMatchObject({
      ...rejected,
      bringsBack: false,
    });
    const definition = {
      entries: [{ to: 'email', from: path('mail') }],
      syncKeys: ['email'],
      rules: { onlyIf: { name: 'staff', expression: 'kind = "staff"' }, restoreArchived: true },
    };
    expect(compileMapping(1, definition, [field('email')], noExpressions).map(odd, context)).toMatchObject({
      ...rejected,
      bringsBack: false,
    });
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

  it.each<[PeopleField['type'], unknown, unknown]>([
    ['number', ' 4.5 ', 4.5],
    ['number', -7, -7],
    ['number', '1e3', 1000],
    ['number', '-14.25', -14.25],
    ['number', '+12', 12],
    ['number', '.25', 0.25],
    ['number', '25E-02', 0.25],
    ['number', '1e+10', 10_000_000_000],
    ['boolean', true, true],
    ['boolean', ' False ', false],
    ['boolean', 'TRUE', true],
    ['date-time', '2026-01-31', '2026-01-31'],
    ['date-time', '2026-01-31T12:00:00+01:00', '2026-01-31T12:00:00+01:00'],
    ['date-time', '9999-12-31T23:59:59Z', null],
    ['date-time', '0000-00-00', null],
    ['date-time', '1970-01-01', null],
    ['date-time', '1970-01-01T01:00:00+01:00', null],
    ['date-time', '2199-12-31T23:00:00-05:00', null],
    ['date-time', '1970-01-02', '1970-01-02'],
    ['email', 'n/a', 'n/a'],
    ['number', '\u00a0', null],
    ['number', undefined, null],
    ['short-text', '\u200b', null],
    ['long-text', 'cut \ud83d', 'cut \ufffd'],
    ['short-text', ' kept as it is\u200b', ' kept as it is\u200b'],
    ['short-text', '   ', null],
    ['email', '\u3164', null],
  ])('stores in a %s field %j as %j', (type, value, stored) => {
    expect(one(field('x', { type }), value)).toMatchObject({ ok: true, values: { x: stored }, failures: [] });
  });

  it.each<[PeopleField['type'], unknown]>([
    ['number', 'four'],
    ['number', '0x1f'],
    ['number', Number.NaN],
    ['number', Infinity],
    ['number', true],
    ['number', [4]],
    ['number', '12345678901234567890'],
    ['boolean', 'yes'],
    ['boolean', 1],
    ['date-time', 'tomorrow'],
    ['date-time', '2026-02-30'],
    ['date-time', '2026-01-31 12:00:00'],
    ['date-time', 1_700_000_000_000],
    ['date-time', { year: 2026 }],
    ['short-text', { a: 1 }],
    ['long-text', ['a']],
    ['email', {}],
  ])('names a %s field that got %j, and writes the others', (type, value) => {
    const mapping = compile([field('x', { type }), field('y')], { x: path('x'), y: path('y') });
    const result = mapping.map(user({ x: value, y: 'kept' }), context);
    expect(result).toMatchObject({
      ok: true,
      values: { x: null, y: 'kept' },
      failures: [{ to: 'x', code: 'value-of-wrong-type' }],
    });
    const required = compile([field('x', { type, required: true, label: 'Thing' })], { x: path('x') });
    expect(required.map(user({ x: value }), context)).toMatchObject({
      ok: false,
      code: 'value-of-wrong-type',
      message: expect.stringContaining('Thing is required'),
    });
  });

  it('checks constants and the results of expressions like values of the vendor', async () => {
    const number = field('x', { type: 'number' });
    const constant = compile([number], { x: { kind: 'constant', value: 'many' } });
    expect(constant.map(user({}), context)).toMatchObject({ failures: [{ code: 'value-of-wrong-type' }] });
    const computed = compile([number], { x: { kind: 'expression', expression: '"four"' } });
    const record = user({});
    await computed.evaluate([record]);
    expect(computed.map(record, context)).toMatchObject({ failures: [{ code: 'value-of-wrong-type' }] });
  });

  it.each(['', '   ', '\u00a0', '\u200b', null])('rejects a user whose required value is %j', (value) => {
    const result = one(field('x', { required: true }), value);
    expect(result).toMatchObject({ ok: false, outcome: 'rejected', code: 'required-value-missing', bringsBack: true });
  });

  it('says of a rejected user what could be made, for whoever asks who it is', () => {
    const mapping = compile([field('email', { required: true }), field('x'), field('y', { required: true })], {
      email: path('mail'),
      x: path('x'),
      y: path('y'),
    });
    expect(mapping.map(user({ mail: '', x: 'X', y: '' }), context)).toMatchObject({
      ok: false,
      message: expect.stringContaining('email is required'),
      values: { email: null, x: 'X', y: null },
    });
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

  it('tells what is no value from what is not there, and a failure from both', () => {
    const date = field('x', { type: 'date-time' });
    const hashes = ['2026-01-31', 'soon', '9999-12-31', ''].map((value) => hashOf(one(date, value)));
    expect(new Set(hashes).size).toBe(4);
    const step: MappingSource = { kind: 'field', path: 'x', transforms: [{ kind: 'date', format: 'iso' }] };
    const stepped = ['9999-12-31T00:00:00Z', 'soon', ''].map((value) =>
      hashOf(compile([field('x')], { x: step }).map(user({ x: value }), context)),
    );
    expect(new Set(stepped).size).toBe(3);
  });

  it('of a refused user differs by reason, status, role, last activity, administrator mark and preference', () => {
    const refused = compile([field('email', { required: true })], { email: path('mail') });
    const of = (changed: Partial<RawUser>, other = context) => hashOf(refused.map(user({ mail: '' }, changed), other));
    const tooLong = hashOf(refused.map(user({ mail: 'x'.repeat(300) }), context));
    const hashes = [
      of({}),
      tooLong,
      of({ status: 'inactive' }),
      of({ role: { value: 'Admin', origin: 'vendor' } }),
      of({ lastActivityAt: '2026-01-01T00:00:00.000Z' }),
      of({ administrator: true }),
      of({ username: 'eve' }),
      of({}, { ...context, preference: 'update-only' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(of({})).toBe(hashOf(refused.map(user({ mail: '', other: 1 }), context)));
  });

  it('tells any two texts apart, and number from text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.string({ maxLength: 50 }), (first, other) => {
        const [a, b] = [`a${first}`, `a${other}`];
        const [one, swapped] = [hash(user({ mail: a, title: b })), hash(user({ mail: b, title: a }))];
        expect(one === swapped).toBe(a === b);
      }),
    );
    expect(hashOf(one(field('x', { type: 'number' }), 1))).not.toBe(hashOf(one(field('x'), '1')));
  });
});

/** A field that a connector brings along for the ids of its vendor. */
const brought = Object.values(manifests).flatMap(({ defaultMapping }) => defaultMapping.newFields)[0]!.variable;

describe('what a mapping knows of keys', () => {
  it('are its unique fields, and the sync keys in their order', () => {
    const mapping = compile([field('email', { unique: true }), field('title')], { email: path('m'), title: path('t') });
    const email = { field: 'email', kind: 'address' };
    expect(mapping).toMatchObject({ keyFields: [email], syncKeys: [email], version: 1 });
    expect(mapping.matching).toEqual({ inactivePeople: 'review', differentNames: 'review' });
  });

  it('are compared by case only where the field says so, or its connector did before fields could say it', () => {
    const kinds = (...fields: PeopleField[]) =>
      compile(fields, Object.fromEntries(fields.map(({ variable }) => [variable, path(variable)]))).keyFields.map(
        ({ kind }) => kind,
      );
    const unique = (variable: string, more: Partial<PeopleField> = {}) => field(variable, { unique: true, ...more });
    expect(kinds(unique('badge'), unique('badge_2', { caseSensitive: true }))).toEqual(['folded', 'exact']);
    expect(kinds(unique(brought))).toEqual(['exact']);
    expect(kinds(unique(brought, { caseSensitive: false }))).toEqual(['folded']);
    expect(kinds(unique('private_mail', { type: 'email', caseSensitive: true }))).toEqual(['address']);
  });

  it('names values that are kept and can be no key', () => {
    const fields = [field('email', { unique: true, label: 'Email' }), field('badge', { unique: true })];
    const mapping = compile(fields, { email: path('mail'), badge: path('badge') });
    const keyless = (raw: Record<string, unknown>) => {
      const mapped = mapping.map(user(raw), context);
      return mapped.ok ? [mapped.keyless.map(({ variable }) => variable), [...mapped.keys.values()]] : mapped;
    };
    expect(keyless({ mail: 'n/a', badge: '7' })).toEqual([['email'], ['badge:7']]);
    expect(keyless({ mail: 'A@example.com', badge: 'None' })).toEqual([['badge'], ['email:a@example.com']]);
    expect(keyless({ mail: 'a@example.com', badge: null })).toEqual([[], ['email:a@example.com']]);
  });
});

describe('a rule of a mapping (R61)', () => {
  const withRule = async (expression: string, raw: Record<string, unknown>, overrides: Partial<RawUser> = {}) => {
    const definition = {
      entries: [{ to: 'email', from: path('mail') }],
      syncKeys: ['email'],
      rules: { onlyIf: { name: 'staff', expression }, restoreArchived: true },
    };
    const mapping = compileMapping(1, definition, [field('email', { unique: true })], inProcess);
    const record = user(raw, overrides);
    await mapping.evaluate([record]);
    return mapping.map(record, context);
  };

  it('lets through, passes over, or cannot decide; what the vendor says of the account is in the hash of each', async () => {
    expect(await withRule('type = "staff"', { type: 'staff', mail: 'a@example.com' })).toMatchObject({ ok: true });
    const skipped = await withRule('type = "staff"', { type: 'robot' });
    expect(skipped).toMatchObject({ ok: false, outcome: 'skipped', bringsBack: false, values: {} });
    const failed = await withRule('$number(type) = 1', { type: 'x' });
    expect(failed).toMatchObject({ outcome: 'rejected', code: 'rule-failed', bringsBack: false });
    const inactive = await withRule('type = "staff"', { type: 'robot' }, { status: 'inactive' });
    expect(new Set([skipped.hash, failed.hash, inactive.hash]).size).toBe(3);
    expect((await withRule('type = "staff"', { type: 'other' })).hash).toBe(skipped.hash);
  });
});

describe('a mapping without expressions', () => {
  it('asks nobody to evaluate any', async () => {
    const definition = { entries: [{ to: 'x', from: path('x') }], syncKeys: ['email'] };
    const mapping = compileMapping(1, definition, [field('x')], noExpressions);
    const record = user({ x: 'y' });
    await mapping.evaluate([record]);
    expect(mapping.map(record, context)).toMatchObject({ ok: true, values: { x: 'y' } });
  });
});

describe('a version that was saved under other rules', () => {
  const definition = (rule: string) => ({
    entries: [
      { to: 'a', from: { kind: 'expression' as const, expression: '$toMillis(x, "[MN][FN]")' } },
      { to: 'b', from: path('x[') },
      { to: 'c', from: path('x') },
      {
        to: 'd',
        from: {
          kind: 'field' as const,
          path: 'x',
          transforms: [{ kind: 'date' as const, format: 'yyyy-mm-dd hh:mm:ss' as const, zone: 'No/Where' }],
        },
      },
    ],
    syncKeys: ['email'],
    rules: { onlyIf: { name: 'rule', expression: rule }, restoreArchived: true },
  });
  const fields = [field('a'), field('b'), field('c'), field('d')];
  const mapped = async (rule: string, raw: Record<string, unknown>) => {
    const mapping = compileMapping(1, definition(rule), fields, inProcess);
    const one = user(raw);
    await mapping.evaluate([one]);
    return mapping.map(one, context);
  };

  it('fails for the fields that cannot be made any more, and makes the others', async () => {
    expect(await mapped('$exists(x)', { x: '2026-01-01 00:00:00' })).toMatchObject({
      ok: true,
      values: { a: null, b: null, c: '2026-01-01 00:00:00', d: null },
      failures: [
        { to: 'a', code: 'mapping-failed', message: expect.stringMatching(/picture/) },
        { to: 'b', message: expect.stringMatching(/cannot be read/) },
        { to: 'd' },
      ],
    });
  });

  it('rejects users where its rule cannot be evaluated any more, or where it is gone altogether', async () => {
    expect(await mapped('$now() = x', { x: 'y' })).toMatchObject({ ok: false, code: 'rule-failed' });
    expect(missingMapping(7).map(user({}), context)).toMatchObject({ ok: false, code: 'mapping-missing' });
  });

  it('fails for a record that is nested deeper than can be written down', async () => {
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 100_000; depth += 1) deep = { x: deep };
    expect(await mapped('$exists(x)', deep)).toMatchObject({ ok: false, code: 'rule-failed' });
  });
});
