import { describe, expect, it } from '@jest/globals';
import { builtInFields, type MappingDefinition, type Preference, type RawUser } from '@rollcall/contracts';
import { buildUser } from '@rollcall/testing';
import fc from 'fast-check';

import { MemoryRecords } from '../../test/memory-records.js';

const definition: MappingDefinition = {
  entries: [
    { to: 'username', from: { kind: 'field', path: 'login' } },
    { to: 'email', from: { kind: 'field', path: 'email' } },
    { to: 'display_name', from: { kind: 'field', path: 'name' } },
    { to: 'job_title', from: { kind: 'field', path: 'title', transforms: [{ kind: 'trim' }] } },
    { to: 'level', from: { kind: 'expression', expression: '$number(level)' } },
    { to: 'role', from: { kind: 'constant', value: 'Employee' } },
  ],
  syncKeys: ['email'],
  rules: {
    onlyIf: { name: 'staff', expression: '$exists(staff) ? $boolean($number(staff)) : true' },
    restoreArchived: true,
  },
};
const fields = [
  ...builtInFields,
  { variable: 'level', label: 'Level', type: 'number' as const, unique: false, required: false },
];

const good = (id: string, raw: Record<string, unknown> = {}, overrides: Partial<RawUser> = {}): RawUser =>
  buildUser(id, {
    username: `login-${id}`,
    raw: { login: `login-${id}`, email: `${id}@example.com`, name: `Name ${id}`, title: 'Clerk', level: 1, ...raw },
    ...overrides,
  });
const hold = { by: 'operator', at: '2026-01-01T00:00:00.000Z', reason: 'test' };
const records = () => new MemoryRecords(definition, ['hr', 'crm'], fields);
const codesOf = (plans: Awaited<ReturnType<MemoryRecords['read']>>['plans']) =>
  plans.flatMap(({ seen }) => seen.problems.map(({ id, code }) => [id, code]));

/** Everything by which a record is refused, passed over, or in conflict. */
const spoiled: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    email: fc.constantFrom(
      null,
      '',
      '  ',
      '\u200b',
      'n/a',
      ['list'],
      'x'.repeat(300),
      'other@example.com',
      'u1@example.com',
    ),
    login: fc.constantFrom(null, '', '\u00a0', {}, 'renamed'),
    name: fc.constantFrom(null, 'Somebody Else', 'x'.repeat(300)),
    title: fc.constantFrom({}, ['a'], ' Clerk '),
    level: fc.constantFrom('four', {}, 7),
    staff: fc.constantFrom('0', '1', 'x'),
  },
  { requiredKeys: [] },
);
const ids = ['u0', 'u1', 'u2', 'u3'];
const user = fc.record({
  raw: spoiled,
  name: fc.constantFrom('given', null, '', '   ', '\u00a0', '\u200b'),
  state: fc.constantFrom('plain', 'passive', 'key-taken', 'waiting'),
  administrator: fc.boolean(),
});

describe('the mark of a vendor that an account is inactive', () => {
  it('is staged of every known account, whatever else its record says or lacks (H2)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(user, user, user, user),
        fc.constantFrom<Preference>('create-and-update', 'update-only'),
        async (users, preference) => {
          const world = records();
          await world.read('crm', [[good('other'), good('u2')]]);
          await world.read('hr', [ids.map((id) => good(id))]);
          for (const [index, { state }] of users.entries()) {
            const id = `hr:u${index}`;
            if (state === 'passive') world.change(id, { passive: true });
            if (state === 'key-taken') world.change(id, { hash: null, error: { code: 'key-taken', message: 'test' } });
            if (state === 'waiting') {
              const error = { code: 'several-matches', message: 'test', candidates: [] };
              world.change(id, { person: null, hash: null, error });
            }
          }
          const leavers = users.map(({ raw, name, administrator }, index) =>
            good(`u${index}`, raw, { status: 'inactive', administrator, ...(name !== 'given' && { username: name }) }),
          );
          const { reading } = await world.read('hr', [leavers], { preference });
          expect(world.stagedBy(reading, new Set(ids)).sort()).toEqual(ids.map((id) => `hr:${id}`));
          for (const id of ids) {
            const { active, administrator, sourceStatus, username } = world.accounts.get(`hr:${id}`)!;
            const said = leavers.find((leaver) => leaver.id === id)!;
            expect({ active, administrator, sourceStatus, username }).toEqual({
              active: true,
              // The name by which the vendor is asked before anybody is deactivated.
              username: `login-${id}`,
              administrator: said.administrator,
              sourceStatus: 'inactive',
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is taken over of a single user too, and nobody is staged by that', async () => {
    const world = records();
    await world.read('hr', [[good('u0')]]);
    const leaver = good('u0', { email: null }, { status: 'inactive' });
    const { reading } = await world.read('hr', [[leaver]], { scope: 'none' });
    expect(world.stagedBy(reading, new Set(['u0']))).toEqual([]);
    expect(world.accounts.get('hr:u0')).toMatchObject({
      active: true,
      sourceStatus: 'inactive',
      values: { email: 'u0@example.com' },
    });
    const full = await world.read('hr', [[leaver]]);
    expect(world.stagedBy(full.reading, new Set(['u0']))).toEqual(['hr:u0']);
  });

  it('is left alone under Create only, of a held account, and of one about which newer things are known', async () => {
    const world = records();
    await world.read('hr', [[good('u0'), good('u1'), good('u2')]]);
    world.change('hr:u1', { hold, hash: null });
    const leavers = ['u0', 'u1', 'u2'].map((id) => good(id, { email: null }, { status: 'inactive' }));
    await world.read('hr', [leavers], { preference: 'create-only' });
    for (const id of ids.slice(0, 3)) expect(world.accounts.get(`hr:${id}`)?.sourceStatus).toBe('active');
    world.change('hr:u2', { observedAt: world.nextReadingAt() + 5_000, observedBy: 'command', hash: null });
    const { reading, plans } = await world.read('hr', [leavers]);
    expect(world.stagedBy(reading, new Set(ids))).toEqual(['hr:u0']);
    expect(world.accounts.get('hr:u1')).toMatchObject({ sourceStatus: 'inactive', hash: null });
    expect(world.accounts.get('hr:u2')).toMatchObject({ sourceStatus: 'active' });
    expect(codesOf(plans)).toContainEqual(['u1', 'held-differs']);
    expect(codesOf(plans)).toContainEqual(['u2', 'record-outdated']);
    expect(plans[0]!.seen).toMatchObject({ outdated: 1, unchanged: 0 });
  });
});

describe('a user whose values are not written', () => {
  it('costs no write in a run in which nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(spoiled, spoiled), fc.constantFrom('active', 'inactive'), async (raws, status) => {
        const world = records();
        await world.read('hr', [[good('u0'), good('u1')]]);
        const users = raws.map((raw, index) => good(`u${index}`, { ...raw, login: '' }, { status }));
        const first = await world.read('hr', [users]);
        const again = await world.read('hr', [users]);
        expect(again.plans.map(({ set }) => set.isEmpty)).toEqual([true]);
        expect(codesOf(again.plans)).toEqual(codesOf(first.plans));
        expect(again.plans[0]!.seen.ids).toEqual(['u0', 'u1']);
      }),
      { numRuns: 40 },
    );
  });

  it('is written as ever once the record can be mapped again', async () => {
    const world = records();
    await world.read('hr', [[good('u0')]]);
    await world.read('hr', [[good('u0', { login: null }, { status: 'inactive' })]]);
    await world.read('hr', [[good('u0', { title: 'Lead' })]]);
    expect(world.accounts.get('hr:u0')).toMatchObject({ sourceStatus: 'active', values: { job_title: 'Lead' } });
  });

  it('makes nothing of somebody who was never known', async () => {
    const world = records();
    const { plans } = await world.read('hr', [[good('u0', { login: null }), good('u1', { staff: '0' })]]);
    expect([world.accounts.size, world.people.size]).toEqual([0, 0]);
    expect(plans[0]!.seen).toMatchObject({ rejected: 1, skipped: 1, passedOver: 1, ids: ['u0', 'u1'] });
  });

  const gone = { active: false, hash: null, deactivated: { run: 'run-1', time: '2026-01-01T00:00:00.000Z' } };
  const returning = async (raw: Record<string, unknown>, overrides: Partial<RawUser> = {}) => {
    const world = records();
    await world.read('hr', [[good('u0')]]);
    world.change('hr:u0', { ...gone, sourceStatus: 'inactive' });
    const { plans } = await world.read('hr', [[good('u0', raw, overrides)]]);
    return { world, plans, account: world.accounts.get('hr:u0')! };
  };

  it('comes back when the vendor says active, though a value is missing', async () => {
    const { plans, account } = await returning({ login: null });
    expect(account).toMatchObject({ active: true, sourceStatus: 'active', values: { username: 'login-u0' } });
    expect(plans[0]!.seen).toMatchObject({ reactivated: 1, rejected: 1 });
  });

  it('does not come back as somebody else under the same id', async () => {
    const { plans, account } = await returning({ login: null, email: 'new@example.com' }, { username: 'new' });
    expect(account).toMatchObject({ active: false, sourceStatus: 'inactive' });
    expect(codesOf(plans)).toEqual([
      ['u0', 'required-value-missing'],
      ['u0', 'identity-conflict'],
    ]);
  });

  it('does not come back through a rule that passes them over, nor through one that fails', async () => {
    for (const staff of ['0', 'x']) {
      const { account, plans, world } = await returning({ staff });
      expect(account).toMatchObject({ active: false, sourceStatus: 'active' });
      expect(plans[0]!.seen.reactivated).toBe(0);
      await world.read('hr', [[good('u0', { staff: '1' })]]);
      expect(world.accounts.get('hr:u0')?.active).toBe(true);
    }
  });
});

describe('a change of the preference', () => {
  it('from Create only to another one makes linked accounts count, though nothing else changed', async () => {
    for (const preference of ['create-and-update', 'update-only'] as const) {
      const world = records();
      await world.read('crm', [[good('u0', { title: 'Old' })]]);
      await world.read('hr', [[good('u0', { title: 'New' })]], { preference: 'create-only' });
      const [person] = world.people.values();
      expect(person!.values['job_title']).toBe('Old');
      expect(world.accounts.get('hr:u0')?.passive).toBe(true);
      await world.read('hr', [[good('u0', { title: 'New' })]], { preference });
      expect(world.accounts.get('hr:u0')?.passive).toBe(false);
      expect(world.people.get(person!._id)!.values['job_title']).toBe('New');
    }
  });

  it('reaches accounts that an earlier version left passive under their newest hash', async () => {
    const world = records();
    await world.read('crm', [[good('u0', { title: 'Old' })]]);
    await world.read('hr', [[good('u0', { title: 'New' })]]);
    world.change('hr:u0', { passive: true });
    await world.read('hr', [[good('u0', { title: 'New' })]]);
    expect(world.accounts.get('hr:u0')?.passive).toBe(false);
    const { plans } = await world.read('hr', [[good('u0', { title: 'New' })]]);
    expect(plans[0]!.set.isEmpty).toBe(true);
  });

  it('to Create only changes nobody who is there', async () => {
    const world = records();
    await world.read('hr', [[good('u0')]]);
    const { plans } = await world.read('hr', [[good('u0', { title: 'Lead' })]], { preference: 'create-only' });
    expect(plans[0]!.set.isEmpty).toBe(true);
    expect(world.accounts.get('hr:u0')?.passive).toBe(false);
  });

  it('to Update only keeps the mark of an account that waits and that nobody matches any more', async () => {
    const world = records();
    await world.read('crm', [[good('u0', { name: 'Ada Smith' })]]);
    await world.read('hr', [[good('u0', { name: 'Bert Jones' })]]);
    expect(world.accounts.get('hr:u0')?.error?.code).toBe('different-names');
    const leaver = good('u0', { name: 'Bert Jones', email: 'bert@example.com' }, { status: 'inactive' });
    const { reading, plans } = await world.read('hr', [[leaver]], { preference: 'update-only' });
    expect(world.stagedBy(reading, new Set(['u0']))).toEqual(['hr:u0']);
    expect(plans[0]!.seen).toMatchObject({ skipped: 1, rejected: 0 });
  });
});

describe('a mailbox that several users of one vendor share', () => {
  const shared = { email: 'info@example.com', name: null };
  const three = ['u0', 'u1', 'u2'].map((id) => good(id, shared));
  const errorsOf = (world: MemoryRecords) =>
    ids.slice(0, 3).map((id) => world.accounts.get(`hr:${id}`)?.error?.code ?? null);

  it('joins none of them to somebody who was there, however the listing is cut, and in each run anew', async () => {
    for (const slices of [[three], three.map((one) => [one])]) {
      const world = records();
      await world.read('crm', [[good('c', shared)]]);
      await world.read('hr', slices);
      expect(errorsOf(world)).toEqual(['shared-key', 'shared-key', 'shared-key']);
      const [person] = world.people.values();
      expect(person).toMatchObject({ provenance: { email: 'crm:c' } });
      await world.read('hr', slices);
      expect(errorsOf(world)).toEqual(['shared-key', 'shared-key', 'shared-key']);
      expect(world.people.size).toBe(1);
      await world.read('hr', [
        [good('u1', shared), good('u0', { ...shared, email: 'u0@example.com' })],
        [good('u2', {})],
      ]);
      expect(errorsOf(world)).toEqual([null, 'shared-key', null]);
      await world.read('hr', [[good('u1', shared)]]);
      expect(world.accounts.get('hr:u1')?.person).toBe(person!._id);
    }
  });

  it('makes one person of the first, and no account of another vendor is joined to that', async () => {
    const world = records();
    await world.read('hr', [three]);
    expect(errorsOf(world)).toEqual([null, 'second-account', 'second-account']);
    await world.read('crm', [[good('c', shared)]]);
    expect(world.accounts.get('crm:c')).toMatchObject({ person: null, error: { code: 'shared-key' } });
  });
});

describe('a field that could not be made', () => {
  it('keeps its value, and loses it once the vendor has none, or says that there is none', async () => {
    const dated: MappingDefinition = {
      ...definition,
      entries: [
        ...definition.entries,
        { to: 'until', from: { kind: 'field', path: 'until', transforms: [{ kind: 'date', format: 'iso' }] } },
      ],
    };
    const until = { variable: 'until', label: 'Until', type: 'date-time' as const, unique: false, required: false };
    for (const none of ['9999-12-31T23:59:59.999Z', '', null, '0001-01-01T00:00:00Z']) {
      const world = new MemoryRecords(dated, ['hr'], [...fields, until]);
      await world.read('hr', [[good('u0', { until: '2027-01-31T10:00:00Z' })]]);
      const { plans } = await world.read('hr', [[good('u0', { until: 'soon' })]]);
      expect(codesOf(plans)).toEqual([['u0', 'mapping-failed']]);
      expect(world.accounts.get('hr:u0')?.values['until']).toBe('2027-01-31T10:00:00.000Z');
      const last = await world.read('hr', [[good('u0', { until: none })]]);
      expect(codesOf(last.plans)).toEqual([]);
      expect(world.accounts.get('hr:u0')?.values['until']).toBeNull();
    }
  });
});
